// Refunds and exchanges, seen from a shop. The demo's rules: 5 % of what money paid, floored; a
// point pays 1.00; debt is unlimited. Numbers in names are the edge cases of the ledger's design.

import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Site, freshPhone, order, passmint, must } from '../../support/site.mjs';

let site, shop, operator;
before(async () => {
  site = await Site.create();
  await site.start();
  shop = await site.key(['shop']);
  operator = await site.key(['operator']);
});
after(async () => { await site?.remove(); });

const place = (body, headers) => site.call(shop, 'POST', '/api/v1/orders', body, headers);
const refund = (id, body, headers) => site.call(shop, 'POST', `/api/v1/orders/${encodeURIComponent(id)}/refunds?source=web`, body, headers);
const exchange = (id, body) => site.call(shop, 'POST', `/api/v1/orders/${id}/exchange?source=web`, body);
const get = async (id) => (await site.call(shop, 'GET', `/api/v1/orders/${id}?source=web`)).json;
const codes = (answer) => (answer.json?.errors ?? []).map((error) => `${error.code} ${error.pointer}`);
const basket = (lines, changes = {}) => order({ lines, total: lines.reduce((sum, line) => sum + line.amount, 0), ...changes });
const problem = (answer, status, type) => assert.deepEqual([answer.status, answer.json?.type], [status, `urn:passmint:${type}`], answer.text);

// A placed order of one line; 5 % of `amount`.
async function sale(amount = 200000, changes = {}, line = {}) {
  const body = basket([{ line_id: '1', amount, ...line }], changes);
  const answer = await place(body);
  assert.equal(answer.status, 201, answer.text);
  return { ...answer.json, customer: body.customer, body };
}
// [restored, clawed back, available, debt] of a refund that was booked.
const moved = (answer) => {
  assert.equal(answer.status, 201, answer.text);
  const { restored, clawed_back, available, debt } = answer.json.points;
  return [restored, clawed_back, available, debt];
};

test('a refund by quantity takes back what those units earned, and says why', async () => {
  const { order_id, member } = await sale(199900, {}, { quantity: 2 });
  const answer = await refund(order_id, { refund_id: 'R-1', lines: [{ line_id: '1', quantity: 1 }] });
  assert.equal(answer.status, 201, answer.text);
  assert.deepEqual(answer.json, {
    order_id, source: 'web', refund_id: 'R-1', amount: 99950,
    lines: [{ line_id: '1', amount: 99950, restored: 0, clawed_back: 49 }],
    points: {
      earned: 0, spent: 0, available: 50, pending: 0, held: 0, debt: 0, restored: 0, clawed_back: 49,
      explain: [{ entry: `e_${member.id.slice(2)}.2`, rule: 'base', line_id: '1', points: -49 }],
    },
    tier: null, warnings: [],
  });
});

test('the same refund again is the current state, and other content a conflict', async () => {
  const { order_id, customer } = await sale(200000, {}, { quantity: 2 });
  const first = await refund(order_id, { refund_id: 'R-1', lines: [{ line_id: '1', quantity: 1 }] });
  await sale(20000, { customer });
  // "1.000" is as much as 1; whether it would wait is no part of what it is.
  const again = await refund(order_id, { refund_id: 'R-1', await_order: true, lines: [{ line_id: '1', quantity: '1.000' }] });
  assert.equal(again.status, 200, again.text);
  assert.equal(again.json.points.available, first.json.points.available + 10);
  assert.deepEqual(again.json.lines, first.json.lines);
  assert.deepEqual(again.json.points.explain, first.json.points.explain);
  problem(await refund(order_id, { refund_id: 'R-1', amount: 100000 }), 409, 'refund_conflict');
  problem(await refund(order_id, { refund_id: 'R-1', lines: [{ line_id: '1', quantity: 2 }] }), 409, 'refund_conflict');
  assert.equal((await get(order_id)).refunds.length, 1);
});

