// A server for passes that we did not write: passkit-webservice-toolkit's endpoints as
// hono-passkit-webservice serves them. What it leaves to its user (which passes there are, who has
// registered for them) is a table in memory here.

import { createHash, createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { v1 } from 'hono-passkit-webservice';

export const TYPE = 'pass.com.example.reference';

/** A bundle as far as a device reads it here. */
function bundle(pass) {
  const folder = mkdtempSync(join(tmpdir(), 'passmint-reference-'));
  try {
    const text = JSON.stringify(pass);
    writeFileSync(join(folder, 'pass.json'), text);
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ 'pass.json': createHash('sha1').update(text).digest('hex') }));
    spawnSync('zip', ['-q', 'card.pkpass', 'pass.json', 'manifest.json'], { cwd: folder });
    return readFileSync(join(folder, 'card.pkpass'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export class ReferenceServer {
  static async start() {
    const server = new ReferenceServer();
    server.passes = new Map(); // serial -> {pass, changed: seconds}
    server.registrations = new Map(); // device -> Map(serial -> push token)
    server.logs = [];
    const app = new Hono();
    // It knows one token for all passes: whose a token is, it does not ask.
    const tokenVerifier = (token) => [...server.passes.values()].some(({ pass }) => pass.authenticationToken === token);
    app.route('/', v1.RegistrationRouter({
      tokenVerifier,
      onRegister: (device, type, serial, token) => {
        const known = server.registrations.get(device) ?? new Map();
        server.registrations.set(device, known);
        const isNew = !known.has(serial);
        known.set(serial, token);
        return isNew;
      },
      onUnregister: (device, type, serial) => { server.registrations.get(device)?.delete(serial); },
    }));
    app.route('/', v1.ListRouter({
      onListRetrieve: (device, type, { passesUpdatedSince }) => {
        const since = Number(passesUpdatedSince ?? 0);
        const serials = [...server.registrations.get(device)?.keys() ?? []].filter((serial) => server.passes.get(serial).version > since);
        return serials.length === 0 ? undefined : { serialNumbers: serials, lastUpdated: String(server.version) };
      },
    }));
    app.route('/', v1.UpdateRouter({
      tokenVerifier,
      onUpdateRequest: (type, serial, since) => {
        const { pass, changed } = server.passes.get(serial);
        if (since !== undefined && since >= changed) return undefined;
        return new Uint8Array(bundle(pass));
      },
    }));
    app.route('/', v1.LogRouter({ onIncomingLogs: (logs) => { server.logs.push(...logs); } }));
    server.version = 0;
    server.http = createServer(async (request, response) => {
      const parts = [];
      for await (const part of request) parts.push(part);
      const answer = await app.fetch(new Request(`http://${request.headers.host}${request.url.replace(/^\/apple/, '')}`, {
        method: request.method, headers: request.headers, body: parts.length > 0 && !['GET', 'HEAD'].includes(request.method) ? Buffer.concat(parts) : undefined,
      }));
      response.writeHead(answer.status, Object.fromEntries(answer.headers));
      response.end(Buffer.from(await answer.arrayBuffer()));
    });
    await new Promise((resolve) => server.http.listen(0, '127.0.0.1', resolve));
    server.base = `http://127.0.0.1:${server.http.address().port}/apple`;
    return server;
  }

  /** A new pass: {serial, token, type, bundle}. */
  async card() {
    const serial = `reference${this.passes.size + 1}`;
    const pass = {
      formatVersion: 1, passTypeIdentifier: TYPE, serialNumber: serial, webServiceURL: this.base,
      authenticationToken: createHmac('sha256', 'reference').update(serial).digest('hex').slice(0, 40), points: 0,
    };
    this.passes.set(serial, { pass, changed: Math.floor(Date.now() / 1000) * 1000, version: this.version += 1 });
    return { serial, token: pass.authenticationToken, type: TYPE, pass, bundle: bundle(pass) };
  }

  async buy(card) {
    const held = this.passes.get(card.serial);
    held.pass.points += 100;
    // Dates are of whole seconds and those of answers are of now: the next change is of a later one.
    held.changed = Math.max(Math.floor(Date.now() / 1000) * 1000, held.changed) + 1000;
    held.version = this.version += 1;
  }

  tokenOf(device, serial) {
    return this.registrations.get(device)?.get(serial);
  }

  close() {
    return new Promise((resolve) => this.http.close(resolve));
  }
}
