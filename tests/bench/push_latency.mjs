// How long after an order's answer its push arrives at a server for pushes (Node's), at a given rate.
// Usage: node tests/bench/push_latency.mjs [ORDERS_PER_SECOND] [SECONDS]
// Each order is another customer's, so nothing is merged; both ends run on this machine.

import { randomBytes } from 'node:crypto';
import http from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Site, order } from '../support/site.mjs';
import { open } from '../support/device.mjs';
import { FakeApns } from '../functional/push/fake_apns.mjs';

const rate = Number(process.argv[2] ?? 500);
const seconds = Number(process.argv[3] ?? 5);
const folder = mkdtempSync(join(tmpdir(), 'passmint-push-bench-'));
const apns = await new FakeApns(folder).start();
const site = await Site.create({
  settings: (text) => `${text.replace(/^\[apns\][^[]*/m, '').replace('[[programme]]',
    `[apns]\nurl = "${apns.url}"\nca_file = "${apns.certificate.file}"\n\n[[programme]]`)}`,
});
const key = site.key(['shop']);
await site.start();
const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

function post(path, body, headers) {
  return new Promise((resolve, reject) => {
    const text = JSON.stringify(body);
    const request = http.request(site.url + path, {
      method: 'POST', agent, headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), ...headers },
    }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => resolve({ status: response.statusCode, at: performance.now(), text: String(Buffer.concat(parts)) }));
    });
    request.on('error', reject);
    request.end(text);
  });
}
const pay = (body) => post('/api/v1/orders', body, { authorization: `Bearer ${key}` });

// One bundle names the pass type; the other serials' tokens come from their own bundles.
async function customer() {
  const first = order();
  const made = JSON.parse((await pay(first)).text);
  const { pass } = open(Buffer.from(await (await fetch(made.card.links.apple, { headers: { "x-forwarded-for": `10.${Math.floor(Math.random() * 200)}.${Math.floor(Math.random() * 200)}.7` } })).arrayBuffer()));
  const token = randomBytes(32).toString('hex');
  const registered = await post(
    `/apple/v1/devices/${randomBytes(16).toString('hex')}/registrations/${pass.passTypeIdentifier}/${pass.serialNumber}`,
    { pushToken: token }, { authorization: `ApplePass ${pass.authenticationToken}` });
  if (registered.status !== 201) throw new Error(registered.text);
  return { token, customer: first.customer };
}

const count = rate * seconds;
const customers = [];
for (let n = 0; n < count; ++n) customers.push(await customer());
const answered = new Map();
const begin = performance.now();
await Promise.all(customers.map(async (one, n) => {
  await new Promise((resolve) => setTimeout(resolve, n * 1000 / rate));
  const paid = await pay(order({ customer: one.customer }));
  if (paid.status !== 201) throw new Error(paid.text);
  answered.set(one.token, paid.at);
}));
const took = (performance.now() - begin) / 1000;
await new Promise((resolve) => setTimeout(resolve, 3000));
const late = apns.pushes.filter((push) => answered.has(push.token))
  .map((push) => Math.max(0, push.at - answered.get(push.token))).sort((a, b) => a - b);
const at = (share) => late[Math.min(late.length - 1, Math.floor(late.length * share))]?.toFixed(1);
console.log(`${count} orders in ${took.toFixed(1)} s, ${late.length} pushes; answer to push: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms`);
agent.destroy();
await site.remove();
await apns.stop();
rmSync(folder, { recursive: true, force: true });
