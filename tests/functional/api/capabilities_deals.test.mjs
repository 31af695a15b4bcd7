// Campaigns with two ends, and deals that are won or lost: each test has the id of the capability that it shows and does
// the check that the list of capabilities asks for. Amounts are kopecks.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { freshPhone, order } from '../../support/site.mjs';
import { site, shop, customer, member, some, statement } from '../../support/points_site.mjs';
import { base, basket, bought, line, publish, quote, send } from '../../support/rules_site.mjs';

const DAY = 86_400_000;
const refund = (id, body) => site.call(shop, 'POST', `/api/v1/orders/${id}/refunds?source=web`, body);
const points = async (id) => (await member(id)).json.points;
// As clocks in Moscow, the programme's zone, show it.
const local = (time) => new Date(time + 3 * 3_600_000).toISOString().slice(0, 19);
async function placed(body) {
  const answer = await send(body);
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
}

test('B20 a category earns three times for ten days, and once outside, to the second at both ends', async () => {
  const goods = [line(100000, { category: 'coffee' }), line(50000, { line_id: '2', category: 'tea' })];
  const at = async (time) => {
    const answer = await quote(basket(freshPhone(), goods, { paid_at: new Date(time).toISOString() }));
    assert.equal(answer.status, 200, answer.text);
    return answer.json.lines.map((one) => one.earned);
  };
  const days = (begins) => ({
    id: 'coffee-days', kind: 'multiplier', factor_ppm: 3000000, include: { category: ['coffee'] },
    window: { from: local(begins), until: local(begins + 10 * DAY) },
  });
  const soon = Math.floor(Date.now() / 1000) * 1000 + 120_000;  // Orders may be paid five minutes ahead.
  await publish({ earn: [base, days(soon)] });
  assert.deepEqual(await at(soon - 1), [50, 25]);
  assert.deepEqual(await at(soon), [150, 25]);
  await publish({ earn: [base, days(soon - 10 * DAY)] });
  assert.deepEqual(await at(Date.now()), [150, 25]);
  assert.deepEqual(await at(soon - 1), [150, 25]);
  assert.deepEqual(await at(soon), [50, 25]);
  const late = await placed(basket(freshPhone(), goods, { paid_at: new Date(soon - 1).toISOString() }));
  assert.equal(late.points.earned, 175, 'an order counts when it was paid');
});

test('B29 two for the price of one is given from the instant of its begin to that of its end, which is outside', async () => {
  const cans = [line(100000, { category: 'tea', quantity: 2 })];
  const off = async (time) => {
    const answer = await quote(basket(freshPhone(), cans, { paid_at: new Date(time).toISOString() }));
    assert.equal(answer.status, 200, answer.text);
    return answer.json.totals.discount;
  };
  const action = (from, until) => ({
    earn: [base],
    discounts: [{ id: 'pair', kind: 'free', buy: 2, free: 1, include: { category: ['tea'] }, window: { from: local(from), until: local(until) } }],
  });
  const soon = Math.floor(Date.now() / 1000) * 1000 + 120_000;
  await publish(action(soon, soon + DAY));
  assert.deepEqual([await off(soon - 1), await off(soon)], [0, 50000]);
  await publish(action(soon - DAY, soon));
  assert.deepEqual([await off(soon - 1), await off(soon)], [50000, 0]);
  const sold = await placed(basket(freshPhone(), cans, { paid_at: new Date(soon - 1).toISOString() }));
  assert.equal(sold.points.earned, 25, 'on what was paid');
});

test('B29 a birthday takes its part off on the day, and not on the day before', async () => {
  await publish({ earn: [base], discounts: [{ id: 'birthday', ppm: 100000, when: { field: 'member.birthday_in', value: 0 } }] });
  const born = (day) => `1990-${new Date(Date.now() + 3 * 3_600_000 + day * DAY).toISOString().slice(5, 10).replace('02-29', '02-28')}`;
  for (const [day, discount] of [[0, 10000], [1, 0], [-1, 0]]) {
    const phone = freshPhone();
    await customer(0, { phone, birthday: born(day) });
    assert.equal((await quote(order(bought(phone, 100000)))).json.totals.discount, discount, `${day} days from now`);
  }
});

const deal = { ...base, activate_after: 'P14D' };

test('G6 the bonus is known at the start of a deal, pending after it, and a lost deal cancels it', async () => {
  await publish({ earn: [base] });
  const phone = freshPhone();
  const { member: { id } } = await placed(basket(phone, [line(200000)]));
  await publish({ earn: [deal] });
  const body = basket(phone, [line(100000)]);
  assert.equal((await quote(body)).json.totals.earned, 50);
  assert.deepEqual(some(await points(id)), { available: 100, pending: 0, held: 0, debt: 0 }, 'a quote gives nothing');
  const sold = await placed(body);
  assert.deepEqual(some(sold.points), { available: 100, pending: 50, held: 0, debt: 0 });
  const over = basket(phone, [line(20000, { points: 120 })]);
  assert.equal((await send(over)).status, 409, 'pending points cannot be spent');
  const lost = await refund(body.order_id, { refund_id: 'lost', amount: 100000 });
  assert.deepEqual(some(lost.json.points), { available: 100, pending: 0, held: 0, debt: 0 }, 'the balance is untouched');
});

test('G6 a deal that ends smaller keeps what is left of it pending, with its day', async () => {
  await publish({ earn: [deal] });
  const body = bought(freshPhone(), 100000);
  const sold = await placed(order(body));
  const part = await refund(sold.order_id, { refund_id: 'part', amount: 40000 });
  assert.deepEqual(some(part.json.points), { available: 0, pending: 30, held: 0, debt: 0 });
  assert.deepEqual((await statement(sold.member.id)).json.items.map((one) => [one.type, one.amount]), [['claw_back', 0], ['earn', 0]]);
});

test('G7 the balance over all successful deals is the sum of the journal', async () => {
  await publish({ earn: [base] });
  const phone = freshPhone();
  const deals = [100000, 250000, 30000, 77700, 120000].map((amount) => basket(phone, [line(amount)]));
  let id;
  for (const body of deals) ({ member: { id } } = await placed(body));
  assert.equal((await refund(deals[1].order_id, { refund_id: 'lost', amount: 250000 })).status, 201);
  assert.equal((await refund(deals[3].order_id, { refund_id: 'part', amount: 7700 })).status, 201);
  await placed(basket(phone, [line(50000, { points: 100 })]));
  const journal = [];
  for (let cursor = ''; ;) {
    const page = (await statement(id, `?limit=3${cursor && `&cursor=${cursor}`}`)).json;
    journal.push(...page.items);
    if (!page.next) break;
    cursor = page.next;
  }
  const { available } = await points(id);
  assert.equal(available, journal.reduce((sum, entry) => sum + entry.amount, 0));
  assert.equal(available, journal[0].balance_after);
  assert.equal(available, 50 + 15 + 38 - 3 + 60 - 100 + 20, 'the successful ones, by hand');
});
