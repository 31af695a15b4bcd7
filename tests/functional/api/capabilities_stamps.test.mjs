// Stamp cards: each test has the id of the capability that it shows and does the check that the list of capabilities
// asks for. Amounts are kopecks.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { freshPhone } from '../../support/site.mjs';
import { site, shop, operator, keyed, type, member, statement, wallet } from '../../support/points_site.mjs';
import { admin, base, basket, line, publish, quote, sell, send } from '../../support/rules_site.mjs';

const cup = { id: 'cup', kind: 'stamp', stamp: 'coffee', stamp_per: 'unit', include: { category: ['coffee'] } };
const card = { id: 'coffee', goal: 6, reward: 'free-cup' };
const gift = { id: 'free-cup', kind: 'product', title: 'A cup on the house', price: 0 };
const rules = { earn: [cup], stamps: [card], rewards: [gift] };
const cups = (phone, quantity, changes = {}) =>
  basket(phone, [line(quantity * 20000, { category: 'coffee', quantity, ...changes })]);
const refund = (id, body) => site.call(shop, 'POST', `/api/v1/orders/${id}/refunds?source=web`, body);
const coffee = (points) => points.stamps?.find((one) => one.card === 'coffee');
const claims = async (reward) => (await site.call(shop, 'GET', `/api/v1/rewards/${reward}/claims`)).json.items;
const explain = (entry) => site.call(operator, 'GET', `/api/v1/entries/${entry}/explain`);
const entries = async (id) => (await statement(id)).json.items;
const stamped = async (id) => (await entries(id)).filter((one) => one.asset === 'stamps:coffee');
async function refunded(order, body) {
  const answer = await refund(order.order_id, body);
  assert.equal(answer.status, 201, answer.text);
  return answer.json.points;
}
async function placed(body) {
  const answer = await send(body);
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
}

test('F13 a stamp for each cup shows in the quote, the order, the member and the wallet', async () => {
  await publish(rules);
  const phone = freshPhone();
  const body = cups(phone, 2);
  assert.deepEqual((await quote(body)).json.stamps, [{ card: 'coffee', rule: 'cup', stamps: 2 }]);
  const sold = await placed(body);
  assert.deepEqual(sold.points.stamps, [{ card: 'coffee', count: 2, pending: 0, debt: 0 }]);
  assert.deepEqual(sold.points.stamps_moved, [{ card: 'coffee', rule: 'cup', line_id: '1', stamps: 2 }]);
  assert.equal(sold.rewards, undefined, 'four are missing');
  assert.deepEqual((await send(body)).json.points.stamps_moved, sold.points.stamps_moved, 'the same order again');
  await sell(basket(phone, [line(20000)]));
  assert.equal(coffee((await member(sold.member.id)).json.points).count, 2, 'tea brings none');
  const { points, rewards } = (await wallet(sold.member.id)).json;
  assert.equal(coffee(points).count, 2);
  assert.deepEqual([rewards[0].id, rewards[0].available, rewards[0].missing_stamps], ['free-cup', false, 4]);
});

test('F13 a complete round brings its reward once, and the next round begins with what is over', async () => {
  await publish(rules);
  const phone = freshPhone();
  const first = await placed(cups(phone, 5));
  const second = cups(phone, 3);
  const done = await placed(second);
  assert.equal(coffee(done.points).count, 2);
  assert.equal(done.rewards.length, 1);
  assert.equal(done.rewards[0].reward, 'free-cup');
  const own = async () => (await claims('free-cup')).filter((one) => one.member.id === first.member.id);
  assert.deepEqual((await own()).map((one) => [one.id, one.points, one.status]), [[done.rewards[0].claim, 0, 'open']]);
  assert.equal((await send(second)).status, 200);
  assert.equal((await own()).length, 1, 'the same order again completes nothing');
  const many = await placed(cups(phone, 10));
  assert.equal(many.rewards.length, 2, 'two rounds at once');
  assert.equal(coffee(many.points).count, 0);
});

test('F13 a reward that is a coupon comes with its code, which the next order uses', async () => {
  const free = { id: 'next', kind: 'price', amount: 0, scope: 'item', include: { category: ['coffee'] }, single_use: true };
  await publish({ ...rules, coupons: [free], rewards: [{ ...gift, kind: 'coupon', coupon: 'next' }] });
  const phone = freshPhone();
  const { rewards } = await placed(cups(phone, 6));
  assert.match(rewards[0].coupon, /^[0-9A-Z-]{14}$/);
  const next = { ...cups(phone, 1), coupons: [rewards[0].coupon] };
  assert.equal((await quote(next)).json.totals.money, 0);
  assert.equal(coffee((await placed(next)).points).count, 0, 'what cost nothing brings no stamp');
});

