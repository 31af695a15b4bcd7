// The real binary beside our fake Google: what Google holds follows the cards, whatever goes wrong.

import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FakeGoogle } from '../../support/google.mjs';
import { Site, freshPhone, must, order, until } from '../../support/site.mjs';

const ISSUER = '3388000000022141777';
let google, site, key;

before(async () => {
  google = await FakeGoogle.start();
  site = await Site.create({ settings: (text) => text.replace(/\[google\]\napi_url = .*\n/, google.settings) });
  await site.start();
  key = site.key(['admin']);
});
after(async () => {
  await site?.remove();
  google?.stop();
});

const claimsOf = (link) => JSON.parse(Buffer.from(link.split('/').pop().split('.')[1], 'base64url').toString());

async function makeCard(customer = {}, template = undefined) {
  const phone = freshPhone();
  const made = await site.call(key, 'POST', '/api/v1/cards', { customer: { phone, ...customer }, template }, { 'idempotency-key': `k-${phone}` });
  assert.equal(made.status, 201, made.text);
  return { phone, number: made.json.card.number, page: made.json.links.page };
}

/** Taps the button: {link, object: what the link says, id}. */
async function tap(card) {
  const response = await fetch(`${card.page}/google`, { redirect: 'manual' });
  assert.equal(response.status, 302);
  const link = response.headers.get('location');
  const object = claimsOf(link).payload.loyaltyObjects[0];
  return { link, object, id: object.id };
}

async function pay(card, total = 10_000) {
  const paid = await site.call(key, 'POST', '/api/v1/orders', order({ total, customer: { phone: card.phone }, lines: [{ line_id: '1', sku: 'A', name: 'A', quantity: 1, amount: total }] }));
  assert.equal(paid.status, 201, paid.text);
  return paid.json.points.available;
}

const balanceAtGoogle = async (id) => (await google.object(id))?.object.loyaltyPoints?.balance.int;
const arrives = (id, points, timeout) => until(`${points} points at Google`, async () => (await balanceAtGoogle(id)) === points, timeout);

test('the tap inserts the object, and the link names it', async () => {
  const card = await makeCard();
  const { object, id } = await tap(card);
  assert.deepEqual(Object.keys(object).sort(), ['classId', 'id']);
  assert.equal((await google.object(id)).object.state, 'ACTIVE');
  const again = await tap(card);
  assert.equal(again.id, id);
  assert.equal((await google.object(id)).writes, 1);
});

test('looking without tapping makes nothing', async () => {
  const card = await makeCard();
  const response = await fetch(`${card.page}/google`, { method: 'HEAD', redirect: 'manual' });
  const [object] = claimsOf(response.headers.get('location')).payload.loyaltyObjects;
  assert.ok(object.loyaltyPoints);
  assert.equal(await google.object(object.id), null);
});

test('an order patches what Google has, and nothing that it has not', async () => {
  const card = await makeCard();
  const other = await makeCard();
  const { id } = await tap(card);
  const looked = await fetch(`${other.page}/google`, { method: 'HEAD', redirect: 'manual' });
  const [{ id: never }] = claimsOf(looked.headers.get('location')).payload.loyaltyObjects;
  await pay(other);
  await arrives(id, await pay(card));
  assert.equal(await google.object(never), null);
  await arrives(id, await pay(card));
});

test('edge 45 two changes a day notify, the others are silent', async () => {
  const card = await makeCard();
  const { id } = await tap(card);
  for (let i = 0; i < 4; ++i) await arrives(id, await pay(card));
  assert.equal((await google.object(id)).notifications, 2);
});

test('a blocked card is inactive at Google until it is unblocked', async () => {
  const card = await makeCard();
  const { id } = await tap(card);
  const change = (what) => site.call(key, 'POST', `/api/v1/cards/${card.number}/${what}`, { reason: 'lost' }, { 'idempotency-key': `${what}-${card.number}` });
  const state = (wanted) => until(wanted, async () => (await google.object(id)).object.state === wanted);
  assert.equal((await change('block')).status, 200);
  await state('INACTIVE');
  assert.equal((await change('unblock')).status, 200);
  await state('ACTIVE');
});

test('saving and deleting show in the wallets of the card, each once', async () => {
  const card = await makeCard();
  const { link, id } = await tap(card);
  const saved = async () => (await site.call(key, 'GET', `/api/v1/cards/${card.number}`)).json.wallets.google.saved;
  assert.equal(await saved(), false);
  const page = await (await fetch(link)).json();
  assert.deepEqual(page.saved, [{ id, callback: 200 }]);
  assert.equal(await saved(), true);
  assert.equal(await google.callback({ id, event: 'del', nonce: 'n1' }), 200);
  assert.equal(await saved(), false);
  assert.equal(await google.callback({ id, event: 'save', nonce: 'n2' }), 200);
  assert.equal(await google.callback({ id, event: 'del', nonce: 'n1' }), 200); // Replayed: counted already.
  assert.equal(await saved(), true);
});