test('the same refund sixteen times in parallel takes back once', async () => {
  const { order_id } = await sale();
  const answers = await Promise.all(Array.from({ length: 16 }, () => refund(order_id, { refund_id: 'R-1', amount: 100000 })));
  assert.deepEqual(answers.map((answer) => answer.status).sort(), [...Array(15).fill(200), 201]);
  assert.equal((await get(order_id)).points.available, 50);
});

test('an order lists its refunds, oldest first, and the points of today', async () => {
  const { order_id } = await sale();
  await refund(order_id, { refund_id: 'Z', amount: 50000 });
  await refund(order_id, { refund_id: 'A', amount: 10000 });
  const state = await get(order_id);
  assert.deepEqual(state.refunds.map(({ refunded_at, ...rest }) => rest), [
    { refund_id: 'Z', amount: 50000, restored: 0, clawed_back: 25 },
    { refund_id: 'A', amount: 10000, restored: 0, clawed_back: 5 },
  ]);
  assert.ok(state.refunds.every(({ refunded_at }) => !Number.isNaN(Date.parse(refunded_at))));
  assert.deepEqual([state.points.earned, state.points.available], [100, 70]);
});

test('an amount for the whole order is spread over what is left of its lines', async () => {
  const body = basket([{ line_id: 'a', amount: 30000 }, { line_id: 'b', amount: 10000 }]);
  await place(body);
  await refund(body.order_id, { refund_id: 'R-1', lines: [{ line_id: 'a', amount: 20000 }] });
  const half = await refund(body.order_id, { refund_id: 'R-2', amount: 10000 });
  assert.deepEqual(half.json.lines.map(({ line_id, amount }) => [line_id, amount]), [['a', 5000], ['b', 5000]]);
});

test('10 parts that add up to all take back exactly what was earned', async () => {
  // 33 points for 660.00: thirds by cumulative floors are 11, 11 and 11; of 1000.00 and 50 points
  // they are 16, 17 and 17, where a floor for each would leave two points for nothing.
  const { order_id } = await sale(100000);
  const parts = [];
  for (const [i, amount] of [33333, 33333, 33334].entries()) {
    parts.push((await refund(order_id, { refund_id: `R-${i}`, amount })).json.points.clawed_back);
  }
  assert.deepEqual(parts, [16, 17, 17]);
  assert.equal((await get(order_id)).points.available, 0);
});

test('10 points that paid come back exactly in parts too', async () => {
  const { customer } = await sale(200000);
  const paid = await sale(10000, { customer }, { points: 100 });
  const parts = [];
  for (const [i, amount] of [3333, 3333, 3334].entries()) {
    parts.push((await refund(paid.order_id, { refund_id: `R-${i}`, amount })).json.points.restored);
  }
  assert.deepEqual(parts, [33, 33, 34]);
  assert.equal((await get(paid.order_id)).points.available, 100);
});

test('2 points that were spent meanwhile are taken from other lots, and what lacks becomes debt', async () => {
  const first = await sale(200000); // 100 points
  const { customer } = first;
  await sale(10000, { customer }, { points: 100 });
  const other = await sale(60000, { customer }); // 30 points
  assert.deepEqual(moved(await refund(first.order_id, { refund_id: 'R-1', amount: 200000 })), [0, 100, 0, 70]);
  // The next earning repays it first.
  const next = await sale(200000, { customer });
  assert.deepEqual([next.points.earned, next.points.available, next.points.debt], [100, 30, 0]);
  assert.equal((await get(other.order_id)).points.available, 30);
});

test('a refund gives back before it takes, so that it makes no debt that it covers itself', async () => {
  const { customer } = await sale(200000); // 100
  // 40 points pay 40.00; 60.00 of money earn 3.
  const mixed = await sale(10000, { customer }, { points: 40 });
  await sale(6300, { customer }, { points: 63 });
  assert.equal((await get(mixed.order_id)).points.available, 0);
  assert.deepEqual(moved(await refund(mixed.order_id, { refund_id: 'R-1', amount: 10000 })), [40, 3, 37, 0]);
});

