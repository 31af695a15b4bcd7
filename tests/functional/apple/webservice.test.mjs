// Apple's web service over a socket, statement by statement of the tables that describe it: endpoints,
// statuses, tags and dates, server rules. How a device behaves is in device.test.mjs, its log in
// log.test.mjs.

import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { open, send } from '../../support/device.mjs';
import { Shop, freshDevice } from './shop.mjs';

let shop;
before(async () => { shop = await Shop.open(); });
after(async () => { await shop?.close(); });

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const points = (bundle) => JSON.stringify(open(bundle).pass);

// ------------------------------------------------------------------------------------ 4.1 endpoints

test('4.1 a registration is 201 when created, 200 when it was there, and has no body', async () => {
  const card = await shop.card();
  const device = freshDevice();
  const first = await shop.register(card, device);
  assert.equal(first.status, 201);
  assert.equal(first.body.length, 0);
  assert.equal((await shop.register(card, device)).status, 200);
});

test('4.1 a device that unregisters gets 200', async () => {
  const card = await shop.card();
  const device = freshDevice();
  await shop.register(card, device);
  assert.equal((await shop.unregister(card, device)).status, 200);
});

test('4.1 the list of updated passes needs no authorization and is 200 with serial numbers and a tag', async () => {
  const card = await shop.card();
  const device = freshDevice();
  await shop.register(card, device);
  const list = await shop.list(card, device);
  assert.equal(list.status, 200);
  assert.equal(list.answer.headers['content-type'], 'application/json');
  assert.deepEqual(list.serials, [card.serial]);
  assert.match(list.tag, /^\d+$/);
});

test('4.1 the list is 204 when nothing has changed', async () => {
  const card = await shop.card();
  const device = freshDevice();
  await shop.register(card, device);
  shop.age(120);
  const { status, tag } = await shop.list(card, device);
  assert.equal(status, 200);
  assert.equal((await shop.list(card, device, tag)).status, 204);
  await shop.buy(card);
  assert.equal((await shop.list(card, device, tag)).status, 200);
});

test('4.1 a fetch is 200 with the bundle and Last-Modified, and 304 when the phone echoes that', async () => {
  const card = await shop.card();
  const first = await shop.fetch(card);
  assert.equal(first.status, 200);
  assert.equal(first.headers['content-type'], 'application/vnd.apple.pkpass');
  assert.equal(open(first.body).pass.serialNumber, card.serial);
  const second = await shop.fetch(card, { 'if-modified-since': first.headers['last-modified'] });
  assert.equal(second.status, 304);
  assert.equal(second.body.length, 0);
  assert.equal(second.headers['last-modified'], first.headers['last-modified']);
});

test('4.1 HEAD on a pass has the headers of GET and no body', async () => {
  const card = await shop.card();
  const get = await shop.fetch(card);
  const head = await shop.fetch(card, {}, 'HEAD');
  assert.equal(head.status, 200);
  assert.equal(head.body.length, 0);
  for (const name of ['content-type', 'last-modified', 'cache-control', 'content-length']) assert.equal(head.headers[name], get.headers[name], name);
  assert.equal((await shop.fetch(card, { 'if-modified-since': get.headers['last-modified'] }, 'HEAD')).status, 304);
});

test('4.1 a log is 200', async () => {
  const answer = await shop.ask('POST', '/log', { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ logs: ['hello'] }) });
  assert.equal(answer.status, 200);
  assert.equal(answer.body.length, 0);
});

test('4.1 registering, unregistering and fetching without the token, or with a wrong one, is 401', async () => {
  const [card, other] = [await shop.card(), await shop.card()];
  const device = freshDevice();
  for (const authorization of ['', 'ApplePass ', 'ApplePass wrong', `ApplePass ${other.token}`, `ApplePass ${card.token}x`, `ApplePass ${card.token.slice(1)}`]) {
    assert.equal((await shop.register(card, device, 'aa', { authorization })).status, 401, authorization);
    assert.equal((await shop.unregister(card, device, { authorization })).status, 401, authorization);
    assert.equal((await shop.fetch(card, { authorization })).status, 401, authorization);
  }
  assert.equal((await shop.list(card, device)).status, 204);
});

