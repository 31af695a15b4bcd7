// Points that are set aside, and debt. Numbers behind "edge" are those of the ledger's table of edge
// cases.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { MAX, block, capture, card, codes, customer, hold, keyed, member, operator, release, shop, site, some, statement, type } from '../../support/points_site.mjs';
import { order } from '../../support/site.mjs';

test('a hold sets points aside, a capture spends some of them and releases the rest', async () => {
  const anna = await customer(500);
  const held = await hold({ card_number: anna.number, points: 200, order_id: '1044' });
  assert.equal(held.status, 201, held.text);
  assert.deepEqual(some(held.json.points), { available: 300, pending: 0, held: 200, debt: 0 });
  assert.equal(held.json.hold.status, 'open');
  assert.equal(held.json.hold.source, 'web', "the key's own source");
  assert.deepEqual((await site.call(shop, 'GET', `/api/v1/holds/${held.json.hold.id}`)).json, held.json.hold);
  const captured = await capture(held.json.hold.id, { points: 150, order_id: '1044' });
  assert.equal(captured.status, 200, captured.text);
  assert.equal(captured.json.hold.status, 'captured');
  assert.equal(captured.json.hold.captured, 150);
  assert.equal(captured.json.points.spent, 150);
  assert.deepEqual(some(captured.json.points), { available: 350, pending: 0, held: 0, debt: 0 });
  assert.equal(type(await capture(held.json.hold.id, { points: 1 })), 'hold_ended');
  assert.equal(type(await release(held.json.hold.id)), 'hold_ended');
});

test('a hold by member id works as one by card', async () => {
  const anna = await customer(10);
  const held = await hold({ member_id: anna.id, points: 10 });
  assert.equal(held.status, 201, held.text);
  assert.equal(held.json.hold.member.id, anna.id);
  assert.equal(held.json.hold.order_id, null);
});

test('a voided hold gives its points back, once, and cannot be captured', async () => {
  const anna = await customer(100);
  const held = await hold({ card_number: anna.number, points: 60 });
  const voided = await release(held.json.hold.id);
  assert.equal(voided.json.hold.status, 'voided');
  assert.equal(voided.json.points.available, 100);
  const again = await release(held.json.hold.id);
  assert.equal(again.status, 200);
  assert.equal(again.json.points.available, 100);
  assert.equal(type(await capture(held.json.hold.id, { points: 1 })), 'hold_ended');
});

test('a hold past its time is expired, even if nothing has posted that', async () => {
  const anna = await customer(100);
  const held = await hold({ card_number: anna.number, points: 60, ttl_seconds: 1 });
  await new Promise((resolve) => setTimeout(resolve, 1100));
  assert.equal((await card(anna.number)).json.points.available, 100);
  assert.equal((await site.call(shop, 'GET', `/api/v1/holds/${held.json.hold.id}`)).json.status, 'expired');
  const late = await capture(held.json.hold.id, { points: 60 });
  assert.equal(late.status, 409);
  assert.equal(type(late), 'hold_expired');
  const voided = await release(held.json.hold.id);
  assert.equal(voided.status, 200);
  assert.equal(voided.json.hold.status, 'expired');
  assert.equal(type(await capture(held.json.hold.id, { points: 60 })), 'hold_expired');
});

test('edge 31 with a blocked card nothing is held or captured, and a hold can be voided', async () => {
  const anna = await customer(100);
  const held = await hold({ card_number: anna.number, points: 60 });
  await block(anna.number);
  assert.equal(type(await hold({ card_number: anna.number, points: 1 })), 'card_blocked');
  assert.equal(type(await hold({ member_id: anna.id, points: 1 })), 'card_blocked');
  assert.equal(type(await capture(held.json.hold.id, { points: 60 })), 'card_blocked');
  const voided = await release(held.json.hold.id);
  assert.equal(voided.status, 200, voided.text);
  assert.equal(voided.json.points.available, 100);
});

test('edge 31 a hold is captured by the card that was shown for it: another one of the member does not help', async () => {
  const anna = await customer(100);
  const second = await site.call(shop, 'POST', '/api/v1/cards', { member_id: anna.id, number: '9000000000000019' }, keyed());
  assert.equal(second.status, 201, second.text);
  const held = await hold({ card_number: anna.number, points: 60 });
  const other = await hold({ card_number: second.json.card.number, points: 40 });
  await block(anna.number);
  assert.equal(type(await capture(held.json.hold.id, { points: 60 })), 'card_blocked');
  assert.equal((await capture(other.json.hold.id, { points: 40 })).status, 200);
});

test('edge 33 an old number of a replaced card holds points, a compromised one does not', async () => {
  const anna = await customer(100);
  const replace = (number, compromised) => site.call(operator, 'POST', `/api/v1/cards/${number}/replace`, { reason: 'worn', compromised }, keyed());
  const next = (await replace(anna.number, false)).json.card.number;
  assert.equal((await hold({ card_number: anna.number, points: 10 })).status, 201);
  await replace(next, true);
  assert.equal(type(await hold({ card_number: next, points: 10 })), 'card_replaced');
});

test('edge 47 sixteen tills that hold at once get as many holds as there are points', async () => {
  const anna = await customer(100);
  const answers = await Promise.all(Array.from({ length: 16 }, () => hold({ card_number: anna.number, points: 30 })));
  assert.deepEqual(answers.map((answer) => answer.status).sort(), [201, 201, 201, ...Array(13).fill(409)]);
  for (const answer of answers) if (answer.status === 409) assert.equal(type(answer), 'insufficient_points');
  assert.deepEqual(some((await card(anna.number)).json.points), { available: 10, pending: 0, held: 90, debt: 0 });
});