test('5 more than is left is refused with its place, and nothing changes', async () => {
  const body = basket([{ line_id: 'a', quantity: 3, amount: 30000 }, { line_id: 'b', amount: 10000 }]);
  await place(body);
  await refund(body.order_id, { refund_id: 'R-1', lines: [{ line_id: 'a', quantity: 2 }] });
  const before = await get(body.order_id);
  for (const [content, pointer, left] of [
    [{ amount: 20001 }, '/amount', '20000 left'],
    [{ lines: [{ line_id: 'b', amount: 10000 }, { line_id: 'a', quantity: 2 }] }, '/lines/1/quantity', '1 left'],
    [{ lines: [{ line_id: 'b', amount: 10001 }, { line_id: 'a', quantity: 1 }] }, '/lines/0/amount', '10000 minor units left'],
    [{ lines: [{ line_id: 'a', amount: 9999 }, { line_id: 'a', amount: 2, paid_by: 'money' }] }, '/lines/1/amount', '1 minor units left'],
    [{ lines: [{ line_id: 'a', amount: 1, paid_by: 'points' }] }, '/lines/0/amount', '0 minor units left'],
  ]) {
    const answer = await refund(body.order_id, { refund_id: 'R-2', ...content });
    problem(answer, 422, 'over_refund');
    assert.deepEqual(answer.json.errors.map(({ code, pointer: at, detail }) => [code, at, detail]), [['out_of_range', pointer, left]]);
  }
  assert.deepEqual(await get(body.order_id), before);
  assert.equal((await refund(body.order_id, { refund_id: 'R-2', amount: 20000 })).status, 201);
});

test('11 one unit of five, two of which points paid: money first, or the group that is named', async () => {
  const bought = async () => {
    const { customer } = await sale(200000); // 100 points
    // 40 points pay two units of 20.00, money pays three and earns 3.
    return sale(10000, { customer }, { quantity: 5, points_quantity: 2 });
  };
  const unit = (paid_by) => ({ refund_id: 'R-1', lines: [{ line_id: '1', quantity: 1, ...(paid_by ? { paid_by } : {}) }] });
  assert.deepEqual(moved(await refund((await bought()).order_id, unit())), [0, 1, 62, 0]);
  assert.deepEqual(moved(await refund((await bought()).order_id, unit('money'))), [0, 1, 62, 0]);
  assert.deepEqual(moved(await refund((await bought()).order_id, unit('points'))), [20, 0, 83, 0]);
  const { order_id } = await bought();
  const both = await refund(order_id, { refund_id: 'R-1', lines: [
    { line_id: '1', quantity: 1, paid_by: 'money' }, { line_id: '1', quantity: 2, paid_by: 'points' },
  ] });
  assert.deepEqual(moved(both), [40, 1, 102, 0]);
  assert.deepEqual(both.json.lines, [{ line_id: '1', amount: 6000, restored: 40, clawed_back: 1 }]);
});

test('6 a refund that comes before its order waits for it, and is booked with it', async () => {
  const body = basket([{ line_id: '1', quantity: 2, amount: 200000 }]);
  const content = { refund_id: 'R-1', lines: [{ line_id: '1', quantity: 1 }] };
  problem(await refund(body.order_id, content), 404, 'not_found');
  const parked = { order_id: body.order_id, source: 'web', refund_id: 'R-1', parked: true };
  for (let i = 0; i < 2; ++i) {
    const answer = await refund(body.order_id, { ...content, await_order: true });
    assert.deepEqual([answer.status, answer.json], [202, parked]);
  }
  problem(await refund(body.order_id, { refund_id: 'R-1', amount: 5, await_order: true }), 409, 'refund_conflict');
  assert.equal((await refund(body.order_id, { refund_id: 'R-2', amount: 20000, await_order: true })).status, 202);
  const placed = await place(body);
  assert.equal(placed.status, 201, placed.text);
  assert.deepEqual([placed.json.points.earned, placed.json.points.available, placed.json.warnings], [100, 40, []]);
  const again = await refund(body.order_id, content);
  assert.deepEqual([again.status, again.json.points.clawed_back, again.json.points.available], [200, 50, 40], again.text);
  assert.deepEqual((await get(body.order_id)).refunds.map(({ refund_id }) => refund_id), ['R-1', 'R-2']);
});

