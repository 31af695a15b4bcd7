import assert from 'node:assert/strict';
import net from 'node:net';
import test from 'node:test';
import { makeSite, must, passmint, until } from '../../support/site.mjs';

const order = (id) => ({
  order_id: id,
  paid_at: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
  currency: 'RUB',
  total: 199900,
  customer: { phone: '8 (921) 000-00-00', name: 'Anna Petrova', locale: 'en' },
  lines: [{ line_id: '1', type: 'product', sku: 'ESP-1', name: 'Espresso beans', quantity: 2, amount: 199900 }],
});

const post = (site, key, body) =>
  fetch(`${site.url}/api/v1/orders`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

test('a site as init makes it serves a paid order, and its log holds no token, key or name', async (t) => {
  const site = await makeSite(t);
  await site.start();
  const key = site.key();
  const answer = await post(site, key, order('1042'));
  assert.equal(answer.status, 201);
  const { card } = await answer.json();
  assert.ok(card.created);
  const page = await fetch(card.links.page);
  assert.equal(page.status, 200);
  assert.equal((await fetch(card.links.apple)).headers.get('content-type'), 'application/vnd.apple.pkpass');
  assert.match(await (await fetch(`${site.metrics}/metrics`)).text(), /passmint_certificate_expiry_days/);

  const { code } = await site.stop();
  assert.equal(code, 0);
  const log = site.log;
  for (const line of log.trimEnd().split('\n')) assert.match(line, /^\d{4}-\d\d-\d\dT[\d:.]+Z (info|warning|error) [a-z]+\.[a-z_]+( |$)/);
  assert.match(log, /server\.listening[^]*http\.request[^]*server\.stopping signal=SIGTERM[^]*server\.stopped/);
  const token = card.links.page.split('/').at(-1);
  for (const secret of [token, key, key.split('_')[2], 'Petrova', '9210000000']) assert.ok(!log.includes(secret), secret);
});

test('SIGTERM finishes the request that is being sent', async (t) => {
  const site = await makeSite(t);
  await site.start();
  const key = site.key();
  const body = JSON.stringify(order('slow-1'));
  const { hostname, port } = new URL(site.url);
  const socket = net.connect(Number(port), hostname);
  let answer = '';
  socket.on('data', (text) => (answer += text));
  socket.write(`POST /api/v1/orders HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body.slice(0, 20)}`);
  await new Promise((resolve) => setTimeout(resolve, 200));
  site.process.kill('SIGTERM');
  await until('stopping is logged', () => site.log.includes('server.stopping'));
  socket.write(body.slice(20));
  await until('the answer', () => answer.includes('\r\n\r\n'));
  assert.match(answer, /^HTTP\/1\.1 201 /);
  assert.equal((await site.exited).code, 0);

  await site.start();
  assert.equal((await post(site, key, JSON.parse(body))).status, 200, 'what was acknowledged is there');
  await site.stop();
});

test('what was acknowledged outlives kill -9', async (t) => {
  const site = await makeSite(t);
  await site.start();
  const key = site.key();
  const bodies = Array.from({ length: 20 }, (_, i) => order(`k-${i}`));
  for (const body of bodies) assert.equal((await post(site, key, body)).status, 201);
  await site.stop('SIGKILL');
  await site.start();
  for (const body of bodies) assert.equal((await post(site, key, body)).status, 200);
  await site.stop();
});

test('a second serve on the same store is refused', async (t) => {
  const site = await makeSite(t);
  await site.start();
  const done = passmint(['serve', '--config', site.config]);
  assert.equal(done.status, 1);
  assert.match(done.stderr, /passmint: error: .*serve/);
});

test('a port that is taken is named', async (t) => {
  const site = await makeSite(t);
  const { port } = new URL(site.url);
  const squatter = net.createServer().listen(Number(port), '127.0.0.1');
  t.after(() => squatter.close());
  await until('the port is taken', () => squatter.listening);
  const done = passmint(['serve', '--config', site.config]);
  assert.equal(done.status, 1);
  assert.match(done.stderr, new RegExp(`passmint: error: server\\.listen: .*${port}`));
});

test('keys made and revoked beside a running service count at once', async (t) => {
  const site = await makeSite(t);
  await site.start();
  const key = site.key();
  assert.equal((await post(site, key, order('a'))).status, 201);
  must(['key', 'revoke', '--config', site.config, key.split('_')[1]]);
  assert.equal((await post(site, key, order('b'))).status, 401);
});
