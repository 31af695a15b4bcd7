// Two processes serve one store on PostgreSQL: each push and each change for Google is made by one of
// them, at once by the one that committed, and by the other if that one is killed.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { open } from '../../support/device.mjs';
import { FakeGoogle } from '../../support/google.mjs';
import { PostgresqlCluster } from '../../support/postgresql.mjs';
import { Site, freePort, order, until } from '../../support/site.mjs';
import { FakeApns } from '../push/fake_apns.mjs';

let folder, cluster, apns, google, sites, key;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'passmint-two-'));
  cluster = PostgresqlCluster.create();
  [apns, google] = [await new FakeApns(folder).start(), await FakeGoogle.start()];
  const first = await Site.create({
    settings: (text) => text.replace(/^url = "sqlite:.*$/m, `url = "${cluster.makeDatabase('shop')}"`)
      .replace(/^templates = \[[^\]]*\]/m, 'templates = ["templates/points"]')
      .replace(/\[google\]\napi_url = .*\n/, `${google.settings}\n[apns]\nurl = "${apns.url}"\nca_file = "${apns.certificate.file}"\n`),
  });
  const second = Object.assign(new Site(), {
    folder: first.folder, config: join(first.folder, 'second.toml'),
    url: `http://127.0.0.1:${await freePort()}`, metrics: `http://127.0.0.1:${await freePort()}`,
  });
  // Both have the public_url of the first.
  writeFileSync(second.config, readFileSync(first.config, 'utf8')
    .replace(/^listen = .*$/m, `listen = "${new URL(second.url).host}"`)
    .replace(/^metrics_listen = .*$/m, `metrics_listen = "${new URL(second.metrics).host}"`));
  sites = [first, second];
  for (const site of sites) await site.start();
  key = first.key(['shop', 'operator']);
});

after(async () => {
  await sites?.[1].stop();
  await sites?.[0].remove();
  google?.stop();
  await apns?.stop();
  cluster?.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** A customer whose iPhone and Google account have the card: {number, token, id, buy}. */
async function customer() {
  const first = order();
  const made = await sites[0].call(key, 'POST', '/api/v1/orders', first);
  assert.equal(made.status, 201, made.text);
  const { pass } = open(Buffer.from(await (await fetch(made.json.card.links.apple)).arrayBuffer()));
  const token = randomBytes(32).toString('hex');
  const registered = await fetch(
    `${sites[0].url}/apple/v1/devices/${randomBytes(16).toString('hex')}/registrations/${pass.passTypeIdentifier}/${pass.serialNumber}`,
    { method: 'POST', headers: { authorization: `ApplePass ${pass.authenticationToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ pushToken: token }) });
  assert.equal(registered.status, 201);
  const link = (await fetch(made.json.card.links.google, { redirect: 'manual' })).headers.get('location');
  const { payload } = JSON.parse(Buffer.from(link.split('/').pop().split('.')[1], 'base64url').toString());
  // Purchases that Google's insert has not overtaken would be in the insert, and no patch would follow.
  await until('Google has the card', () => google.object(payload.loyaltyObjects[0].id), 20_000);
  return {
    number: made.json.card.number, token, id: payload.loyaltyObjects[0].id,
    buy: async (site) => {
      const paid = await site.call(key, 'POST', '/api/v1/orders', order({ customer: first.customer }));
      assert.equal(paid.status, 201, paid.text);
      return paid.json.points.available;
    },
  };
}

/** The process that holds the end of a TCP connection at this port of loopback; a port may serve others too. */
function ownerOf(port) {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const sockets = new Set(readFileSync('/proc/net/tcp', 'utf8').split('\n').map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[1]?.endsWith(`:${hex}`)).map((columns) => `socket:[${columns[9]}]`));
  return sites.find(({ process: { pid } }) => readdirSync(`/proc/${pid}/fd`).some((fd) => {
    try { return sockets.has(readlinkSync(`/proc/${pid}/fd/${fd}`)); } catch { return false; }
  }));
}

const balance = async (id) => (await google.object(id))?.object.loyaltyPoints?.balance.int;

test('each change is pushed and patched once, by the process that committed it', async () => {
  const customers = [];
  for (let n = 0; n < 8; ++n) customers.push(await customer());
  for (const [n, one] of customers.entries()) {
    const site = sites[n % 2];
    const points = await one.buy(site);
    const [push] = await until('the push', () => apns.to(one.token).length > 0 && apns.to(one.token));
    assert.equal(ownerOf(push.port)?.url, site.url);
    await until('Google has it', async () => (await balance(one.id)) === points);
  }
  // Both have looked for what is left meanwhile.
  await new Promise((resolve) => setTimeout(resolve, 2500));
  for (const one of customers) {
    assert.equal(apns.to(one.token).length, 1);
    assert.equal((await google.object(one.id)).writes, 2, 'the insert and one patch');
  }
});

test('what a process had begun when it was killed is done by the other', async () => {
  const anna = await customer();
  // Neither APNs nor Google answers the one that is going to die.
  let asked = 0;
  apns.answer = () => { asked += 1; return null; };
  await google.faults({ delay_ms: 20_000 }, 60_000);
  const points = await anna.buy(sites[1]);
  await until('APNs is asked', () => asked > 0);
  await sites[1].stop('SIGKILL');
  apns.answer = () => ({ status: 200 });
  await google.faults({});
  assert.equal(apns.to(anna.token).length, 0);
  // As if the minute had passed in which the dead one might still be at it.
  cluster.sql("UPDATE device_push SET due_at = due_at - 60000000; UPDATE delivery SET due_at = due_at - 60000000", 'shop');
  await until('the push', () => apns.to(anna.token).length > 0, 20_000);
  await until('Google has it', async () => (await balance(anna.id)) === points, 20_000);
  assert.equal(apns.to(anna.token).length, 1);
});
