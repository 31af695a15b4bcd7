// What shops rely on elsewhere for coupons and rewards: each test has the id of the capability that it shows and does
// the check that the list of capabilities asks for. Amounts are kopecks.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { order, freshPhone } from '../../support/site.mjs';
import { site, shop, adjust, keyed, type, codes, wallet } from '../../support/points_site.mjs';
import { admin, base, basket, bought, line, publish, quote, sell, send } from '../../support/rules_site.mjs';

const spring = { id: 'spring', kind: 'percent', ppm: 100000 };
const single = { id: 'single', kind: 'amount', amount: 10000, single_use: true };
const refund = (id, body) => site.call(shop, 'POST', `/api/v1/orders/${id}/refunds?source=web`, body);

const make = (body) => site.call(admin(), 'POST', '/api/v1/coupons', body, keyed());
const look = async (code) => (await site.call(shop, 'GET', `/api/v1/coupons/${encodeURIComponent(code)}`)).json;
// Codes of a coupon, unguessable ones.
async function made(coupon, changes = {}) {
  const answer = await make({ coupon, count: 1, ...changes });
  assert.equal(answer.status, 201, answer.text);
  return answer.json.items.map((item) => item.code);
}
// Somebody with so many points.
async function owner(points) {
  const phone = freshPhone();
  const { member, card } = await sell(bought(phone, 1));
  const given = await adjust({ card_number: card.number, points });
  assert.equal(given.status, 201, given.text);
  return { phone, id: member.id, number: card.number };
}

test('B19 the coupon first, then points on the remainder, and nothing is earned on either', async () => {
  await publish({ earn: [base], coupons: [spring] });
  const [code] = await made('spring', { uses_max: null });
  const { phone } = await owner(1000);
  const paid = (points, coupons) => basket(phone, [line(100000, { points })], { coupons });
  const asked = (await quote(paid(300, [code]))).json;
  assert.deepEqual([asked.totals.discount, asked.totals.points_value, asked.totals.money, asked.totals.earned], [10000, 30000, 60000, 30]);
  const over = await send(paid(901, [code]));
  assert.equal(codes(over)[0], 'points_over_line /lines/0/points', 'what the coupon left is 900.00');
  const { points } = await sell(paid(300, [code]));
  assert.deepEqual([points.spent, points.earned], [300, 30]);
  assert.equal((await sell(paid(300, []))).points.earned, 35, 'without coupon points pay of the whole price');
});

test('B30 a coupon of the order takes off the order, one of an item off that item, the item first', async () => {
  await publish({
    earn: [base],
    coupons: [spring, { id: 'mug', kind: 'amount', amount: 20000, scope: 'item', include: { sku: ['MUG'] } }],
  });
  const [whole] = await made('spring');
  const [mug] = await made('mug');
  const body = basket(freshPhone(), [line(100000), line(50000, { line_id: '2', sku: 'MUG' })], { coupons: [whole, mug] });
  const { lines, coupons, totals } = (await quote(body)).json;
  assert.deepEqual(lines.map((one) => one.discount), [10000, 23000]);
  assert.deepEqual(coupons.map((one) => [one.code, one.applied, one.discount]), [[whole, true, 13000], [mug, true, 20000]]);
  assert.equal(totals.money, 117000);
  assert.equal((await sell(body)).points.earned, 58);
});

test('B30 a coupon of a service or of the delivery takes off that line alone', async () => {
  await publish({
    earn: [base],
    coupons: [
      { id: 'fitting', kind: 'percent', ppm: 500000, scope: 'item', include: { category: ['service'] } },
      { id: 'courier', kind: 'price', amount: 0, scope: 'item', include: { type: ['delivery'] } },
    ],
  });
  const [fitting] = await made('fitting');
  const [courier] = await made('courier');
  const goods = [
    line(100000),
    line(40000, { line_id: '2', sku: 'FIT', category: 'service' }),
    line(30000, { line_id: '3', sku: 'SEND', type: 'delivery' }),
  ];
  const body = basket(freshPhone(), goods, { coupons: [fitting, courier] });
  const { lines, totals } = (await quote(body)).json;
  assert.deepEqual(lines.map((one) => one.discount), [0, 20000, 30000]);
  assert.equal(totals.money, 120000);
  await sell(body);
});

