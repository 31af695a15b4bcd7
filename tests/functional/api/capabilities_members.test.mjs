// Members who pay to take part, what is known of them from whom, and what they bought, with the real service: each test
// has the id of the capability that it shows and does the check that the list of capabilities asks for.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { freshPhone, order } from '../../support/site.mjs';
import { site, shop, customer, member, merge, statement, codes, type } from '../../support/points_site.mjs';
import { base, basket, bought, line, publish, quote, sell, send } from '../../support/rules_site.mjs';

const plus = { field: 'member.membership', value: 'plus' };
const rules = {
  earn: [base, { id: 'plus', kind: 'percent', ppm: 50000, when: plus }],
  discounts: [{ id: 'free_delivery', kind: 'percent', ppm: 1000000, include: { type: ['delivery'] }, when: plus }],
  rewards: [{ id: 'closed_sale', price: 1, when: plus }],
  memberships: [
    { id: 'plus', title: 'Plus', price_minor: 19900, period: 'P1M' },
    { id: 'kind', title: 'Kind', price_minor: 9900, period: 'P1M', grace: 'P3D' },
  ],
};
const buy = (body) => site.call(shop, 'POST', '/api/v1/memberships', { membership_id: crypto.randomUUID(), plan: 'plus', ...body });
const list = async (id) => (await site.call(shop, 'GET', `/api/v1/memberships?member_id=${id}`)).json.items;
const iso = (milliseconds) => new Date(milliseconds).toISOString();
const delivered = (number, changes) => {
  const lines = [line(100000), line(30000, { line_id: '2', sku: 'POST', type: 'delivery' })];
  return { ...order({ lines, total: 130000, ...changes }), customer: undefined, card_number: number };
};
const wait = (at) => new Promise((done) => setTimeout(done, Math.max(0, at - Date.now())));

test('B3 benefits hold while the period is paid for and are refused a second after its end', async () => {
  await publish(rules);
  const { id, number } = await customer();
  const asked = async () => (await quote(delivered(number))).json;
  assert.deepEqual((await asked()).totals.discount, 0);
  const end = Date.now() + 3000;
  const made = await buy({ member_id: id, starts_at: iso(end - 86_400_000), ends_at: iso(end) });
  assert.equal(made.status, 201, made.text);
  assert.deepEqual([made.json.status, made.json.price, made.json.grace_until], ['active', 19900, null]);
  const now = await asked();
  assert.deepEqual([now.totals.discount, now.totals.earned], [30000, 100]);
  assert.ok(now.lines[1].reasons.some((one) => one.rule === 'free_delivery' && one.effect === 'discounted'));
  const reward = async () => (await site.call(shop, 'GET', `/api/v1/members/${id}/wallet`)).json.rewards.length;
  assert.equal(await reward(), 1);
  const sold = await send(delivered(number, { paid_at: iso(Date.now()) }));
  assert.deepEqual([sold.status, sold.json.points.earned], [201, 100], sold.text);

  await wait(end + 1000);
  const late = await asked();
  assert.deepEqual([late.totals.discount, late.totals.earned], [0, 50]);
  const refused = await send(delivered(number, { paid_at: iso(end) }));
  assert.equal(refused.json.points.earned, 50, 'at the end it is over');
  assert.deepEqual((await list(id)).map((one) => one.status), ['ended']);
  // What was judged then is explained by what held then.
  const why = (await site.call(shop, 'GET', `/api/v1/entries/${sold.json.points.explain[0].entry}/explain`)).json;
  assert.equal(why.agrees, true);
});

test('B3 a renewal before the end has no gap, and is reported once', async () => {
  await publish(rules);
  const { id } = await customer();
  const first = (await buy({ member_id: id })).json;
  const next = await buy({ member_id: id, membership_id: 'renewal-1' });
  assert.equal(next.json.starts_at, first.ends_at);
  assert.equal(next.json.status, 'upcoming');
  assert.ok(Date.parse(next.json.ends_at) > Date.parse(first.ends_at) + 27 * 86_400_000);
  const again = await buy({ member_id: id, membership_id: 'renewal-1' });
  assert.equal(again.status, 200);
  assert.deepEqual(again.json, next.json);
  assert.equal(type(await buy({ member_id: id, membership_id: 'renewal-1', plan: 'kind' })), 'membership_conflict');
  assert.deepEqual((await list(id)).map((one) => one.membership_id), ['renewal-1', first.membership_id]);
  const entries = (await statement(id)).json.items.filter((one) => one.type === 'membership');
  assert.equal(entries.length, 2);
  assert.match(entries[0].document.name, /^Membership plus until /);
  const page = (await site.call(shop, 'GET', `/api/v1/memberships?member_id=${id}&limit=1`)).json;
  const rest = (await site.call(shop, 'GET', `/api/v1/memberships?member_id=${id}&limit=1&cursor=${page.next}`)).json;
  assert.deepEqual([rest.items.map((one) => one.membership_id), rest.next], [[first.membership_id], null]);
});

test('B3 a grace keeps the benefits behind the end; a cancelled period has none', async () => {
  await publish({ ...rules, earn: [base, { ...rules.earn[1], when: { ...plus, value: 'kind' } }] });
  const { id, number } = await customer();
  const day = 86_400_000;
  const made = (await buy({ member_id: id, plan: 'kind', starts_at: iso(Date.now() - 31 * day), ends_at: iso(Date.now() - day) })).json;
  assert.equal(made.status, 'grace');
  assert.equal(Date.parse(made.grace_until) - Date.parse(made.ends_at), 3 * day);
  assert.equal((await quote(delivered(number))).json.totals.earned, 100);
  const ended = await site.call(shop, 'POST', `/api/v1/memberships/${made.membership_id}/cancel`, { reason: 'Refunded' });
  assert.deepEqual([ended.status, ended.json.status, ended.json.grace_until], [200, 'cancelled', null], ended.text);
  assert.equal((await quote(delivered(number))).json.totals.earned, 50);
  const entries = (await statement(id)).json.items.filter((one) => one.type === 'membership');
  assert.equal(entries[0].comment, 'Refunded');
  assert.equal((await site.call(shop, 'POST', '/api/v1/memberships/nothing/cancel', { reason: 'x' })).status, 404);
});

