// Birthdays and holidays with the real service, which was down for days: its store is put back by as many
// while it does not run. The ids in names are those of the capabilities that a test shows.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Site, freshPhone, until } from '../../support/site.mjs';

const DAY = 86_400_000;
// The day that it was in Moscow, "2026-11-21".
const dayOf = (time) => new Date(time).toLocaleDateString('sv-SE', { timeZone: 'Europe/Moscow' });
const yesterday = dayOf(Date.now() - DAY);

let site, shop, admin;
before(async () => {
  site = await Site.create({ settings: (text) => text.replace(/^templates = \[[^\]]*\]/m, 'templates = ["templates/points"]') });
  [shop, admin] = [site.key(['shop']), site.key(['admin'])];
  await site.start();
});
after(() => site?.remove());

const keyed = (headers) => ({ 'idempotency-key': crypto.randomUUID(), ...headers });
async function customer(facts = {}) {
  const made = await site.call(shop, 'POST', '/api/v1/cards', { customer: { phone: freshPhone(), ...facts } }, keyed());
  assert.equal(made.status, 201, made.text);
  return made.json.card.member.id;
}
const available = async (id) => (await site.call(shop, 'GET', `/api/v1/members/${id}`)).json.points.available;
const entries = async (id) => (await site.call(shop, 'GET', `/api/v1/members/${id}/statement`)).json.items;

// Everything so far happened three days earlier.
function putBack() {
  const micros = 3 * DAY * 1000;
  const sql = `UPDATE rule_set SET effective_from = effective_from - ${micros}, published_at = published_at - ${micros};
    UPDATE member SET created_at = created_at - ${micros};`;
  const done = spawnSync('sqlite3', [join(site.folder, 'passmint.db'), sql], { encoding: 'utf8' });
  assert.equal(done.status, 0, done.stderr);
}

test('A2 B27 a birthday and a holiday of days when the service was down are given when it is back, once each', async () => {
  const etag = (await site.call(admin, 'GET', '/api/v1/programme')).headers.get('etag');
  const rules = {
    earn: [{ id: 'base', ppm: 50000 }],
    calendar: {
      hour: 3, holidays: [{ id: 'city_day', date: yesterday.slice(5) }],
      grants: [
        { id: 'birthday', on: 'birthday', points: 300, expires: { after: 'P14D' } },
        { id: 'city', on: 'city_day', points: 50, activate_after: 'P2D' },
      ],
    },
  };
  const draft = await site.call(admin, 'PUT', '/api/v1/programme/draft', rules, { 'if-match': etag });
  assert.equal(draft.json.publishable, true, draft.text);
  const published = await site.call(admin, 'POST', '/api/v1/programme/publish', {}, keyed({ 'if-match': draft.headers.get('etag') }));
  assert.equal(published.status, 200, published.text);
  const born = await customer({ birthday: `1990-${yesterday.slice(5) === '02-29' ? '02-28' : yesterday.slice(5)}` });
  const other = await customer({ birthday: '1990-07-19' === `1990-${yesterday.slice(5)}` ? '1990-07-01' : '1990-07-19' });
  await site.stop();
  putBack();
  for (let start = 0; start < 2; ++start) {
    await site.start();
    await until('the birthday was given', async () => (await available(born)) === 300);
    await until('the holiday was given', async () => (await entries(other)).length === 1);
    await site.stop('SIGKILL');
  }
  await site.start();
  const [year] = yesterday.split('-');
  const mine = await entries(born);
  assert.deepEqual(
    mine.map((one) => [one.type, one.document.type, one.document.id, one.document.name, one.actor]).sort(),
    [['earn', 'occasion', 'birthday', `birthday of ${year}`, 'system'], ['earn', 'occasion', 'city', `city of ${year}`, 'system']],
  );
  const why = await site.call(admin, 'GET', `/api/v1/entries/${mine.find((one) => one.document.id === 'birthday').id}/explain`);
  assert.deepEqual([why.json.agrees, why.json.rules[0].rule, why.json.rules[0].points], [true, 'birthday', 300], why.text);
  const { points } = (await site.call(shop, 'GET', `/api/v1/members/${other}`)).json;
  assert.deepEqual([points.available, points.pending], [0, 50]);
});

test('the zone of a member is one that there is', async () => {
  const id = await customer({ time_zone: 'Asia/Vladivostok' });
  assert.equal((await site.call(shop, 'GET', `/api/v1/members/${id}`)).json.time_zone, 'Asia/Vladivostok');
  const wrong = await site.call(shop, 'POST', '/api/v1/cards', { customer: { phone: freshPhone(), time_zone: 'Europe/Springfield' } }, keyed());
  assert.deepEqual([wrong.status, wrong.json.errors[0].code, wrong.json.errors[0].pointer], [422, 'invalid_time_zone', '/customer/time_zone']);
});