test('B30 a quote says what a code would do, and uses nothing up', async () => {
  await publish({ earn: [base], coupons: [single] });
  const [code] = await made('single');
  const ask = (coupons) => quote(order(bought(freshPhone(), 100000, { coupons })));
  for (let i = 0; i < 3; ++i) {
    const { coupons } = (await ask([code.toLowerCase(), 'NOBODY'])).json;
    assert.deepEqual(coupons.map((one) => [one.applied, one.discount]), [[true, 10000], [false, 0]]);
    assert.match(coupons[1].detail, /no such code/);
  }
  assert.deepEqual((await look(code)).uses, 0);
});

test('B30 of eight orders at once with one single-use code one wins, and the others are told', async () => {
  await publish({ earn: [base], coupons: [single] });
  const [code] = await made('single');
  const answers = await Promise.all(Array.from({ length: 8 }, () => send(order(bought(freshPhone(), 100000, { coupons: [code] })))));
  assert.deepEqual(answers.map((one) => one.status).sort(), [201, ...Array(7).fill(409)]);
  for (const one of answers.filter(({ status }) => status === 409)) assert.equal(type(one), 'coupon_used');
  const { status, uses } = await look(code);
  assert.deepEqual([status, uses], ['used', 1]);
  const said = (await quote(order(bought(freshPhone(), 100000, { coupons: [code] })))).json.coupons;
  assert.match(said[0].detail, /used already/);
});

test('B30 a code comes back when all of the order is refunded, and not before', async () => {
  await publish({ earn: [base], coupons: [single] });
  const [code] = await made('single');
  const body = order(bought(freshPhone(), 100000, { coupons: [code] }));
  assert.equal((await send(body)).status, 201);
  assert.equal((await send(body)).status, 200, 'the same order again');
  assert.equal((await look(code)).uses, 1);
  assert.equal((await refund(body.order_id, { refund_id: 'R-1', amount: 50000 })).status, 201);
  assert.equal((await look(code)).uses, 1);
  assert.equal((await refund(body.order_id, { refund_id: 'R-2', amount: 40000 })).status, 201);
  assert.equal((await look(code)).uses, 0);
  await sell(bought(freshPhone(), 100000, { coupons: [code] }));
});

test('B30 a promo code holds for as many orders as it says, whatever the case of its letters', async () => {
  await publish({ earn: [base], coupons: [spring] });
  const name = `Весна-${crypto.randomUUID().slice(0, 8)}`;
  const { json } = await make({ coupon: 'spring', codes: [name], uses_max: 2 });
  assert.equal(json.items[0].code, name);
  assert.equal((await sell(bought(freshPhone(), 100000, { coupons: [name.toUpperCase()] }))).points.earned, 45);
  assert.equal((await sell(bought(freshPhone(), 100000, { coupons: [name.toLowerCase()] }))).points.earned, 45);
  assert.equal(type(await send(order(bought(freshPhone(), 100000, { coupons: [name] })))), 'coupon_used');
  assert.equal(type(await make({ coupon: 'spring', codes: ['NEW', name.toUpperCase()] })), 'code_taken');
  assert.equal((await look('NEW')).status, 404, 'all of them, or none');
});

