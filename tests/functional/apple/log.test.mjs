// What devices write to the log: every message of the catalogue is recognised, nothing of it comes back,
// and a flood of it hurts nobody.

import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { Shop } from './shop.mjs';

let shop;
before(async () => { shop = await Shop.open(); });
after(async () => { await shop?.close(); });

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const log = (logs, headers = {}) => shop.ask('POST', '/log', { headers: { 'content-type': 'application/json', ...headers }, body: typeof logs === 'string' ? logs : JSON.stringify({ logs }) });
async function stored(where, count = 1) {
  for (let i = 0; i < 60; ++i) {
    const rows = shop.rows(`SELECT programme, serial, kind, message FROM device_log WHERE ${where} ORDER BY id`);
    if (rows.length >= count) return rows;
    await sleep(100);
  }
  throw new Error(`not stored: ${where}`);
}

// 4.5, in the words of iOS.
const CATALOGUE = [
  ['authentication_failure', "Register task (for device 4c1c5ae3f5e3d14d8a2b0c9d8e7f6a5b, pass type TYPE, serial number SERIAL; with web service url URL) encountered error: Authentication failure"],
  ['unexpected_status', "Get pass task (pass type TYPE, serial number SERIAL, if-modified-since (null); with web service url URL) encountered error: Unexpected response code 503"],
  ['malformed_list', "Get serial #s task (for device abc, pass type TYPE, last updated (null); with web service url URL) encountered error: Server response was malformed (Missing response data)"],
  ['invalid_pass', "Get pass task (pass type TYPE, serial number SERIAL, if-modified-since (null); with web service url URL) encountered error: Received invalid pass data (The pass cannot be read because it isn't valid.)"],
  ['wrong_pass', "Web service error for TYPE (URL): Requested serial number SERIAL, received serial number 99"],
  ['wrong_pass', "Web service error for TYPE (URL): Requested pass of type TYPE, received pass.x"],
  ['unchanged', "Web service error for TYPE (URL): Server requested update to serial number 'SERIAL', but the pass was unchanged."],
  ['ignored_condition', "Web service error for TYPE (URL): Server ignored the 'if-modified-since' header (Sat, 21 Nov 2026 10:00:00 GMT) and returned the full unchanged pass data for serial number 'SERIAL'."],
  ['no_last_modified', "Web service error for TYPE (URL): Response to request for serial number 'SERIAL' did not provide a 'last-modified' header"],
  ['no_tag', "Web service error for TYPE (URL): Response to 'What changed?' request included 2 serial numbers but omitted a lastUpdated tag"],
  ['same_tag', "Web service error for TYPE (URL): Response to 'What changed?' request included 2 serial numbers but the lastUpdated tag (179) remained the same"],
  ['spurious_push', "Web service error for TYPE (URL): Device received spurious push. Request for passesUpdatedSince '179' returned no serial numbers."],
  ['not_registered', "Web service error for TYPE (URL): Update requested for unregistered serial number SERIAL"],
];

for (const [kind, words] of CATALOGUE) {
  test(`4.5 "${words.replace(/.*(encountered error|\): )/, '').slice(0, 60)}" is ${kind}, found by its serial number`, async () => {
    const card = await shop.card();
    const text = `[2026-11-21 10:05:00 +0300] ${words.replaceAll('TYPE', card.type).replaceAll('SERIAL', card.serial).replaceAll('URL', shop.base)}`;
    const answer = await log([text]);
    assert.equal(answer.status, 200);
    assert.equal(answer.body.length, 0);
    const named = words.includes('SERIAL');
    const [row] = await stored(named ? `serial = '${card.serial}'` : `kind = '${kind}'`);
    assert.equal(row.kind, kind);
    assert.equal(row.programme, 'demo');
    assert.ok(!row.message.includes('4c1c5ae3f5e3d14d8a2b0c9d8e7f6a5b'), 'the device id is a secret');
  });
}

test('a message that names none of ours is kept as other, without a programme', async () => {
  await log(['something <script>alert(1)</script> else\u0007 entirely']);
  const [row] = await stored("kind = 'other' AND message LIKE 'something%'");
  assert.equal(row.programme, '');
  assert.equal(row.message, 'something <script>alert(1)</script> else  entirely');
});

test('logs are found by card, kind and words, with what they call for, a page at a time', async () => {
  const card = await shop.card();
  for (let n = 0; n < 3; ++n) {
    await log([`Web service error for ${card.type} (${shop.base}): Requested serial number ${card.serial}, received serial number Needle${n}`]);
    await stored(`message LIKE '%Needle${n}'`);
  }
  const search = (query) => shop.call('GET', `/api/v1/device-logs?${new URLSearchParams(query)}`);
  const first = await search({ card_number: card.number, limit: 2 });
  assert.deepEqual(first.items.map((one) => one.message.slice(-7)), ['Needle2', 'Needle1']);
  assert.equal(first.items[0].kind, 'wrong_pass');
  assert.equal(first.items[0].card_number, card.number);
  assert.match(first.items[0].cure, /cache/);
  const second = await search({ card_number: card.number, limit: 2, cursor: first.next });
  assert.deepEqual([second.items.length, second.next], [1, null]);
  assert.equal((await search({ contains: 'needle1' })).items.length, 1);
  assert.equal((await search({ contains: 'needle%' })).items.length, 0);
  assert.equal((await search({ card_number: card.number, kind: 'same_tag' })).items.length, 0);
  const wrong = await shop.site.call(shop.key, 'GET', '/api/v1/device-logs?kind=nonsense');
  assert.equal(wrong.status, 422);
  const trace = await shop.call('GET', `/api/v1/cards/${card.number}/trace`);
  assert.equal(trace.device_logs.length, 3);
});

test('whatever the body is, the answer is 200 and empty, and nothing of it comes back', async () => {
  for (const body of ['', '{', '[]', '{"logs":1}', '{"logs":[1,null,{}]}', '\u0000', '{"logs":["x"', '"'.repeat(1000)]) {
    const answer = await log(body);
    assert.equal(answer.status, 200, body.slice(0, 20));
    assert.equal(answer.body.length, 0);
  }
});

test('a body beyond 64 kB is refused, and of a long message the beginning is kept', async () => {
  assert.equal((await log(JSON.stringify({ logs: ['x'.repeat(70_000)] }))).status, 413);
  await log([`long ${'y'.repeat(5000)}`]);
  const [row] = await stored("message LIKE 'long %'");
  assert.equal(row.message.length, 1000);
});

test('a flood is answered 200, stored only up to its bound, counted, and others are served meanwhile', async () => {
  const card = await shop.card();
  const body = JSON.stringify({ logs: Array.from({ length: 100 }, (_, i) => `flood ${i}`) });
  for (let round = 0; round < 10; ++round) {
    const answers = await Promise.all(Array.from({ length: 30 }, () => log(body)));
    assert.ok(answers.every((answer) => answer.status === 200));
    assert.equal((await shop.fetch(card)).status, 200);
  }
  for (let i = 0; i < 100 && !/phones\.logs_dropped messages=\d+/.test(shop.site.log); ++i) await sleep(100);
  assert.match(shop.site.log, /phones\.logs_dropped messages=\d+/);
  const metrics = await (await fetch(`${shop.site.metrics}/metrics`)).text();
  assert.ok(Number(metrics.match(/^passmint_device_logs_dropped_total (\d+)/m)?.[1]) > 0, 'the metric says so');
  const [{ count }] = shop.rows("SELECT count(*) AS count FROM device_log WHERE message LIKE 'flood %'");
  // 600 a minute, and the minute may have turned.
  assert.ok(count <= 1200, `${count}`);
});
