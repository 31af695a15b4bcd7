// What a shop's backend may rely on, and what happens to input that is wrong.

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

const place = (body, headers) => site.call(shop, 'POST', '/api/v1/orders', body, headers);
const codes = (answer) => (answer.json?.errors ?? []).map((error) => `${error.code} ${error.pointer}`);

test('A3_A6 an unknown phone and a paid order make the member and the card at once', async () => {
  const answer = await place(order());
  assert.equal(answer.status, 201, answer.text);
  assert.equal(answer.json.card.created, true);
  assert.match(answer.json.card.links.page, /\/c\/[0-9A-Za-z]{22}$/);
  assert.match(answer.json.card.number, /^9\d{15}$/);
});

test('A3 the same order sixteen times in parallel is one card, one 201 and fifteen 200', async () => {
  const body = order();
  const answers = await Promise.all(Array.from({ length: 16 }, () => place(body)));
  assert.deepEqual(answers.map((answer) => answer.status).sort(), [...Array(15).fill(200), 201]);
  assert.equal(new Set(answers.map((answer) => answer.json.card.number)).size, 1);
});

test('A3 sixteen different orders of one new phone in parallel are one card', async () => {
  const customer = { phone: freshPhone() };
  const answers = await Promise.all(Array.from({ length: 16 }, () => place(order({ customer }))));
  assert.ok(answers.every((answer) => answer.status === 201));
  assert.equal(new Set(answers.map((answer) => answer.json.card.number)).size, 1);
  assert.equal(answers.filter((answer) => answer.json.card.created).length, 1);
});

test('B31_F2 8 (921) 000-00-00 and +79210000000 are one member', async () => {
  const first = await place(order({ customer: { phone: '8 (921) 000-00-00' } }));
  const second = await place(order({ customer: { phone: '+79210000000' } }));
  assert.equal(first.json.member.id, second.json.member.id);
});

test("a stranger's phone number hands out no links, unless the shop has verified the buyer", async () => {
  const customer = { phone: freshPhone() };
  await place(order({ customer }));
  assert.equal((await place(order({ customer }))).json.card.links, null);
  assert.ok((await place(order({ customer: { ...customer, verified: true } }))).json.card.links.page);
});

test("a stranger's order neither renames the member nor adds an e-mail", async () => {
  const phone = freshPhone();
  const first = await place(order({ customer: { phone, name: 'Anna' } }));
  const second = await place(order({ customer: { phone, name: 'Mallory', email: `m${Date.now()}@example.com` } }));
  assert.deepEqual(second.json.warnings.map((warning) => warning.code), ['email_not_verified']);
  const member = await site.call(shop, 'GET', `/api/v1/members/${first.json.member.id}`);
  assert.equal(member.json.name, 'Anna');
  assert.equal(member.json.email, null);
});

test('an e-mail that belongs to someone else stays with its owner and is a warning', async () => {
  const email = `owner${Date.now()}@example.com`;
  await place(order({ customer: { phone: freshPhone(), email } }));
  const other = await place(order({ customer: { phone: freshPhone(), email: email.toUpperCase() } }));
  assert.equal(other.status, 201);
  assert.deepEqual(other.json.warnings.map((warning) => warning.code), ['email_belongs_to_other']);
});

test('a known order id with other content is a conflict', async () => {
  const body = order();
  await place(body);
  const changed = await place({ ...body, total: 100, lines: [{ line_id: '1', amount: 100 }] });
  assert.equal(changed.status, 409);
  assert.equal(changed.json.type, 'urn:passmint:order_conflict');
  const renamed = await place({ ...body, customer: { ...body.customer, name: 'Other name' } });
  assert.equal(renamed.status, 200, 'a name is not part of what makes an order');
});

test('the same Idempotency-Key repeats the first bytes, and refuses another body', async () => {
  const body = JSON.stringify(order());
  const headers = { 'idempotency-key': crypto.randomUUID() };
  const first = await place(body, headers);
  const again = await place(body, headers);
  assert.equal(first.text, again.text);
  assert.equal(again.status, 201);
  assert.equal(again.headers.get('idempotency-replayed'), 'true');
  const other = await place(JSON.stringify(order()), headers);
  assert.equal(other.status, 422);
  assert.equal(other.json.type, 'urn:passmint:idempotency_mismatch');
});

test('a card call without an Idempotency-Key names the missing header', async () => {
  const answer = await site.call(shop, 'POST', '/api/v1/cards', { customer: { phone: freshPhone() } });
  assert.equal(answer.status, 400);
  assert.equal(answer.json.type, 'urn:passmint:missing_header');
});