test('B30 a code that is void, over, somebody else\'s or of no rule is refused with its place', async () => {
  await publish({ earn: [base], coupons: [spring, single] });
  const friend = await owner(1);
  const [voided] = await made('spring');
  const [later] = await made('spring', { valid_from: new Date(Date.now() + 3600_000).toISOString() });
  const [theirs] = await made('spring', { member_id: friend.id });
  const [gone] = await made('single');
  const done = await site.call(admin(), 'POST', `/api/v1/coupons/${voided}/void`, { reason: 'leaked' });
  assert.equal(done.json.status, 'void', done.text);
  await publish({ earn: [base], coupons: [spring] });
  for (const [code, expected] of [[voided, 'coupon_not_valid'], [later, 'coupon_not_valid'], [gone, 'coupon_not_valid'], [theirs, 'unknown_coupon']]) {
    const answer = await send(order(bought(freshPhone(), 100000, { coupons: [code] })));
    assert.deepEqual([answer.status, codes(answer)], [422, [`${expected} /coupons/0`]], answer.text);
  }
  await sell(bought(friend.phone, 100000, { coupons: [theirs] }));
  const { items } = (await site.call(shop, 'GET', `/api/v1/coupons?member_id=${friend.id}`)).json;
  assert.deepEqual(items.map((one) => [one.code, one.status]), [[theirs, 'used']]);
});

test('B30 a coupon that takes nothing off is a warning and is not used', async () => {
  await publish({ earn: [base], coupons: [{ ...single, include: { sku: ['MUG'] } }] });
  const [code] = await made('single');
  const { warnings } = await sell(bought(freshPhone(), 100000, { coupons: [code] }));
  assert.deepEqual(warnings.map((one) => one.code), ['coupon_unfit']);
  assert.equal((await look(code)).uses, 0);
});

test('E3 what an order with a coupon earned explains itself with the number of the journal', async () => {
  await publish({ earn: [base], coupons: [spring] });
  const [code] = await made('spring');
  const { points } = await sell(bought(freshPhone(), 100000, { coupons: [code] }));
  await publish({ earn: [] });
  const why = (await site.call(shop, 'GET', `/api/v1/entries/${points.explain[0].entry}/explain`)).json;
  assert.deepEqual([why.points, why.agrees], [45, true]);
});

test('B30 codes are made in bulk and listed page by page', async () => {
  await publish({ earn: [base], coupons: [{ ...spring, id: 'bulk' }] });
  const all = await made('bulk', { count: 1000 });
  assert.equal(new Set(all).size, 1000);
  for (const code of all) assert.match(code, /^[2-9A-HJKMNP-Z]{4}(-[2-9A-HJKMNP-Z]{4}){2}$/);
  const listed = [];
  for (let cursor = ''; cursor !== null;) {
    const { items, next } = (await site.call(shop, 'GET', `/api/v1/coupons?coupon=bulk&limit=200&cursor=${cursor}`)).json;
    listed.push(...items.map((item) => item.code));
    cursor = next;
  }
  assert.deepEqual(listed.sort(), all.sort());
});

for (const [what, body, expected] of [
  ['of no rule', { coupon: 'autumn', count: 1 }, 'unknown_coupon /coupon'],
  ['both given and random', { coupon: 'single', count: 1, codes: ['A'] }, 'choose_one '],
  ['given twice', { coupon: 'single', codes: ['abc', 'ABC'] }, 'duplicate /codes/1'],
  ['for two uses of a single-use coupon', { coupon: 'single', count: 1, uses_max: 2 }, 'invalid_value /uses_max'],
  ['that are over', { coupon: 'single', count: 1, valid_until: '2020-01-01T00:00:00Z' }, 'not_in_future /valid_until'],
  ['of nobody', { coupon: 'single', count: 1, member_id: 'm_0' }, 'unknown_member /member_id'],
  ['that are no text', { coupon: 'single', codes: [7] }, 'invalid_type /codes/0'],
]) {
  test(`codes ${what} are refused`, async () => {
    await publish({ earn: [base], coupons: [single] });
    const answer = await make(body);
    assert.equal(answer.status, 422, answer.text);
    assert.ok(codes(answer).includes(expected), answer.text);
  });
}

