// A throw-away Passmint site for tests: `passmint init`, a port of its own, the real binary.
//
// Everything it starts it stops, by process id; every wait is bounded.

import { spawn, execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const BINARY = process.env.PASSMINT_BIN ?? new URL('../../build/release/bin/passmint', import.meta.url).pathname;

/** A TCP port of loopback that was free a moment ago. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Runs the binary to its end. Never throws: look at `code`. */
export async function passmint(...args) {
  try {
    const { stdout, stderr } = await run(BINARY, args, { timeout: 60_000, maxBuffer: 64 << 20, encoding: 'buffer' });
    return { code: 0, stdout, stderr: stderr.toString() };
  } catch (error) {
    return { code: error.code ?? 1, stdout: error.stdout ?? Buffer.alloc(0), stderr: (error.stderr ?? '').toString() };
  }
}

export class Site {
  /** @param {{settings?: (text: string) => string}} options what to change in the settings that init wrote */
  static async create(options = {}) {
    const site = new Site();
    site.folder = await mkdtemp(join(tmpdir(), 'passmint-site-'));
    const directory = join(site.folder, 'site');
    const made = await passmint('init', directory);
    if (made.code !== 0) throw new Error(`init failed: ${made.stderr}`);
    site.config = join(directory, 'passmint.toml');
    site.directory = directory;
    site.port = await freePort();
    site.metricsPort = await freePort();
    let settings = (await readFile(site.config, 'utf8'))
      .replace(/^listen = .*$/m, `listen = "127.0.0.1:${site.port}"`)
      .replace(/^public_url = .*$/m, `public_url = "http://127.0.0.1:${site.port}"`)
      .replace(/^#?\s*metrics_listen = .*$/m, `metrics_listen = "127.0.0.1:${site.metricsPort}"`);
    if (options.settings) settings = options.settings(settings);
    await writeFile(site.config, settings);
    site.url = `http://127.0.0.1:${site.port}`;
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
  async empty() {
    for (const name of await readdir(this.directory)) {
      if (/\.db(-wal|-shm|\.lock)?$/.test(name)) await rm(join(this.directory, name), { force: true });
    }
  }

  /** A fresh API key with these roles. */
  async key(roles = ['shop'], name = `test-${roles.join('-')}-${Math.random().toString(36).slice(2, 8)}`) {
    const made = await passmint('key', 'create', '--config', this.config, '--programme', 'demo', '--name', name, '--role', roles.join(','));
    if (made.code !== 0) throw new Error(`key create failed: ${made.stderr}`);
    return made.stdout.toString().trim();
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
    await rm(this.folder, { recursive: true, force: true });
  }
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