const wrong = [
  ['a total that is not the sum', { total: 1 }, 'total_mismatch /total'],
  ['another currency', { currency: 'USD' }, 'wrong_currency /currency'],
  ['no currency of this world', { currency: 'ABC' }, 'unknown_currency /currency'],
  ['an amount with a decimal point', { total: 1999.5 }, 'invalid_type /total'],
  ['an amount beyond 2^53', { total: 9007199254740992, lines: [{ line_id: '1', amount: 9007199254740992 }] }, 'amount_too_large /lines/0/amount'],
  ['a positive discount', { total: 100, lines: [{ line_id: '1', type: 'discount', amount: 100 }] }, 'positive_discount /lines/0/amount'],
  ['a negative product', { total: -5, lines: [{ line_id: '1', amount: -5 }] }, 'negative_amount /lines/0/amount'],
  ['a phone that is no phone', { customer: { phone: '12' } }, 'invalid_phone /customer/phone'],
  ['an e-mail that is no e-mail', { customer: { email: 'anna' } }, 'invalid_email /customer/email'],
  ['nobody', { customer: {} }, 'no_identity /customer'],
  ['an unknown field', { customr: {} }, 'unknown_field /customr'],
  ['an unknown field of a line', { lines: [{ line_id: '1', amount: 199900, colour: 'red' }] }, 'unknown_field /lines/0/colour'],
  ['a time without offset', { paid_at: '2026-11-21T10:00:00' }, 'invalid_time /paid_at'],
  ['a time in the future', { paid_at: new Date(Date.now() + 600_000).toISOString() }, 'time_in_future /paid_at'],
  ['a time long ago', { paid_at: new Date(Date.now() - 31 * 86_400_000).toISOString() }, 'time_too_old /paid_at'],
  ['two lines of one id', { total: 2, lines: [{ line_id: '1', amount: 1 }, { line_id: '1', amount: 1 }] }, 'duplicate /lines/1/line_id'],
  ['a quantity of zero', { lines: [{ line_id: '1', amount: 199900, quantity: 0 }] }, 'invalid_quantity /lines/0/quantity'],
  ['an unknown template', { template: 'nowhere' }, 'unknown_template /template'],
  ['an unknown hold', { hold_id: 'h1' }, 'unknown_hold /hold_id'],
  ['an unknown coupon', { coupons: ['SPRING'] }, 'unknown_coupon /coupons/0'],
  ['a birthday that is no day', { customer: { phone: '+79210000001', birthday: '1990-02-30' } }, 'invalid_date /customer/birthday'],
];
for (const [what, changes, expected] of wrong) {
  test(`${what} is refused with its place, and nothing is stored`, async () => {
    const body = order(changes);
    const answer = await place(body);
    assert.equal(answer.status, 422, answer.text);
    assert.ok(codes(answer).includes(expected), `${codes(answer)}`);
    assert.equal((await site.call(shop, 'GET', `/api/v1/orders/${body.order_id}?source=web`)).status, 404);
  });
}

test('bodies that are no JSON are refused before anything is looked at', async () => {
  const deep = '['.repeat(100_000);
  for (const [body, status, type] of [
    ['{', 400, 'invalid_json'], ['', 400, 'invalid_json'], [deep, 400, 'invalid_json'],
    ['{"total": 1, "total": 2}', 400, 'invalid_json'], ['{"total": 99999999999999999999}', 400, 'invalid_json'],
    [' '.repeat(1_100_000), 413, 'payload_too_large'],
  ]) {
    const answer = await place(body);
    assert.equal(answer.status, status, `${body.slice(0, 40)}: ${answer.text}`);
    assert.equal(answer.json.type, `urn:passmint:${type}`);
  }
  const bad = await fetch(`${site.url}/api/v1/orders`, { method: 'POST', headers: { authorization: `Bearer ${shop}`, 'content-type': 'application/json' }, body: Buffer.from('{"order_id":"\xff"}', 'latin1') });
  assert.equal(bad.status, 400);
  const text = await place('{}', { 'content-type': 'text/plain' });
  assert.equal(text.status, 415);
});

test('D9_D10 a blocked card refuses orders, mints no other card, and lifts itself in time', async () => {
  const customer = { phone: freshPhone() };
  const made = await place(order({ customer }));
  const number = made.json.card.number;
  const reasonless = await site.call(operator, 'POST', `/api/v1/cards/${number}/block`, {});
  assert.equal(reasonless.status, 422);
  const until = new Date(Date.now() + 2_000).toISOString();
  assert.equal((await site.call(operator, 'POST', `/api/v1/cards/${number}/block`, { reason: 'lost', until })).json.status, 'blocked');
  for (const body of [order({ customer }), order({ customer: {}, card_number: number })]) {
    const answer = await place(body);
    assert.equal(answer.status, 409);
    assert.equal(answer.json.type, 'urn:passmint:card_blocked');
  }
  await new Promise((resolve) => setTimeout(resolve, 2_100));
  assert.equal((await place(order({ customer }))).status, 201);
});