const espresso = { id: 'espresso', title: 'A free espresso', kind: 'product', price: 300 };
const claim = (reward, body) => site.call(shop, 'POST', `/api/v1/rewards/${reward}/claims`, body, keyed());
const end = (reward, id, how, body) => site.call(shop, 'POST', `/api/v1/rewards/${reward}/claims/${id}/${how}`, body);
const stock = (reward, left) => site.call(admin(), 'PATCH', `/api/v1/rewards/${reward}`, { stock: left });
const reward = async (id) => (await site.call(shop, 'GET', `/api/v1/rewards/${id}`)).json;

test('F14 a claim burns exactly the price, and says so in the statement', async () => {
  await publish({ earn: [base], rewards: [espresso] });
  const { id, number } = await owner(500);
  const done = await claim('espresso', { card_number: number });
  assert.equal(done.status, 201, done.text);
  assert.deepEqual([done.json.points.spent, done.json.points.available], [300, 200]);
  const { items } = (await site.call(shop, 'GET', `/api/v1/members/${id}/statement`)).json;
  assert.deepEqual([items[0].type, items[0].amount, items[0].document.type, items[0].document.id, items[0].comment, items[0].card_number],
    ['burn', -300, 'reward', done.json.claim.id, 'A free espresso', number]);
  const why = (await site.call(shop, 'GET', `/api/v1/entries/${items[0].id}/explain`)).json;
  assert.deepEqual([why.points, why.agrees, why.rules[0].rule], [-300, true, 'espresso']);
  const poor = await claim('espresso', { card_number: number });
  assert.deepEqual([poor.status, type(poor)], [409, 'insufficient_points']);
  assert.equal((await wallet(id)).json.points.available, 200);
});

test('F14_B28 a level has a price of its own, and a reward may be for some only', async () => {
  await publish({
    earn: [base],
    tiers: { levels: [{ name: 'start', from: 0, ppm: 0 }, { name: 'gold', from: 100000, ppm: 0 }] },
    rewards: [{ ...espresso, tier_prices: { gold: 200 } }, { id: 'lounge', kind: 'service', price: 10, when: { field: 'tier.name', value: 'gold' } }],
  });
  const { phone, id, number } = await owner(250);
  const seen = async () => (await wallet(id)).json.rewards.map((one) => [one.id, one.points, one.available, one.missing_points]);
  assert.deepEqual(await seen(), [['espresso', 300, false, 50]]);
  assert.equal(type(await claim('lounge', { card_number: number })), 'conflict');
  await sell(bought(phone, 100000));
  assert.deepEqual(await seen(), [['espresso', 200, true, 0], ['lounge', 10, true, 0]]);
  assert.equal((await claim('espresso', { member_id: id })).json.points.spent, 200);
});

test('E14 of two claims at once of the last piece one wins, and the other keeps its points', async () => {
  await publish({ earn: [base], rewards: [{ ...espresso, id: 'ticket', kind: 'event' }] });
  assert.equal((await stock('ticket', 1)).json.stock, 1);
  const people = await Promise.all(Array.from({ length: 2 }, () => owner(300)));
  const answers = await Promise.all(people.map(({ number }) => claim('ticket', { card_number: number })));
  assert.deepEqual(answers.map((one) => one.status).sort(), [201, 409]);
  assert.equal(type(answers.find((one) => one.status === 409)), 'out_of_stock');
  const left = await Promise.all(people.map(async ({ id }) => (await wallet(id)).json.points.available));
  assert.deepEqual(left.sort(), [0, 300]);
  assert.deepEqual([(await reward('ticket')).stock, (await reward('ticket')).claimed], [0, 1]);
  assert.equal((await wallet(people[0].id)).json.rewards[0].available, false);
});

