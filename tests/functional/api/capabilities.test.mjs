// What shops rely on elsewhere, done with rules: each test has the id of the capability that it shows and does the
// check that the list of capabilities asks for. Amounts are kopecks.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { order, freshPhone, until } from '../../support/site.mjs';
import { site, shop, adjust, type, codes, statement, wallet } from '../../support/points_site.mjs';
import { admin, base, basket, bought, draft, line, programme, publish, quote, sell, send } from '../../support/rules_site.mjs';

const tenPercent = { earn: [{ ...base, ppm: 100000 }] };
const refund = (id, body) => site.call(shop, 'POST', `/api/v1/orders/${id}/refunds?source=web`, body);
const moved = async (id) => (await statement(id)).json.items.map((entry) => [entry.type, entry.amount]);
// Somebody with so many points.
async function owner(points) {
  const phone = freshPhone();
  const { member, card } = await sell(bought(phone, 1));
  const given = await adjust({ card_number: card.number, points });
  assert.equal(given.status, 201, given.text);
  return { phone, id: member.id, number: card.number };
}

test('A1_B2 two paid orders are two accruals, and the balance is their sum', async () => {
  await publish(tenPercent);
  const phone = freshPhone();
  const { member } = await sell(bought(phone, 50000));
  const { points } = await sell(bought(phone, 30000));
  assert.equal(points.available, 80);
  assert.deepEqual(await moved(member.id), [['earn', 30], ['earn', 50]]);
});

test('A4 ten per cent of 1 999.00 are 199 points, never 200', async () => {
  await publish(tenPercent);
  assert.equal((await sell(bought(freshPhone(), 199900))).points.earned, 199);
});

test('A10 70 % by money and 30 % by points are one burn, and one accrual on the money', async () => {
  await publish(tenPercent);
  const { phone, id } = await owner(300);
  const { points } = await sell(basket(phone, [line(100000, { points: 300 })]));
  assert.deepEqual([points.spent, points.earned, points.available], [300, 70, 70]);
  assert.deepEqual((await moved(id)).slice(0, 2), [['earn', 70], ['burn', -300]]);
});

test('A12 a rule of the VIP segment does not fire for starters', async () => {
  await publish({ earn: [base, { id: 'vip', kind: 'percent', ppm: 50000, when: { field: 'member.group', value: 'vip' } }] });
  const [vip, starter] = [freshPhone(), freshPhone()];
  const { member } = await sell(bought(vip, 100000));
  assert.equal((await site.call(admin(), 'PUT', '/api/v1/groups/vip', { name: 'VIP' })).status, 200);
  assert.equal((await site.call(shop, 'PUT', `/api/v1/groups/vip/members/${member.id}`)).status, 204);
  assert.equal((await sell(bought(vip, 100000))).points.earned, 100);
  assert.equal((await sell(bought(starter, 100000))).points.earned, 50);
});

test('B1 a discount card of 5 %: 1 000.00 are 950.00, and no points', async () => {
  await publish({ discounts: [{ id: 'card', kind: 'percent', ppm: 50000, stage: 'standing' }] });
  const { totals } = (await quote(order(bought(freshPhone(), 100000)))).json;
  assert.deepEqual([totals.discount, totals.money, totals.earned], [5000, 95000, 0]);
  assert.equal((await sell(bought(freshPhone(), 100000))).points.earned, 0);
});

test('B9 goods that a rule includes and excludes get nothing', async () => {
  await publish({ earn: [{ ...base, include: { sku: ['ESP-1', 'ESP-2'] }, exclude: { sku: ['ESP-1'] } }] });
  assert.equal((await sell(bought(freshPhone(), 100000))).points.earned, 0);
  assert.equal((await sell(basket(freshPhone(), [line(100000, { sku: 'ESP-2' })]))).points.earned, 50);
});

test('B12_B13 one line, some lines or all of the basket are paid by points, line by line', async () => {
  await publish(tenPercent);
  for (const paid of [[100, 0, 0], [100, 60, 0], [100, 100, 100]]) {
    const { phone } = await owner(300);
    const body = basket(phone, paid.map((points, i) => line(10000, { line_id: `${i}`, points })));
    const asked = (await quote(body)).json;
    assert.deepEqual(asked.lines.map((one) => [one.line_id, one.points, one.money]),
      paid.map((points, i) => [`${i}`, points, 10000 - 100 * points]));
    const answer = await send(body);
    assert.equal(answer.status, 201, answer.text);
    assert.equal(answer.json.points.spent, paid.reduce((sum, points) => sum + points));
  }
});