test('F13 each unit that comes back takes its stamp along, whatever a third of the price is', async () => {
  await publish(rules);
  const sold = await placed(basket(freshPhone(), [line(1000, { category: 'coffee', quantity: 3 })]));
  const left = [];
  for (const refund_id of ['R-1', 'R-2', 'R-3']) {
    left.push(coffee(await refunded(sold, { refund_id, lines: [{ line_id: '1', quantity: 1 }] })).count);
  }
  assert.deepEqual(left, [2, 1, 0]);
});

test('F13 refunds take stamps back in proportion, and owe those of a round that was cashed in', async () => {
  await publish(rules);
  const phone = freshPhone();
  const four = cups(phone, 4);
  const { member: { id } } = await placed(four);
  const back = await refunded(four, { refund_id: 'R-1', lines: [{ line_id: '1', quantity: 1 }] });
  assert.deepEqual(back.stamps_moved, [{ card: 'coffee', rule: 'cup', line_id: '1', stamps: -1 }]);
  assert.equal(coffee(back).count, 3);
  assert.deepEqual(coffee((await refund(four.order_id, { refund_id: 'R-1', lines: [{ line_id: '1', quantity: 1 }] })).json.points), coffee(back));
  const more = cups(phone, 4);
  assert.equal(coffee((await placed(more)).points).count, 1, 'seven: a round, and one');
  const rest = await refunded(four, { refund_id: 'R-2', amount: 60000 });
  assert.deepEqual([coffee(rest).count, coffee(rest).debt], [0, 2], 'three back, of which there is one');
  assert.equal(coffee((await placed(cups(phone, 3))).points).count, 1, 'the next stamps pay the debt');
  const lines = await stamped(id);
  assert.deepEqual(lines.map((one) => one.type), ['debt_offset', 'claw_back', 'burn', 'claw_back']);
  assert.equal((await explain(lines[1].id)).json.rules[0].rule, 'cup');
  for (const { id: entry } of await entries(id)) assert.equal((await explain(entry)).json.agrees, true, entry);
});

test('F13 a reward that is out of stock waits for its round, and is claimed for stamps later', async () => {
  await publish(rules);
  const stock = (number) => site.call(admin(), 'PATCH', '/api/v1/rewards/free-cup', { stock: number });
  assert.ok((await stock(0)).status < 300);
  const sold = await placed(cups(freshPhone(), 7));
  assert.equal(sold.rewards, undefined);
  assert.deepEqual(sold.warnings.map((one) => one.code), ['reward_waits']);
  assert.equal(coffee(sold.points).count, 7);
  assert.ok((await stock(null)).status < 300);
  const claim = () => site.call(shop, 'POST', '/api/v1/rewards/free-cup/claims', { member_id: sold.member.id }, keyed());
  const made = await claim();
  assert.equal(made.status, 201, made.text);
  assert.equal(coffee(made.json.points).count, 1);
  assert.equal(type(await claim()), 'insufficient_stamps');
  const path = `/api/v1/rewards/free-cup/claims/${made.json.claim.id}/cancel`;
  const cancelled = await site.call(operator, 'POST', path, { reason: 'not wanted' });
  assert.equal(cancelled.status, 200, cancelled.text);
  assert.equal(coffee(cancelled.json.points).count, 7, 'the stamps are there again');
});

test('F13 one stamp for an order goes when all of it is refunded, points and stamps side by side', async () => {
  const visit = { id: 'visit', kind: 'stamp', stamp: 'coffee', when: { field: 'order.money', op: 'ge', value: 30000 } };
  await publish({ ...rules, earn: [base, visit] });
  const phone = freshPhone();
  assert.equal((await placed(basket(phone, [line(20000)]))).points.stamps, undefined, 'too little');
  const body = basket(phone, [line(40000)]);
  const sold = await placed(body);
  assert.deepEqual([sold.points.earned, coffee(sold.points).count], [20, 1]);
  const part = await refunded(body, { refund_id: 'R-1', amount: 5000 });
  assert.equal(coffee(part).count, 1, 'what is left still has 300.00');
  const rest = await refunded(body, { refund_id: 'R-2', amount: 10000 });
  assert.deepEqual([coffee(rest).count, rest.available], [0, 23], 'and now it has not');
  const all = await refunded(body, { refund_id: 'R-3', amount: 25000 });
  assert.deepEqual([coffee(all).count, coffee(all).debt, all.available], [0, 0, 10]);
});
