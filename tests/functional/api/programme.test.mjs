// Rules through the API: drafts, versions, quotes, and what members did. The ids in names are those of
// the capabilities that a test shows.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { passmint, must, order, freshPhone } from '../../support/site.mjs';
import { site, shop, keyed, codes, member } from '../../support/points_site.mjs';
import { admin, designer, base, programme, publish, send, quote, sell, line, bought } from '../../support/rules_site.mjs';

test('the rules of the settings are version 1, and changing the file changes nothing', async () => {
  const answer = await programme();
  assert.equal(answer.json.live.version, 1);
  assert.equal(answer.json.live.author, 'settings');
  const file = join(site.folder, 'rules.json');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('50000', '70000'));
  await site.stop();
  await site.start();
  writeFileSync(file, text);
  assert.equal((await sell(bought(freshPhone(), 100000))).points.earned, 50);
});

test('B26 a new version judges what is paid from then on, and points of before stay', async () => {
  const phone = freshPhone();
  const first = await sell(bought(phone, 100000));
  assert.equal(first.points.earned, 50);
  await publish({ earn: [{ ...base, ppm: 70000 }] });
  const second = await sell(bought(phone, 100000));
  assert.deepEqual([second.points.earned, second.points.available], [70, 120]);
  const back = await site.call(admin(), 'POST', '/api/v1/programme/rollback', { reason: 'too dear', version: 1 }, keyed());
  assert.equal(back.status, 200, back.text);
  assert.equal((await sell(bought(phone, 100000))).points.earned, 50);
});

test('a draft that somebody else has changed is not overwritten, and one that cannot be read is refused', async () => {
  const etag = (await programme()).headers.get('etag');
  const put = (rules, headers) => site.call(designer(), 'PUT', '/api/v1/programme/draft', rules, headers);
  assert.equal((await put({ earn: [base] }, {})).status, 400);
  assert.equal((await put({ earn: [{ ...base, ppm: 12000 }] }, { 'if-match': etag })).status, 200);
  assert.equal((await put({ earn: [base] }, { 'if-match': etag })).status, 412);
  const unread = await put({ earn: [{ ...base, ppm: 1000001 }] }, { 'if-match': (await programme()).headers.get('etag') });
  assert.equal(unread.status, 422);
  assert.equal(unread.json.errors[0].pointer, '/earn/0/ppm');
});

test('a draft is kept and linted, and whoever may not publish it does not', async () => {
  const rules = { earn: [{ ...base, expires: { after: 'P180D', sliding: true } }] };
  const draft = await site.call(designer(), 'PUT', '/api/v1/programme/draft', rules, { 'if-match': (await programme()).headers.get('etag') });
  assert.equal(draft.status, 200, draft.text);
  assert.equal(draft.json.publishable, true, draft.text);
  assert.ok(draft.json.findings.every((finding) => finding.level !== 'error'), draft.text);
  const refused = await site.call(designer(), 'POST', '/api/v1/programme/publish', {}, keyed({ 'if-match': draft.headers.get('etag') }));
  assert.equal(refused.status, 403);
  const published = await site.call(admin(), 'POST', '/api/v1/programme/publish', {}, keyed({ 'if-match': draft.headers.get('etag') }));
  assert.equal(published.status, 200, published.text);
});

test('A11 the first purchase grants 300 and the second none; refunded, it can be made again', async () => {
  await publish({ earn: [base, { id: 'first', kind: 'fixed', points: 300, once: 'ever', when: { field: 'history.orders', value: 0 } }] });
  const phone = freshPhone();
  const first = order(bought(phone, 100000));
  assert.equal((await send(first)).json.points.earned, 350);
  assert.equal((await sell(bought(phone, 100000))).points.earned, 50);
  const other = freshPhone();
  const only = order(bought(other, 100000));
  assert.equal((await send(only)).json.points.earned, 350);
  const refund = await site.call(shop, 'POST', `/api/v1/orders/${only.order_id}/refunds?source=web`, { refund_id: 'r1', amount: 100000 });
  assert.equal(refund.json.points.clawed_back, 350, refund.text);
  assert.equal((await sell(bought(other, 100000))).points.earned, 350);
});

test('B32 a member who is put into the group has its discount in the next quote and order', async () => {
  await publish({ earn: [base], discounts: [{ id: 'five', kind: 'percent', ppm: 50000, when: { field: 'member.group', value: 'staff' } }] });
  const phone = freshPhone();
  const { member: { id } } = await sell(bought(phone, 100000));
  const ask = () => quote(order(bought(phone, 100000)));
  assert.equal((await ask()).json.totals.discount, 0);
  assert.equal((await site.call(admin(), 'PUT', '/api/v1/groups/staff', { name: 'Staff' })).status, 200);
  const path = `/api/v1/groups/staff/members/${id}`;
  assert.equal((await site.call(shop, 'PUT', path)).status, 204);
  assert.equal((await site.call(shop, 'PUT', path)).status, 204);
  assert.deepEqual([(await ask()).json.totals.discount, (await ask()).json.totals.money], [5000, 95000]);
  assert.equal((await site.call(admin(), 'GET', '/api/v1/groups/staff')).json.members, 1);
  assert.equal((await sell(bought(phone, 100000))).points.earned, 47);
  assert.equal((await site.call(shop, 'DELETE', path)).status, 204);
  assert.equal((await ask()).json.totals.discount, 0);
  assert.equal((await site.call(shop, 'PUT', `/api/v1/groups/nobody/members/${id}`)).status, 404);
});