test('B14_B15 of five units two are paid by points and earn nothing, three by money and earn', async () => {
  await publish(tenPercent);
  const { phone } = await owner(1000);
  const { points } = await sell(basket(phone, [line(100000, { quantity: 5, points_quantity: 2 })]));
  assert.deepEqual([points.spent, points.earned], [400, 60]);
});

test('B16 of two burns of 60 at once from 100 points one succeeds', async () => {
  await publish(tenPercent);
  const { phone, id } = await owner(100);
  const answers = await Promise.all([1, 2].map(() => send(basket(phone, [line(6000, { points: 60 })]))));
  assert.deepEqual(answers.map((answer) => answer.status).sort(), [201, 409]);
  assert.equal(type(answers.find((answer) => answer.status === 409)), 'insufficient_points');
  assert.equal((await wallet(id)).json.points.available, 40);
});

test('D15 a deal that is closed again brings no second accrual', async () => {
  await publish(tenPercent);
  const body = order(bought(freshPhone(), 100000));
  assert.equal((await send(body)).json.points.available, 100);
  const again = await send(body);
  assert.deepEqual([again.status, again.json.points.available], [200, 100]);
});

test('D18 with a cap of 30 % points pay 30 %, and 31 % are refused', async () => {
  await publish({ ...tenPercent, burn: { max_ppm_of_order: 300000 } });
  const { phone } = await owner(1000);
  const refused = await send(basket(phone, [line(100000, { points: 310 })]));
  assert.equal(refused.status, 422, refused.text);
  assert.ok(codes(refused)[0].startsWith('points_over_order '), refused.text);
  assert.equal((await sell(basket(phone, [line(100000, { points: 300 })]))).points.spent, 300);
});

test('E16 a budget that is spent stops its rule in the same transaction', async () => {
  await publish({
    earn: [base, { id: 'campaign', kind: 'fixed', points: 100, limits: { budget: 'autumn' } }], budgets: [{ id: 'autumn', cap: 250 }],
  });
  const answers = await Promise.all(Array.from({ length: 8 }, () => sell(bought(freshPhone(), 100000))));
  assert.equal(answers.reduce((sum, one) => sum + one.points.earned, 0), 8 * 50 + 200);
});

test('E17 an exchange is a refund and a new order, both or neither', async () => {
  await publish(tenPercent);
  const phone = freshPhone();
  const sold = order(bought(phone, 100000));
  const { member } = (await send(sold)).json;
  const exchange = (next) => site.call(shop, 'POST', `/api/v1/orders/${sold.order_id}/exchange?source=web`, { refund: { refund_id: 'X-1', amount: 100000 }, order: next });
  const unfit = await exchange(basket(phone, [line(50000, { points: 999 })]));
  assert.ok(unfit.status >= 400, unfit.text);
  assert.equal((await wallet(member.id)).json.points.available, 100, 'nothing was refunded');
  const done = await exchange(order(bought(phone, 60000)));
  assert.equal(done.status, 201, done.text);
  assert.equal((await wallet(member.id)).json.points.available, 60);
});

test('E19 a rule of one place does not fire at another', async () => {
  await publish({ earn: [{ ...base, when: { field: 'location', value: 'L1' } }] });
  assert.equal((await sell(bought(freshPhone(), 100000, { location: 'L1' }))).points.earned, 50);
  assert.equal((await sell(bought(freshPhone(), 100000, { location: 'L2' }))).points.earned, 0);
});

test('F5 at a point for each 30.00, 89.99 are two points', async () => {
  await publish({ earn: [{ id: 'base', kind: 'per_amount', points: 1, per: 3000 }] });
  assert.equal((await sell(bought(freshPhone(), 8999))).points.earned, 2);
  assert.equal((await sell(bought(freshPhone(), 9000))).points.earned, 3);
});

test('F8 the quote names the goods that a rule recommends', async () => {
  await publish({ earn: [base], advice: [{ id: 'filters', include: { sku: ['ESP-1'] }, sku: ['FILTER-1', 'FILTER-2'] }] });
  assert.deepEqual((await quote(order(bought(freshPhone(), 100000)))).json.advised, ['FILTER-1', 'FILTER-2']);
  assert.deepEqual((await quote(basket(freshPhone(), [line(100000, { sku: 'MUG' })]))).json.advised, []);
});

