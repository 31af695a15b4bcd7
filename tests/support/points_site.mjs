// A site of its own for each test file about points, and the calls that they make. With
// PASSMINT_TEST_STORE=postgresql it is on PostgreSQL.

import { before, after } from 'node:test';
import assert from 'node:assert/strict';
import { PostgresqlCluster } from './postgresql.mjs';
import { Site, freshPhone } from './site.mjs';

export const MAX = Number.MAX_SAFE_INTEGER;
// One template is enough and starts sooner. The rules are those of init: 5 %, so that an order of
// 1999.00 earns 99 points.
const onlyPoints = (settings) => settings.replace(/^templates = \[[^\]]*\]/m, 'templates = ["templates/points"]');

let cluster;
export let site, shop, operator;
before(async () => {
  let settings = onlyPoints;
  if (process.env.PASSMINT_TEST_STORE === 'postgresql') {
    cluster = PostgresqlCluster.create();
    const url = cluster.makeDatabase('points');
    settings = (text) => onlyPoints(text).replace(/^url = "sqlite:.*$/m, `url = "${url}"`);
  }
  site = await Site.create({ settings });
  await begin();
});
async function begin() {
  await site.start();
  shop = await site.key(['shop'], 'web');
  operator = await site.key(['operator'], 'desk');
}
// The same site without anything stored, and with new keys.
export async function beginAnew() {
  assert.equal(cluster, undefined, 'for SQLite only');
  await site.stop();
  site.empty();
  await begin();
}
after(async () => {
  await site?.remove();
  cluster?.remove();
});

export const keyed = (headers) => ({ 'idempotency-key': crypto.randomUUID(), ...headers });
export const hold = (body, headers) => site.call(shop, 'POST', '/api/v1/holds', { ttl_seconds: 900, ...body }, keyed(headers));
export const capture = (id, body, headers) => site.call(shop, 'POST', `/api/v1/holds/${id}/capture`, body, headers);
export const release = (id, headers) => site.call(shop, 'POST', `/api/v1/holds/${id}/void`, undefined, headers);
export const adjust = (body, headers) => site.call(operator, 'POST', '/api/v1/adjustments', { reason: 'test', ...body }, keyed(headers));
export const transfer = (body, headers) => site.call(operator, 'POST', '/api/v1/transfers', { reason: 'gift', ...body }, keyed(headers));
export const merge = (winner, body, headers) => site.call(operator, 'POST', `/api/v1/members/${winner}/merge`, { reason: 'one person', ...body }, headers);
export const card = (number) => site.call(shop, 'GET', `/api/v1/cards/${number}`);
export const member = (id) => site.call(shop, 'GET', `/api/v1/members/${id}`);
export const wallet = (id) => site.call(shop, 'GET', `/api/v1/members/${id}/wallet`);
export const statement = (id, query = '') => site.call(shop, 'GET', `/api/v1/members/${id}/statement${query}`);
export const codes = (answer) => (answer.json?.errors ?? []).map((error) => `${error.code} ${error.pointer}`);
export const type = (answer) => answer.json?.type?.replace('urn:passmint:', '');
export const some = (points) => ({ available: points.available, pending: points.pending, held: points.held, debt: points.debt });

// A member with a card and so many points: {id, number}.
export async function customer(points = 0, facts = {}) {
  const made = await site.call(shop, 'POST', '/api/v1/cards', { customer: { phone: freshPhone(), ...facts } }, keyed());
  assert.equal(made.status, 201, made.text);
  const who = { id: made.json.card.member.id, number: made.json.card.number, page: made.json.links.page };
  if (points > 0) assert.equal((await adjust({ card_number: who.number, points })).status, 201);
  return who;
}
export const block = (number, reason = 'lost') => site.call(operator, 'POST', `/api/v1/cards/${number}/block`, { reason });
