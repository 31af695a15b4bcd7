// What a card or a member has for itself, with the real service: each test has the id of the capability that it shows
// and does the check that the list of capabilities asks for. Amounts are kopecks.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { freshPhone, order } from '../../support/site.mjs';
import { site, shop, operator, adjust, card, customer, keyed, statement, hold, codes, type } from '../../support/points_site.mjs';
import { base, basket, bought, line, publish, quote, sell, send } from '../../support/rules_site.mjs';

const ofCard = (method, number, what, body) => site.call(operator, method, `/api/v1/cards/${number}/${what}`, body);
const rate = (number, body) => ofCard('PUT', number, 'rate', { reason: 'Wholesale contract 17', ...body });
const paid = (number, payment) => ofCard('POST', number, 'paid', { payment });
const by = (number, amount, changes = {}) => ({ ...bought(freshPhone(), amount, changes), customer: undefined, card_number: number });
const earned = async (changes) => (await sell(changes)).points.earned;
const explained = async (sold) => (await site.call(shop, 'GET', `/api/v1/entries/${sold.points.explain[0].entry}/explain`)).json;
const levels = [{ name: 'start', from: 0, ppm: 50000, discount_ppm: 0 }];

test('D7 the rate of a card beats that of the tier, and both are in the explanation', async () => {
  await publish({ tiers: { levels } });
  const { number } = await customer();
  assert.equal(await earned(by(number, 100000)), 50);
  const set = await rate(number, { rate_ppm: 100000 });
  assert.equal(set.status, 200, set.text);
  assert.equal(set.json.rate_ppm, 100000);
  assert.equal((await card(number)).json.rate_ppm, 100000);

  const [asked] = (await quote(order(by(number, 100000)))).json.lines;
  assert.equal(asked.earned, 100);
  assert.match(asked.reasons[0].detail, /10 % of the card, instead of 5 % of the level/);
  const sold = await sell(by(number, 100000));
  assert.equal(sold.points.earned, 100);
  const why = await explained(sold);
  assert.equal(why.agrees, true);
  const step = why.rules[0].steps.find((one) => one.name === 'rate');
  assert.match(step.detail, /100000 ppm of the card itself, instead of 50000 ppm of the level/);
  assert.equal(await earned(by((await customer()).number, 100000)), 50);

  const replaced = await site.call(operator, 'POST', `/api/v1/cards/${number}/replace`, { reason: 'stolen', compromised: true }, keyed());
  assert.equal(replaced.status, 200, replaced.text);
  const next = (await card(number)).json;
  assert.equal(next.rate_ppm, 100000);
  assert.equal((await rate(next.number, { rate_ppm: null })).json.rate_ppm, null);
  assert.equal(await earned(by(next.number, 100000)), 50);
});

test('D7 a discount by the rate of the card, in the quote with the rate of the level', async () => {
  await publish({ tiers: { levels: [{ ...levels[0], discount_ppm: 30000 }] }, discounts: [{ id: 'own', kind: 'percent', rate: 'card' }] });
  const { number } = await customer();
  const off = async () => (await quote(order(by(number, 100000)))).json;
  assert.equal((await off()).totals.discount, 3000);
  await rate(number, { rate_ppm: 70000 });
  const asked = await off();
  assert.equal(asked.totals.discount, 7000);
  assert.match(asked.lines[0].reasons.find((one) => one.effect === 'discounted').detail, /7 % of the card, instead of 3 % of the level/);
});