test('F20 a parameter is turned by a version that has an author and begins at an instant', async () => {
  await publish({ earn: [base] });
  const from = new Date(Date.now() + 3600_000).toISOString();
  const etag = (await programme()).headers.get('etag');
  const later = await site.call(admin(), 'POST', '/api/v1/programme/publish', { effective_from: from }, { 'if-match': etag });
  assert.equal(later.status, 200, later.text);
  assert.equal(new Date(later.json.next.effective_from).getTime(), new Date(from).getTime());
  const { json: { items } } = await site.call(admin(), 'GET', '/api/v1/programme/versions');
  assert.equal(items[0].published_by, 'boss');
});

test('G9 too few points refuse the order, or pay what they can', async () => {
  await publish(tenPercent);
  const { phone } = await owner(50);
  const body = basket(phone, [line(10000, { points: 80 })]);
  const refused = await send(body);
  assert.deepEqual([refused.status, type(refused)], [409, 'insufficient_points']);
  const { points, warnings } = await sell({ ...body, on_insufficient: 'up_to' });
  assert.deepEqual([points.spent, points.available], [50, 5]);
  assert.equal(warnings[0].code, 'points_reduced');
});

test('G10_G12 points earned a moment ago pay, and only where the order says so', async () => {
  await publish(tenPercent);
  const phone = freshPhone();
  assert.equal((await sell(bought(phone, 100000))).points.available, 100);
  assert.deepEqual((await sell(bought(phone, 10000))).points.spent, 0);
  assert.deepEqual((await sell(basket(phone, [line(10000, { points: 100 })]))).points.spent, 100);
});

test('G11 700 points and an order of 500.00 leave 200', async () => {
  await publish({ earn: [] });
  const { phone } = await owner(700);
  const over = await send(basket(phone, [line(50000, { points: 700 })]));
  assert.equal(over.status, 422, over.text);
  const { points } = await sell(basket(phone, [line(50000, { points: 500 })]));
  assert.deepEqual([points.spent, points.available], [500, 200]);
});

test('G13 the tenth purchase earns by what was bought before', async () => {
  await publish({ earn: [base, { id: 'regular', ppm: 50000, when: { field: 'history.orders', op: 'ge', value: 2 } }] });
  const phone = freshPhone();
  const earned = [];
  for (let i = 0; i < 3; ++i) earned.push((await sell(bought(phone, 100000))).points.earned);
  assert.deepEqual(earned, [50, 50, 100]);
});

test('B35 a quote is a dry run: nobody is made, nothing moves, no limit is used up', async () => {
  await publish({ earn: [{ ...base, limits: { member: { most: 60, per: 'month' } } }] });
  const { phone, id } = await owner(10);
  const before = (await statement(id)).text;
  for (let i = 0; i < 3; ++i) assert.equal((await quote(order(bought(phone, 100000)))).json.totals.earned, 50);
  assert.equal((await statement(id)).text, before);
  assert.equal((await sell(bought(phone, 100000))).points.earned, 50);
});

test('B8 a balance that is read after an order on another connection has it', async () => {
  await publish(tenPercent);
  const { member, points } = await sell(bought(freshPhone(), 100000));
  const reads = await Promise.all(Array.from({ length: 4 }, () => wallet(member.id)));
  for (const read of reads) assert.equal(read.json.points.available, points.available);
});

// Megaplan's table: 5 % from 5,000.00, 10 % from 15,000.00, 15 % from 25,000.00, 25 % from 50,000.00.
const megaplan = (more) => ({
  earn: [{ id: 'level', kind: 'percent', rate: 'tier' }],
  tiers: {
    levels: [['none', 0, 0], ['five', 500000, 50000], ['ten', 1500000, 100000], ['fifteen', 2500000, 150000], ['quarter', 5000000, 250000]]
      .map(([name, from, ppm]) => ({ name, from, ppm })),
    ...more,
  },
});

// The name of a level, and what is missing to the next.
const standing = ({ name, next }) => ({ name, next });

test('G2_G8_G14 one call shows level, points and what is missing to the next level, to the kopeck', async () => {
  await publish(megaplan());
  const phone = freshPhone();
  const first = await sell(bought(phone, 499999));
  assert.deepEqual(standing(first.tier), { name: 'none', next: { name: 'five', missing_minor: 1 } });
  assert.equal((await sell(bought(phone, 1))).points.earned, 0);
  assert.deepEqual(standing((await quote(order(bought(phone, 100000)))).json.tier), { name: 'five', next: { name: 'ten', missing_minor: 1000000 } });
  assert.equal((await sell(bought(phone, 100000))).points.earned, 50);
  for (const path of [`members/${first.member.id}`, `members/${first.member.id}/wallet`, `cards/${first.card.number}`]) {
    const { json } = await site.call(shop, 'GET', `/api/v1/${path}`);
    assert.deepEqual([standing(json.tier), json.points.available], [{ name: 'five', next: { name: 'ten', missing_minor: 900000 } }, 50], path);
  }
});

