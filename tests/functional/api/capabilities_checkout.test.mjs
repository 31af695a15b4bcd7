// Charities, checkouts of two orders, and orders that are repeated: each test has the id of the capability that it shows
// and does the check that the list of capabilities asks for. Amounts are kopecks.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { freshPhone } from '../../support/site.mjs';
import { MAX, site, shop, operator, adjust, keyed, type, codes, member, statement, transfer } from '../../support/points_site.mjs';
import { admin, base, basket, bought, line, publish, sell } from '../../support/rules_site.mjs';

const refund = (id, body) => site.call(shop, 'POST', `/api/v1/orders/${id}/refunds?source=web`, body);
const read = async (id) => site.call(shop, 'GET', `/api/v1/orders/${id}?source=web`);
const balance = async (id) => (await member(id)).json.points.available;
async function owner(points) {
  const phone = freshPhone();
  const { member: { id }, card: { number } } = await sell(bought(phone, 1));
  assert.equal((await adjust({ member_id: id, points })).status, 201);
  return { phone, id, number };
}

const charities = async () => (await site.call(shop, 'GET', '/api/v1/charities')).json.items;
const donate = (id, reward = 'forest') => site.call(shop, 'POST', `/api/v1/rewards/${reward}/claims`, { member_id: id }, keyed());

test('B6 a donation of 100 is minus 100 for the member and plus 100 for the charity, which nobody spends', async () => {
  await publish({ earn: [base], rewards: [{ id: 'forest', kind: 'donation', title: 'A forest', price: 100 }] });
  assert.deepEqual(await charities(), [{ id: 'forest', name: 'A forest', points: 0 }]);
  const { id } = await owner(250);
  const given = await donate(id);
  assert.equal(given.status, 201, given.text);
  assert.deepEqual([given.json.points.available, given.json.points.spent, given.json.claim.status], [150, 100, 'fulfilled']);
  assert.equal((await donate(id)).status, 201);
  assert.equal(type(await donate(id)), 'insufficient_points');
  assert.deepEqual(await charities(), [{ id: 'forest', name: 'A forest', points: 200 }]);
  const said = (await statement(id)).json.items[0];
  assert.deepEqual([said.type, said.amount, said.balance_after, said.document.name], ['donate', -100, 50, 'Donation to forest']);
  const explained = await site.call(operator, 'GET', `/api/v1/entries/${said.id}/explain`);
  assert.equal(explained.json.agrees, true);
  const cancel = `/api/v1/rewards/forest/claims/${given.json.claim.id}/cancel`;
  assert.equal((await site.call(operator, 'POST', cancel, { reason: 'changed their mind' })).status, 409);
  for (const account of ['c_forest', 'm_forest', 'a_forest']) {
    const body = { from: { member_id: account }, to: { member_id: id }, points: 1 };
    assert.ok([404, 422].includes((await transfer(body)).status), `${account} is no member`);
    assert.ok((await adjust({ member_id: account, points: -1 })).status >= 400);
    assert.equal((await member(account)).status, 404);
  }
  await publish({ earn: [base] });
  assert.deepEqual(await charities(), [{ id: 'forest', name: 'forest', points: 200 }], 'it stays when the rules name it no more');
});

test('B6 packages that are brought back earn by the piece', async () => {
  await publish({ earn: [base], actions: [{ id: 'recycled', points: 3, per: 'unit' }] });
  const { id } = await owner(0 + 1);
  const event = { event_id: crypto.randomUUID(), source: 'web', type: 'recycled', member_id: id, quantity: 5, occurred_at: new Date().toISOString() };
  const answer = await site.call(shop, 'POST', '/api/v1/events', event);
  assert.ok(answer.status < 300, answer.text);
  assert.equal(await balance(id), 16);
});

let number = 0;
const checkout = (phone, lines, changes = {}) => {
  const { order_id, ...body } = basket(phone, lines, changes);
  return { checkout_id: `K-${Date.now()}-${++number}`, ...body };
};
const buy = (body) => site.call(shop, 'POST', '/api/v1/checkouts', body);
const two = (points = 300) => [
  line(100000),
  line(30000, { line_id: '2', sku: 'MUG', points }),
  line(-10000, { line_id: '3', type: 'discount', sku: 'ESP-1' }),
];