test('4.1 a known path with another method is 405 and says which it knows; another path is 404', async () => {
  const card = await shop.card();
  const registration = `/devices/d/registrations/${card.type}/${card.serial}`;
  for (const [method, path, allow] of [
    ['GET', registration, 'POST, DELETE'], ['PUT', registration, 'POST, DELETE'], ['POST', `/devices/d/registrations/${card.type}`, 'GET, HEAD'],
    ['DELETE', `/passes/${card.type}/${card.serial}`, 'GET, HEAD'], ['GET', '/log', 'POST'],
  ]) {
    const answer = await shop.ask(method, path);
    assert.equal(answer.status, 405, `${method} ${path}`);
    assert.equal(answer.headers.allow, allow);
  }
  for (const path of ['/', '/devices', '/devices/d', `/passes/${card.type}`, '/passes', '/logs', '/log/']) assert.equal((await shop.ask('GET', path)).status, 404, path);
  assert.equal((await send(shop.base, 'GET', `/v2/passes/${card.type}/${card.serial}`)).status, 404);
});

// -------------------------------------------------------------------------------------- 4.2 statuses

test('4.2 an unknown device, and a pass type that is none of ours, have nothing new: 204, never 404', async () => {
  const card = await shop.card();
  assert.equal((await shop.list(card, freshDevice())).status, 204);
  assert.equal((await shop.list({ type: 'pass.com.example.other' }, freshDevice())).status, 204);
});

test('4.2 the fetched pass has the type and serial number that were asked for', async () => {
  const card = await shop.card();
  const { pass } = open((await shop.fetch(card)).body);
  assert.equal(pass.passTypeIdentifier, card.type);
  assert.equal(pass.serialNumber, card.serial);
});

// ---------------------------------------------------------------------------- 4.3 paths, as phones write

test('4.3 components that are encoded twice, once or not at all are the same', async () => {
  const card = await shop.card();
  const device = freshDevice();
  await shop.register(card, device);
  const once = [...card.serial].map((c) => `%${c.charCodeAt(0).toString(16)}`).join('');
  const twice = once.replaceAll('%', '%25');
  for (const serial of [card.serial, once, twice]) {
    const answer = await shop.ask('GET', `/passes/${card.type}/${serial}`, { headers: { authorization: `ApplePass ${card.token}` } });
    assert.equal(answer.status, 200, serial);
  }
  const list = await shop.ask('GET', `/devices/${encodeURIComponent([...device].map((c) => `%${c.charCodeAt(0).toString(16)}`).join(''))}/registrations/${card.type}`);
  assert.equal(list.status, 200);
});

test('4.3 a serial number with slashes, spaces and other letters is one that we do not have: 401', async () => {
  const { type, token } = await shop.card();
  const headers = { authorization: `ApplePass ${token}` };
  for (const serial of ['H8JP44-ORD07/09/25-A', 'a%2520b', '%25D0%259A%25D0%25B0', '100%2525', 'x/personalize', 'a//b', "it's;=&+"]) {
    assert.equal((await shop.ask('GET', `/passes/${type}/${serial}`, { headers })).status, 401, serial);
    const registered = await shop.ask('POST', `/devices/d/registrations/${type}/${serial}`, { headers, body: '{"pushToken":"aa"}' });
    assert.equal(registered.status, 401, serial);
  }
});

test('4.3 tags stand in a query without being escaped', async () => {
  const card = await shop.card();
  const device = freshDevice();
  await shop.register(card, device);
  assert.match((await shop.list(card, device)).tag, /^[0-9A-Za-z._-]+$/);
});

test('4.3 two fetches of an unchanged pass have the same manifest', async () => {
  const card = await shop.card();
  const manifests = [];
  for (let i = 0; i < 2; ++i) manifests.push(open((await shop.fetch(card)).body).manifest);
  assert.equal(manifests[0], manifests[1]);
});

// ------------------------------------------------------------------------------- 4.4 tags and dates

test('4.4 the list holds every changed pass of the device, not only the newest', async () => {
  const cards = [await shop.card(), await shop.card(), await shop.card()];
  const device = freshDevice();
  for (const card of cards) await shop.register(card, device);
  const list = await shop.list(cards[0], device);
  assert.deepEqual(list.serials, cards.map((card) => card.serial).sort());
});

