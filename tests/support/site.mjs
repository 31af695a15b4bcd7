// What tests outside of the C++ tree share: the real binary, and throw-away sites by `passmint init` on
// ports of their own. Everything started here is stopped here, by process id; every wait is bounded.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** The binary under test: PASSMINT_BIN, or what a preset has built. */
export const BINARY = process.env.PASSMINT_BIN
  ?? ['release', 'dev'].map((preset) => join(root, 'build', preset, 'bin/passmint')).find(existsSync);
assert.ok(BINARY && existsSync(BINARY), 'set PASSMINT_BIN, or run scripts/build release');

/** Runs a program to its end: {status, stdout, stderr}; stdout is a Buffer with {binary: true}. */
export function run(program, args, options = {}) {
  const done = spawnSync(program, args, {
    encoding: options.binary ? 'buffer' : 'utf8',
    input: options.input,
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    timeout: options.timeout ?? 60_000,
    maxBuffer: 64 << 20,
  });
  if (done.error) throw done.error;
  return { status: done.status, stdout: done.stdout, stderr: String(done.stderr) };
}

export const passmint = (args, options) => run(BINARY, args, options);

/** As passmint, for what has to succeed. Returns standard output. */
export function must(args, options) {
  const done = passmint(args, options);
  assert.equal(done.status, 0, `passmint ${args.join(' ')}\n${done.stderr}`);
  return done.stdout;
}

/** An empty folder that is gone when the test is over. */
export function temporaryFolder(t) {
  const folder = mkdtempSync(join(tmpdir(), 'passmint-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Waits until `probe` returns something true; fails with `what` after `timeout` ms. */
export async function until(what, probe, timeout = 20_000) {
  const end = Date.now() + timeout;
  while (Date.now() < end) {
    const value = await probe();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`waited ${timeout} ms: ${what}`);
}

/** A TCP port of loopback that was free a moment ago. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export class Site {
  // url, metrics: where it serves; folder: what init made; config: its settings; log: all that serve has
  // said since the last start; process, exited: the service itself.

  /** @param {{settings?: (text: string) => string}} options what to change in the settings that init wrote */
  static async create(options = {}) {
    const site = new Site();
    site.temporary = mkdtempSync(join(tmpdir(), 'passmint-site-'));
    site.folder = join(site.temporary, 'site');
    must(['init', site.folder]);
    site.config = join(site.folder, 'passmint.toml');
    const [port, metricsPort] = [await freePort(), await freePort()];
    site.url = `http://127.0.0.1:${port}`;
    site.metrics = `http://127.0.0.1:${metricsPort}`;
    let settings = readFileSync(site.config, 'utf8')
      .replace(/^listen = .*$/m, `listen = "127.0.0.1:${port}"`)
      .replace(/^public_url = .*$/m, `public_url = "${site.url}"`)
      .replace(/^#?\s*metrics_listen = .*$/m, `metrics_listen = "127.0.0.1:${metricsPort}"`);
    if (options.settings) settings = options.settings(settings);
    writeFileSync(site.config, settings);
    return site;
  }

  /** Starts serving and waits until it is ready. */
  async start() {
    this.log = '';
    this.process = spawn(BINARY, ['serve', '--config', this.config], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.exited = new Promise((resolve) => this.process.on('exit', (code, signal) => resolve({ code, signal })));
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream.on('data', (bytes) => { this.log += bytes; });
    }
    for (let i = 0; i < 600; ++i) {
      if (this.process.exitCode !== null) throw new Error(`serve ended: ${this.log}`);
      try {
        if ((await fetch(`${this.url}/readyz`)).status === 200) return this;
      } catch { /* not listening yet */ }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`serve was not ready in time: ${this.log}`);
  }

  /** Forgets everything that was stored. The service must not be running. */
  empty() {
    for (const name of readdirSync(this.folder)) {
      if (/\.db(-wal|-shm|\.lock)?$/.test(name)) rmSync(join(this.folder, name), { force: true });
    }
  }

  /** A fresh API key with these roles. */
  key(roles = ['shop'], name = `test-${roles.join('-')}-${Math.random().toString(36).slice(2, 8)}`) {
    return must(['key', 'create', '--config', this.config, '--programme', 'demo', '--name', name, '--role', roles.join(',')]).trim();
  }

  /** One call of the API with a JSON body. */
  async call(key, method, path, body, headers = {}) {
    const response = await fetch(this.url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(key ? { authorization: `Bearer ${key}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    let json;
    try { json = JSON.parse(text); } catch { /* not JSON */ }
    return { status: response.status, headers: response.headers, text, json };
  }

  async stop(signal = 'SIGTERM') {
    if (this.process && this.process.exitCode === null && this.process.signalCode === null) {
      this.process.kill(signal);
      const timer = setTimeout(() => this.process.kill('SIGKILL'), 20_000);
      await this.exited;
      clearTimeout(timer);
    }
    return this.exited ?? { code: 0, signal: null };
  }

  async remove() {
    await this.stop();
    rmSync(this.temporary, { recursive: true, force: true });
  }
}

/** A second process of the same site, not started: the same folder and store, ports of its own. */
export async function anotherProcess(site) {
  const other = Object.assign(new Site(), { folder: site.folder, url: `http://127.0.0.1:${await freePort()}` });
  other.metrics = `http://127.0.0.1:${await freePort()}`;
  other.config = join(site.folder, `other${Math.random().toString(36).slice(2, 8)}.toml`);
  writeFileSync(other.config, readFileSync(site.config, 'utf8')
    .replace(/^listen = .*$/m, `listen = "${new URL(other.url).host}"`)
    .replace(/^metrics_listen = .*$/m, `metrics_listen = "${new URL(other.metrics).host}"`));
  return other;
}

/** A new site that is stopped and gone when the test is over. */
export async function makeSite(t) {
  const site = await Site.create();
  t.after(() => site.remove());
  return site;
}

let counter = 0;
/** A Russian mobile number that no other test of this process uses. */
export function freshPhone() {
  counter += 1;
  return `+7921${String(process.pid % 1000).padStart(3, '0')}${String(counter).padStart(4, '0')}`;
}

let orders = 0;
/** An order that is right; `changes` replace whole members. */
export function order(changes = {}) {
  orders += 1;
  return {
    order_id: `t-${process.pid}-${orders}`,
    source: 'web',
    paid_at: new Date().toISOString(),
    currency: 'RUB',
    total: 199900,
    customer: { phone: freshPhone(), name: 'Анна Петрова', locale: 'ru' },
    lines: [{ line_id: '1', sku: 'ESP-1', name: 'Espresso beans', quantity: 2, amount: 199900 }],
    ...changes,
  };
}
