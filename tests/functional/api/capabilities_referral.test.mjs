// Members who bring others, with the real service: each test has the id of the capability that it shows and does the
// check that the list of capabilities asks for. Amounts are kopecks.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshPhone, must, temporaryFolder, until } from '../../support/site.mjs';
import { site, shop, customer, keyed, member, statement } from '../../support/points_site.mjs';
import { admin, base, bought, publish, sell } from '../../support/rules_site.mjs';

const link = 'https://shop.example/?promo={token}';
const rule = { purchases: 'every', pending: 'P0D', friend: { points: 100 }, promoter: { points: 50, ppm: 100000 }, link };
const promote = (id) => site.call(shop, 'POST', '/api/v1/promoters', { member_id: id });
const brought = (phone, amount, token, changes = {}) => bought(phone, amount, { customer: { phone, referral: token }, ...changes });
const refund = (id, amount) => site.call(shop, 'POST', `/api/v1/orders/${id}/refunds?source=web`, { refund_id: crypto.randomUUID(), amount });
const points = async (id) => (await member(id)).json.points;
const has = (id, available) => until(`${available} points`, async () => (await points(id)).available === available);

test('C2 a promoter has a link of their own, and the picture of its QR code reads as the link', async (t) => {
  await publish({ earn: [base], referral: rule });
  const anna = (await promote((await customer()).id)).json;
  const other = (await promote((await customer()).id)).json;
  assert.equal(anna.url, link.replace('{token}', anna.token));
  assert.notEqual(anna.url, other.url);
  const picture = await fetch(anna.qr.replace('.svg', '.png'));
  assert.equal(picture.headers.get('content-type'), 'image/png');
  const file = join(temporaryFolder(t), 'qr.png');
  writeFileSync(file, Buffer.from(await picture.arrayBuffer()));
  assert.equal(execFileSync('zbarimg', ['--quiet', '--raw', file], { encoding: 'utf8', timeout: 20_000 }).trim(), anna.url);
  const page = anna.qr.replace('/qr.svg', '');
  const opened = await fetch(page, { redirect: 'manual' });
  assert.deepEqual([opened.status, opened.headers.get('location')], [302, anna.url]);
  assert.equal((await fetch(`${page}x`, { redirect: 'manual' })).status, 404);
  await publish({ earn: [base], referral: { ...rule, link: null } });
  const said = await fetch(page, { headers: { 'accept-language': 'ru' } });
  assert.match(await said.text(), new RegExp(anna.token));
});

test('C3 the same member again is the same promoter, with the same code', async () => {
  const { id, number } = await customer();
  const first = await promote(id);
  assert.equal(first.status, 201, first.text);
  const again = await site.call(shop, 'POST', '/api/v1/promoters', { card_number: number });
  assert.equal(again.status, 200);
  assert.deepEqual(again.json, first.json);
  const all = (await site.call(shop, 'GET', '/api/v1/promoters?limit=200')).json.items;
  assert.equal(all.filter((one) => one.member.id === id).length, 1);
});

test('C6 a changed token brings nobody: the customer is recorded, without a promoter and with a warning', async () => {
  await publish({ earn: [base], referral: rule });
  const anna = (await promote((await customer()).id)).json;
  const token = anna.token.slice(0, -1) + (anna.token.endsWith('A') ? 'B' : 'A');
  const sold = await sell(brought(freshPhone(), 100000, token));
  assert.deepEqual(sold.warnings.map((one) => one.code), ['referral_not_valid']);
  assert.equal((await member(sold.member.id)).status, 200);
  const carded = await site.call(shop, 'POST', '/api/v1/cards', { customer: { phone: freshPhone(), referral: token } }, keyed());
  assert.deepEqual([carded.status, carded.json.warnings.map((one) => one.code)], [201, ['referral_not_valid']]);
  // Somebody who comes by the right one is theirs, so that nobody else's reward is still to come.
  const good = await sell(brought(freshPhone(), 100000, anna.token));
  await has(anna.member.id, 150);
  const listed = (await site.call(shop, 'GET', `/api/v1/promoters/${anna.id}/referrals`)).json.items;
  assert.deepEqual(listed.map((one) => [one.friend.id, one.points, one.reward, one.status]), [[good.member.id, 150, 15000, 'paid']]);
});

test('F10 E9 each purchase of a friend rewards both, and its refund takes that back', async () => {
  await publish({ earn: [base], referral: rule });
  const anna = (await promote((await customer()).id)).json;
  const phone = freshPhone();
  const { order_id: first, member: boris } = await sell(brought(phone, 100000, anna.token));
  await has(anna.member.id, 150);
  await has(boris.id, 150);
  await sell(bought(phone, 200000));
  await has(anna.member.id, 400);
  assert.equal((await refund(first, 100000)).status, 201);
  await has(anna.member.id, 250);
  await has(boris.id, 200);
  const entries = (await statement(anna.member.id)).json.items;
  assert.deepEqual(entries.map((one) => [one.type, one.amount, one.document.type]), [['claw_back', -150, 'referral'], ['earn', 250, 'referral'], ['earn', 150, 'referral']]);
  for (const entry of entries) {
    const why = await site.call(admin(), 'GET', `/api/v1/entries/${entry.id}/explain`);
    assert.deepEqual([why.json.agrees, why.json.rules[0].rule], [true, 'referral'], why.text);
  }
  assert.match(must(['ledger', 'verify', '--config', site.config]), /\S/);
});
