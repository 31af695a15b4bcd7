// Levels on the cards themselves: what the pass shows, and a level with a design of its own.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Site, freshPhone, order, passmint } from '../../support/site.mjs';

const rules = {
  earn: [
    { id: 'level', kind: 'percent', rate: 'tier' },
    { id: 'again', kind: 'fixed', points: 100, when: { field: 'member.lifecycle', value: 'single' } },
  ],
  tiers: {
    down: 'strict',
    levels: [{ name: 'start', from: 0, ppm: 30000 }, { name: 'vip', from: 1000000, ppm: 100000, template: 'vip' }],
  },
};
const DARK = 'rgb(1, 2, 3)';

let site, shop, admin;
before(async () => {
  site = await Site.create({
    settings: (text) => text.replace(/^templates = \[[^\]]*\]/m, 'templates = ["templates/points", "templates/vip", "templates/coupon"]'),
  });
  const folder = join(site.folder, 'templates');
  const template = JSON.parse(readFileSync(join(folder, 'points/template.json'), 'utf8'));
  const tier = (name, changes) => ({ key: name, label: name, value: `{{tier.${name}}}`, google: 'details', ...changes });
  template.fields.back.unshift(
    tier('name', { key: 'level', change: '%@' }), tier('percent'), tier('since', { type: 'date' }), tier('next_name'), tier('missing', { type: 'currency' }), tier('missing_count', { type: 'number' }));
  writeFileSync(join(folder, 'points/template.json'), JSON.stringify(template));
  cpSync(join(folder, 'points'), join(folder, 'vip'), { recursive: true });
  template.colors.background = '#010203';
  writeFileSync(join(folder, 'vip/template.json'), JSON.stringify(template));
  [shop, admin] = [site.key(['shop']), site.key(['admin'])];
  await site.start();
  const draft = await put(rules);
  assert.equal(draft.json.publishable, true, draft.text);
  const published = await publish(draft);
  assert.equal(published.status, 200, published.text);
  // As if it had been so for a month: orders of past days are judged by these rules.
  await site.stop();
  const sql = `UPDATE rule_set SET effective_from = effective_from - ${30 * 86_400_000_000} WHERE version = ${published.json.version ?? 2}`;
  const done = spawnSync('sqlite3', [join(site.folder, 'passmint.db'), sql], { encoding: 'utf8' });
  assert.equal(done.status, 0, done.stderr);
  await site.start();
});
after(() => site?.remove());

// Replaces the draft; publishes it.
async function put(rules) {
  const etag = (await site.call(admin, 'GET', '/api/v1/programme')).headers.get('etag');
  return site.call(admin, 'PUT', '/api/v1/programme/draft', rules, { 'if-match': etag });
}
const publish = (draft) => site.call(admin, 'POST', '/api/v1/programme/publish', {},
  { 'idempotency-key': crypto.randomUUID(), 'if-match': draft.headers.get('etag') });

async function sell(phone, amount, changes = {}) {
  const body = order({ customer: { phone, locale: 'en' }, total: amount, lines: [{ line_id: '1', sku: 'ESP-1', amount }], ...changes });
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
  assert.equal(Number(first.missing), 6000);
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

test('A7 a card that takes the place of a lost one goes back to the design of the lost one', async () => {
  const phone = freshPhone();
  await sell(phone, 1);
  const risen = await sell(phone, 999999);
  const operator = site.key(['operator']);
  const replaced = await site.call(operator, 'POST', `/api/v1/cards/${risen.card.number}/replace`, { reason: 'stolen', compromised: true }, { 'idempotency-key': crypto.randomUUID() });
  assert.equal(replaced.status, 200, replaced.text);
  const { number, template } = replaced.json.card ?? replaced.json;
  assert.equal(template, 'vip');
  const back = await site.call(shop, 'POST', `/api/v1/orders/${risen.body.order_id}/refunds?source=web`, { refund_id: 'R-1', amount: 999999 });
  assert.equal(back.status, 201, back.text);
  assert.equal((await site.call(shop, 'GET', `/api/v1/cards/${number}`)).json.template, 'points');
});

test('E5 first visit, single purchase, repeat, regular: each order moves on, a refund of one back', async () => {
  const phone = freshPhone();
  const made = await site.call(shop, 'POST', '/api/v1/cards', { customer: { phone } }, { 'idempotency-key': crypto.randomUUID() });
  const { id } = made.json.card.member;
  const stage = async () => (await site.call(shop, 'GET', `/api/v1/members/${id}`)).json.lifecycle;
  assert.equal(await stage(), 'first_visit');
  const seen = [];
  const ids = [];
  for (const days of [9, 6, 3]) {
    const paid_at = new Date(Date.now() - days * 86_400_000).toISOString();
    const { points, body } = await sell(phone, 100000, { paid_at });
    seen.push([await stage(), points.earned]);
    ids.push(body.order_id);
  }
  assert.deepEqual(seen, [['single', 30], ['repeat', 130], ['regular', 30]], 'rules see the stage before the order');
  for (const expected of ['repeat', 'single', 'first_visit']) {
    const back = await site.call(shop, 'POST', `/api/v1/orders/${ids.pop()}/refunds?source=web`, { refund_id: 'R-1', amount: 100000 });
    assert.equal(back.status, 201, back.text);
    assert.equal(await stage(), expected);
  }
});

test('A7 a level cannot have a design of another kind than the cards, and every way to publish says where', async () => {
  const levels = [rules.tiers.levels[0], { ...rules.tiers.levels[1], template: 'coupon' }];
  const wrong = { ...rules, tiers: { ...rules.tiers, levels } };
  const pointer = '/tiers/levels/1/template';
  const draft = await put(wrong);
  const linted = await site.call(admin, 'POST', '/api/v1/programme/lint');
  for (const { json } of [draft, linted]) {
    assert.equal(json.publishable, false);
    const [found] = json.findings.filter((one) => one.level === 'error');
    assert.deepEqual([found.id, found.pointer], ['other_kind', pointer]);
    assert.match(found.cause, /kind coupon.* kind loyalty/);
  }
  const refused = await publish(draft);
  assert.equal(refused.status, 422, refused.text);
  assert.deepEqual(refused.json.errors.map((one) => `${one.code} ${one.pointer}`), [`other_kind ${pointer}`]);
  const file = join(site.temporary, 'wrong.json');
  writeFileSync(file, JSON.stringify(wrong));
  const applied = passmint(['programme', 'apply', file, '--config', site.config]);
  assert.equal(applied.status, 1);
  assert.match(applied.stderr, /\/tiers\/levels\/1\/template: .*kind coupon/);
});

test('G14 where levels go by orders, the answers and the pass count the orders that are missing', async () => {
  const levels = [{ name: 'start', from: 0 }, { name: 'vip', from: 3, template: 'vip' }];
  assert.equal((await publish(await put({ tiers: { metric: 'orders', levels } }))).status, 200);
  const phone = freshPhone();
  const { card: { links }, tier } = await sell(phone, 100000);
  assert.deepEqual(tier.next, { name: 'vip', missing_orders: 2 });
  const first = shown(await passOf(links));
  assert.deepEqual([first.next_name, Number(first.missing_count), first.missing], ['vip', 2, undefined]);
  await sell(phone, 100000);
  assert.equal(Number(shown(await passOf(links)).missing_count), 1);
  await sell(phone, 100000);
  assert.equal(shown(await passOf(links)).missing_count, undefined, 'nothing is missing on the highest level');
});