test('B10 a quote says line by line what earns, in the language of the customer, and changes nothing', async () => {
  await publish({ earn: [{ ...base, exclude: { category: ['gift-card'] } }] });
  const phone = freshPhone();
  const body = order({
    customer: { phone, locale: 'ru' }, total: 150000,
    lines: [line(100000), { line_id: '2', category: 'gift-card', amount: 50000 }],
  });
  const answer = await quote(body);
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(answer.json.lines.map((one) => [one.line_id, one.eligible, one.earned]), [['1', true, 50], ['2', false, 0]]);
  assert.equal(answer.json.lines[0].reasons[0].detail, '5 % от оплаты');
  assert.equal(answer.json.lines[1].reasons[0].effect, 'excluded');
  assert.equal((await quote({ ...body, customer: { phone, locale: 'en' } })).json.lines[0].reasons[0].detail, '5 % of what is paid');
  const look = await site.call(shop, 'POST', '/api/v1/members/lookup', { phone });
  assert.equal(look.status, 404, 'nobody was made');
  assert.equal((await send(body)).status, 201, 'the id of the quote is free');
});

test('an order that brings its quote is judged by the rules of the quote', async () => {
  await publish({ earn: [{ ...base, ppm: 100000 }] });
  const body = order(bought(freshPhone(), 100000));
  const asked = await quote(body);
  assert.equal(asked.json.totals.earned, 100);
  await publish({ earn: [{ ...base, ppm: 20000 }] });
  body.paid_at = new Date().toISOString();
  assert.equal((await quote(body)).json.totals.earned, 20);
  const answer = await send({ ...body, quote: asked.json.quote });
  assert.equal(answer.status, 201, answer.text);
  assert.equal(answer.json.points.earned, 100);
});

test('a quote of other goods, a changed quote and none of ours are refused', async () => {
  const body = order(bought(freshPhone(), 100000));
  const { quote: token } = (await quote(body)).json;
  const other = { ...body, total: 200000, lines: [line(200000)] };
  for (const wrong of [{ ...other, quote: token }, { ...body, quote: token.slice(0, -2) + 'AA' }, { ...body, quote: 'q1.e30.x' }, { ...body, quote: 'x' }]) {
    const answer = await send(wrong);
    assert.equal(answer.status, 422, answer.text);
    assert.deepEqual(codes(answer), ['invalid_quote /quote']);
  }
  const points = { ...body, lines: [line(100000, { points: 0 })], quote: token };
  assert.equal((await send(points)).status, 201);
});

test('a budget that is spent gives no more, whoever comes', async () => {
  await publish({
    earn: [base, { id: 'gift', kind: 'fixed', points: 100, limits: { budget: 'b1' } }], budgets: [{ id: 'b1', cap: 450 }],
  });
  const answers = await Promise.all(Array.from({ length: 16 }, () => sell(bought(freshPhone(), 100000))));
  assert.equal(answers.filter((one) => one.points.earned === 150).length, 4);
  assert.equal(answers.filter((one) => one.points.earned === 50).length, 12);
});

test('a limit per member and month counts what was earned before, in the quote too', async () => {
  await publish({ earn: [{ ...base, limits: { member: { most: 70, per: 'month' } } }] });
  const phone = freshPhone();
  assert.equal((await sell(bought(phone, 100000))).points.earned, 50);
  const asked = (await quote(order(bought(phone, 100000)))).json;
  assert.equal(asked.totals.earned, 20);
  assert.ok(asked.reasons.some((reason) => reason.effect === 'limited'));
  const { member: { id } } = await sell(bought(phone, 100000));
  assert.equal((await member(id)).json.points.available, 70);
});

test('passmint programme lints, applies beside the running service, and lists the history', async () => {
  const file = join(site.folder, 'next.json');
  writeFileSync(file, JSON.stringify({ earn: [{ ...base, ppm: 80000 }] }));
  must(['programme', 'lint', file, '--config', site.config]);
  must(['programme', 'apply', file, '--config', site.config, '--comment', 'eight']);
  assert.equal((await sell(bought(freshPhone(), 100000))).points.earned, 80);
  const again = passmint(['programme', 'apply', file, '--config', site.config]);
  assert.match(again.stderr, /has these rules already/);
  const history = must(['programme', 'history', '--config', site.config]);
  assert.match(history.split('\n')[0], /eight {2}\(in effect\)$/);
  writeFileSync(file, JSON.stringify({ earn: [{ ...base, expires: { after: 'P180D', sliding: 1 } }] }));
  const refused = passmint(['programme', 'apply', file, '--config', site.config]);
  assert.equal(refused.status, 1);
  assert.match(refused.stdout + refused.stderr, /\/earn\/0\/expires\/sliding/);
});

test('the history names every version, and a diff says what changed', async () => {
  await publish({ earn: [base] });
  const { json: { items } } = await site.call(designer(), 'GET', '/api/v1/programme/versions');
  assert.ok(items.length > 2);
  assert.deepEqual(items.map((one) => one.version), items.map((one, i) => items.length - i));
  assert.deepEqual((await site.call(designer(), 'GET', `/api/v1/programme/versions/${items.length}`)).json, { earn: [base] });
  await publish({ earn: [{ ...base, ppm: 60000 }] });
  const diff = await site.call(designer(), 'GET', `/api/v1/programme/versions/${items.length}/diff?to=${items.length + 1}`);
  assert.deepEqual(diff.json, { changes: [{ pointer: '/earn/base/ppm', before: 50000, after: 60000 }] });
  assert.equal((await site.call(designer(), 'GET', '/api/v1/programme/versions/999')).status, 404);
});