test('4.4 only serial numbers that this device has registered are listed', async () => {
  const [mine, others] = [await shop.card(), await shop.card()];
  const [device, other] = [freshDevice(), freshDevice()];
  await shop.register(mine, device);
  await shop.register(others, other);
  assert.deepEqual((await shop.list(mine, device)).serials, [mine.serial]);
});

test('4.4 a tag is new whenever serial numbers are returned, and never below the one before', async () => {
  const card = await shop.card();
  const device = freshDevice();
  await shop.register(card, device);
  let { tag } = await shop.list(card, device);
  for (let i = 0; i < 5; ++i) {
    await shop.buy(card);
    const next = await shop.list(card, device, tag);
    assert.deepEqual(next.serials, [card.serial]);
    assert.ok(Number(next.tag) > Number(tag), `${next.tag} after ${tag}`);
    tag = next.tag;
  }
});

test('4.4 a tag that is none of ours, or from the future, means everything', async () => {
  const card = await shop.card();
  const device = freshDevice();
  await shop.register(card, device);
  for (const since of ['', 'abc', '-1', '1e12', '99999999999999999999', String(Date.now() + 3_600_000), '%FF', '2026-11-21T10:00:00Z']) {
    const list = await shop.list(card, device, since);
    assert.deepEqual(list.serials, [card.serial], since);
  }
});

test('4.4 Last-Modified is of the version, not of the answer', async () => {
  const card = await shop.card();
  const first = (await shop.fetch(card)).headers['last-modified'];
  await sleep(1100);
  assert.equal((await shop.fetch(card)).headers['last-modified'], first);
  assert.equal(first, card.lastModified, 'the link and the web service give the same version');
});

test('4.4 two changes within one second have two dates', async () => {
  const card = await shop.card();
  const dates = [Date.parse((await shop.fetch(card)).headers['last-modified'])];
  for (let i = 0; i < 3; ++i) {
    await shop.buy(card);
    dates.push(Date.parse((await shop.fetch(card)).headers['last-modified']));
  }
  for (let i = 1; i < dates.length; ++i) assert.ok(dates[i] > dates[i - 1], dates.join(' '));
});

test('4.4 only the very date of the version is 304: an earlier or later one is no reason', async () => {
  const card = await shop.card();
  const { headers } = await shop.fetch(card);
  const at = Date.parse(headers['last-modified']);
  for (const date of [new Date(at - 1000).toUTCString(), new Date(at + 1000).toUTCString(), new Date(at).toISOString(), '', 'x']) {
    assert.equal((await shop.fetch(card, { 'if-modified-since': date })).status, 200, date);
  }
  assert.equal((await shop.fetch(card, { 'if-modified-since': headers['last-modified'] })).status, 304);
});

// ----------------------------------------------------------------------------------- 4.6 server rules

test('4.6 the newest push token is kept, also of a repeated registration', async () => {
  const card = await shop.card();
  const device = freshDevice();
  for (const [token, status] of [['aa11', 201], ['bb22', 200], ['CC33', 200]]) {
    assert.equal((await shop.register(card, device, token)).status, status);
    assert.equal(shop.rows(`SELECT push_token FROM device WHERE id = '${device}'`)[0].push_token, token);
  }
});

test('4.6 an unknown serial number and a wrong token get the same answer', async () => {
  const card = await shop.card();
  const unknown = { ...card, serial: '0000000000000000000000' };
  const otherType = { ...card, type: 'pass.com.example.other' };
  const device = freshDevice();
  const answers = [];
  for (const one of [unknown, otherType, { ...card, token: '0'.repeat(40) }]) {
    for (const answer of [await shop.register(one, device), await shop.unregister(one, device), await shop.fetch(one)]) {
      const { date, ...headers } = answer.headers;
      answers.push(JSON.stringify({ status: answer.status, body: String(answer.body), headers }));
    }
  }
  assert.equal(new Set(answers).size, 1, answers.join('\n'));
  assert.match(answers[0], /"status":401/);
});

test('4.6 unregistering what was not registered is 200, and the device goes with its last pass', async () => {
  const [first, second] = [await shop.card(), await shop.card()];
  const device = freshDevice();
  assert.equal((await shop.unregister(first, device)).status, 200);
  await shop.register(first, device);
  await shop.register(second, device);
  await shop.unregister(first, device);
  const row = () => shop.rows(`SELECT id FROM device WHERE id = '${device}'`);
  assert.equal(row().length, 1);
  assert.deepEqual((await shop.list(first, device)).serials, [second.serial]);
  await shop.unregister(second, device);
  assert.equal(row().length, 0);
  assert.equal((await shop.unregister(second, device)).status, 200);
});

