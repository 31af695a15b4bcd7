// From a paid order to a push, with the real service and a server for pushes that we did not write.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Site, must, order, until } from '../../support/site.mjs';
import { open } from '../../support/device.mjs';
import { FakeApns } from './fake_apns.mjs';

let folder, apns, site, shop, operator;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'passmint-push-'));
  apns = await new FakeApns(folder).start();
  site = await Site.create({
    settings: (text) => `${text.replace(/^\[apns\][^[]*/m, '').replace('[[programme]]',
      `[apns]\nurl = "${apns.url}"\nca_file = "${apns.certificate.file}"\n\n[[programme]]`)}`,
  });
  shop = site.key(['shop']);
  operator = site.key(['operator']);
  await site.start();
});

after(async () => {
  await site?.remove();
  await apns?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A customer whose phone has the card of a first order, after what `before` does with its number: {number, token, buy, register}. */
async function customer(before = async () => {}, changes = {}) {
  const first = order(changes);
  const made = await site.call(shop, 'POST', '/api/v1/orders', first);
  assert.equal(made.status, 201, made.text);
  const bundle = Buffer.from(await (await fetch(made.json.card.links.apple)).arrayBuffer());
  const { pass } = open(bundle);
  const one = {
    number: made.json.card.number,
    token: randomBytes(32).toString('hex'),
    device: randomBytes(16).toString('hex'),
    pass,
    buy: async () => {
      const paid = await site.call(shop, 'POST', '/api/v1/orders', order({ customer: first.customer }));
      assert.equal(paid.status, 201, paid.text);
      return performance.now();
    },
    register: async () => (await fetch(
      `${site.url}/apple/v1/devices/${one.device}/registrations/${pass.passTypeIdentifier}/${pass.serialNumber}`,
      { method: 'POST', headers: { authorization: `ApplePass ${pass.authenticationToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({ pushToken: one.token }) })).status,
    trace: async () => (await site.call(operator, 'GET', `/api/v1/cards/${one.number}/trace`)).json,
  };
  await before(one.number);
  assert.equal(await one.register(), 201);
  return one;
}

const step = (trace, name) => trace.steps.find((one) => one.step === name);

test('an order is pushed within a second, with the pass certificate and its topic', async () => {
  const anna = await customer();
  const paid = await anna.buy();
  const [push] = await until('a push', () => apns.to(anna.token).length > 0 && apns.to(anna.token));
  assert.equal(push.topic, anna.pass.passTypeIdentifier);
  assert.ok(push.at - paid < 1000, `${push.at - paid} ms`);
});

test('a trace says how far a change has got, and what to do', async () => {
  const anna = await customer();
  await anna.buy();
  await until('a push', () => apns.to(anna.token).length > 0);
  const trace = await until('the push is noted', async () => {
    const now = await anna.trace();
    return step(now, 'pushed').state === 'done' && now;
  });
  assert.equal(step(trace, 'listed').state, 'waiting');
  assert.equal(trace.apple[0].push, 'accepted');
  assert.match(trace.summary, /is under way: no phone has asked since it was pushed/);
  const printed = must(['card', 'trace', anna.number, '--config', site.config]);
  assert.match(printed, /listed +waiting/);
});

test('the end of a temporary block is pushed, without anybody asking', async () => {
  const anna = await customer(async (number) => {
    const until = new Date(Date.now() + 1500).toISOString();
    const blocked = await site.call(operator, 'POST', `/api/v1/cards/${number}/block`, { reason: 'lost', until }, { 'idempotency-key': number });
    assert.equal(blocked.status, 200, blocked.text);
  });
  await until('the push', () => apns.to(anna.token).length > 0, 30_000);
  const seen = await site.call(operator, 'GET', `/api/v1/cards/${anna.number}`);
  assert.equal(seen.json.card?.status ?? seen.json.status, 'active');
});

test('D17 an order that changes the level alone is pushed, and the pass shows the new level', async () => {
  const live = join(site.folder, 'rules.json');
  const rules = join(folder, 'levels.json');
  const levels = [{ name: 'classic', from: 0 }, { name: 'gold', from: 2, discount_ppm: 150000 }];
  writeFileSync(rules, JSON.stringify({ earn: [], tiers: { metric: 'orders', levels } }));
  must(['programme', 'apply', rules, '--config', site.config]);
  try {
    const anna = await customer(async () => {}, { template: 'vip' });
    const level = (pass) => Object.values(pass.storeCard).flat().find((field) => field?.key === 'tier').value;
    const classic = level(anna.pass);
    await anna.buy();
    const [push] = await until('a push', () => apns.to(anna.token).length > 0 && apns.to(anna.token));
    assert.equal(push.topic, anna.pass.passTypeIdentifier);
    const fetched = await fetch(`${site.url}/apple/v1/passes/${anna.pass.passTypeIdentifier}/${anna.pass.serialNumber}`,
      { headers: { authorization: `ApplePass ${anna.pass.authenticationToken}` } });
    assert.notEqual(level(open(Buffer.from(await fetched.arrayBuffer())).pass), classic);
  } finally {
    must(['programme', 'apply', live, '--config', site.config]);
  }
});

test('a device that is gone is forgotten', async () => {
  const anna = await customer();
  apns.answer = (token) => (token === anna.token
    ? { status: 410, reason: 'Unregistered', timestamp: Date.now() + 1000 } : { status: 200 });
  await anna.buy();
  await until('no phone has the card', async () => (await anna.trace()).apple.length === 0);
  apns.answer = () => ({ status: 200 });
});

test('what was to be pushed when the service was killed is pushed after its restart', async () => {
  const anna = await customer();
  await apns.stop();
  await anna.buy();
  site.process.kill('SIGKILL');
  await site.exited;
  await apns.start();
  await site.start();
  await until('the push', () => apns.to(anna.token).length > 0, 60_000);
});

test('while APNs is away changes wait, and all are told when it is back', async () => {
  const customers = [];
  for (let n = 0; n < 10; ++n) customers.push(await customer());
  await apns.stop();
  for (const one of customers) await one.buy();
  await new Promise((resolve) => setTimeout(resolve, 3000));
  await apns.start();
  await until('all are pushed', () => customers.every((one) => apns.to(one.token).length > 0), 90_000);
});

test('a refused certificate stops the lane, and readyz says why', async () => {
  const anna = await customer();
  apns.answer = () => ({ status: 403, reason: 'BadCertificate' });
  await anna.buy();
  const check = await until('readyz says so', async () => {
    const ready = await (await fetch(`${site.url}/readyz`)).json();
    return ready.checks.find((one) => one.name === 'apns:demo' && !one.ok);
  });
  assert.match(check.detail, /certificate/);
  assert.equal((await fetch(`${site.url}/readyz`)).status, 200, 'orders go on');
  await until('the metric says so', async () => /passmint_push_stopped\{programme="demo",wallet="apple"\} 1/.test(
    await (await fetch(`${site.metrics}/metrics`)).text()));
  apns.answer = () => ({ status: 200 });
});
