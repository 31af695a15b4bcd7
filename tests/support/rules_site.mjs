// A site whose rules a test turns: drafts, publications, quotes and sales over points_site's.

import assert from 'node:assert/strict';
import { order } from './site.mjs';
import { site, shop, keyed } from './points_site.mjs';

const keys = {};
const key = (role, name) => { keys[role] ??= site.key([role], name); return keys[role]; };
export const admin = () => key('admin', 'boss');
export const designer = () => key('designer', 'studio');

export const base = { id: 'base', kind: 'percent', ppm: 50000 };
export const programme = () => site.call(admin(), 'GET', '/api/v1/programme');
// Replaces the draft. Answers with the call.
export async function draft(rules) {
  const etag = (await programme()).headers.get('etag');
  const answer = await site.call(admin(), 'PUT', '/api/v1/programme/draft', rules, { 'if-match': etag });
  assert.equal(answer.status, 200, answer.text);
  return answer;
}
// Replaces the draft and publishes it at once.
export async function publish(rules) {
  const { headers } = await draft(rules);
  const answer = await site.call(admin(), 'POST', '/api/v1/programme/publish', {}, keyed({ 'if-match': headers.get('etag') }));
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
}
export const send = (body) => site.call(shop, 'POST', '/api/v1/orders', body);
export const quote = (body) => site.call(shop, 'POST', '/api/v1/orders/quote', body);
export async function sell(changes) {
  const answer = await send(order(changes));
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
}
export const line = (amount, changes = {}) => ({ line_id: '1', sku: 'ESP-1', amount, ...changes });
export const bought = (phone, amount, changes = {}) => ({ customer: { phone }, total: amount, lines: [line(amount)], ...changes });
// An order of these lines, its total summed up.
export const basket = (phone, lines, changes = {}) =>
  order({ customer: { phone }, lines, total: lines.reduce((sum, one) => sum + one.amount, 0), ...changes });
