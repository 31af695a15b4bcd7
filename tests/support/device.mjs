// A device as Wallet on iOS behaves towards a web service: what it asks for and when, how it writes
// paths, what it takes for an answer. It was written from what others have observed of iOS, not from
// our service, and drives every server that speaks the protocol.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A path component: percent-encoded twice, slashes left alone. */
export const component = (text) => text.split('/').map((part) => encodeURIComponent(encodeURIComponent(part))).join('/');

/** One request whose path stands as given: {status, headers, body}. */
export function send(base, method, path, { headers = {}, body } = {}) {
  const url = new URL(base);
  return new Promise((resolve, reject) => {
    const request = http.request({
      host: url.hostname, port: url.port, method, path: url.pathname.replace(/\/$/, '') + path, agent: false,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) },
    }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) }));
    });
    request.setTimeout(20_000, () => request.destroy(new Error(`no answer: ${method} ${path}`)));
    request.on('error', reject);
    request.end(body);
  });
}

/** The texts of a pass.strings file, by key: lines like "key" = "value"; in UTF-16 with a byte order mark. */
export const strings = (bytes) => Object.fromEntries(
  [...new TextDecoder('utf-16be').decode(bytes).matchAll(/^"(.*)" = "(.*)";$/gm)].map(([, key, value]) => [key, value.replaceAll('\\"', '"')]));

/** What a person reads on the fields of a store card, by key: a number, or the text in that language. */
export function shown(bundle, language = 'en') {
  const { pass, texts } = open(bundle, language);
  const fields = Object.values(pass.storeCard).flat().filter((field) => field?.key);
  return Object.fromEntries(fields.map(({ key, value }) => [key, texts[value] ?? value]));
}

