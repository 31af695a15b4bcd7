// A site with cards of its own, for tests of what phones do.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Site, freshPhone, order } from '../../support/site.mjs';
import { open, send } from '../../support/device.mjs';

const onlyPoints = (settings) => settings.replace(/^templates = \[[^\]]*\]/m, 'templates = ["templates/points"]');

export class Shop {
  static async open() {
    const shop = new Shop();
    shop.site = await Site.create({ settings: onlyPoints });
    await shop.site.start();
    shop.key = await shop.site.key(['shop', 'operator']);
    shop.base = `${shop.site.url}/apple`;
    return shop;
  }

  close() {
    return this.site?.remove();
  }

  /** One call of the merchant API that has to succeed. */
  async call(method, path, body, headers) {
    const answer = await this.site.call(this.key, method, path, body, { 'idempotency-key': crypto.randomUUID(), ...headers });
    assert.match(String(answer.status), /^2/, `${method} ${path}: ${answer.text}`);
    return answer.json;
  }

  buy(card) {
    return this.call('POST', '/api/v1/orders', order({ customer: { phone: card.phone } }));
  }

  /** A customer with a new card, and its bundle as the link gives it. */
  async card() {
    const phone = freshPhone();
    const bought = await this.call('POST', '/api/v1/orders', order({ customer: { phone } }));
    const answer = await fetch(bought.card.links.apple);
    assert.equal(answer.status, 200);
    const bundle = Buffer.from(await answer.arrayBuffer());
    const { pass } = open(bundle);
    return {
      phone, number: bought.card.number, member: bought.member.id, bundle, pass, lastModified: answer.headers.get('last-modified'),
      serial: pass.serialNumber, token: pass.authenticationToken, type: pass.passTypeIdentifier,
    };
  }

  /** One request to the web service, its path below /v1 as given. */
  ask(method, path, options) {
    return send(this.base, method, `/v1${path}`, options);
  }

  fetch(card, headers = {}, method = 'GET') {
    return this.ask(method, `/passes/${card.type}/${card.serial}`, { headers: { authorization: `ApplePass ${card.token}`, ...headers } });
  }

  register(card, device, pushToken = 'aabbcc', headers = {}) {
    return this.ask('POST', `/devices/${device}/registrations/${card.type}/${card.serial}`, {
      headers: { authorization: `ApplePass ${card.token}`, 'content-type': 'application/json', ...headers }, body: JSON.stringify({ pushToken }),
    });
  }

  unregister(card, device, headers = {}) {
    return this.ask('DELETE', `/devices/${device}/registrations/${card.type}/${card.serial}`, { headers: { authorization: `ApplePass ${card.token}`, ...headers } });
  }

  /** {status, serials, tag} */
  async list(card, device, since) {
    const answer = await this.ask('GET', `/devices/${device}/registrations/${card.type}${since === undefined ? '' : `?passesUpdatedSince=${since}`}`);
    const body = answer.status === 200 ? JSON.parse(answer.body) : {};
    return { status: answer.status, serials: body.serialNumbers?.sort(), tag: body.lastUpdated, answer };
  }

  /** Rows of the store, read by the sqlite3 program. */
  rows(sql) {
    const file = readdirSync(this.site.folder, { recursive: true }).find((name) => String(name).endsWith('.db'));
    const read = spawnSync('sqlite3', ['-json', '-cmd', '.timeout 5000', join(this.site.folder, String(file)), sql], { encoding: 'utf8' });
    assert.equal(read.status, 0, read.stderr);
    return read.stdout.trim() === '' ? [] : JSON.parse(read.stdout);
  }

  /** As if all that was changed so far had been changed earlier by so many seconds. */
  age(seconds) {
    this.rows(`UPDATE card SET changed_at = changed_at - ${seconds}000000; UPDATE design_version SET changed_at = changed_at - ${seconds}000000`);
  }
}

let devices = 0;
export const freshDevice = () => `device${process.pid}x${devices += 1}`;