test('G4 a refund lowers what was spent, and a strict programme the level', async () => {
  await publish(megaplan({ down: 'strict' }));
  const body = order(bought(freshPhone(), 500000));
  assert.equal((await send(body)).json.tier.name, 'five');
  const back = await refund(body.order_id, { refund_id: 'R-1', amount: 100 });
  assert.deepEqual(standing(back.json.tier), { name: 'none', next: { name: 'five', missing_minor: 100 } }, back.text);
});

test('E3 every entry explains itself with the number that the journal has', async () => {
  await publish({ earn: [{ ...base, ppm: 100000 }, { id: 'first', kind: 'fixed', points: 300, once: 'ever', when: { field: 'history.orders', value: 0 } }] });
  const phone = freshPhone();
  const body = order(bought(phone, 199900));
  const { member } = (await send(body)).json;
  await sell(basket(phone, [line(100000, { points: 40 })]));
  await refund(body.order_id, { refund_id: 'R-1', amount: 100000 });
  await publish({ earn: [] });
  const { json: { items } } = await statement(member.id);
  assert.ok(items.length >= 4);
  for (const { id, type: kind, amount } of items) {
    const why = await site.call(shop, 'GET', `/api/v1/entries/${id}/explain`);
    assert.deepEqual([why.status, why.json.type, why.json.points, why.json.agrees], [200, kind, amount, true], why.text);
  }
  const first = (await site.call(shop, 'GET', `/api/v1/entries/${items.at(-1).id}/explain`)).json;
  assert.deepEqual(first.rules.map(({ rule, points }) => [rule, points]), [['base', 199], ['first', 300]]);
  assert.equal((await site.call(shop, 'GET', '/api/v1/entries/e_0.1/explain')).status, 404);
});

test('B35 a draft is run over past orders and says who would gain or lose how much', async () => {
  await publish({ earn: [base] });
  const phone = freshPhone();
  const from = new Date().toISOString();
  const { member } = await sell(bought(phone, 100000));
  await draft({ earn: [{ ...base, ppm: 70000 }] });
  const before = (await statement(member.id)).text;
  const to = new Date(Date.now() + 60_000).toISOString();
  const replay = await site.call(admin(), 'POST', '/api/v1/programme/replay', { from, to });
  assert.equal(replay.status, 200, replay.text);
  const { orders, changed, earned, members, examples } = replay.json;
  assert.deepEqual([orders, changed, earned, members.gain, members.lose], [1, 1, { now: 50, draft: 70 }, 1, 0]);
  assert.deepEqual(members.largest, [{ member_id: member.id, now: 50, draft: 70 }]);
  assert.deepEqual([examples[0].now, examples[0].draft], [50, 70]);
  assert.equal((await statement(member.id)).text, before);
  const wrong = await site.call(admin(), 'POST', '/api/v1/programme/replay', { from: to, to: from });
  assert.deepEqual(codes(wrong), ['out_of_range /to']);
});

test('B35 a replay in the background is taken on at once, says how far it got and has the same result', async () => {
  await publish({ earn: [base] });
  const from = new Date().toISOString();
  await sell(bought(freshPhone(), 100000));
  await draft({ earn: [{ ...base, ppm: 70000 }] });
  const time = { from, to: new Date(Date.now() + 60_000).toISOString() };
  const replay = (more) => site.call(admin(), 'POST', '/api/v1/programme/replay', { ...time, ...more });
  const waited = await replay({});
  const taken = await replay({ background: true });
  assert.equal(taken.status, 202, taken.text);
  const path = `/api/v1/programme/replays/${taken.json.replay_id}`;
  const read = async () => (await site.call(admin(), 'GET', path)).json;
  await until('the replay is done', async () => (await read()).status === 'done');
  const { result, progress } = await read();
  assert.deepEqual(result, waited.json);
  assert.deepEqual([progress.done, progress.total], [1, 1]);
  const cancelled = await site.call(admin(), 'DELETE', path);
  assert.equal(cancelled.json.status, 'done');
  assert.equal((await site.call(admin(), 'GET', `${path}0`)).status, 404);
  assert.deepEqual(codes(await replay({ background: true, to: time.from })), ['out_of_range /to']);
});