test('two tills that capture and void one hold at once: one of them wins', async () => {
  const anna = await customer(100);
  for (let i = 0; i < 5; ++i) {
    const held = (await hold({ card_number: anna.number, points: 10 })).json.hold.id;
    const [captured, voided] = await Promise.all([capture(held, { points: 10 }), release(held)]);
    assert.deepEqual([captured.status, voided.status].sort(), [200, 409]);
  }
});

test('what a hold call may not say', async () => {
  const anna = await customer(100);
  const wrong = async (body) => codes(await hold({ card_number: anna.number, points: 1, ...body }));
  assert.deepEqual(await wrong({ points: 0 }), ['out_of_range /points']);
  assert.deepEqual(await wrong({ points: MAX + 1 }), ['out_of_range /points']);
  assert.deepEqual(await wrong({ points: 1.5 }), ['invalid_type /points']);
  assert.deepEqual(await wrong({ ttl_seconds: 604801 }), ['out_of_range /ttl_seconds']);
  assert.deepEqual(await wrong({ ttl_seconds: 0 }), ['out_of_range /ttl_seconds']);
  assert.deepEqual(await wrong({ member_id: anna.id }), ['choose_one ']);
  assert.deepEqual(await wrong({ card_number: undefined }), ['choose_one ']);
  assert.deepEqual(await wrong({ card_number: undefined, member_id: 'm_0' }), ['unknown_member /member_id']);
  assert.deepEqual(await wrong({ card_number: '9000771204836552' }), ['unknown_card /card_number']);
  assert.deepEqual(await wrong({ card_number: '9000771204836553' }), ['invalid_card_number /card_number']);
  assert.deepEqual(await wrong({ note: 'x' }), ['unknown_field /note']);
  assert.equal(type(await hold({ card_number: anna.number, points: MAX })), 'insufficient_points');
  const unkeyed = await site.call(shop, 'POST', '/api/v1/holds', { card_number: anna.number, points: 1, ttl_seconds: 9 });
  assert.equal(type(unkeyed), 'missing_header');
  const held = (await hold({ card_number: anna.number, points: 10, order_id: 'a' })).json.hold.id;
  assert.deepEqual(codes(await capture(held, { points: 11 })), ['out_of_range /points']);
  assert.equal(type(await capture(held, { points: 1, order_id: 'b' })), 'conflict');
  for (const id of ['h_0', 'nothing']) {
    assert.equal((await capture(id, { points: 1 })).status, 404);
    assert.equal((await release(id)).status, 404);
    assert.equal((await site.call(shop, 'GET', `/api/v1/holds/${id}`)).status, 404);
  }
});

const refund = (id) => site.call(shop, 'POST', `/api/v1/orders/${id}/refunds?source=web`, { refund_id: 'R-1', amount: 199900 });
const types = async (id) => (await statement(id)).json.items.map((item) => `${item.type} ${item.amount}`);

test('edge 3 debt takes what is earned next, and the statement shows both', async () => {
  const sale = order();
  const anna = (await site.call(shop, 'POST', '/api/v1/orders', sale)).json.member.id;
  const held = await hold({ member_id: anna, points: 99 });
  await capture(held.json.hold.id, { points: 99 });
  const refunded = await refund(sale.order_id);
  assert.equal(refunded.status, 201, refunded.text);
  assert.deepEqual(some(refunded.json.points), { available: 0, pending: 0, held: 0, debt: 99 });
  assert.equal((await member(anna)).json.points.debt, 99);
  const next = await site.call(shop, 'POST', '/api/v1/orders', order({ customer: sale.customer }));
  assert.deepEqual(some(next.json.points), { available: 0, pending: 0, held: 0, debt: 0 });
  assert.deepEqual((await types(anna)).slice(0, 3), ['debt_offset -99', 'earn 99', 'claw_back 0']);
});

test('edge 4 points of a voided hold pay the debt at once', async () => {
  const sale = order();
  const anna = (await site.call(shop, 'POST', '/api/v1/orders', sale)).json.member.id;
  const held = await hold({ member_id: anna, points: 99 });
  assert.deepEqual(some((await refund(sale.order_id)).json.points), { available: 0, pending: 0, held: 99, debt: 99 });
  const voided = await release(held.json.hold.id);
  assert.deepEqual(some(voided.json.points), { available: 0, pending: 0, held: 0, debt: 0 });
  assert.deepEqual((await types(anna)).slice(0, 2), ['debt_offset -99', 'void 99']);
});

test('an order captures a hold, and the hold says so', async () => {
  const anna = await customer(100);
  const held = (await hold({ card_number: anna.number, points: 100, order_id: 'x' })).json.hold.id;
  const paid = await site.call(shop, 'POST', '/api/v1/orders', order({
    customer: {}, card_number: anna.number, hold_id: held, total: 20000,
    lines: [{ line_id: '1', amount: 20000, points: 80 }] }));
  assert.equal(paid.status, 201, paid.text);
  assert.equal(paid.json.points.spent, 80);
  const shown = await site.call(shop, 'GET', `/api/v1/holds/${held}`);
  assert.deepEqual([shown.json.status, shown.json.captured], ['captured', 80]);
  assert.equal(type(await release(held)), 'hold_ended');
});