test('6 a refund that waited and cannot be booked is a warning, and does not stop its order', async () => {
  const body = basket([{ line_id: '1', amount: 10000 }]);
  await refund(body.order_id, { refund_id: 'R-1', amount: 10001, await_order: true });
  await refund(body.order_id, { refund_id: 'R-2', lines: [{ line_id: 'x', amount: 1 }], await_order: true });
  await refund(body.order_id, { refund_id: 'R-3', amount: 10000, await_order: true });
  const placed = await place(body);
  assert.equal(placed.status, 201, placed.text);
  assert.deepEqual(placed.json.warnings.map(({ code, detail }) => [code, detail.slice(0, 10)]), [['refund_refused', 'refund R-1'], ['refund_refused', 'refund R-2']]);
  assert.deepEqual((await get(body.order_id)).refunds.map(({ refund_id }) => refund_id), ['R-3']);
});

test('6 a refund and its order at the same time: it is booked once, whoever is first', async () => {
  for (let round = 0; round < 8; ++round) {
    const body = basket([{ line_id: '1', amount: 20000 }]);
    const wait = { refund_id: 'R-1', amount: 20000, await_order: true };
    const answers = await Promise.all([refund(body.order_id, wait), place(body), refund(body.order_id, wait)]);
    assert.ok(answers.every(({ status }) => status < 300), answers.map(({ text }) => text).join('\n'));
    const state = await get(body.order_id);
    assert.deepEqual([state.refunds.length, state.points.available], [1, 0]);
  }
});

test('14 a refund reverses what the order earned, not what the rules of today would give', async () => {
  const own = await Site.create();
  try {
    await own.start();
    const key = await own.key(['shop']);
    const body = basket([{ line_id: '1', amount: 200000 }]);
    assert.equal((await own.call(key, 'POST', '/api/v1/orders', body)).json.points.earned, 100);
    const rules = join(own.folder, 'rules.json');
    await writeFile(rules, (await readFile(rules, 'utf8')).replace('50000', '100000').replace('"base"', '"double"'));
    must(['programme', 'apply', rules, '--config', own.config]);
    const later = { ...body, order_id: `${body.order_id}-2`, paid_at: new Date().toISOString() };
    assert.equal((await own.call(key, 'POST', '/api/v1/orders', later)).json.points.earned, 200);
    const back = await own.call(key, 'POST', `/api/v1/orders/${body.order_id}/refunds?source=web`, { refund_id: 'R-1', amount: 200000 });
    assert.deepEqual([back.json.points.clawed_back, back.json.points.available], [100, 200], back.text);
    assert.deepEqual(back.json.points.explain.map(({ rule, points }) => [rule, points]), [['base', -100]]);
  } finally {
    await own.remove();
  }
});

test('a blocked and a closed card take refunds', async () => {
  for (const what of ['block', 'close']) {
    const { order_id, card } = await sale();
    const done = await site.call(operator, 'POST', `/api/v1/cards/${card.number}/${what}`, { reason: 'lost' }, { 'idempotency-key': crypto.randomUUID() });
    assert.equal(done.status, 200, done.text);
    assert.deepEqual(moved(await refund(order_id, { refund_id: 'R-1', amount: 100000 })), [0, 50, 50, 0]);
  }
});

test('an erased member takes refunds', async () => {
  const { order_id, member } = await sale();
  assert.equal((await site.call(operator, 'DELETE', `/api/v1/members/${member.id}`)).status, 204);
  assert.deepEqual(moved(await refund(order_id, { refund_id: 'R-1', amount: 100000 })), [0, 50, 50, 0]);
});

