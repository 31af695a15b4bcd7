// The real nginx with the settings that we ship, in front of the real binary on a UNIX socket.
//
// Only addresses, ports, paths and the user are replaced in scripts/deploy/nginx.conf, and each
// replacement must find its place, so that what is tested is what is shipped.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { chmod, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BINARY, Site, freePort } from '../../support/site.mjs';

const run = promisify(execFile);
export const NGINX = process.env.NGINX ?? '/usr/sbin/nginx';
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function replaceAll(text, pairs) {
  for (const [from, to] of pairs) {
    assert.ok(text.includes(from), `scripts/deploy/nginx.conf has no "${from}" any more`);
    text = text.replaceAll(from, to);
  }
  return text;
}

async function stop(process, ms) {
  if (!process || process.exitCode !== null || process.signalCode !== null) return;
  const ended = new Promise((resolve) => process.once('exit', resolve));
  process.kill('SIGTERM');
  const timer = setTimeout(() => process.kill('SIGKILL'), ms);
  await ended;
  clearTimeout(timer);
}

export class ProxiedSite {
  static async create() {
    const self = new ProxiedSite();
    self.port = await freePort();
    self.plainPort = await freePort();
    self.url = `https://127.0.0.1:${self.port}`;
    self.site = await Site.create({
      settings: (text) => {
        self.socket = undefined;
        return text.replace(/^public_url = .*$/m, `public_url = "${self.url}"`)
          .replace(/^listen = .*$/m, 'listen = "unix:SOCKET"');
      },
    });
    self.folder = self.site.temporary;
    self.socket = join(self.folder, 'http.sock');
    const settings = await readFile(self.site.config, 'utf8');
    await writeFile(self.site.config, settings.replace('unix:SOCKET', `unix:${self.socket}`));
    self.logs = join(self.folder, 'logs');
    await mkdir(self.logs);
    await self.#makeCertificate();
    await self.#writeConfig();
    return self;
  }

  async #makeCertificate() {
    this.certificate = join(this.folder, 'tls.pem');
    this.key = join(this.folder, 'tls.key');
    await run('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
      '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', this.key, '-out', this.certificate], { timeout: 20_000 });
    this.ca = await readFile(this.certificate);
  }

  async #writeConfig() {
    const shipped = await readFile(new URL('../../../scripts/deploy/nginx.conf', import.meta.url), 'utf8');
    this.config = join(this.folder, 'nginx.conf');
    await writeFile(this.config, replaceAll(shipped, [
      ['user www-data;', process.getuid() === 0 ? 'user root;' : ''],
      ['pid /run/nginx.pid;', `pid ${this.folder}/nginx.pid;`],
      ['/var/log/nginx/', `${this.logs}/`],
      ['flush=5s', 'flush=1s'],
      ['unix:/run/passmint/http.sock', `unix:${this.socket}`],
      ['listen 80 default_server;', `listen 127.0.0.1:${this.plainPort} default_server;`],
      ['listen [::]:80 default_server;', ''],
      ['listen 443 ssl', `listen 127.0.0.1:${this.port} ssl`],
      ['listen [::]:443 ssl http2 backlog=4096;', ''],
      ['/etc/letsencrypt/live/cards.example.com/fullchain.pem', this.certificate],
      ['/etc/letsencrypt/live/cards.example.com/privkey.pem', this.key],
      ['cards.example.com', '127.0.0.1'],
    ]));
  }

  /** `nginx -t`: what it says, after it succeeded. */
  async checkConfig() {
    const { stderr } = await run(NGINX, ['-t', '-c', this.config, '-e', `${this.logs}/start.log`], { timeout: 20_000 });
    return stderr;
  }

  async startService() {
    this.serviceLog ??= '';
    this.service = spawn(BINARY, ['serve', '--config', this.site.config], { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.service.stdout, this.service.stderr]) stream.on('data', (bytes) => { this.serviceLog += bytes; });
    for (let i = 0; i < 300; ++i) {
      if (this.service.exitCode !== null) throw new Error(`serve ended: ${this.serviceLog}`);
      const ready = await this.#ask(http, { socketPath: this.socket, path: '/readyz' }).catch(() => undefined);
      if (ready?.status === 200) {
        // nginx runs as another user where the tests do not run as root.
        await chmod(this.socket, 0o666);
        return;
      }
      await sleep(100);
    }
    throw new Error(`serve was not ready in time: ${this.serviceLog}`);
  }
  stopService() { return stop(this.service, 20_000); }

  async startNginx() {
    this.nginx = spawn(NGINX, ['-c', this.config, '-e', `${this.logs}/start.log`, '-g', 'daemon off;'], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    this.nginx.stderr.on('data', (bytes) => { said += bytes; });
    for (let i = 0; i < 100; ++i) {
      if (this.nginx.exitCode !== null) throw new Error(`nginx ended: ${said}`);
      if ((await this.ask('/healthz').catch(() => undefined))) return;
      await sleep(50);
    }
    throw new Error(`nginx was not ready in time: ${said}`);
  }

  /** One request on a connection of its own: {status, headers, body, ms}. */
  ask(path, { method = 'GET', headers = {}, body, ms = 20_000 } = {}) {
    return this.#ask(https, { host: '127.0.0.1', port: this.port, ca: this.ca, path, method, headers, body, ms });
  }
  askPlain(path) { return this.#ask(http, { host: '127.0.0.1', port: this.plainPort, path }); }

  #ask(library, { body, ms = 20_000, ...options }) {
    return new Promise((resolve, reject) => {
      const began = performance.now();
      const request = library.request({ ...options, agent: false, timeout: ms }, (response) => {
        const parts = [];
        response.on('data', (part) => parts.push(part));
        response.on('error', reject);
        response.on('end', () => resolve({
          status: response.statusCode, headers: response.headers, body: Buffer.concat(parts).toString(), ms: performance.now() - began,
        }));
      });
      request.on('timeout', () => request.destroy(new Error(`no answer in ${ms} ms`)));
      request.on('error', reject);
      request.end(body);
    });
  }

  /** All that nginx and the service have written, by file. */
  async allLogs() {
    await sleep(1500);  // nginx writes its access log every second.
    const logs = { service: this.serviceLog };
    for (const name of await readdir(this.logs)) logs[name] = await readFile(join(this.logs, name), 'utf8');
    return logs;
  }

  async remove() {
    await stop(this.nginx, 5_000);
    await this.stopService();
    await this.site.remove();
  }
}