test('forged callbacks are refused without a word and change nothing', async () => {
  const card = await makeCard();
  const { id } = await tap(card);
  for (const flaw of ['expired', 'wrong_recipient', 'unknown_root']) {
    assert.equal(await google.callback({ id, event: 'save', flaw }), 400, flaw);
  }
  for (const body of ['', '{}', '[]', 'x'.repeat(10_000)]) {
    const response = await fetch(`${site.url}/google/callback/demo`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    assert.equal(response.status, 400);
    assert.equal(await response.text(), '');
  }
  const large = await fetch(`${site.url}/google/callback/demo`, { method: 'POST', body: 'x'.repeat(100_000), headers: { 'content-type': 'application/json' } });
  assert.equal(large.status, 413);
  assert.equal((await fetch(`${site.url}/google/callback/other`, { method: 'POST', body: '{}' })).status, 404);
  assert.equal((await fetch(`${site.url}/google/callback/demo`)).status, 405);
  assert.equal((await site.call(key, 'GET', `/api/v1/cards/${card.number}`)).json.wallets.google.saved, false);
});

// Serves other rules until `use` is done.
async function withRules(rules, use) {
  const file = join(site.temporary, 'other.json');
  writeFileSync(file, JSON.stringify(rules));
  const apply = (rules) => must(['programme', 'apply', rules, '--config', site.config]);
  apply(file);
  try { await use(); } finally { apply(join(site.folder, 'rules.json')); }
}

test('F13 a stamp changes the object at Google: its count and its picture', async () => {
  const rules = { earn: [{ id: 'cup', kind: 'stamp', stamp: 'coffee', stamp_per: 'order' }], stamps: [{ id: 'coffee', goal: 10 }] };
  await withRules(rules, async () => {
    const card = await makeCard({}, 'stamps');
    const { id } = await tap(card);
    const shown = async () => {
      const { object } = await google.object(id);
      return [object.loyaltyPoints.balance.string, object.heroImage?.sourceUri.uri];
    };
    const [count, picture] = await shown();
    assert.equal(count, '0/10');
    const sold = order({ customer: { phone: card.phone } });
    assert.equal((await site.call(key, 'POST', '/api/v1/orders', sold)).status, 201);
    await until('one stamp at Google', async () => (await shown())[0] === '1/10');
    assert.notEqual((await shown())[1], picture);
    const back = await site.call(key, 'POST', `/api/v1/orders/${sold.order_id}/refunds?source=web`, { refund_id: 'R-1', amount: sold.total });
    assert.equal(back.status, 201, back.text);
    await until('no stamp at Google', async () => (await shown())[0] === '0/10');
    assert.equal((await shown())[1], picture);
  });
});

test('D17 an order that changes the level alone changes the object at Google', async () => {
  const levels = [{ name: 'classic', from: 0 }, { name: 'gold', from: 1, discount_ppm: 150000 }];
  await withRules({ earn: [], tiers: { metric: 'orders', levels } }, async () => {
    const card = await makeCard({}, 'vip');
    const { id } = await tap(card);
    const before = JSON.stringify((await google.object(id)).object);
    await pay(card);
    await until('another level at Google', async () => JSON.stringify((await google.object(id)).object) !== before);
    assert.equal((await google.object(id)).object.state, 'ACTIVE');
  });
});

test('a link that Google is too slow for carries the card, and the object is made later', async () => {
  const card = await makeCard();
  await google.faults({ delay_ms: 6_000 }, 4_000);
  const began = Date.now();
  const { object, id } = await tap(card);
  assert.ok(Date.now() - began < 3_500, `${Date.now() - began} ms`);
  assert.ok(object.loyaltyPoints);
  await google.faults({});
  const points = await pay(card);
  await arrives(id, points, 60_000);
});

test('what Google answers with errors or not at all drains by itself', async () => {
  const cards = await Promise.all(Array.from({ length: 12 }, () => makeCard()));
  const ids = [];
  for (const card of cards) ids.push((await tap(card)).id);
  await google.faults({ status: 500 }, 120_000);
  for (const card of cards) await pay(card);
  const points = [];
  for (const card of cards) points.push(await pay(card));
  await until('the log says that Google has trouble', () => site.log.includes('google.trouble'));
  await google.faults({ lost: true }, 2_000);
  for (const [i, id] of ids.entries()) await arrives(id, points[i], 60_000);
  await until('the log says that it works again', () => site.log.includes('google.works'));
});

test('what was promised before a kill is kept after it', async () => {
  const card = await makeCard();
  const { id } = await tap(card);
  await google.faults({ status: 503 }, 3_000);
  const points = await pay(card);
  await site.stop('SIGKILL');
  await site.start();
  await arrives(id, points, 60_000);
});

test('Google is asked no more often than it allows', async () => {
  assert.equal((await google.stats()).throttled, 0);
});

// Last: after a 403 the service leaves Google alone for half a minute.
test('a trace says that Google has the object, the change and a customer, and what is in the way', async () => {
  const card = await makeCard();
  const { link, id } = await tap(card);
  await fetch(link); // The customer saves it.
  await arrives(id, await pay(card));
  const trace = async () => (await site.call(key, 'GET', `/api/v1/cards/${card.number}/trace`)).json;
  const step = (told, name) => told.steps.find((one) => one.step === name);
  const good = await until('Google has answered', async () => {
    const told = await trace();
    return step(told, 'google').state === 'done' && told;
  });
  assert.deepEqual([step(good, 'google_inserted').state, step(good, 'google_saved').state], ['done', 'done']);
  assert.equal(step(good, 'google_saved').detail, 'the customer saved it');
  assert.equal(good.google.last_callback, 'save');
  assert.equal(good.google.sent_revision, good.revision);
  await google.faults({ status: 403 }, 60_000);
  await pay(card);
  const stuck = await until('a broken step', async () => {
    const told = await trace();
    return step(told, 'google').state === 'broken' && told;
  }, 20_000);
  await google.faults({});
  assert.match(step(stuck, 'google').detail, /the PATCH was answered 403/);
  assert.match(step(stuck, 'google').cure, /service account/);
  assert.match(stuck.summary, /is stuck at "google"/);
  assert.match(stuck.google.last_error, /^403/);
});
