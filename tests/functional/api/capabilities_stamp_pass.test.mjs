// The pass of a stamp card, with the template that has a strip of stamps.

import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Site, freshPhone, must, order } from '../../support/site.mjs';
import { open } from '../../support/device.mjs';

const rules = {
  earn: [{ id: 'cup', kind: 'stamp', stamp: 'coffee', stamp_per: 'unit' }],
  stamps: [{ id: 'coffee', goal: 10, reward: 'free-cup' }],
  rewards: [{ id: 'free-cup', kind: 'product', title: 'A cup on the house', price: 0 }],
};
let site, shop;
before(async () => {
  site = await Site.create({ settings: (text) => text.replace(/^templates = \[[^\]]*\]/m, 'templates = ["templates/stamps"]') });
  await site.start();
  shop = await site.key(['shop'], 'web');
  const file = join(site.folder, 'stamps.json');
  writeFileSync(file, JSON.stringify(rules));
  must(['programme', 'apply', file, '--config', site.config]);
});
after(async () => { await site?.remove(); });

async function buy(phone, quantity) {
  const lines = [{ line_id: '1', sku: 'CUP', quantity, amount: quantity * 20000 }];
  const body = order({ customer: { phone }, total: quantity * 20000, lines });
  const answer = await site.call(shop, 'POST', '/api/v1/orders', body);
  assert.equal(answer.status, 201, answer.text);
  return { ...answer.json, sent: body };
}
async function look(page) {
  const answer = await fetch(`${site.url}${page}/pass.pkpass`);
  assert.equal(answer.status, 200);
  const { pass, manifest } = open(Buffer.from(await answer.arrayBuffer()));
  const fields = Object.values(pass.storeCard).flat().filter((field) => field?.key === 'stamps');
  return { shows: fields[0].value, manifest, changed: Date.parse(answer.headers.get('last-modified')) };
}

test('F13 progress is visible on the pass, and each change of it is a new pass with its picture', async () => {
  const phone = freshPhone();
  const first = await buy(phone, 2);
  const page = new URL(first.card.links.page).pathname;
  const two = await look(page);
  assert.equal(two.shows, '2/10');
  const second = await buy(phone, 5);
  const seven = await look(page);
  assert.equal(seven.shows, '7/10');
  assert.notEqual(seven.manifest, two.manifest);
  assert.ok(seven.changed > two.changed, 'phones fetch it again');
  assert.equal((await buy(phone, 4)).rewards[0].reward, 'free-cup');
  assert.equal((await look(page)).shows, '1/10', 'the round is cashed in, and one is over');
  const back = await site.call(shop, 'POST', `/api/v1/orders/${second.sent.order_id}/refunds?source=web`, { refund_id: 'R-1', amount: 100000 });
  assert.equal(back.status, 201, back.text);
  assert.equal(back.json.points.stamps[0].debt, 4);
  assert.equal((await look(page)).shows, '0/10');
});
