// What scripts/deploy/nginx.conf promises, asked of the real nginx in front of the real binary.

import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freshPhone } from '../../support/site.mjs';
import { ProxiedSite } from './proxy.mjs';

let proxied, key, card;
const children = [];

const api = (method, path, body, headers = {}) => proxied.ask(path, {
  method, body: body === undefined ? undefined : JSON.stringify(body),
  headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
});

before(async () => {
  proxied = await ProxiedSite.create();
  await proxied.checkConfig();
  await proxied.startService();
  await proxied.startNginx();
  key = await proxied.site.key(['admin']);
  const made = await api('POST', '/api/v1/cards', { customer: { phone: freshPhone(), name: 'Anna' } }, { 'idempotency-key': 'k1' });
  assert.equal(made.status, 201, made.body);
  const { number } = JSON.parse(made.body).card;
  const links = JSON.parse(made.body).links;
  card = { number, links, path: new URL(links.page).pathname, token: links.page.split('/').pop() };
});
after(async () => {
  for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
  await proxied?.remove();
});

/** `count` connections of a kind (clients.mjs), in a process with room for them. */
async function hold(kind, count, ...more) {
  const child = spawn('sh', ['-c', 'ulimit -n 20000 2>/dev/null || ulimit -n "$(ulimit -Hn)"; exec "$@"', 'sh', process.execPath,
    fileURLToPath(new URL('clients.mjs', import.meta.url)), kind, String(count), String(proxied.port), proxied.certificate, ...more],
  { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  const holder = { last: undefined };
  const ready = new Promise((resolve, reject) => {
    child.on('exit', () => reject(new Error(`the ${kind} clients ended`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      holder.last = JSON.parse(line);
      resolve();
    });
  });
  ready.catch(() => {});
  await Promise.race([ready, new Promise((_, reject) => { setTimeout(() => reject(new Error(`${kind} clients: not open in time`)), 90_000).unref(); })]);
  holder.open = () => holder.last.opened - holder.last.closed;
  holder.release = () => new Promise((resolve) => { child.once('exit', resolve); child.stdin.end(); });
  return holder;
}

/** Times of `count` requests in milliseconds, sorted, each on a connection of its own. */
async function times(path, count) {
  const all = [];
  for (let i = 0; i < count; ++i) {
    const answer = await proxied.ask(path);
    assert.equal(answer.status, 200, `${path}: ${answer.status}`);
    all.push(answer.ms);
  }
  return all.sort((a, b) => a - b);
}
const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

test('nginx accepts the settings without a warning', async () => {
  const said = await proxied.checkConfig();
  assert.doesNotMatch(said, /\[(warn|error|emerg)\]/, said);
});

test('a card reaches the phone through it as the service made it', async () => {
  const page = await proxied.ask(card.path);
  assert.equal(page.status, 200);
  assert.equal(page.headers['cache-control'], 'no-store');
  assert.match(page.headers['content-security-policy'], /^default-src 'none'/);
  assert.equal(page.headers['strict-transport-security'], 'max-age=31536000');
  assert.equal(page.headers.server, 'nginx', 'no version');
  const bundle = await proxied.ask(`${card.path}/pass.pkpass`, { headers: { 'accept-encoding': 'gzip, br' } });
  assert.equal(bundle.status, 200);
  assert.equal(bundle.headers['content-type'], 'application/vnd.apple.pkpass');
  assert.ok(Number(bundle.headers['content-length']) > 1000);
  assert.equal(bundle.headers['content-encoding'], undefined);
  assert.ok(bundle.headers['last-modified']);
});

test('plain HTTP is sent to HTTPS with the whole path', async () => {
  const answer = await proxied.askPlain(`${card.path}?lang=ru`);
  assert.equal(answer.status, 308);
  assert.equal(answer.headers.location, `https://127.0.0.1${card.path}?lang=ru`);
});

test('metrics are not public', async () => {
  assert.equal((await proxied.ask('/metrics')).status, 404);
});

test('a body over the limit is refused, one below it reaches the service', async () => {
  const filler = (bytes) => ({ method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' }, body: `"${'x'.repeat(bytes - 2)}"` });
  assert.equal((await proxied.ask('/api/v1/orders', filler(1024 * 1024 + 1))).status, 413);
  const below = await proxied.ask('/api/v1/orders', filler(1024 * 1024));
  assert.ok([400, 422].includes(below.status), `${below.status} ${below.body}`);
});

test('a compressed body is refused, before anything is inflated', async () => {
  const answer = await proxied.ask('/api/v1/orders', {
    method: 'POST', body: Buffer.alloc(100),
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'content-encoding': 'gzip' },
  });
  assert.equal(answer.status, 415, answer.body);
});

test('5,000 idle connections and slow clients leave a new request as it was', { timeout: 180_000 }, async (t) => {
  const paths = { '/healthz': '/healthz', [`${card.path}/qr.svg`]: '/c/***/qr.svg' };
  const measure = async () => {
    const all = {};
    for (const path of Object.keys(paths)) all[path] = await times(path, 30);  // Below a client's limit, three times over.
    return all;
  };
  await times('/healthz', 20);
  const before = await measure();
  const idle = await hold('idle', 5000, 'again');  // A busy machine may take longer to open them than nginx keeps one.
  const slow = await hold('slow', 500, 'again');
  const stuck = await hold('stuck', 200, 'again');
  const open = { idle: idle.open(), slow: slow.open(), stuck: stuck.open() };
  assert.deepEqual([idle.last.failed, slow.last.failed, stuck.last.failed], [0, 0, 0], 'every connection was accepted');
  assert.ok(open.idle >= 4900 && open.slow >= 450 && open.stuck >= 150, JSON.stringify(open));
  const during = await measure();
  assert.ok(idle.open() >= 4900, `${idle.open()} idle connections were there to the end`);
  for (const holder of [slow, stuck, idle]) await holder.release();
  const after = await measure();
  for (const [path, shape] of Object.entries(paths)) {
    const alone = [...before[path], ...after[path]].sort((a, b) => a - b);
    const show = (sorted) => `median ${at(sorted, 0.5).toFixed(1)} ms, p95 ${at(sorted, 0.95).toFixed(1)} ms`;
    t.diagnostic(`${shape}: beside ${JSON.stringify(open)} ${show(during[path])}; alone ${show(alone)}`);
    // The machine may be busy with other work, so: the same order of magnitude, and nobody waits.
    assert.ok(at(during[path], 0.5) < 3 * at(alone, 0.5) + 20, `${shape}: ${show(during[path])}`);
    assert.ok(at(during[path], 0.95) < 500, `${shape}: ${show(during[path])}`);
  }
});

test('headers that take longer than 10 seconds and bodies that stop coming are cut off', { timeout: 60_000 }, async () => {
  const slow = await hold('slow', 20);
  const stuck = await hold('stuck', 20);
  assert.equal(slow.open(), 20);
  const began = Date.now();
  while ((slow.open() > 0 || stuck.open() > 0) && Date.now() - began < 25_000) await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal(slow.open(), 0, 'slow headers');
  assert.equal(stuck.open(), 0, 'stuck bodies');
  await slow.release();
  await stuck.release();
});

test('who lies about their address is limited all the same', async () => {
  const statuses = [];
  for (let i = 0; i < 40; ++i) {
    const headers = { 'x-forwarded-for': `198.51.100.${i}`, 'x-real-ip': `198.51.100.${i}`, remote_addr: `198.51.100.${i}`, forwarded: `for=198.51.100.${i}` };
    statuses.push((await proxied.ask(`/c/${'A'.repeat(20)}${10 + i}`, { headers })).status);
  }
  assert.ok(statuses.includes(429), statuses.join());
});

test('while the service is away everybody is told to come again', { timeout: 60_000 }, async () => {
  await proxied.stopService();
  for (const path of [card.path, `${card.path}/pass.pkpass`, '/api/v1/orders']) {
    const answer = await proxied.ask(path, { headers: { authorization: `Bearer ${key}`, referer: card.links.page } });
    assert.equal(answer.status, 503, path);
    assert.equal(answer.headers['retry-after'], '5');
    assert.equal(answer.headers['cache-control'], 'no-store');
    assert.equal(JSON.parse(answer.body).status, 503);
  }
  await proxied.startService();
  assert.equal((await proxied.ask('/healthz')).status, 200);
});

test('no token, key or serial is in any log, nginx\'s or ours', { timeout: 60_000 }, async () => {
  const { token } = card;
  const serial = 'sErIaLsErIaLsErIaLsErIaL';
  const authorization = 'ApplePass tOkEntOkEntOkEntOkEn';
  for (const path of [card.path, `${card.path}/pass.pkpass`, `${card.path}/google`, `${card.path}/qr.png`, `${card.path}/`, `${card.path}?lang=ru`, `${card.path}/x/${token}`,
    `//c/${token}`, `/%63/${token}`, `/./c/${token}`, `/C/${token}`, `/${token}`, `/c/x?${token}`, `/apple/v1/passes/pass.com.example/${serial}`,
    `/apple/v1/devices/${serial}/registrations/pass.com.example/${serial}`, `/google/callback/demo?${token}`]) {
    await proxied.ask(path, { headers: { authorization, referer: card.links.page, cookie: token, 'user-agent': token, 'x-forwarded-for': token } });
  }
  await proxied.askPlain(card.path);
  // Too large for nginx; not HTTP at all; a service that is away: what nginx writes errors about.
  await proxied.ask(card.path, { method: 'POST', body: Buffer.alloc(2 * 1024 * 1024) }).catch(() => undefined);
  await proxied.ask(`/c/${token}/${'x'.repeat(70_000)}`).catch(() => undefined);
  await proxied.ask(card.path, { headers: { 'x-large': token.repeat(4000) } }).catch(() => undefined);
  await proxied.stopService();
  await proxied.ask(card.path, { headers: { authorization, referer: card.links.page } });
  const logs = await proxied.allLogs();
  assert.ok(logs['passmint.log'].split('\n').length > 20, 'nginx wrote its log');
  for (const line of logs['passmint.log'].trim().split('\n')) JSON.parse(line);
  for (const [name, text] of Object.entries(logs)) {
    for (const [what, secret] of Object.entries({ token, key, serial, authorization: authorization.slice(10) })) {
      const found = text.split('\n').find((line) => line.includes(secret));
      assert.equal(found, undefined, `${what} in ${name}`);
    }
  }
  const paths = new Set(logs['passmint.log'].trim().split('\n').map((line) => JSON.parse(line).path));
  for (const path of ['/c/***', '/c/***/pass.pkpass', '/apple/v1/passes/***', '/api/v1/orders/***', '/healthz', 'other']) assert.ok(paths.has(path), `${path} of ${[...paths]}`);
});
