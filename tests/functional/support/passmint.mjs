// The real binary from the outside: what tests under tests/functional share. No npm packages.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');

// The binary under test: PASSMINT_BIN, or what a preset has built.
export const binary =
  process.env.PASSMINT_BIN ??
  ['release', 'dev'].map((preset) => path.join(root, 'build', preset, 'bin/passmint')).find(existsSync);
assert.ok(binary && existsSync(binary), 'set PASSMINT_BIN, or run scripts/build release');

// Runs a program to its end: {status, stdout, stderr}; stdout is a Buffer with {binary: true}.
export function run(program, args, options = {}) {
  const done = spawnSync(program, args, {
    encoding: options.binary ? 'buffer' : 'utf8',
    input: options.input,
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    timeout: options.timeout ?? 60_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (done.error) throw done.error;
  return { status: done.status, stdout: done.stdout, stderr: String(done.stderr) };
}

export const passmint = (args, options) => run(binary, args, options);

// As passmint, for what has to succeed. Returns standard output.
export function must(args, options) {
  const done = passmint(args, options);
  assert.equal(done.status, 0, `passmint ${args.join(' ')}\n${done.stderr}`);
  return done.stdout;
}

// An empty folder that is gone when the test is over.
export function temporaryFolder(t) {
  const folder = mkdtempSync(path.join(tmpdir(), 'passmint-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

// A TCP port that was free a moment ago.
export async function freePort() {
  const server = net.createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

// A new site by `passmint init` on free ports: {folder, config, url, metrics}.
export async function makeSite(t) {
  const folder = path.join(temporaryFolder(t), 'site');
  const [port, metricsPort] = [await freePort(), await freePort()];
  must(['init', folder, '--listen', `127.0.0.1:${port}`, '--metrics-listen', `127.0.0.1:${metricsPort}`]);
  return {
    folder,
    config: path.join(folder, 'passmint.toml'),
    url: `http://127.0.0.1:${port}`,
    metrics: `http://127.0.0.1:${metricsPort}`,
  };
}

// Waits until `probe` returns something true; fails with `what` after `timeout` ms.
export async function until(what, probe, timeout = 20_000) {
  const end = Date.now() + timeout;
  while (Date.now() < end) {
    const value = await probe();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`waited ${timeout} ms: ${what}`);
}

// Serves a site until the test is over: {child, log(), stop(signal)}. log() is all of standard error.
export async function serve(t, site) {
  const child = spawn(binary, ['serve', '--config', site.config], { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stderr.on('data', (text) => (log += text));
  const ended = new Promise((resolve) => child.on('exit', (code, signal) => resolve({ code, signal })));
  const stop = async (signal = 'SIGTERM') => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    return ended;
  };
  t.after(() => stop('SIGKILL'));
  await until(`serve is ready\n${log}`, async () => {
    assert.equal(child.exitCode, null, log);
    return fetch(`${site.url}/readyz`).then((answer) => answer.ok, () => false);
  });
  return { child, log: () => log, stop, ended };
}

// An API key of the site.
export function makeKey(site, role = 'shop', name = 'test') {
  return must(['key', 'create', '--config', site.config, '--name', name, '--role', role]).trim();
}

export const read = (...parts) => readFileSync(path.join(...parts), 'utf8');
