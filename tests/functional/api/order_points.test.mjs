// What orders earn and burn, seen from a shop. The demo's rules: 5 % of what money paid, in whole
// points, floored; a point pays 1.00.

import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { Site, freshPhone, order } from '../../support/site.mjs';

let site, shop, operator;
before(async () => {
  site = await Site.create();
  await site.start();
  shop = await site.key(['shop']);
  operator = await site.key(['operator']);
});
after(async () => { await site?.remove(); });

const MOST = Number.MAX_SAFE_INTEGER; // 2^53 - 1
const place = (body, headers) => site.call(shop, 'POST', '/api/v1/orders', body, headers);
const get = (id) => site.call(shop, 'GET', `/api/v1/orders/${id}?source=web`);
const codes = (answer) => (answer.json?.errors ?? []).map((error) => `${error.code} ${error.pointer}`);
// An order of these lines, its total summed up.
const basket = (lines, changes = {}) => order({ lines, total: lines.reduce((sum, line) => sum + line.amount, 0), ...changes });
// A customer who has `points` points, each from an order of 20.00 a point.
async function owner(points) {
  const customer = { phone: freshPhone() };
  const made = await place(basket([{ line_id: '1', amount: points * 2000 }], { customer }));
  assert.equal(made.json.points.available, points, made.text);
  return { customer, made: made.json };
}

test('an order earns by line, split by largest remainder, and says why', async () => {
  const answer = await place(basket([
    { line_id: 'a', amount: 3333 }, { line_id: 'b', amount: 3333 }, { line_id: 'c', amount: 3334 },
  ]));
  assert.equal(answer.status, 201, answer.text);
  const { points, member } = answer.json;
  assert.deepEqual([points.earned, points.spent, points.available, points.pending, points.held, points.debt], [5, 0, 5, 0, 0, 0]);
  const entry = `e_${member.id.slice(2)}.1`;
  assert.deepEqual(points.explain, [
    { entry, rule: 'base', line_id: 'a', points: 2 },
    { entry, rule: 'base', line_id: 'b', points: 1 },
    { entry, rule: 'base', line_id: 'c', points: 2 },
  ]);
});

test('delivery, tips and discounts earn nothing', async () => {
  const answer = await place(basket([
    { line_id: '1', amount: 100000 }, { line_id: '2', type: 'delivery', amount: 50000 },
    { line_id: '3', type: 'tip', amount: 50000 }, { line_id: '4', type: 'discount', amount: -20000 },
  ]));
  // The discount is spread by amounts: 900.00 of the product are left.
  assert.equal(answer.json.points.earned, 45, answer.text);
});

test('points pay a line, and what they pay earns nothing', async () => {
  const { customer } = await owner(100);
  const body = basket([{ line_id: 'a', amount: 10000, points: 60 }, { line_id: 'b', amount: 10000 }], { customer });
  const answer = await place(body);
  assert.equal(answer.status, 201, answer.text);
  const { points } = answer.json;
  assert.deepEqual([points.spent, points.earned, points.available], [60, 7, 47]);
  assert.deepEqual((await get(body.order_id)).json.points, points);
});

test('units of a line are paid wholly by points', async () => {
  const { customer } = await owner(100);
  const answer = await place(basket([{ line_id: '1', quantity: 5, amount: 10000, points_quantity: 2 }], { customer }));
  assert.deepEqual([answer.json.points.spent, answer.json.points.earned, answer.json.points.available], [40, 3, 63], answer.text);
});

test('more points than there are refuse the order, and up_to burns what there is with a warning', async () => {
  const { customer } = await owner(30);
  const body = basket([{ line_id: '1', amount: 10000, points: 50 }], { customer });
  const refused = await place(body);
  assert.equal(refused.status, 409, refused.text);
  assert.equal(refused.json.type, 'urn:passmint:insufficient_points');
  assert.equal((await get(body.order_id)).status, 404);
  const done = await place({ ...body, on_insufficient: 'up_to' });
  assert.equal(done.status, 201, done.text);
  assert.deepEqual([done.json.points.spent, done.json.points.earned, done.json.points.available], [30, 3, 3]);
  assert.deepEqual(done.json.warnings.map((warning) => warning.code), ['points_reduced']);
});

test('up_to warns as well when units were to be paid by points', async () => {
  const { customer } = await owner(30);
  const done = await place(basket([{ line_id: '1', amount: 10000, points_quantity: 1 }], { customer, on_insufficient: 'up_to' }));
  assert.equal(done.json.points.spent, 30, done.text);
  assert.deepEqual(done.json.warnings.map((warning) => warning.code), ['points_reduced']);
});