test('B3 an unknown plan and a period that ends before it begins are refused; a merge takes memberships along', async () => {
  await publish(rules);
  const [anna, boris] = [await customer(), await customer()];
  assert.deepEqual(codes(await buy({ member_id: anna.id, plan: 'gold' })), ['unknown_plan /plan']);
  const backwards = await buy({ member_id: anna.id, starts_at: iso(Date.now()), ends_at: iso(Date.now() - 1000) });
  assert.deepEqual(codes(backwards), ['out_of_range /ends_at']);
  assert.equal((await buy({ card_number: boris.number })).status, 201);
  const merged = await merge(anna.id, { member_id: boris.id });
  assert.equal(merged.status, 200, merged.text);
  assert.equal((await list(anna.id)).length, 1);
  assert.equal((await quote(delivered(anna.number))).json.totals.earned, 100);
});

const patch = (id, body) => site.call(shop, 'PATCH', `/api/v1/members/${id}`, body);
const told = ({ json }) => [json.attributes, json.attribute_sources];

test('F16 a later source does not overwrite what the client gave, unless it may', async () => {
  const { id } = await customer(0, { attributes: { size: 'M' } });
  assert.deepEqual(told(await member(id)), [{ size: 'M' }, { size: 'shop' }]);
  const mine = await patch(id, { attributes: { size: 'L', city: 'Omsk' }, attribute_source: 'client' });
  assert.deepEqual(told(mine), [{ size: 'L', city: 'Omsk' }, { size: 'client', city: 'client' }], mine.text);
  for (const source of ['social', 'shop', undefined]) {
    const later = await patch(id, { attributes: { size: 'S', [`by_${source}`]: 1 }, attribute_source: source });
    assert.deepEqual([later.json.attributes.size, later.json.attributes[`by_${source}`]], ['L', 1], source);
  }
  assert.equal((await patch(id, { attributes: { size: null } })).json.attributes.size, 'L');
  assert.equal((await patch(id, { attributes: { by_shop: 2 }, attribute_source: 'social' })).json.attributes.by_shop, 1);
  const over = await patch(id, { attributes: { size: 'S' }, overwrite: true });
  assert.deepEqual([over.json.attributes.size, over.json.attribute_sources.size], ['S', 'shop']);
  assert.equal((await patch(id, { attributes: { size: 'XL' } })).json.attributes.size, 'XL', 'the shop changes its own');
});

test('F16 an order of a proven customer leaves what the client gave, and says so', async () => {
  await publish({ earn: [base] });
  const phone = freshPhone();
  const { id } = await customer(0, { phone, attributes: { size: 'M', city: 'Omsk' } });
  await patch(id, { attributes: { size: 'L' }, attribute_source: 'client' });
  const sold = await sell(bought(phone, 100000, { customer: { phone, verified: true, attributes: { size: 'S', city: 'Tomsk' } } }));
  assert.deepEqual(sold.warnings.map((one) => one.code), ['attributes_kept']);
  assert.deepEqual((await member(id)).json.attributes, { size: 'L', city: 'Tomsk' });
});

test('B5 a programme without currency accepts orders, lists them and serves the receipt', async () => {
  await publish({ format: 1 });
  const phone = freshPhone();
  const first = await sell(bought(phone, 100000));
  const lines = [line(70000, { sku: 'SAW' }), line(30000, { line_id: '2', sku: 'POST', type: 'delivery' })];
  const second = await send(basket(phone, lines));
  assert.equal(second.status, 201, second.text);
  const { id } = second.json.member;
  assert.deepEqual([first.points.earned, second.json.points.earned, second.json.points.available], [0, 0, 0]);
  const page = (await site.call(shop, 'GET', `/api/v1/members/${id}/orders?limit=1`)).json;
  assert.deepEqual(page.items.map((one) => [one.order_id, one.total]), [[second.json.order_id, 100000]]);
  assert.deepEqual(page.items[0].lines.map((one) => [one.sku, one.type, one.amount]), [['SAW', 'product', 70000], ['POST', 'delivery', 30000]]);
  const rest = (await site.call(shop, 'GET', `/api/v1/members/${id}/orders?limit=1&cursor=${page.next}`)).json;
  assert.deepEqual([rest.items.map((one) => one.order_id), rest.next], [[first.order_id], null]);

  // The customer comes without the receipt: it is found, and something goes back.
  const receipt = (await site.call(shop, 'GET', `/api/v1/orders/${second.json.order_id}?source=web`)).json;
  assert.deepEqual(receipt.lines, page.items[0].lines);
  const back = await site.call(shop, 'POST', `/api/v1/orders/${second.json.order_id}/refunds?source=web`, { refund_id: crypto.randomUUID(), amount: 70000 });
  assert.equal(back.status, 201, back.text);
  const after = (await site.call(shop, 'GET', `/api/v1/orders/${second.json.order_id}?source=web`)).json;
  assert.deepEqual(after.refunds.map((one) => one.amount), [70000]);
  assert.equal((await site.call(shop, 'GET', '/api/v1/members/m_00000000000000000000000000000000/orders')).status, 404);
  assert.deepEqual(codes(await site.call(shop, 'GET', `/api/v1/members/${id}/orders?cursor=x`)), ['invalid_value #query/cursor']);
});