test('37 orders of a merged member are refunded from the member that it is now', async () => {
  const loser = await sale(200000); // 100 points
  const winner = await sale(60000); // 30 points
  const later = await sale(100000); // 50 points
  const merge = async (from, into) => {
    const done = await site.call(operator, 'POST', `/api/v1/members/${into}/merge`, { member_id: from, reason: 'one person' }, { 'idempotency-key': crypto.randomUUID() });
    assert.equal(done.status, 200, done.text);
  };
  await merge(loser.member.id, winner.member.id);
  const content = { refund_id: 'R-1', amount: 100000 };
  assert.deepEqual(moved(await refund(loser.order_id, content)), [0, 50, 80, 0]);
  await merge(winner.member.id, later.member.id);
  assert.deepEqual(moved(await refund(loser.order_id, { refund_id: 'R-2', amount: 100000 })), [0, 50, 80, 0]);
  assert.deepEqual(moved(await refund(winner.order_id, { refund_id: 'R-1', amount: 60000 })), [0, 30, 50, 0]);
  assert.equal((await refund(loser.order_id, content)).status, 200);
  const state = await get(loser.order_id);
  assert.deepEqual([state.member.id, state.refunds.length, state.points.available], [later.member.id, 2, 50]);
  // The same order again is the same order, whoever its customer is by now.
  const again = await place(loser.body);
  assert.deepEqual([again.status, again.json.member.id], [200, later.member.id], again.text);
});

test('what is wrong with a refund is said with its place', async () => {
  const { order_id } = await sale();
  for (const [content, expected] of [
    [{ amount: 1 }, 'required /refund_id'],
    [{ refund_id: 'R' }, 'choose_one '],
    [{ refund_id: 'R', amount: 1, lines: [{ line_id: '1', amount: 1 }] }, 'choose_one '],
    [{ refund_id: 'R', lines: [] }, 'too_short /lines'],
    [{ refund_id: 'R', amount: 0 }, 'out_of_range /amount'],
    [{ refund_id: 'R', amount: -1 }, 'out_of_range /amount'],
    [{ refund_id: 'R', amount: Number.MAX_SAFE_INTEGER + 1 }, 'amount_too_large /amount'],
    [{ refund_id: 'R', amount: 1.5 }, 'invalid_type /amount'],
    [{ refund_id: 'R', lines: [{ line_id: '1' }] }, 'choose_one /lines/0'],
    [{ refund_id: 'R', lines: [{ line_id: '1', amount: 1, quantity: 1 }] }, 'choose_one /lines/0'],
    [{ refund_id: 'R', lines: [{ line_id: '1', quantity: 0 }] }, 'invalid_quantity /lines/0/quantity'],
    [{ refund_id: 'R', lines: [{ line_id: '1', quantity: '0.0001' }] }, 'invalid_quantity /lines/0/quantity'],
    [{ refund_id: 'R', lines: [{ line_id: '1', quantity: 'all' }] }, 'invalid_quantity /lines/0/quantity'],
    [{ refund_id: 'R', lines: [{ line_id: '1', amount: 1, paid_by: 'card' }] }, 'invalid_value /lines/0/paid_by'],
    [{ refund_id: 'R', lines: [{ line_id: '1', amount: 1 }, { line_id: '1', amount: 2 }] }, 'duplicate /lines/1/line_id'],
    [{ refund_id: 'R', lines: [{ line_id: '1', amount: 1 }, { line_id: '2', amount: 2 }] }, 'unknown_line /lines/1/line_id'],
    [{ refund_id: 'R', amount: 1, reason: 'broken' }, 'unknown_field /reason'],
  ]) {
    const answer = await refund(order_id, content);
    problem(answer, 422, 'invalid_input');
    assert.deepEqual(codes(answer), [expected], answer.text);
  }
  assert.deepEqual((await get(order_id)).refunds, []);
  problem(await refund('x'.repeat(129), { refund_id: 'R', amount: 1, await_order: true }), 404, 'not_found');
});

