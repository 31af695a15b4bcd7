// Members and orders of another system, taken in by `passmint ledger import`.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { makeSite, passmint, temporaryFolder } from '../../support/site.mjs';

const phone = (n) => `+7921${String(2_000_000 + n)}`;

const member = (n, more = {}) => ({
  type: 'member',
  id: `old-${n}`,
  customer: { phone: phone(n), name: `Member ${n}` },
  points: [{ points: 100 + n, earned_at: '2024-05-01T00:00:00Z', expires_at: '2099-01-01T00:00:00Z' }],
  ...more,
});

const order = (id, n) => ({
  type: 'order', order_id: id, source: 'till', paid_at: '2024-06-01T12:00:00+03:00', currency: 'RUB', total: 100_000,
  customer: { phone: phone(n) },
  lines: [{ line_id: '1', sku: 'ESP-1', quantity: 2, amount: 100_000, earned: 40, points: 20, points_value: 2000 }],
});

function fileOf(t, lines) {
  const file = path.join(temporaryFolder(t), 'members.jsonl');
  writeFileSync(file, lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n') + '\n');
  return file;
}

const take = (site, file, ...more) => passmint(['ledger', 'import', '--config', site.config, file, ...more]);
const verify = (site) => passmint(['ledger', 'verify', '--config', site.config]);

test('B7 members and old orders come in beside the service, once, and the ledger stays sound', async (t) => {
  const site = await makeSite(t);
  await site.start();
  const shop = await site.key(['shop'], 'till');
  const lines = Array.from({ length: 700 }, (_, n) => member(n));
  const file = fileOf(t, [...lines, order('1042', 7)]);
  const done = take(site, file);
  assert.equal(done.status, 0, done.stderr);
  assert.match(done.stdout, /^ok {4}701 imported, 0 known, 0 refused$/m);
  const found = await site.call(shop, 'POST', '/api/v1/members/lookup', { phone: phone(7) });
  assert.equal(found.status, 200, found.text);
  assert.equal(found.json.member.points.available, 107);
  assert.equal(found.json.member.cards.length, 1);
  const { id } = found.json.member;
  const statement = await site.call(shop, 'GET', `/api/v1/members/${id}/statement`);
  assert.deepEqual(statement.json.items.map((item) => [item.type, item.amount, item.document.name, item.actor]), [
    ['import', 0, 'Order 1042', 'import'],
    ['import', 107, 'Import old-7', 'import'],
  ]);

  // The old order is known here, and refunded by what it earned and burned there.
  const sent = await site.call(shop, 'GET', '/api/v1/orders/1042?source=till');
  assert.equal(sent.json.points.earned, 40, sent.text);
  const refund = await site.call(shop, 'POST', '/api/v1/orders/1042/refunds?source=till', { refund_id: 'r1', amount: 100_000 });
  assert.equal(refund.status, 201, refund.text);
  assert.equal(refund.json.points.clawed_back, 40);
  assert.equal(refund.json.points.restored, 20);
  assert.equal(refund.json.points.available, 107 - 40 + 20);

  const before = passmint(['ledger', 'export', '--config', site.config]).stdout;
  const again = take(site, file);
  assert.match(again.stdout, /^ok {4}0 imported, 701 known, 0 refused$/m);
  assert.equal(passmint(['ledger', 'export', '--config', site.config]).stdout, before, 'nothing has changed');
  const verified = verify(site);
  assert.equal(verified.status, 0, verified.stdout + verified.stderr);
  assert.match(verified.stdout, /^ok {4}journals: 700 accounts/m);
});

test('a file with wrong lines is refused whole, and each is named', async (t) => {
  const site = await makeSite(t);
  await site.start();
  const file = fileOf(t, [
    member(1),
    '{"type": "member", "id": "x"',
    member(2, { points: [{ points: 5, expires_at: '2020-01-01T00:00:00Z' }] }),
    member(3, { customer: { phone: '12' } }),
    { ...order('1', 1), total: 5 },
    member(4, { balance: 5 }),
    { type: 'card' },
  ]);
  const done = take(site, file);
  assert.equal(done.status, 1);
  assert.match(done.stderr, /6 of 7 lines are wrong; nothing was imported/);
  const named = [...done.stdout.matchAll(/^BAD {3}line=(\d+): (.*)$/gm)];
  assert.deepEqual(named.map((one) => Number(one[1])), [2, 3, 4, 5, 6, 7]);
  assert.match(named[1][2], /^\/points\/0\/expires_at: these points have expired already/);
  assert.match(named[3][2], /^\/total: /);
  assert.match(named[4][2], /^\/balance: /);
  assert.match(verify(site).stdout, /^ok {4}journals: 0 accounts/m);
  assert.equal(take(site, path.join(temporaryFolder(t), 'none')).status, 1);
});

test('what the store refuses is said line by line, and the rest is there', async (t) => {
  const site = await makeSite(t);
  await site.start();
  const file = fileOf(t, [member(1), member(2)]);
  assert.match(take(site, file, '--check').stdout, /^ok {4}2 lines can be imported$/m);
  assert.match(verify(site).stdout, /0 accounts/);
  assert.equal(take(site, file).status, 0);
  const next = fileOf(t, [
    member(3),
    member(1, { points: [{ points: 5 }] }),
    order('9', 8),
    member(4),
    order('10', 4),
  ]);
  const done = take(site, next);
  assert.equal(done.status, 1);
  assert.match(done.stdout, /^BAD {3}line=2: member old-1 was imported before with other content$/m);
  assert.match(done.stdout, /^BAD {3}line=3: nobody has this phone, e-mail or card$/m);
  assert.match(done.stdout, /^BAD {3}3 imported, 0 known, 2 refused$/m);
  assert.equal(verify(site).status, 0);
});

test('a store without a published template says how it gets one', async (t) => {
  const site = await makeSite(t);
  const done = take(site, fileOf(t, [member(1)]));
  assert.equal(done.status, 1);
  assert.match(done.stderr, /no published template/);
  assert.match(done.stderr, /hint: passmint serve/);
});