/** What a bundle says: {pass, manifest, texts}. `manifest` decides whether two are the same pass. */
export function open(bundle, language) {
  const folder = mkdtempSync(join(tmpdir(), 'passmint-device-'));
  try {
    const file = join(folder, 'card.pkpass');
    writeFileSync(file, bundle);
    const entry = (name) => {
      const read = spawnSync('unzip', ['-p', file, name], { maxBuffer: 64 << 20 });
      assert.equal(read.status, 0, `${name}: ${read.stderr}`);
      return read.stdout;
    };
    const texts = language ? strings(entry(`${language}.lproj/pass.strings`)) : {};
    return { pass: JSON.parse(entry('pass.json')), texts, manifest: createHash('sha256').update(entry('manifest.json')).digest('hex') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export class Device {
  // services: by pass type and web service: {device, url, type, tag}; passes: by serial; log: every
  // request as "METHOD path -> status"; complaints: what it would write to the server's log.

  constructor() {
    this.pushToken = randomBytes(32).toString('hex');
    this.services = new Map();
    this.passes = new Map();
    this.log = [];
    this.complaints = [];
  }

  #service(pass) {
    const key = `${pass.passTypeIdentifier} ${pass.webServiceURL}`;
    if (!this.services.has(key)) {
      // Made once for each pass type and web service.
      this.services.set(key, {
        device: randomBytes(16).toString('hex'), type: pass.passTypeIdentifier, url: pass.webServiceURL.replace(/\/$/, ''), tag: undefined,
      });
    }
    return this.services.get(key);
  }

  async #ask(service, what, method, path, options = {}) {
    const answer = await send(service.url, method, `/v1${path}`, options);
    this.log.push(`${what} -> ${answer.status}`);
    return answer;
  }

  #registration(held) {
    const { service, serial } = held;
    return `/devices/${component(service.device)}/registrations/${component(service.type)}/${component(serial)}`;
  }

  #authorization(held) {
    return { authorization: `ApplePass ${held.token}` };
  }

  /** The customer adds a pass. `bundle` is the .pkpass. */
  async add(bundle, lastModified) {
    const { pass, manifest } = open(bundle);
    return this.addRead(pass, manifest, lastModified);
  }

  async addRead(pass, manifest, lastModified) {
    const service = this.#service(pass);
    const held = { service, serial: pass.serialNumber, token: pass.authenticationToken, manifest, pass, lastModified, automatic: true };
    this.passes.set(held.serial, held);
    const hadTag = service.tag !== undefined;
    if (!await this.#register(held)) return held;
    await this.#list(service);
    if (hadTag) await this.#fetch(held);
    return held;
  }

  async #register(held) {
    const answer = await this.#ask(held.service, 'register', 'POST', this.#registration(held), {
      headers: { ...this.#authorization(held), 'content-type': 'application/json' }, body: JSON.stringify({ pushToken: this.pushToken }),
    });
    if (answer.status === 200 || answer.status === 201) return true;
    this.#complain(held, answer.status);
    return false;
  }

  #complain(held, status) {
    this.complaints.push(status === 401 ? 'Authentication failure' : `Unexpected response code ${status}`);
  }

  /** Asks what has changed; returns the serial numbers. */
  async #list(service) {
    const since = service.tag === undefined ? '' : `?passesUpdatedSince=${service.tag}`;
    const answer = await this.#ask(service, 'list', 'GET', `/devices/${component(service.device)}/registrations/${component(service.type)}${since}`);
    if (answer.status === 204) return [];
    if (answer.status !== 200) {
      this.complaints.push(`Unexpected response code ${answer.status}`);
      return [];
    }
    let list;
    try { list = JSON.parse(answer.body); } catch { /* said below */ }
    const wellFormed = Array.isArray(list?.serialNumbers) && list.serialNumbers.every((serial) => typeof serial === 'string') && typeof list.lastUpdated === 'string';
    if (!wellFormed) {
      this.complaints.push('Server response was malformed');
      return [];
    }
    if (list.serialNumbers.length > 0 && list.lastUpdated === service.tag) this.complaints.push(`... but the lastUpdated tag (${service.tag}) remained the same`);
    service.tag = list.lastUpdated;
    return list.serialNumbers;
  }

  /** Fetches a pass: true if it is another than before. */
  async #fetch(held) {
    const answer = await this.#ask(held.service, 'fetch', 'GET', `/passes/${component(held.service.type)}/${component(held.serial)}`, {
      headers: { ...this.#authorization(held), ...(held.lastModified === undefined ? {} : { 'if-modified-since': held.lastModified }) },
    });
    if (answer.status === 304) return false;
    if (answer.status !== 200) {
      this.#complain(held, answer.status);
      return false;
    }
    const { pass, manifest } = open(answer.body);
    if (pass.serialNumber !== held.serial) {
      this.complaints.push(`Requested serial number ${held.serial}, received serial number ${pass.serialNumber}`);
      return false;
    }
    if (!answer.headers['last-modified']) this.complaints.push("... did not provide a 'last-modified' header");
    if (manifest === held.manifest && held.lastModified === answer.headers['last-modified']) {
      this.complaints.push(`Server ignored the 'if-modified-since' header (${held.lastModified}) and returned the full unchanged pass data`);
    }
    const changed = manifest !== held.manifest;
    Object.assign(held, { pass, manifest, lastModified: answer.headers['last-modified'] });
    return changed;
  }

  /** A push for a pass type: the serial numbers of passes that are others now. */
  async push(type) {
    const changed = [];
    for (const service of this.services.values()) {
      const wanted = [...this.passes.values()].some((held) => held.service === service && held.automatic);
      if (service.type !== type || !wanted) continue;
      for (const serial of await this.#list(service)) {
        const held = this.passes.get(serial);
        if (!held) this.complaints.push(`Update requested for unregistered serial number ${serial}`);
        else if (held.automatic && await this.#fetch(held)) changed.push(serial);
      }
    }
    return changed;
  }

  /** A reboot: it asks every service that it knows. */
  async reboot() {
    for (const service of this.services.values()) {
      for (const serial of await this.#list(service)) await this.#fetch(this.passes.get(serial));
    }
  }

  /** The customer pulls down on the back of the pass. */
  pull(serial) {
    return this.#fetch(this.passes.get(serial));
  }

  async setAutomaticUpdates(serial, on) {
    const held = this.passes.get(serial);
    held.automatic = on;
    if (on) await this.#register(held);
    else await this.#unregister(held);
  }

  async #unregister(held) {
    const answer = await this.#ask(held.service, 'unregister', 'DELETE', this.#registration(held), { headers: this.#authorization(held) });
    if (answer.status !== 200 && answer.status !== 201) this.#complain(held, answer.status);
  }

  /** The customer deletes the pass. */
  async remove(serial) {
    const held = this.passes.get(serial);
    this.passes.delete(serial);
    await this.#unregister(held);
  }

  /** APNs gives the device another token: it registers everything anew. */
  async changePushToken() {
    this.pushToken = randomBytes(32).toString('hex');
    for (const held of this.passes.values()) {
      if (held.automatic) await this.#register(held);
    }
  }

  /** The requests since the last call. */
  takeLog() {
    return this.log.splice(0);
  }
}
