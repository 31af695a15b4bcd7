// Cases of the ledger's table of edge cases that are about the world around the ledger: currencies,
// time zones, phone numbers, staff. The numbers in the names are the table's.

import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Site, freshPhone, must, order, passmint, root, run } from '../../support/site.mjs';

const sites = [];
after(async () => { for (const site of sites) await site.remove(); });

async function serve(change) {
  const site = await Site.create({
    settings: (text) => change(text.replace(/^templates = \[[^\]]*\]/m, 'templates = ["templates/points"]')) });
  sites.push(site);
  await site.start();
  return site;
}
const keyed = () => ({ 'idempotency-key': crypto.randomUUID() });
const inProgramme = (text, line) => text.replace(/^\[\[programme\]\]\n/m, `[[programme]]\n${line}\n`);
const today = (zone) => new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(new Date());

// ------------------------------------------------------------------------------------ currencies

for (const [currency, minor, printed] of [['JPY', 1999, 'JPY'], ['RUB', 199900, 'RUB'], ['KWD', 1999000, 'KWD']]) {
  test(`edge 19 a price of 1999 earns the same in ${printed}, whose smallest unit is its own`, async () => {
    const site = await serve((text) => text.replace(/^currency = .*$/m, `currency = "${currency}"`));
    const [shop, admin] = [site.key(['shop']), site.key(['admin'])];
    const unit = minor / 1999;
    const rules = { format: 1, points: { exponent: 0, value: { points: 1, minor: unit } }, earn: [{ id: 'base', kind: 'percent', ppm: 50000 }] };
    const etag = (await site.call(admin, 'GET', '/api/v1/programme')).headers.get('etag');
    const drafted = await site.call(admin, 'PUT', '/api/v1/programme/draft', rules, { 'if-match': etag });
    assert.equal(drafted.status, 200, drafted.text);
    const published = await site.call(admin, 'POST', '/api/v1/programme/publish', {}, { ...keyed(), 'if-match': drafted.headers.get('etag') });
    assert.equal(published.status, 200, published.text);
    const sale = { currency, total: minor, lines: [{ line_id: '1', sku: 'X', quantity: 1, amount: minor }] };
    const first = await site.call(shop, 'POST', '/api/v1/orders', order(sale));
    assert.equal(first.status, 201, first.text);
    assert.equal(first.json.points.earned, 99, '5 % of 1999, whole points');
    const spent = await site.call(shop, 'POST', '/api/v1/orders', order({ ...sale, customer: undefined, card_number: first.json.card.number, lines: [{ ...sale.lines[0], points: 99 }] }));
    assert.equal(spent.status, 201, spent.text);
    assert.equal(spent.json.points.spent, 99);
    assert.equal(spent.json.points.earned, 95, '5 % of the 1900 that money paid');
    const other = await site.call(shop, 'POST', '/api/v1/orders', order({ ...sale, currency: 'EUR' }));
    assert.equal(other.status, 422);
    assert.deepEqual(other.json.errors.map(({ code, pointer }) => `${code} ${pointer}`), ['wrong_currency /currency']);
    assert.match(must(['ledger', 'verify', '--config', site.config]), /\S/);
  });
}

// ------------------------------------------------------------------------------------ time zones

const release = (site) => must(['ledger', 'export', '--config', site.config]).trim().split('\n').map((row) => JSON.parse(row).entry)
  .filter((entry) => entry.type === 'time_zone_rules').map(({ document }) => [document.parent, document.id]);