test('more points than a line costs are refused with their place, also with up_to', async () => {
  const { customer } = await owner(100);
  for (const on_insufficient of ['refuse', 'up_to']) {
    const answer = await place(basket([{ line_id: '1', amount: 5000, points: 51 }], { customer, on_insufficient }));
    assert.equal(answer.status, 422, answer.text);
    assert.equal(answer.json.type, 'urn:passmint:invalid_input');
    assert.deepEqual(codes(answer), ['points_over_line /lines/0/points']);
  }
});

// Sets points of a customer aside for 10 minutes, or as long as `changes` say.
async function hold(made, points, changes = {}) {
  const answer = await site.call(shop, 'POST', '/api/v1/holds', { member_id: made.member.id, points, ttl_seconds: 600, ...changes }, { 'idempotency-key': crypto.randomUUID() });
  assert.equal(answer.status, 201, answer.text);
  return answer.json.hold.id;
}

test('an order captures its hold and gives the rest of it back', async () => {
  const { customer, made } = await owner(100);
  const hold_id = await hold(made, 80);
  const body = basket([{ line_id: '1', amount: 10000, points: 60 }], { customer, hold_id });
  const answer = await place(body);
  assert.equal(answer.status, 201, answer.text);
  const { spent, earned, available, held } = answer.json.points;
  assert.deepEqual([spent, earned, available, held], [60, 2, 42, 0]);
  assert.equal((await place(body)).status, 200);
  const ended = await place(basket([{ line_id: '1', amount: 10000, points: 10 }], { customer, hold_id }));
  assert.deepEqual([ended.status, ended.json.type], [409, 'urn:passmint:hold_ended'], ended.text);
});

test('points that are held for another purchase do not pay', async () => {
  const { customer, made } = await owner(100);
  await hold(made, 80);
  const answer = await place(basket([{ line_id: '1', amount: 10000, points: 21 }], { customer }));
  assert.deepEqual([answer.status, answer.json.type], [409, 'urn:passmint:insufficient_points'], answer.text);
});

test('an order burns no more than its hold has, unless it takes what there is', async () => {
  const { customer, made } = await owner(100);
  const hold_id = await hold(made, 30);
  const body = basket([{ line_id: '1', amount: 10000, points: 40 }], { customer, hold_id });
  const refused = await place(body);
  assert.deepEqual([refused.status, refused.json.type, codes(refused)], [422, 'urn:passmint:invalid_input', ['out_of_range /hold_id']], refused.text);
  const done = await place({ ...body, on_insufficient: 'up_to' });
  assert.deepEqual([done.status, done.json.points.spent, done.json.warnings.map(({ code }) => code)], [201, 30, ['points_reduced']], done.text);
});

test('a hold of someone else is unknown, and one whose time is over has expired', async () => {
  const anna = await owner(100);
  const boris = await owner(100);
  const lines = [{ line_id: '1', amount: 10000, points: 10 }];
  const stolen = await place(basket(lines, { customer: boris.customer, hold_id: await hold(anna.made, 50) }));
  assert.deepEqual([stolen.status, codes(stolen)], [422, ['unknown_hold /hold_id']], stolen.text);
  const short = await hold(boris.made, 50, { ttl_seconds: 1 });
  await new Promise((resolve) => setTimeout(resolve, 1100));
  const late = await place(basket(lines, { customer: boris.customer, hold_id: short }));
  assert.deepEqual([late.status, late.json.type], [409, 'urn:passmint:hold_expired'], late.text);
});

test('the same order sixteen times in parallel earns once', async () => {
  const body = basket([{ line_id: '1', amount: 200000 }]);
  const answers = await Promise.all(Array.from({ length: 16 }, () => place(body)));
  assert.deepEqual(answers.map((answer) => answer.status).sort(), [...Array(15).fill(200), 201]);
  for (const { json } of answers) assert.deepEqual([json.points.earned, json.points.available], [100, 100]);
});

test('sixteen different orders of one new customer in parallel earn sixteen times', async () => {
  const customer = { phone: freshPhone() };
  const answers = await Promise.all(Array.from({ length: 16 }, () => place(basket([{ line_id: '1', amount: 200000 }], { customer }))));
  assert.ok(answers.every((answer) => answer.status === 201));
  assert.equal(Math.max(...answers.map((answer) => answer.json.points.available)), 1600);
});