test('4.6 the scheme is exactly ApplePass with one space', async () => {
  const card = await shop.card();
  for (const authorization of [`applepass ${card.token}`, `APPLEPASS ${card.token}`, `ApplePass  ${card.token}`, `ApplePass\t${card.token}`, `Bearer ${card.token}`, card.token]) {
    assert.equal((await shop.fetch(card, { authorization })).status, 401, authorization);
  }
});

test('edge 46, 4.6 what was acknowledged is listed and fetched at once, and never an older state after it', async () => {
  const card = await shop.card();
  const device = freshDevice();
  await shop.register(card, device);
  let { tag } = await shop.list(card, device);
  let before = await shop.fetch(card);
  for (let i = 0; i < 10; ++i) {
    await shop.buy(card);
    const list = await shop.list(card, device, tag);
    assert.deepEqual(list.serials, [card.serial]);
    const now = await shop.fetch(card, { 'if-modified-since': before.headers['last-modified'] });
    assert.equal(now.status, 200);
    assert.notEqual(points(now.body), points(before.body));
    [tag, before] = [list.tag, now];
  }
});

test('4.6 a closed card is listed and served voided', async () => {
  const card = await shop.card();
  const device = freshDevice();
  await shop.register(card, device);
  const { tag } = await shop.list(card, device);
  await shop.call('POST', `/api/v1/cards/${card.number}/close`, { reason: 'left' });
  assert.deepEqual((await shop.list(card, device, tag)).serials, [card.serial]);
  const answer = await shop.fetch(card, { 'if-modified-since': card.lastModified });
  assert.equal(answer.status, 200);
  assert.equal(open(answer.body).pass.voided, true);
});

test('4.6 a compromised card stays voided on its phone; the new one is another pass', async () => {
  const card = await shop.card();
  const replaced = await shop.call('POST', `/api/v1/cards/${card.number}/replace`, { reason: 'copied', compromised: true });
  const old = await shop.fetch(card);
  assert.equal(open(old.body).pass.voided, true);
  const bundle = Buffer.from(await (await fetch(replaced.links.apple)).arrayBuffer());
  const { pass } = open(bundle);
  assert.notEqual(pass.serialNumber, card.serial);
  assert.notEqual(pass.authenticationToken, card.token);
});

test('4.6 a replaced number keeps the pass, its token and its registrations', async () => {
  const card = await shop.card();
  const device = freshDevice();
  await shop.register(card, device);
  const { tag } = await shop.list(card, device);
  await shop.call('POST', `/api/v1/cards/${card.number}/replace`, { reason: 'worn', compromised: false });
  assert.deepEqual((await shop.list(card, device, tag)).serials, [card.serial]);
  const answer = await shop.fetch(card, { 'if-modified-since': card.lastModified });
  assert.equal(answer.status, 200);
  assert.notEqual(open(answer.body).manifest, open(card.bundle).manifest);
});

test('4.6 an erased member’s pass is served voided, without the name', async () => {
  const card = await shop.card();
  const admin = await shop.site.key(['admin']);
  const erased = await shop.site.call(admin, 'DELETE', `/api/v1/members/${card.member}`, undefined, { 'idempotency-key': crypto.randomUUID() });
  assert.match(String(erased.status), /^2/, erased.text);
  const { pass } = open((await shop.fetch(card)).body);
  assert.equal(pass.voided, true);
});

test('4.6 nothing is cached, encoded or redirected', async () => {
  const card = await shop.card();
  const device = freshDevice();
  const answers = [
    await shop.register(card, device), await shop.list(card, device), await shop.fetch(card, { 'accept-encoding': 'gzip, br' }),
    await shop.fetch(card, { 'if-modified-since': card.lastModified }), await shop.fetch({ ...card, token: 'x' }), await shop.unregister(card, device),
    await shop.ask('POST', '/log', { body: '{}' }), await shop.ask('GET', '/nothing'),
  ].map((one) => one.answer ?? one);
  for (const { status, headers } of answers) {
    assert.equal(headers['cache-control'], 'no-store');
    assert.equal(headers['content-encoding'], undefined);
    assert.ok(status < 300 || status === 304 || status >= 400, String(status));
  }
});