test('D8 a change of the rate is in the journal, with its reason; the reason is mandatory', async () => {
  const { id, number } = await customer();
  for (const body of [{ rate_ppm: 70000, reason: undefined }, { rate_ppm: 70000, reason: '' }]) {
    const refused = await rate(number, body);
    assert.equal(refused.status, 422, refused.text);
    assert.match(codes(refused).join(), /\/reason/);
  }
  assert.deepEqual(codes(await rate(number, {})), ['required /rate_ppm']);
  assert.equal((await rate(number, { rate_ppm: 1000001 })).status, 422);
  assert.equal((await card(number)).json.rate_ppm, null);
  assert.equal((await rate(number, { rate_ppm: 70000 })).status, 200);
  assert.equal((await rate(number, { rate_ppm: 70000 })).status, 200);
  const entries = (await statement(id)).json.items.filter((one) => one.type === 'rate_change');
  assert.equal(entries.length, 1, 'the same rate again is no change');
  const { comment, actor, document, amount, card_number: shown } = entries[0];
  assert.deepEqual([comment, actor, amount, shown], ['Wholesale contract 17', 'desk', 0, number]);
  assert.match(document.name, /70000 ppm/);
  const byShop = await site.call(shop, 'PUT', `/api/v1/cards/${number}/rate`, { rate_ppm: 1, reason: 'x' });
  assert.equal(byShop.status, 403);
});

const sale = { price_minor: 50000, sku: 'CARD' };

test('B23 an unpaid priced card stays pending: no points move, no pass is handed out; its payment makes it active once', async () => {
  await publish({ earn: [base], card: sale });
  const made = await site.call(shop, 'POST', '/api/v1/cards', { customer: { phone: freshPhone() } }, keyed());
  assert.deepEqual([made.status, made.json.card.status], [201, 'pending'], made.text);
  assert.deepEqual(made.json.card.sale, { price: 50000, paid_at: null, payment: null });
  const { number, member: { id } } = made.json.card;
  const refused = [
    await send(order(by(number, 100000))),
    await hold({ card_number: number, points: 10 }),
    await ofCard('POST', number, 'block', { reason: 'lost' }),
    await adjust({ card_number: number, points: 1000 }),
    await adjust({ member_id: id, points: 1000 }),
  ];
  assert.deepEqual(refused.map((one) => [one.status, type(one)]), refused.map(() => [409, 'card_pending']));
  const page = await fetch(made.json.links.page);
  assert.match(await page.text(), /awaits its payment|ждёт оплаты/);
  for (const link of [made.json.links.apple, made.json.links.google].filter(Boolean)) {
    assert.equal((await fetch(link, { redirect: 'manual' })).status, 409, link);
  }
  assert.equal((await card(number)).json.status, 'pending');

  const done = await paid(number, 'receipt-1');
  assert.deepEqual([done.status, done.json.status, done.json.sale.payment], [200, 'active', 'receipt-1'], done.text);
  assert.deepEqual((await paid(number, 'receipt-1')).json, done.json);
  assert.equal(type(await paid(number, 'receipt-2')), 'card_paid');
  assert.equal(await earned(by(number, 100000)), 50);
  assert.equal((await adjust({ card_number: number, points: 1000 })).json.points.available, 1050);
  const entries = (await statement(id)).json.items.filter((one) => one.type === 'card_paid');
  assert.deepEqual(entries.map((one) => one.document.name), ['Card, paid by receipt-1']);
  const pass = await fetch(made.json.links.apple);
  assert.equal(pass.headers.get('content-type'), 'application/vnd.apple.pkpass');
});

test('B23 an order that sells the card pays for it; one that does not is refused', async () => {
  await publish({ earn: [base], card: sale });
  const phone = freshPhone();
  assert.equal(type(await send(basket(phone, [line(100000)]))), 'card_pending');
  assert.equal(type(await send(basket(phone, [line(100000), line(49999, { line_id: '2', sku: 'CARD' })]))), 'card_pending');
  const lines = [line(100000), line(50000, { line_id: '2', sku: 'CARD' })];
  const body = basket(phone, lines);
  const sold = await send(body);
  assert.equal(sold.status, 201, sold.text);
  assert.equal(sold.json.card.status, 'active');
  assert.equal((await send(body)).status, 200);
  const { sale: shown } = (await card(sold.json.card.number)).json;
  assert.equal(shown.payment, `order web/${body.order_id}`);
  const entries = (await statement(sold.json.member.id)).json.items;
  assert.equal(entries.filter((one) => one.type === 'card_paid').length, 1);
  await publish({ earn: [base] });
  assert.equal((await customer()).id.length > 0, true);
  assert.equal(type(await paid((await customer()).number, 'receipt-3')), 'card_paid');
});