test('F14 a cancelled claim gives points and piece back, once; one that was handed over does not', async () => {
  await publish({ earn: [base], rewards: [espresso] });
  await stock('espresso', 5);
  const { claimed } = await reward('espresso');  // By the customers of other tests.
  const { id, number } = await owner(700);
  const first = (await claim('espresso', { card_number: number })).json.claim;
  const second = (await claim('espresso', { card_number: number })).json.claim;
  const cancel = () => end('espresso', first.id, 'cancel', { reason: 'changed their mind' });
  assert.deepEqual([(await cancel()).json.claim.status, (await cancel()).json.points.available], ['cancelled', 400]);
  assert.deepEqual([(await reward('espresso')).stock, (await reward('espresso')).claimed], [4, claimed + 1]);
  assert.equal((await end('espresso', second.id, 'fulfil')).json.claim.status, 'fulfilled');
  assert.equal((await end('espresso', second.id, 'fulfil')).status, 200);
  assert.equal(type(await end('espresso', second.id, 'cancel', { reason: 'late' })), 'conflict');
  assert.equal(type(await end('espresso', first.id, 'fulfil')), 'conflict');
  assert.equal((await end('mug', first.id, 'fulfil')).status, 404);
  assert.deepEqual((await site.call(shop, 'GET', '/api/v1/rewards/espresso/claims?limit=2')).json.items.map((one) => one.status), ['fulfilled', 'cancelled']);
  const { items } = (await site.call(shop, 'GET', `/api/v1/members/${id}/statement`)).json;
  assert.deepEqual([items[0].type, items[0].amount, items[0].document.type, items[0].document.id, items[0].comment],
    ['restore', 300, 'reward', first.id, 'changed their mind']);
  const why = (await site.call(shop, 'GET', `/api/v1/entries/${items[0].id}/explain`)).json;
  assert.deepEqual([why.points, why.agrees], [300, true]);
});

test('F14 the shop\'s own id guards a claim for ever', async () => {
  await publish({ earn: [base], rewards: [espresso, { ...espresso, id: 'tea' }] });
  const { number } = await owner(700);
  const body = { claim_id: crypto.randomUUID(), card_number: number };
  const first = await claim('espresso', body);
  assert.equal(first.status, 201, first.text);
  const again = await claim('espresso', body);
  assert.deepEqual([again.status, again.json.claim.id, again.json.points.available], [200, first.json.claim.id, 400]);
  assert.equal(type(await claim('tea', body)), 'conflict');
});

test('A19 a reward is a code for the next order, a free product, goods at cost price, or a service', async () => {
  await publish({
    earn: [base],
    coupons: [
      { id: 'next', kind: 'percent', ppm: 200000, single_use: true },
      { id: 'free_mug', kind: 'price', amount: 0, scope: 'item', include: { sku: ['MUG'] } },
      { id: 'mug_at_cost', kind: 'price', amount: 12000, scope: 'item', include: { sku: ['MUG'] } },
    ],
    rewards: [
      { id: 'next', kind: 'coupon', coupon: 'next', price: 100 }, { id: 'mug', kind: 'product', coupon: 'free_mug', price: 100 },
      { id: 'at_cost', kind: 'coupon', coupon: 'mug_at_cost', price: 100 }, { id: 'tasting', kind: 'service', price: 100 },
    ],
  });
  const { phone, number } = await owner(1000);
  const won = async (id) => (await claim(id, { card_number: number })).json.claim;
  const basketFor = (who, code) => basket(who, [line(100000), line(50000, { line_id: '2', sku: 'MUG' })], { coupons: [code] });
  const money = async (code) => (await quote(basketFor(phone, code))).json.totals.money;
  const next = (await won('next')).coupon;
  assert.equal(await money(next), 120000);
  assert.equal(await money((await won('mug')).coupon), 100000);
  assert.equal(await money((await won('at_cost')).coupon), 112000);
  assert.equal((await won('tasting')).coupon, null);
  assert.deepEqual(codes(await send(basketFor(freshPhone(), next))), ['unknown_coupon /coupons/0'], 'it is the member\'s');
  await sell(basketFor(phone, next));
  assert.equal(type(await send(basketFor(phone, next))), 'coupon_used');
});