test('4.6 every pass names the one web service', async () => {
  const [first, second] = [await shop.card(), await shop.card()];
  assert.equal(first.pass.webServiceURL, shop.base);
  assert.equal(second.pass.webServiceURL, shop.base);
});

// ------------------------------------------------------------------------------------------ bad input

test('a device id of 10 kB, names that are no text and bodies that are no registration are refused', async () => {
  const card = await shop.card();
  const path = (device, serial = card.serial) => `/devices/${device}/registrations/${card.type}/${serial}`;
  const headers = { authorization: `ApplePass ${card.token}` };
  const body = '{"pushToken":"aa"}';
  assert.equal((await shop.ask('POST', path('d'.repeat(255)), { headers, body })).status, 201);
  for (const device of ['d'.repeat(256), 'd'.repeat(3000), '%2500', '%FF', '%2', 'a%250Ab']) {
    assert.equal((await shop.ask('POST', path(device), { headers, body })).status, 400, device.slice(0, 20));
    assert.equal((await shop.ask('GET', `/devices/${device}/registrations/${card.type}`)).status, 400, device.slice(0, 20));
  }
  assert.match(String((await shop.ask('GET', `/devices/${'d'.repeat(10_000)}/registrations/${card.type}`)).status), /^4/);
  for (const wrong of ['', '{', '[]', '{}', '{"pushToken":1}', '{"pushToken":""}', '{"pushToken":"zz"}', '{"pushToken":"../x"}', `{"pushToken":"${'a'.repeat(513)}"}`]) {
    const { status } = await shop.ask('POST', path(freshDevice()), { headers, body: wrong });
    assert.equal(status, 400, wrong.slice(0, 30));
  }
  const large = await shop.ask('POST', path(freshDevice()), { headers, body: `{"pushToken":"aa","x":"${'x'.repeat(70_000)}"}` });
  assert.equal(large.status, 413);
});

test('tokens, serial numbers and device ids never reach the log', async () => {
  const card = await shop.card();
  const device = 'a1b2c3d4e5f60718293a4b5c6d7e8f90';
  await shop.register(card, device, 'cafe0123456789');
  await shop.list(card, device);
  await shop.fetch(card);
  await shop.unregister(card, device);
  await shop.ask('GET', `//devices/${device}/registrations/${card.type}`);
  await sleep(100);
  assert.match(shop.site.log, /apple\/v1\/passes\/\*\*\*/);
  for (const secret of [card.token, card.serial, device, 'cafe0123456789']) assert.ok(!shop.site.log.includes(secret), secret);
});

test('GET /cards/{number} says on how many devices the card is', async () => {
  const card = await shop.card();
  const devices = async () => (await shop.call('GET', `/api/v1/cards/${card.number}`)).wallets.apple.devices;
  assert.equal(await devices(), 0);
  const [phone, watch] = [freshDevice(), freshDevice()];
  await shop.register(card, phone);
  await shop.register(card, watch);
  assert.equal(await devices(), 2);
  await shop.unregister(card, phone);
  assert.equal(await devices(), 1);
});

test('what a phone did is written about a second later', async () => {
  const card = await shop.card();
  const device = freshDevice();
  await shop.register(card, device);
  await shop.list(card, device);
  const { headers } = await shop.fetch(card);
  const fetched = () => shop.rows(`SELECT pass_fetch.status, pass_fetch.revision FROM pass_fetch JOIN card ON card.id = pass_fetch.card WHERE card.serial = '${card.serial}'`)[0];
  for (let i = 0; i < 50 && !fetched(); ++i) await sleep(100);
  assert.equal(fetched().status, 200);
  assert.equal(fetched().revision, shop.rows(`SELECT revision FROM card WHERE serial = '${card.serial}'`)[0].revision);
  assert.ok(shop.rows(`SELECT listed_at FROM device WHERE id = '${device}'`)[0].listed_at > 0);
  await shop.fetch(card, { 'if-modified-since': headers['last-modified'] });
  for (let i = 0; i < 50 && fetched().status === 200; ++i) await sleep(100);
  assert.equal(fetched().status, 304);
});
