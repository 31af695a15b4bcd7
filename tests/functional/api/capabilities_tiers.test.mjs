// Levels as cards show them: each test has the id of the capability that it shows and does the check that the list of
// capabilities asks for. Amounts are kopecks.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { freshPhone, order, until } from '../../support/site.mjs';
import { site, shop, card, codes, customer, keyed, member, operator, statement } from '../../support/points_site.mjs';
import { admin, base, bought, draft, publish, quote, sell, send } from '../../support/rules_site.mjs';

const levels = (more = {}) => ({
  earn: [{ id: 'level', kind: 'percent', rate: 'tier' }],
  tiers: { down: 'strict', levels: [{ name: 'start', from: 0, ppm: 30000 }, { name: 'gold', from: 1000000, ppm: 100000 }], ...more },
});
const refund = (id, body) => site.call(shop, 'POST', `/api/v1/orders/${id}/refunds?source=web`, body);

const sql = (text) => {
  const done = spawnSync('sqlite3', [join(site.folder, 'passmint.db'), text], { encoding: 'utf8' });
  assert.equal(done.status, 0, done.stderr);
  return done.stdout.trim();
};
const revision = (number) => Number(sql(`SELECT revision FROM card WHERE number = '${number}'`));

const changes = async (id) => (await statement(id)).json.items.filter((entry) => entry.type === 'tier_change');

test('D17 the sum of purchases changes the percent on the card by itself, at the kopeck that reaches it', async () => {
  await publish(levels());
  const phone = freshPhone();
  const { member: { id }, card: { number } } = await sell(bought(phone, 999999));
  assert.equal((await card(number)).json.tier.rate_ppm, 30000);
  assert.deepEqual(await changes(id), []);
  const before = revision(number);
  const body = order(bought(phone, 1));
  assert.equal((await send(body)).status, 201);
  const { tier } = (await card(number)).json;
  assert.deepEqual([tier.name, tier.rate_ppm, tier.next], ['gold', 100000, null]);
  assert.ok(revision(number) > before, 'phones are told');
  const [change, ...more] = await changes(id);
  assert.equal(more.length, 0);
  assert.deepEqual([change.comment, change.document.id, change.amount], ['from start to gold', body.order_id, 0]);
  // The same order again changes nothing.
  const at = revision(number);
  assert.equal((await send(body)).status, 200);
  assert.equal(revision(number), at);
  assert.equal((await changes(id)).length, 1);
});

test('D17 a refund takes back the percent that it had paid for', async () => {
  await publish(levels());
  const body = order(bought(freshPhone(), 1000000));
  const { member: { id }, card: { number } } = (await send(body)).json;
  assert.equal((await card(number)).json.tier.name, 'gold');
  assert.equal((await refund(body.order_id, { refund_id: 'R-1', amount: 1 })).status, 201);
  assert.equal((await card(number)).json.tier.rate_ppm, 30000);
  assert.deepEqual((await changes(id)).map((one) => one.comment), ['from gold to start', 'from start to gold']);
});

test('D17 levels that are published later are given to everybody, and phones are told', async () => {
  await publish({ earn: [base] });
  const { member: { id }, card: { number } } = await sell(bought(freshPhone(), 1000000));
  const before = revision(number);
  await publish(levels());
  await until('the level is on the card', async () => (await changes(id)).length === 1, 60_000);
  assert.ok(revision(number) > before);
  assert.equal((await changes(id))[0].actor, 'system');
});

test('G5 level and percent follow from what was bought: nobody writes them', async () => {
  await publish(levels());
  const { id } = await customer();
  for (const name of ['tier', 'percent', 'rate_ppm', 'lifecycle']) {
    const answer = await site.call(operator, 'PATCH', `/api/v1/members/${id}`, { [name]: 'gold' });
    assert.equal(answer.status, 422, answer.text);
    assert.match(codes(answer)[0], new RegExp(` /${name}$`));
  }
  assert.equal((await member(id)).json.tier.name, 'start');
});

test('A level cannot show a template that was not published, and says where', async () => {
  const rules = levels();
  rules.tiers.levels[1].template = 'nowhere';
  const { headers } = await draft(rules);
  const refused = await site.call(admin(), 'POST', '/api/v1/programme/publish', {}, keyed({ 'if-match': headers.get('etag') }));
  assert.equal(refused.status, 422, refused.text);
  assert.deepEqual(codes(refused), ['unknown_template /tiers/levels/1/template']);
});

test('G14 a quote and the order that follows say the same of what is missing', async () => {
  await publish(levels());
  const phone = freshPhone();
  await sell(bought(phone, 400000));
  const asked = (await quote(order(bought(phone, 100)))).json.tier;
  assert.deepEqual([asked.name, asked.next], ['start', { name: 'gold', missing_minor: 600000 }]);
});