test('B25 a replaced number resolves to the card, whose pass and link stay', async () => {
  const made = await place(order());
  const old = made.json.card.number;
  const replaced = await site.call(operator, 'POST', `/api/v1/cards/${old}/replace`, { reason: 'worn', compromised: false }, { 'idempotency-key': crypto.randomUUID() });
  assert.equal(replaced.status, 200, replaced.text);
  assert.notEqual(replaced.json.card.number, old);
  const looked = await site.call(shop, 'GET', `/api/v1/cards/${old}`);
  assert.equal(looked.json.number, replaced.json.card.number);
  assert.equal(looked.json.resolved_from, old);
  assert.equal((await fetch(made.json.card.links.page)).status, 200);
  const paid = await place(order({ customer: {}, card_number: old }));
  assert.deepEqual(paid.json.warnings.map((warning) => warning.code), ['card_replaced']);
});

test('a compromised card has new secrets, its old page is gone and its old number pays nothing', async () => {
  const made = await place(order());
  const old = made.json.card.number;
  const replaced = await site.call(operator, 'POST', `/api/v1/cards/${old}/replace`, { reason: 'posted in public', compromised: true }, { 'idempotency-key': crypto.randomUUID() });
  assert.notEqual(replaced.json.links.page, made.json.card.links.page);
  assert.equal((await fetch(made.json.card.links.page)).status, 410);
  assert.equal((await fetch(replaced.json.links.page)).status, 200);
  const paid = await place(order({ customer: {}, card_number: old }));
  assert.equal(paid.status, 409);
  assert.equal(paid.json.type, 'urn:passmint:card_replaced');
});

test('D3_D14_D20 a printed number is issued once, and can do nothing before it is assigned', async () => {
  const issue = (number) => site.call(shop, 'POST', '/api/v1/cards', { number }, { 'idempotency-key': crypto.randomUUID() });
  const number = '9000771204836552';
  const made = await issue(number);
  assert.equal(made.status, 201, made.text);
  assert.equal(made.json.card.status, 'unassigned');
  const twice = await issue(number);
  assert.equal(twice.status, 409);
  assert.equal(twice.json.type, 'urn:passmint:number_taken');
  assert.equal((await place(order({ customer: {}, card_number: number }))).json.type, 'urn:passmint:card_unassigned');
  const assigned = await site.call(shop, 'POST', `/api/v1/cards/${number}/assign`, { customer: { phone: freshPhone() } });
  assert.equal(assigned.json.card.status, 'active');
  assert.equal((await place(order({ customer: {}, card_number: number }))).status, 201);
  await site.call(operator, 'POST', `/api/v1/cards/${number}/close`, { reason: 'returned' });
  assert.equal((await issue(number)).status, 409, 'the number of a closed card is not issued again');
});

test('an erased member leaves no personal data, a closed card and a readable order', async () => {
  const phone = freshPhone();
  const body = order({ customer: { phone, name: 'Erased Person' } });
  const made = await place(body);
  assert.equal((await site.call(operator, 'DELETE', `/api/v1/members/${made.json.member.id}`)).status, 204);
  const member = await site.call(shop, 'GET', `/api/v1/members/${made.json.member.id}`);
  assert.equal(member.json.status, 'erased');
  assert.ok(!member.text.includes('Erased Person') && !member.text.includes(phone));
  assert.equal((await fetch(made.json.card.links.page)).status, 410);
  assert.equal((await site.call(shop, 'GET', `/api/v1/orders/${body.order_id}?source=web`)).status, 200);
  const again = await place(order({ customer: { phone } }));
  assert.notEqual(again.json.member.id, made.json.member.id);
});

test('no token, key, phone or name is in the log', async () => {
  const phone = freshPhone();
  const made = await place(order({ customer: { phone, name: 'Logged Person' } }));
  const page = made.json.card.links.page;
  await fetch(page);
  await fetch(`${page}/pass.pkpass`);
  await new Promise((resolve) => setTimeout(resolve, 300));
  for (const secret of [page.split('/').at(-1), shop, phone, phone.slice(1), 'Logged Person']) {
    assert.ok(!site.log.includes(secret), `${secret} is in the log`);
  }
  assert.ok(site.log.includes('/c/***'), 'the page was logged, masked');
});

test('a stop lets the requests in flight finish and loses nothing that was acknowledged', async () => {
  const own = await Site.create();
  await own.start();
  const key = await own.key(['shop']);
  const acknowledged = [];
  let stopped = false;
  const clients = Array.from({ length: 4 }, async () => {
    for (let i = 0; i < 200 && !stopped; ++i) {
      const body = order();
      try {
        const answer = await own.call(key, 'POST', '/api/v1/orders', body);
        if (answer.status === 201) acknowledged.push(body.order_id);
      } catch { return; }
    }
  });
  while (acknowledged.length < 20) await new Promise((resolve) => setTimeout(resolve, 10));
  const { code } = await own.stop('SIGTERM');
  stopped = true;
  await Promise.all(clients);
  assert.equal(code, 0, own.log);
  await own.start();
  for (const id of acknowledged) {
    assert.equal((await own.call(key, 'GET', `/api/v1/orders/${id}?source=web`)).status, 200, id);
  }
  await own.remove();
});
