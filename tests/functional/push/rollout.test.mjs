// A new design reaches phones at the pace, to the share of cards and for as long as people want.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Site, must, order, passmint, until } from '../../support/site.mjs';
import { open } from '../../support/device.mjs';
import { FakeApns } from './fake_apns.mjs';

const ROLLOUT = '/api/v1/templates/points/rollout';
let folder, apns, site, admin, shop;
const phones = [];

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'passmint-rollout-'));
  apns = await new FakeApns(folder).start();
  // Phones of a simulation may be pushed again after moments.
  const pushes = `[apns]\nurl = "${apns.url}"\nca_file = "${apns.certificate.file}"\ntime_lapse = 100000\n\n`;
  site = await Site.create({
    settings: (text) => text.replace(/^\[apns\][^[]*/m, '').replace('[[programme]]', `${pushes}[[programme]]`)
      .replace(/^templates = \[[^\]]*\]/m, 'templates = ["templates/points"]'),
  });
  admin = site.key(['admin']);
  shop = site.key(['shop']);
  await site.start();
  for (let n = 0; n < 12; ++n) phones.push(await phone());
});

after(async () => {
  await site?.remove();
  await apns?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A phone that has registered for a new customer's card: {token, fetch}. */
async function phone() {
  const made = await site.call(shop, 'POST', '/api/v1/orders', order());
  const bundle = await fetch(made.json.card.links.apple);
  const { pass } = open(Buffer.from(await bundle.arrayBuffer()));
  const authorization = `ApplePass ${pass.authenticationToken}`;
  const token = randomBytes(32).toString('hex');
  const registered = await fetch(
    `${site.url}/apple/v1/devices/${token.slice(0, 32)}/registrations/${pass.passTypeIdentifier}/${pass.serialNumber}`,
    { method: 'POST', headers: { authorization, 'content-type': 'application/json' }, body: JSON.stringify({ pushToken: token }) });
  assert.equal(registered.status, 201);
  const seen = { at: bundle.headers.get('last-modified') };
  return {
    token,
    /** Asks what has changed; whether the pass has since it was fetched last. */
    changed: async () => {
      await fetch(`${site.url}/apple/v1/devices/${token.slice(0, 32)}/registrations/${pass.passTypeIdentifier}`);
      const answer = await fetch(`${site.url}/apple/v1/passes/${pass.passTypeIdentifier}/${pass.serialNumber}`,
        { headers: { authorization, 'if-modified-since': seen.at } });
      if (answer.status === 200) seen.at = answer.headers.get('last-modified');
      await answer.arrayBuffer();
      return answer.status === 200;
    },
  };
}

/** What was sent again for an earlier design has arrived. */
async function silence() {
  let heard;
  await until('APNs hears nothing for a while', async () => {
    const before = heard;
    heard = apns.pushes.length;
    await seconds(0.3);
    return before === heard && heard === apns.pushes.length;
  });
}

let shade = 16;
/** Publishes the template in another colour; nobody has been pushed for it before. */
async function publish(options) {
  const draft = await site.call(admin, 'GET', '/api/v1/templates/points/draft');
  shade += 1;
  draft.json.template.colors.background = `#1010${shade.toString(16)}`;
  const put = await site.call(admin, 'PUT', '/api/v1/templates/points/draft', draft.json, { 'if-match': draft.headers.get('etag') });
  assert.equal(put.status, 200, put.text);
  await silence();
  apns.pushes.length = 0;
  const published = await site.call(admin, 'POST', '/api/v1/templates/points/publish', options, { 'if-match': put.headers.get('etag') });
  assert.equal(published.status, 200, published.text);
}
const rollout = async () => (await site.call(admin, 'GET', ROLLOUT)).json;
const steer = (what, body) => site.call(admin, 'POST', `${ROLLOUT}/${what}`, body);
const command = (...args) => must(['template', 'rollout', 'points', ...args, '--config', site.config]);
const ended = () => until('the rollout is done', async () => {
  const now = await rollout();
  return now.state === 'done' && now;
});
const pushed = () => phones.filter((one) => apns.to(one.token).length > 0);
const allPushed = () => until('every phone is pushed', () => pushed().length === phones.length);
const seconds = (n) => new Promise((resolve) => setTimeout(resolve, n * 1000));

test('before anything was published a second time there is nothing to say', async () => {
  assert.equal((await site.call(admin, 'GET', ROLLOUT)).status, 404);
  assert.equal((await steer('pause')).status, 404);
  const asked = passmint(['template', 'rollout', 'points', '--config', site.config]);
  assert.equal(asked.status, 1);
  assert.match(asked.stderr, /no phones are or were told/);
});

test('phones are told at the pace of the publication, and progress counts', async () => {
  await publish({ per_second: 5 });
  const start = performance.now();
  const begun = await rollout();
  assert.deepEqual([begun.state, begun.percent, begun.per_second], ['running', 100, 5]);
  await until('the first are told', async () => (await rollout()).told > 0);
  assert.ok((await rollout()).told <= 5);
  const done = await ended();
  assert.deepEqual([done.seen, done.told], [12, 12]);
  // 5, 5 and 2 cards: two seconds lie between.
  assert.ok(performance.now() - start > 1900, `${performance.now() - start} ms`);
  await allPushed();
  for (const one of phones) assert.ok(await one.changed());
});

test('a pause stops it, from here and from the command line, and it goes on where it was', async () => {
  await publish({ per_second: 1 });
  await until('somebody is told', async () => (await rollout()).told > 0);
  const paused = await steer('pause');
  assert.equal(paused.json.state, 'paused');
  await seconds(1.6);
  assert.equal((await rollout()).told, paused.json.told);
  assert.ok(pushed().length <= paused.json.told);
  assert.match(command('resume'), /points version 3 for 100 % of the cards: running/);
  await until('it goes on', async () => (await rollout()).told > paused.json.told);
  assert.match(command('pause'), /paused/);
  assert.equal((await rollout()).state, 'paused');
  assert.match(command('resume', '--per-second', '400'), /running, \d+ cards seen, \d+ told, 400 a second/);
  const done = await ended();
  assert.deepEqual([done.seen, done.told, done.per_second], [12, 12, 400]);
  await allPushed();
});

test('another pace counts at once', async () => {
  await publish({ per_second: 1 });
  const paced = await steer('pace', { per_second: 500 });
  assert.equal(paced.json.per_second, 500);
  assert.equal((await steer('pace', { per_second: 0 })).status, 422);
  assert.equal((await steer('pace', { per_second: 501 })).status, 422);
  await ended();
  assert.equal((await steer('pace', { per_second: 5 })).json.type, 'urn:passmint:rollout_ended');
});

test('what is cancelled stays so; the phones not told see the design by themselves', async () => {
  await publish({ per_second: 1 });
  assert.match(command('cancel'), /cancelled/);
  const cancelled = await rollout();
  await seconds(1.2);
  assert.equal((await rollout()).told, cancelled.told);
  assert.equal((await steer('resume')).json.type, 'urn:passmint:rollout_ended');
  assert.equal((await steer('cancel')).status, 200, 'the same again is no mistake');
  for (const one of phones) assert.ok(await one.changed());
});

test('only phones of the canary are pushed', async () => {
  await publish({ percent: 40 });
  const done = await ended();
  assert.equal(done.seen, 12);
  await until('those are pushed', () => pushed().length === done.told);
  await seconds(0.3);
  const told = new Set(pushed());
  assert.equal(told.size, done.told);
  for (const one of phones) assert.equal(await one.changed(), told.has(one), 'pushed, if and only if its card is different');
});

test('the newest publication takes over, and whom the one before had not told is not forgotten', async () => {
  await publish({ percent: 100, per_second: 1 });
  await until('somebody is told', async () => (await rollout()).told > 0);
  await publish({ percent: 1, per_second: 500 });
  const done = await ended();
  assert.deepEqual([done.version, done.percent, done.told], [8, 100, 12]);
  await allPushed();
});

test('a killed service goes on where it was', async () => {
  await publish({ per_second: 4 });
  await until('the first are told', async () => (await rollout()).told === 4);
  site.process.kill('SIGKILL');
  await site.exited;
  await site.start();
  const done = await ended();
  assert.deepEqual([done.seen, done.told], [12, 12]);
  // The first four may have been taken up for pushing when it was killed, and then wait for the lease.
  await until('the others are pushed', () => pushed().length >= 12 - 4);
});
