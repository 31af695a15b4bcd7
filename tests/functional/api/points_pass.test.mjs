// What the pass of a points card says of the points themselves.

import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Site, freshPhone, must, order } from '../../support/site.mjs';
import { shown } from '../../support/device.mjs';

let site, shop;
before(async () => {
  site = await Site.create({ settings: (text) => text.replace(/^templates = \[[^\]]*\]/m, 'templates = ["templates/points"]') });
  await site.start();
  shop = await site.key(['shop'], 'web');
});
after(async () => { await site?.remove(); });

function publish(rules) {
  const file = join(site.folder, 'rules.json');
  writeFileSync(file, JSON.stringify(rules));
  must(['programme', 'apply', file, '--config', site.config]);
}
async function buy(phone, amount, points = 0) {
  const lines = [{ line_id: '1', sku: 'ESP', amount, ...(points ? { points } : {}) }];
  const answer = await site.call(shop, 'POST', '/api/v1/orders', order({ customer: { phone }, total: amount, lines }));
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
}
async function fields(sold) {
  const answer = await fetch(`${site.url}${new URL(sold.card.links.page).pathname}/pass.pkpass`);
  return shown(Buffer.from(await answer.arrayBuffer()));
}
const nextExpiry = async (id) => (await site.call(shop, 'GET', `/api/v1/members/${id}/wallet`)).json.next_expiry;

test('it says how many points expire next, and on which day', async () => {
  publish({ earn: [{ id: 'base', ppm: 100000, expires: { after: 'P12M', round_to: 'year' } }] });
  const phone = freshPhone();
  const sold = await buy(phone, 30000);
  const year = new Date(Date.now() + 3 * 3_600_000).getUTCFullYear() + 1;
  assert.match((await fields(sold)).expiry, new RegExp(`^30 points expire on .*${year + 1}`));
  await buy(phone, 10000, 10);
  assert.match((await fields(sold)).expiry, /^29 points/, 'ten of them were spent, and the rest of the price earned nine');
});

test('of a hundred purchases whose points expire together it names all', async () => {
  const phone = freshPhone();
  const sold = await buy(phone, 10000);
  for (let i = 0; i < 100; ++i) await buy(phone, 10000);
  assert.equal((await nextExpiry(sold.member.id)).points, 1010);
  assert.match((await fields(sold)).expiry, /^1,?010 points/);
});

test('points that do not expire say nothing of it', async () => {
  publish({ earn: [{ id: 'base', ppm: 100000 }] });
  const sold = await buy(freshPhone(), 30000);
  assert.equal(await nextExpiry(sold.member.id), null);
  assert.equal('expiry' in (await fields(sold)), false);
});

test('their worth is that of the rules of now, whatever the settings began with', async () => {
  publish({ points: { value: { points: 2, minor: 100 } }, earn: [{ id: 'base', ppm: 100000 }] });
  const sold = await buy(freshPhone(), 30000);
  assert.equal((await fields(sold)).worth, 15);
});
