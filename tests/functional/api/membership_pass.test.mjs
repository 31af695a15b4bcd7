// The pass of a paid membership: until when it is good.

import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Site, freshPhone, must } from '../../support/site.mjs';
import { open } from '../../support/device.mjs';

const rules = { memberships: [{ id: 'club', price_minor: 99000, period: 'P1M', grace: 'P3D' }], earn: [{ id: 'base', ppm: 50000 }] };
const DAY = 86_400_000;
let site, shop;
before(async () => {
  site = await Site.create({ settings: (text) => text.replace(/^templates = \[[^\]]*\]/m, 'templates = ["templates/membership"]') });
  await site.start();
  shop = await site.key(['shop'], 'web');
  const file = join(site.folder, 'club.json');
  writeFileSync(file, JSON.stringify(rules));
  must(['programme', 'apply', file, '--config', site.config]);
});
after(async () => { await site?.remove(); });

async function customer() {
  const made = await site.call(shop, 'POST', '/api/v1/cards', { customer: { phone: freshPhone() } }, { 'idempotency-key': crypto.randomUUID() });
  assert.equal(made.status, 201, made.text);
  return { id: made.json.card.member.id, page: new URL(made.json.links.page).pathname };
}
async function pay({ id }, period) {
  const answer = await site.call(shop, 'POST', '/api/v1/memberships', { membership_id: period, plan: 'club', member_id: id });
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
}
async function look({ page }) {
  const answer = await fetch(`${site.url}${page}/pass.pkpass`);
  assert.equal(answer.status, 200);
  const { pass, manifest } = open(Buffer.from(await answer.arrayBuffer()));
  const until = pass.generic.headerFields?.find((field) => field.key === 'until')?.value;
  return { until, ends: pass.expirationDate, manifest, changed: Date.parse(answer.headers.get('last-modified')) };
}

test('B3 a pass shows until when the membership is paid for, its grace included, and each payment moves it', async () => {
  const anna = await customer();
  const before = await look(anna);
  assert.deepEqual([before.until, before.ends], [undefined, undefined], 'nobody paid');
  const first = await pay(anna, 'M-1');
  const paid = await look(anna);
  assert.equal(Date.parse(paid.ends), Math.floor(Date.parse(first.grace_until) / 1000) * 1000);
  assert.ok(paid.until, 'a field of the template shows the day');
  assert.ok(paid.changed >= before.changed && paid.manifest !== before.manifest, 'phones fetch it again');
  const second = await pay(anna, 'M-2');
  assert.ok(Date.parse(second.grace_until) - Date.parse(first.grace_until) >= 28 * DAY);
  assert.equal(Date.parse((await look(anna)).ends), Math.floor(Date.parse(second.grace_until) / 1000) * 1000);
});

test('B3 a cancelled membership ends on the pass at once', async () => {
  const anna = await customer();
  await pay(anna, 'M-3');
  const end = await site.call(shop, 'POST', '/api/v1/memberships/M-3/cancel', { reason: 'asked for it' });
  assert.equal(end.status, 200, end.text);
  assert.ok(Date.parse((await look(anna)).ends) <= Date.now());
});