test('sixteen orders that burn the same points in parallel: as many as there are points for', async () => {
  const { customer } = await owner(50);
  const answers = await Promise.all(Array.from({ length: 16 }, () => place(basket([{ line_id: '1', amount: 1000, points: 10 }], { customer }))));
  assert.deepEqual(answers.map((answer) => answer.status).sort(), [...Array(5).fill(201), ...Array(11).fill(409)]);
});

test('D9 a blocked card neither earns nor burns', async () => {
  const { customer, made } = await owner(100);
  const blocked = await site.call(operator, 'POST', `/api/v1/cards/${made.card.number}/block`, { reason: 'lost' }, { 'idempotency-key': crypto.randomUUID() });
  assert.equal(blocked.status, 200, blocked.text);
  for (const line of [{ line_id: '1', amount: 10000 }, { line_id: '1', amount: 10000, points: 10 }]) {
    for (const who of [{ customer }, { customer: undefined, card_number: made.card.number }]) {
      const answer = await place(basket([line], who));
      assert.equal(answer.status, 409, answer.text);
      assert.equal(answer.json.type, 'urn:passmint:card_blocked');
    }
  }
  assert.equal((await get(made.order_id)).json.points.available, 100);
});

test('a known order with other points to burn is another order', async () => {
  const { customer } = await owner(100);
  const body = basket([{ line_id: '1', amount: 10000, points: 10 }], { customer });
  assert.equal((await place(body)).status, 201);
  const changed = await place({ ...body, lines: [{ ...body.lines[0], points: 20 }] });
  assert.equal(changed.status, 409);
  assert.equal(changed.json.type, 'urn:passmint:order_conflict');
  assert.equal((await get(body.order_id)).json.points.spent, 10);
});

test('21 amounts up to 2^53 - 1 are exact, and beyond it they are refused before any write', async () => {
  const customer = { phone: freshPhone() };
  const most = await place(basket([{ line_id: '1', amount: MOST }], { customer }));
  assert.equal(most.status, 201, most.text);
  assert.equal(most.json.points.earned, 4503599627370); // floor(MOST * 0.05 / 100)
  const sum = await place(order({ customer, total: MOST, lines: [
    { line_id: '1', amount: MOST }, { line_id: '2', amount: MOST }, { line_id: '3', type: 'discount', amount: -MOST },
  ] }));
  assert.equal(sum.json.points.earned, 4503599627370, sum.text);
  for (const [changes, code] of [
    [{ total: MOST + 1, lines: [{ line_id: '1', amount: MOST + 1 }] }, 'amount_too_large /lines/0/amount'],
    [{ total: MOST, lines: [{ line_id: '1', amount: MOST }, { line_id: '2', amount: 1 }] }, 'total_mismatch /total'],
    [{ lines: [{ line_id: '1', amount: 199900, points: MOST + 1 }] }, 'out_of_range /lines/0/points'],
  ]) {
    const answer = await place(order({ customer, ...changes }));
    assert.equal(answer.status, 422, answer.text);
    assert.ok(codes(answer).includes(code), codes(answer).join());
  }
  assert.equal((await place(order({ customer }))).json.points.available, 2 * 4503599627370 + 99);
});

test('20 an order in another currency than the programme is refused', async () => {
  const answer = await place(order({ currency: 'USD' }));
  assert.equal(answer.status, 422);
  assert.deepEqual(codes(answer), ['wrong_currency /currency']);
});

test('44 a client that lost its answer to a crash gets the same bytes again', async () => {
  const own = await Site.create();
  try {
    await own.start();
    const key = await own.key(['shop']);
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const body = JSON.stringify(order());
    const first = await own.call(key, 'POST', '/api/v1/orders', body, headers);
    const refunds = `/api/v1/orders/${first.json.order_id}/refunds?source=web`;
    const refundBody = JSON.stringify({ refund_id: 'R-1', amount: 99950 });
    const refund = await own.call(key, 'POST', refunds, refundBody, headers);
    assert.deepEqual([first.status, refund.status], [201, 201], refund.text);
    await own.stop('SIGKILL');
    await own.start();
    const again = await own.call(key, 'POST', '/api/v1/orders', body, headers);
    assert.deepEqual([again.status, again.text, again.headers.get('idempotency-replayed')], [201, first.text, 'true']);
    const refundAgain = await own.call(key, 'POST', refunds, refundBody, headers);
    assert.deepEqual([refundAgain.status, refundAgain.text], [201, refund.text]);
    // And without the key: the current state.
    const state = await own.call(key, 'POST', '/api/v1/orders', body);
    assert.deepEqual([state.status, state.json.points.earned, state.json.points.available], [200, 99, 50]);
  } finally {
    await own.remove();
  }
});
