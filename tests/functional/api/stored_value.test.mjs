// Stored value: money on a card, as the thirteenth recipe has it, shown by the template of gift cards.

import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Site, freshPhone, must, order, passmint, root } from '../../support/site.mjs';
import { open, shown } from '../../support/device.mjs';

const guide = readFileSync(join(root, 'assets/rules/README.md'), 'utf8');
const rules = JSON.parse(guide.match(/^## 13\. Money on the card[^]*?```json\n([^]*?)```/m)[1]);
const top = (amount) => ({ sku: 'LOAD', category: 'top-up', amount });
const goods = (amount, points = 0) => ({ sku: 'LAMP', amount, ...(points ? { points } : {}) });

let site, shop, file;
before(async () => {
  site = await Site.create({ settings: (text) => text.replace(/^templates = \[[^\]]*\]/m, 'templates = ["templates/gift"]') });
  await site.start();
  shop = await site.key(['shop'], 'till');
  file = join(site.folder, 'rules.json');
  writeFileSync(file, JSON.stringify(rules));
  must(['programme', 'apply', file, '--config', site.config]);
});
after(async () => { await site?.remove(); });

const sell = (phone, line) => {
  const body = order({ customer: { phone }, total: line.amount, lines: [{ line_id: '1', ...line }] });
  return site.call(shop, 'POST', '/api/v1/orders', body);
};
const refund = (id, amount) => site.call(shop, 'POST', `/api/v1/orders/${id}/refunds?source=web`, { refund_id: `R-${id}`, amount });

async function bundle(sold) {
  const page = new URL(sold.json.card.links.page).pathname;
  const answer = await fetch(`${site.url}${page}/pass.pkpass`);
  assert.equal(answer.status, 200);
  return Buffer.from(await answer.arrayBuffer());
}
const fields = async (sold) => shown(await bundle(sold));
async function balance(sold) {
  const { pass } = open(await bundle(sold));
  const { value, currencyCode } = pass.storeCard.primaryFields.find((field) => field.key === 'balance');
  return [value, currencyCode];
}

test('what is paid in is on the card to the last kopeck, and pays goods', async () => {
  const phone = freshPhone();
  const loaded = await sell(phone, top(100050));
  assert.equal(loaded.status, 201, loaded.text);
  assert.deepEqual(await balance(loaded), [1000.5, 'RUB']);
  const bought = await sell(phone, goods(25025, 25025));
  assert.deepEqual([bought.json.points.spent, bought.json.points.earned, bought.json.points.available], [25025, 0, 75025]);
  assert.deepEqual(await balance(loaded), [750.25, 'RUB']);
});

test('the back of the card says what the last purchase came to', async () => {
  const phone = freshPhone();
  const loaded = await sell(phone, top(100050));
  assert.equal((await fields(loaded)).last, 1000.5);
  await sell(phone, goods(30025, 30025));
  assert.equal((await fields(loaded)).last, 300.25);
});

test('money on the card pays no other load, and not more than there is', async () => {
  const phone = freshPhone();
  await sell(phone, top(5000));
  const reload = await sell(phone, { ...top(1000), points: 1000 });
  assert.deepEqual([reload.status, reload.json.errors[0].code], [422, 'points_excluded']);
  const dear = await sell(phone, goods(6000, 5001));
  assert.deepEqual([dear.status, dear.json.type], [409, 'urn:passmint:insufficient_points']);
});

test('goods that the card paid come back onto it', async () => {
  const phone = freshPhone();
  const loaded = await sell(phone, top(10000));
  const bought = await sell(phone, goods(4000, 4000));
  const back = await refund(bought.json.order_id, 4000);
  assert.deepEqual([back.status, back.json.points.available], [201, 10000], back.text);
  assert.deepEqual(await balance(loaded), [100, 'RUB']);
});

test('a load that is refunded takes the money back; what was spent is owed, and the next load pays it', async () => {
  const phone = freshPhone();
  const loaded = await sell(phone, top(10000));
  await sell(phone, goods(4000, 4000));
  const back = await refund(loaded.json.order_id, 10000);
  assert.deepEqual([back.status, back.json.points.available, back.json.points.debt], [201, 0, 4000], back.text);
  assert.deepEqual(await balance(loaded), [0, 'RUB']);
  const again = await sell(phone, top(5000));
  assert.deepEqual([again.json.points.available, again.json.points.debt], [1000, 0]);
});

test('decimal places stay once there are accounts: other ones are refused, other rules are not', async () => {
  await sell(freshPhone(), top(100));
  writeFileSync(file, JSON.stringify({ ...rules, points: { exponent: 0 } }));
  const refused = passmint(['programme', 'apply', file, '--config', site.config]);
  assert.notEqual(refused.status, 0);
  assert.match(refused.stderr, /put back "exponent": 2/);
  writeFileSync(file, JSON.stringify({ ...rules, rewards: [] }));
  must(['programme', 'apply', file, '--config', site.config]);
});