test('B17 one checkout makes an order for money and one for points, linked by its id', async () => {
  await publish({ earn: [base] });
  const { phone, id } = await owner(500);
  const body = checkout(phone, two());
  const answer = await buy(body);
  assert.equal(answer.status, 201, answer.text);
  const { money, points } = answer.json.orders;
  assert.deepEqual([money.order_id, points.order_id], [`${body.checkout_id}-money`, `${body.checkout_id}-points`]);
  assert.deepEqual([money.points.earned, money.points.spent, points.points.earned, points.points.spent], [45, 0, 0, 300]);
  for (const one of [money, points]) assert.equal((await read(one.order_id)).json.checkout, body.checkout_id);
  assert.deepEqual((await read(points.order_id)).json.lines.map((one) => one.sku), ['MUG']);
  assert.equal(await balance(id), 245);
  const again = await buy(body);
  assert.equal(again.status, 200, again.text);
  assert.equal(await balance(id), 245, 'the same checkout again changes nothing');
  assert.equal(type(await buy({ ...body, total: 119999, lines: [line(99999), ...body.lines.slice(1)] })), 'order_conflict');
});

test('B17 the refund of one order does not touch the other', async () => {
  await publish({ earn: [base] });
  const { phone, id } = await owner(500);
  const { orders: { money, points } } = (await buy(checkout(phone, two()))).json;
  const before = (await read(money.order_id)).json;
  const back = await refund(points.order_id, { refund_id: 'R-1', amount: 30000 });
  assert.deepEqual([back.json.points.restored, back.json.points.clawed_back, back.json.points.available], [300, 0, 545]);
  assert.deepEqual((await read(money.order_id)).json.refunds, before.refunds);
  const rest = await refund(money.order_id, { refund_id: 'R-1', amount: 90000 });
  assert.deepEqual([rest.json.points.clawed_back, await balance(id)], [45, 500]);
  assert.equal((await read(points.order_id)).json.refunds.length, 1);
});

test('B17 a checkout that cannot be paid leaves neither order', async () => {
  await publish({ earn: [base] });
  const { phone, id } = await owner(299);
  const poor = checkout(phone, two());
  assert.equal(type(await buy(poor)), 'insufficient_points');
  for (const part of ['money', 'points']) assert.equal((await read(`${poor.checkout_id}-${part}`)).status, 404, part);
  assert.equal(await balance(id), 299);
  assert.deepEqual(codes(await buy(checkout(phone, two(200)))), ['out_of_range /lines/1/points'], 'points pay a part only');
  assert.deepEqual(codes(await buy(checkout(phone, [line(1000)]))), ['required /lines']);
  assert.deepEqual(codes(await buy(checkout(phone, two(MAX)))), ['points_over_line /lines/1/points']);
  assert.equal(codes(await buy({ ...checkout(phone, two()), order_id: 'X' }))[0], 'unknown_field /order_id');
  assert.equal(await balance(id), 299);
});

test('B17 of eight checkouts at once for the same points one goes through whole', async () => {
  await publish({ earn: [base] });
  const { phone, id } = await owner(300);
  const bodies = Array.from({ length: 8 }, () => checkout(phone, [line(1900), line(30000, { line_id: '2', points: 300 })]));
  const answers = await Promise.all(bodies.map(buy));
  assert.deepEqual(answers.map((one) => one.status).sort(), [201, ...Array(7).fill(409)]);
  assert.equal(await balance(id), 0);
  const known = await Promise.all(bodies.flatMap(({ checkout_id: k }) => [read(`${k}-money`), read(`${k}-points`)]));
  assert.equal(known.filter((one) => one.status === 200).length, 2);
});

test('B18 a repeat quotes the old goods by the rules of now, and copies no points', async () => {
  await publish({ earn: [base] });
  const { phone, id } = await owner(500);
  const old = basket(phone, [line(100000, { points: 200, quantity: 2, category: 'coffee' })], { location: 'shop-7' });
  const sold = await site.call(shop, 'POST', '/api/v1/orders', old);
  assert.equal(sold.json.points.spent, 200);
  const before = await balance(id);
  await publish({ earn: [{ ...base, ppm: 100000 }], discounts: [{ id: 'sale', kind: 'percent', ppm: 500000 }] });
  const asked = await site.call(shop, 'POST', `/api/v1/orders/${old.order_id}/repeat?source=web`);
  assert.equal(asked.status, 200, asked.text);
  const { totals, repeats, quote } = asked.json;
  assert.deepEqual(repeats, { order_id: old.order_id, source: 'web' });
  assert.deepEqual([totals.amount, totals.discount, totals.points, totals.money, totals.earned], [100000, 50000, 0, 50000, 50]);
  assert.equal(await balance(id), before, 'nothing is bought or spent');
  const lines = old.lines.map(({ points, ...rest }) => rest);
  const anew = await site.call(shop, 'POST', '/api/v1/orders', { ...basket(phone, lines, { location: 'shop-7' }), quote });
  assert.equal(anew.status, 201, anew.text);
  assert.deepEqual([anew.json.points.earned, anew.json.points.spent], [50, 0]);
  assert.equal((await site.call(shop, 'POST', '/api/v1/orders/nobody/repeat?source=web')).status, 404);
});
