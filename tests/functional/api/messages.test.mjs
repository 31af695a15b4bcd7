// What a programme tells its members by itself, with the real service: the store is put back by days while it does not
// run. The ids in names are those of the capabilities that a test shows.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Site, freshPhone, order, until } from '../../support/site.mjs';

const DAY = 86_400_000;
const rules = {
  earn: [{ id: 'base', ppm: 50000 }],
  calendar: { hour: 0 },
  messages: [{ id: 'idle', about: 'unspent', time: 'P10D', text: { en: '{points} points wait', ru: 'Ждут баллы: {points}' } }],
};

let site, shop, admin;
before(async () => {
  site = await Site.create({ settings: (text) => text.replace(/^templates = \[[^\]]*\]/m, 'templates = ["templates/points"]') });
  const file = join(site.folder, 'templates/points/template.json');
  const template = JSON.parse(readFileSync(file, 'utf8'));
  template.fields.back.unshift({ key: 'news', label: 'News', value: '{{attributes.reminder}}', change: '%@' });
  writeFileSync(file, JSON.stringify(template));
  [shop, admin] = [site.key(['shop']), site.key(['admin'])];
  await site.start();
});
after(() => site?.remove());

const keyed = (headers) => ({ 'idempotency-key': crypto.randomUUID(), ...headers });

// Everything so far happened so many days earlier.
function putBack(days) {
  const micros = days * DAY * 1000;
  const sql = `UPDATE rule_set SET effective_from = effective_from - ${micros}, published_at = published_at - ${micros};
    UPDATE member SET created_at = created_at - ${micros};
    UPDATE setting SET value = json_set(value, '$.due', json_extract(value, '$.due') - ${micros}) WHERE name = 'reminders.demo';`;
  const done = spawnSync('sqlite3', [join(site.folder, 'passmint.db'), sql], { encoding: 'utf8' });
  assert.equal(done.status, 0, done.stderr);
}

async function passOf(links) {
  const bundle = await fetch(links.apple);
  assert.equal(bundle.status, 200);
  const file = join(site.temporary, 'one.pkpass');
  writeFileSync(file, Buffer.from(await bundle.arrayBuffer()));
  return JSON.parse(spawnSync('unzip', ['-p', file, 'pass.json'], { encoding: 'utf8' }).stdout);
}
const news = (pass) => JSON.stringify(pass.storeCard.backFields);

test('F6 points that lie idle are talked of on the card, once, in the language of the member', async () => {
  const etag = (await site.call(admin, 'GET', '/api/v1/programme')).headers.get('etag');
  const draft = await site.call(admin, 'PUT', '/api/v1/programme/draft', { ...rules, messages: [{ ...rules.messages[0], time: 'P0D' }] }, { 'if-match': etag });
  assert.equal(draft.json.publishable, true, draft.text);
  const sold = await site.call(shop, 'POST', '/api/v1/orders', order({ customer: { phone: freshPhone(), locale: 'ru' } }));
  assert.equal(sold.status, 201, sold.text);
  const { links, number } = sold.json.card;
  assert.doesNotMatch(news(await passOf(links)), /Ждут/);
  const revision = async () => Number(spawnSync('sqlite3', [join(site.folder, 'passmint.db'), `SELECT revision FROM card WHERE number = '${number}'`], { encoding: 'utf8' }).stdout);
  const soldAt = await revision();
  const published = await site.call(admin, 'POST', '/api/v1/programme/publish', {}, keyed({ 'if-match': draft.headers.get('etag') }));
  assert.equal(published.status, 200, published.text);
  await until('the card has changed', async () => await revision() > soldAt, 60_000);
  const shown = await passOf(links);
  assert.match(JSON.stringify(shown), /Ждут баллы: 99/);
  const field = shown.storeCard.backFields.find((one) => one.key === 'news');
  assert.equal(field.changeMessage, '%@');
  // The next day finds it told; who buys again is told again.
  const before = await revision();
  for (let restart = 0; restart < 2; ++restart) {
    await site.stop();
    putBack(1);
    await site.start();
    await until('the day was looked at', async () => {
      const sql = "SELECT json_extract(value, '$.done') FROM setting WHERE name = 'reminders.demo' AND json_extract(value, '$.due') > (strftime('%s', 'now') - 86400) * 1000000";
      return spawnSync('sqlite3', [join(site.folder, 'passmint.db'), sql], { encoding: 'utf8' }).stdout.trim() === '1';
    }, 60_000);
  }
  assert.equal(await revision(), before);
});