test('a discount cannot be refunded by itself; it is in the other lines already', async () => {
  const body = basket([{ line_id: '1', amount: 20000 }, { line_id: 'off', type: 'discount', amount: -10000 }]);
  await place(body);
  assert.deepEqual(codes(await refund(body.order_id, { refund_id: 'R', lines: [{ line_id: 'off', amount: 1 }] })), ['unknown_line /lines/0/line_id']);
  const all = await refund(body.order_id, { refund_id: 'R', lines: [{ line_id: '1', quantity: 1 }] });
  assert.deepEqual([all.json.amount, all.json.points.available], [10000, 0], all.text);
});

test('an exchange refunds and sells in one, and again it is the same', async () => {
  const { order_id, customer } = await sale(200000, {}, { quantity: 2 });
  const content = {
    refund: { refund_id: 'R-1', lines: [{ line_id: '1', quantity: 1 }] },
    order: basket([{ line_id: '1', amount: 40000 }], { customer: { phone: customer.phone } }),
  };
  const first = await exchange(order_id, content);
  assert.equal(first.status, 201, first.text);
  assert.deepEqual([first.json.refund.points.clawed_back, first.json.refund.points.available], [50, 50]);
  assert.deepEqual([first.json.order.points.earned, first.json.order.points.available, first.json.order.card.created], [20, 70, false]);
  const again = await exchange(order_id, content);
  assert.deepEqual([again.status, again.json.refund.points.available, again.json.order.points.available], [200, 70, 70], again.text);
  assert.equal((await get(order_id)).refunds.length, 1);
});

test('an exchange is both or neither', async () => {
  const { order_id, customer } = await sale(200000);
  const good = () => basket([{ line_id: '1', amount: 40000 }], { customer: { phone: customer.phone } });
  const back = { refund_id: 'R-1', amount: 100000 };
  for (const [content, status, expected] of [
    [{ refund: back, order: { ...good(), total: 1 } }, 422, ['total_mismatch /order/total']],
    [{ refund: back, order: { ...good(), customer: { phone: freshPhone() } } }, 422, ['identity_mismatch /order/customer']],
    [{ refund: { ...back, amount: 200001 }, order: good() }, 422, ['out_of_range /refund/amount']],
    [{ refund: { ...back, await_order: true }, order: good() }, 422, ['invalid_value /refund/await_order']],
    [{ refund: { refund_id: 'R-1', lines: [{ line_id: '9', amount: 1 }] }, order: good() }, 422, ['unknown_line /refund/lines/0/line_id']],
    [{ refund: back }, 422, ['required /order']],
    [{ order: good() }, 422, ['required /refund']],
    [{ refund: back, order: basket([{ line_id: '1', amount: 40000, points: 300 }], { customer: { phone: customer.phone } }) }, 409, []],
  ]) {
    const answer = await exchange(order_id, content);
    assert.equal(answer.status, status, answer.text);
    assert.deepEqual(codes(answer), expected);
    if (content.order) assert.equal((await get(content.order.order_id)).status, 404, 'the new order is not there');
  }
  const state = await get(order_id);
  assert.deepEqual([state.refunds, state.points.available], [[], 100]);
  problem(await exchange('nowhere', { refund: back, order: good() }), 404, 'not_found');
});

test('points that an exchange gives back can pay its new order', async () => {
  const { customer } = await sale(200000); // 100 points
  const paid = await sale(10000, { customer }, { points: 100 });
  const swapped = await exchange(paid.order_id, {
    refund: { refund_id: 'R-1', amount: 10000 },
    order: basket([{ line_id: '1', amount: 10000, points: 100 }], { customer: { phone: customer.phone } }),
  });
  assert.equal(swapped.status, 201, swapped.text);
  assert.deepEqual([swapped.json.refund.points.restored, swapped.json.order.points.spent, swapped.json.order.points.available], [100, 100, 0]);
});

test('after all of that the ledger verifies', async () => {
  const verified = passmint(['ledger', 'verify', '--config', site.config]);
  assert.equal(verified.status, 0, verified.stdout + verified.stderr);
});