test('A19 a claim whose code was used cannot be cancelled, and a cancelled one\'s code is void', async () => {
  await publish({ earn: [base], coupons: [single], rewards: [{ id: 'next', kind: 'coupon', coupon: 'single', price: 100 }] });
  const { phone, number } = await owner(200);
  const [used, unused] = [(await claim('next', { card_number: number })).json.claim, (await claim('next', { card_number: number })).json.claim];
  await sell(bought(phone, 100000, { coupons: [used.coupon] }));
  assert.equal(type(await end('next', used.id, 'cancel', { reason: 'no' })), 'coupon_used');
  assert.equal((await end('next', unused.id, 'cancel', { reason: 'no' })).status, 200);
  assert.equal((await look(unused.coupon)).status, 'void');
});

test('F14 a claim follows its member into a merge, and is cancelled there', async () => {
  await publish({ earn: [base], rewards: [espresso] });
  const [winner, loser] = [await owner(10), await owner(300)];
  const { id } = (await claim('espresso', { card_number: loser.number })).json.claim;
  const merged = await site.call(admin(), 'POST', `/api/v1/members/${winner.id}/merge`, { member_id: loser.id, reason: 'one person' });
  assert.equal(merged.status, 200, merged.text);
  const done = await end('espresso', id, 'cancel', { reason: 'no' });
  assert.deepEqual([done.json.claim.member.id, done.json.points.available], [winner.id, 310], done.text);
});

// Points that are left of what an order of 1 500.00 on two lines got, after each of these refunds.
async function after(rule, ...refunds) {
  await publish({ earn: [rule] });
  const body = basket(freshPhone(), [line(100000), line(50000, { line_id: '2', sku: 'MUG' })]);
  const { member, points } = (await send(body)).json;
  const left = [points.available];
  for (const [i, one] of refunds.entries()) {
    const back = await refund(body.order_id, { refund_id: `R-${i}`, ...one });
    assert.equal(back.status, 201, back.text);
    left.push(back.json.points.available);
    const { items } = (await site.call(shop, 'GET', `/api/v1/members/${member.id}/statement`)).json;
    for (const entry of items) assert.equal((await site.call(shop, 'GET', `/api/v1/entries/${entry.id}/explain`)).json.agrees, true);
  }
  return left;
}
const byLine = (line_id, amount) => ({ lines: [{ line_id, amount }] });

test('E17 a bonus for a least amount goes when what is left is less, and all at once', async () => {
  const big = { id: 'big', kind: 'fixed', points: 100, when: { field: 'order.money', op: 'ge', value: 100000 } };
  assert.deepEqual(await after(big, byLine('2', 50000), byLine('1', 1), byLine('1', 99999)), [100, 100, 0, 0]);
});

test('E17 a bonus for certain goods goes with the last of them', async () => {
  const mug = { id: 'mug', kind: 'fixed', points: 100, include: { sku: ['MUG'] } };
  assert.deepEqual(await after(mug, byLine('2', 20000), byLine('2', 30000)), [100, 100, 0]);
});

test('E17 a bonus goes in proportion, or with all of the order, where the rule says so', async () => {
  const bonus = { id: 'bonus', kind: 'fixed', points: 100 };
  assert.deepEqual(await after({ ...bonus, on_refund: 'proportional' }, byLine('1', 50000), byLine('1', 50000)), [100, 67, 33]);
  assert.deepEqual(await after({ ...bonus, on_refund: 'on_full' }, byLine('1', 100000), byLine('2', 50000)), [100, 100, 0]);
});

test('E17 a rate goes with all of the order, or once what is left does not qualify, where the rule says so', async () => {
  assert.deepEqual(await after({ ...base, on_refund: 'on_full' }, byLine('1', 100000), byLine('2', 50000)), [75, 75, 0]);
  const least = { ...base, when: { field: 'order.amount', op: 'ge', value: 100000 } };
  assert.deepEqual(await after(least, byLine('2', 50000), byLine('1', 100)), [75, 75, 0]);
});
