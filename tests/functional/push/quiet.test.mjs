// Quiet hours with the real service, its own clock and a server for pushes that we did not write: what changes at
// night is told in the morning. The night ends at the next full minute that leaves time to buy something.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from '../../support/device.mjs';
import { Site, order, until } from '../../support/site.mjs';
import { FakeApns } from './fake_apns.mjs';

const MINUTE = 60_000;
// A slow machine starts the service and places two orders in less.
const NIGHT_LEFT = 25_000;

let folder, apns, site, shop, operator, morning;

const clock = (time) => new Date(time).toISOString().slice(11, 16);

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'passmint-quiet-'));
  apns = await new FakeApns(folder).start();
  morning = Math.ceil((Date.now() + NIGHT_LEFT) / MINUTE) * MINUTE;
  site = await Site.create({
    settings: (text) => text.replace(/^\[apns\][^[]*/m, '')
      .replace(/^time_zone = .*$/m, `time_zone = "UTC"\nquiet_hours = "${clock(morning - 600 * MINUTE)}-${clock(morning)}"`)
      .replace('[[programme]]', `[apns]\nurl = "${apns.url}"\nca_file = "${apns.certificate.file}"\n\n[[programme]]`),
  });
  [shop, operator] = [site.key(['shop']), site.key(['operator'])];
  await site.start();
});

after(async () => {
  await site?.remove();
  await apns?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('what is bought at night is pushed once, in the morning', async () => {
  const first = order();
  const made = await site.call(shop, 'POST', '/api/v1/orders', first);
  assert.equal(made.status, 201, made.text);
  const { pass } = open(Buffer.from(await (await fetch(made.json.card.links.apple)).arrayBuffer()));
  const [device, token] = [randomBytes(16).toString('hex'), randomBytes(32).toString('hex')];
  const registered = await fetch(`${site.url}/apple/v1/devices/${device}/registrations/${pass.passTypeIdentifier}/${pass.serialNumber}`, {
    method: 'POST',
    headers: { authorization: `ApplePass ${pass.authenticationToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ pushToken: token }),
  });
  assert.equal(registered.status, 201);
  for (let n = 0; n < 2; ++n) {
    const again = await site.call(shop, 'POST', '/api/v1/orders', order({ customer: first.customer }));
    assert.equal(again.status, 201, again.text);
  }
  const trace = await until('the trace says until when', async () => {
    const { json } = await site.call(operator, 'GET', `/api/v1/cards/${made.json.card.number}/trace`);
    return json.steps.some((one) => one.detail?.includes(new Date(morning).toISOString().slice(0, 19))) && json;
  });
  assert.equal(trace.steps.find((one) => one.step === 'pushed').state, 'waiting');
  assert.equal(apns.pushes.length, 0);
  await until('the push', () => apns.pushes.length > 0, morning - Date.now() + 20_000);
  assert.ok(Date.now() >= morning, 'the night was over');
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  assert.deepEqual(apns.pushes.map((push) => push.token), [token], 'once');
});
