// Levels on the cards themselves: what the pass shows, and a level with a design of its own.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Site, freshPhone, order } from '../../support/site.mjs';

const rules = {
  earn: [{ id: 'level', kind: 'percent', rate: 'tier' }],
  tiers: {
    down: 'strict',
    levels: [{ name: 'start', from: 0, ppm: 30000 }, { name: 'vip', from: 1000000, ppm: 100000, template: 'vip' }],
  },
};
const DARK = 'rgb(1, 2, 3)';

let site, shop, admin;
before(async () => {
  site = await Site.create({
    settings: (text) => text.replace(/^templates = \[[^\]]*\]/m, 'templates = ["templates/points", "templates/vip"]'),
  });
  const folder = join(site.folder, 'templates');
  const template = JSON.parse(readFileSync(join(folder, 'points/template.json'), 'utf8'));
  const tier = (name, changes) => ({ key: name, label: name, value: `{{tier.${name}}}`, google: 'details', ...changes });
  template.fields.back.unshift(
    tier('name', { key: 'level', change: '%@' }), tier('percent'), tier('since'), tier('next_name'), tier('missing'));
  writeFileSync(join(folder, 'points/template.json'), JSON.stringify(template));
  cpSync(join(folder, 'points'), join(folder, 'vip'), { recursive: true });
  template.colors.background = '#010203';
  writeFileSync(join(folder, 'vip/template.json'), JSON.stringify(template));
  [shop, admin] = [site.key(['shop']), site.key(['admin'])];
  await site.start();
  const etag = (await site.call(admin, 'GET', '/api/v1/programme')).headers.get('etag');
  const draft = await site.call(admin, 'PUT', '/api/v1/programme/draft', rules, { 'if-match': etag });
  assert.equal(draft.json.publishable, true, draft.text);
  const published = await site.call(admin, 'POST', '/api/v1/programme/publish', {},
    { 'idempotency-key': crypto.randomUUID(), 'if-match': draft.headers.get('etag') });
  assert.equal(published.status, 200, published.text);
});
after(() => site?.remove());

async function sell(phone, amount) {
  const body = order({ customer: { phone, locale: 'en' }, total: amount, lines: [{ line_id: '1', sku: 'ESP-1', amount }] });
  const sold = await site.call(shop, 'POST', '/api/v1/orders', body);
  assert.equal(sold.status, 201, sold.text);
  return { ...sold.json, body };
}
async function passOf(links) {
  const bundle = await fetch(links.apple);
  assert.equal(bundle.status, 200);
  const file = join(site.temporary, 'one.pkpass');
  writeFileSync(file, Buffer.from(await bundle.arrayBuffer()));
  return JSON.parse(spawnSync('unzip', ['-p', file, 'pass.json'], { encoding: 'utf8' }).stdout);
}
const shown = (pass) => Object.fromEntries(pass.storeCard.backFields.map(({ key, value }) => [key, value]));

test('G14_D17 the pass shows level, percent, since when, and what is missing to the next level', async () => {
  const phone = freshPhone();
  const { card: { links } } = await sell(phone, 400000);
  const first = shown(await passOf(links));
  assert.deepEqual([first.level, Number(first.percent), first.next_name], ['start', 3, 'vip']);
  assert.match(String(first.missing), /6[^0-9]?000/);
  assert.match(String(first.since), /20\d\d/);
  await sell(phone, 600000);
  const next = shown(await passOf(links));
  assert.equal(next.level, 'vip');
  assert.equal(Number(next.percent), 10);
  assert.equal(next.missing, undefined, 'nothing is missing on the highest level');
});

test('A7 a level has a design of its own: the card takes it, and its own again when the level falls', async () => {
  const phone = freshPhone();
  const { card: { links, number } } = await sell(phone, 1);
  const own = await passOf(links);
  assert.notEqual(own.backgroundColor, DARK);
  const risen = await sell(phone, 999999);
  assert.equal(risen.card.number, number);
  const vip = await passOf(links);
  assert.equal(vip.backgroundColor, DARK);
  assert.equal(vip.serialNumber, own.serialNumber, 'the same pass');
  assert.equal((await site.call(shop, 'GET', `/api/v1/cards/${number}`)).json.template, 'vip');
  const back = await site.call(shop, 'POST', `/api/v1/orders/${risen.body.order_id}/refunds?source=web`, { refund_id: 'R-1', amount: 999999 });
  assert.equal(back.status, 201, back.text);
  assert.equal((await passOf(links)).backgroundColor, own.backgroundColor);
  assert.equal((await site.call(shop, 'GET', `/api/v1/cards/${number}`)).json.template, 'points');
});