test('edge 28 new rules of a time zone leave stored instants alone, govern what comes, and stand in the journal', async () => {
  const site = await serve((text) => text.replace(/^time_zone = .*$/m, 'time_zone = "Europe/Moscow"'));
  const [shop, admin] = [site.key(['shop']), site.key(['admin'])];
  const rules = { format: 1, earn: [{ id: 'base', kind: 'percent', ppm: 50000, expires: { after: 'P12M', round_to: 'year' } }] };
  const etag = (await site.call(admin, 'GET', '/api/v1/programme')).headers.get('etag');
  const drafted = await site.call(admin, 'PUT', '/api/v1/programme/draft', rules, { 'if-match': etag });
  assert.equal((await site.call(admin, 'POST', '/api/v1/programme/publish', {}, { ...keyed(), 'if-match': drafted.headers.get('etag') })).status, 200);
  const expiry = async (id) => (await site.call(shop, 'GET', `/api/v1/members/${id}/wallet`)).json.next_expiry.at;
  const buy = async () => {
    const sold = await site.call(shop, 'POST', '/api/v1/orders', order());
    assert.equal(sold.status, 201, sold.text);
    return sold.json.member.id;
  };
  const before = await buy();
  const ends = await expiry(before);
  assert.match(ends, /-12-31T21:00:00(\.0+)?Z$/, 'midnight at UTC+3');
  assert.deepEqual(release(site), [], 'nothing has changed yet');
  await site.stop();

  // Tomorrow's tzdata: Moscow goes to UTC+5.
  const zones = join(site.temporary, 'zoneinfo');
  cpSync('/usr/share/zoneinfo', zones, { recursive: true, verbatimSymlinks: true });
  writeFileSync(join(site.temporary, 'moscow'), 'Zone Europe/Moscow 5:00 - +05\n');
  const compiled = run('/usr/sbin/zic', ['-d', zones, join(site.temporary, 'moscow')]);
  assert.equal(compiled.status, 0, compiled.stderr);
  const list = readFileSync(join(zones, 'tzdata.zi'), 'utf8');
  writeFileSync(join(zones, 'tzdata.zi'), list.replace(/^# version .*/, '# version 2099z'));
  writeFileSync(join(zones, '+VERSION'), '2099z\n');
  const shim = join(site.temporary, 'other_zones.so');
  const built = run('cc', ['-shared', '-fPIC', '-o', shim, join(root, 'tests/functional/api/other_zones.c'), '-ldl']);
  assert.equal(built.status, 0, built.stderr);
  Object.assign(process.env, { LD_PRELOAD: shim, OTHER_ZONES: zones });
  try {
    await site.start();
  } finally {
    delete process.env.LD_PRELOAD;
  }
  assert.equal(await expiry(before), ends, 'what was promised stays');
  assert.match(await expiry(await buy()), /-12-31T19:00:00(\.0+)?Z$/, 'midnight at UTC+5');
  const changed = release(site);
  assert.equal(changed.length, 1);
  const [installed, later] = changed[0];
  assert.match(installed, /^\d{4}[a-z]$/);
  assert.equal(later, '2099z');
  await site.stop();
  await site.start();
  assert.deepEqual(release(site), [[installed, '2099z'], ['2099z', installed]], 'and back, each change once');
  assert.match(must(['ledger', 'verify', '--config', site.config]), /\S/);
});

// ----------------------------------------------------------------------------- numbers and people

test('edge 36 a phone number that went to another person is detached from the old member, not merged', async () => {
  const site = await serve((text) => text);
  const [shop, desk] = [site.key(['shop'], 'web'), site.key(['operator'], 'desk')];
  const phone = freshPhone();
  const old = (await site.call(shop, 'POST', '/api/v1/orders', order({ customer: { phone, name: 'Old Holder' } }))).json;
  const made = (await site.call(shop, 'POST', '/api/v1/cards', { customer: { email: 'new@example.com', name: 'New Holder' } }, keyed())).json.card;
  const patch = (key, body) => site.call(key, 'PATCH', `/api/v1/members/${made.member.id}`, body);
  assert.equal((await patch(desk, { phone })).json.type, 'urn:passmint:identity_taken', 'not by itself');
  assert.equal((await patch(shop, { phone, identity_reassigned: true })).status, 403, 'not by a till');
  assert.equal((await site.call(shop, 'GET', `/api/v1/members/${old.member.id}`)).json.phone, phone, 'and nothing changed');
  const moved = await patch(desk, { phone, identity_reassigned: true });
  assert.equal(moved.status, 200, moved.text);
  assert.equal(moved.json.phone, phone);
  assert.equal((await patch(desk, { phone, identity_reassigned: true })).status, 200, 'again changes nothing');

  const before = (await site.call(shop, 'GET', `/api/v1/members/${old.member.id}`)).json;
  assert.equal(before.phone, null);
  assert.equal(before.name, 'Old Holder');
  assert.equal(before.points.available, 99, 'the points stay with whom they belong to');
  assert.deepEqual(before.cards.map(({ number }) => number), [old.card.number], 'and so does the card');
  const next = (await site.call(shop, 'POST', '/api/v1/orders', order({ customer: { phone } }))).json;
  assert.equal(next.member.id, made.member.id, 'who buys by that number now is the new holder');
  assert.equal((await site.call(shop, 'GET', `/api/v1/members/${old.member.id}`)).json.points.available, 99);
  const byCard = await site.call(shop, 'POST', '/api/v1/orders', order({ customer: undefined, card_number: old.card.number }));
  assert.equal(byCard.json.member.id, old.member.id, 'the old holder still buys by card');
});

test('edge 43 staff give nothing to their own card and no more than the limit a day, and a report says who gave what', async () => {
  const site = await serve((text) => inProgramme(text, 'given_per_day = 500'));
  const shop = site.key(['shop'], 'web');
  const made = async (name) => (await site.call(shop, 'POST', '/api/v1/cards', { customer: { phone: freshPhone(), name } }, keyed())).json.card;
  const [own, guest] = [await made('Clerk'), await made('Guest')];
  const key = (role, ...more) => must(['key', 'create', '--config', site.config, '--name', `${role} key`, '--role', role, ...more]).trim();
  const clerk = key('operator', '--member', own.member.id);
  const boss = key('admin', '--member', own.member.id);
  const wrong = passmint(['key', 'create', '--config', site.config, '--name', 'x', '--role', 'operator', '--member', 'm_none']);
  assert.notEqual(wrong.status, 0);
  assert.match(wrong.stderr, /there is no member "m_none"/);

  const give = (by, number, points, headers = keyed()) => site.call(by, 'POST', '/api/v1/adjustments', { card_number: number, points, reason: 'test' }, headers);
  const refused = await give(clerk, own.number, 10);
  assert.equal(refused.status, 403, refused.text);
  assert.equal(refused.json.type, 'urn:passmint:own_card');
  const moved = await site.call(clerk, 'POST', '/api/v1/transfers', { from: { card_number: guest.number }, to: { card_number: own.number }, points: 1, reason: 'test' }, keyed());
  assert.equal(moved.json.type, 'urn:passmint:own_card', moved.text);
  const headers = keyed();
  assert.equal((await give(clerk, guest.number, 400, headers)).status, 201);
  assert.equal((await give(clerk, guest.number, 400, headers)).status, 201, 'the same call again counts once');
  const over = await give(clerk, guest.number, 101);
  assert.equal(over.status, 409);
  assert.equal(over.json.type, 'urn:passmint:daily_limit');
  assert.match(over.json.detail, /more than 500 points today/);
  assert.equal((await give(clerk, guest.number, 100)).status, 201);
  assert.equal((await give(clerk, guest.number, -50)).status, 201, 'taking has no such limit');
  assert.equal((await give(boss, own.number, 1000)).status, 201, 'whom the role allows it may');
  assert.equal((await site.call(shop, 'GET', `/api/v1/cards/${guest.number}`)).json.points.available, 450);
  assert.equal((await site.call(shop, 'GET', `/api/v1/cards/${own.number}`)).json.points.available, 1000);

  // Another person's card becomes the clerk's by a merge: still the clerk's own.
  const twin = await made('Clerk, twin');
  assert.equal((await site.call(boss, 'POST', `/api/v1/members/${twin.member.id}/merge`, { member_id: own.member.id, reason: 'one person' }, keyed())).status, 200);
  assert.equal((await give(clerk, twin.number, 1)).json.type, 'urn:passmint:own_card');

  // Nor by other ways: another's points by a merge, a rate of their own, an organisation's account.
  await site.call(boss, 'PUT', '/api/v1/organisations/acme', { name: 'Acme' });
  const ways = [
    ['POST', `/api/v1/members/${twin.member.id}/merge`, { member_id: guest.member.id, reason: 'one person' }],
    ['POST', `/api/v1/members/${guest.member.id}/merge`, { member_id: own.member.id, reason: 'one person' }],
    ['PUT', `/api/v1/cards/${own.number}/rate`, { rate_ppm: 1000000, reason: 'me' }],
    ['PUT', `/api/v1/organisations/acme/members/${own.member.id}`, { role: 'user' }],
  ];
  for (const [method, path, body] of ways) {
    const tried = await site.call(clerk, method, path, body, keyed());
    assert.deepEqual([tried.status, tried.json?.type], [403, 'urn:passmint:own_card'], `${method} ${path} ${tried.text}`);
  }
  const rated = await site.call(clerk, 'PUT', `/api/v1/cards/${guest.number}/rate`, { rate_ppm: 100000, reason: 'contract' }, keyed());
  assert.equal(rated.status, 200, rated.text);

  const zone = /^time_zone = "(.*)"$/m.exec(readFileSync(site.config, 'utf8'))[1];
  const day = today(zone);
  const report = await site.call(boss, 'GET', `/api/v1/reports/adjustments?from=${day}&to=${day}`);
  assert.equal(report.status, 200, report.text);
  assert.deepEqual(report.json, { given_per_day: 500, items: [
    { day, actor: 'admin key', given: 1000, taken: 0, adjustments: 1 },
    { day, actor: 'operator key', given: 500, taken: 50, adjustments: 3 },
  ] });
  assert.equal((await site.call(shop, 'GET', `/api/v1/reports/adjustments?from=${day}&to=${day}`)).status, 403);
  const bad = await site.call(boss, 'GET', '/api/v1/reports/adjustments?from=2026-02-30');
  assert.deepEqual(bad.json.errors.map(({ code, pointer }) => `${code} ${pointer}`), ['invalid_date #query/from', 'required #query/to']);
});
