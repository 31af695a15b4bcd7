// What a service has recorded, against what its clients were told.

import { post } from './clients.mjs';

/** The whole statement of a member, or nothing if this binary has none. */
async function statementOf(site, shop, member) {
  const items = [];
  for (let cursor = ''; ;) {
    const answer = await site.call(shop, 'GET', `/api/v1/members/${member}/statement?limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    if (answer.status === 404) return null;
    if (answer.status !== 200) throw new Error(`statement of ${member}: ${answer.status} ${answer.text}`);
    items.push(...answer.json.items);
    if (!answer.json.next) return items;
    cursor = answer.json.next;
  }
}

/** The balances of a member now, by the wallet, or by any of the member's orders where there is none. */
async function balancesOf(site, shop, member, order) {
  const wallet = await site.call(shop, 'GET', `/api/v1/members/${member}/wallet`);
  if (wallet.status === 200) return wallet.json.points;
  if (!order) return { available: 0, pending: 0, held: 0, debt: 0 };
  return (await site.call(shop, 'GET', `/api/v1/orders/${order}?source=web`)).json.points;
}

const count = (map, key) => map.set(key, (map.get(key) ?? 0) + 1);

/**
 * Everything that differs, as texts.
 * @param {{site: object, shop: string, members: object[], operations: object[], replays: object[]}} world
 *   replays: operations that are sent once more
 */
export async function compare({ site, shop, members, operations, replays }) {
  const wrong = [];
  const get = async (path) => site.call(shop, 'GET', path);
  const expected = new Map();
  for (const { phone } of members) expected.set(phone, 0);
  for (const { moves } of operations) {
    for (const { phone, points } of moves) expected.set(phone, (expected.get(phone) ?? 0) + points);
  }

  const ids = new Map(members.map(({ phone, id }) => [phone, id]));
  for (const operation of operations) if (operation.newcomer) ids.set(operation.newcomer, operation.member);

  const earnings = new Map(); // order id -> entries that it earned by
  const comments = new Map(); // comment -> entries
  for (const [phone, points] of expected) {
    const order = operations.find((operation) => operation.member === ids.get(phone))?.json.order_id;
    const { available, pending, held, debt } = await balancesOf(site, shop, ids.get(phone), order);
    const recorded = available + pending + held - debt;
    if (recorded !== points) wrong.push(`${phone}: ${recorded} points are recorded, the answers sum up to ${points}`);
    const items = await statementOf(site, shop, ids.get(phone)) ?? [];
    for (const item of items) {
      if (item.type === 'earn') count(earnings, item.document?.id);
      if (item.comment) count(comments, item.comment);
    }
  }

  const sold = operations.filter((operation) => operation.member);
  const known = new Set();
  for (const { key, json, moves } of sold) {
    const found = await get(`/api/v1/orders/${json.order_id}?source=web`);
    if (found.status !== 200) { wrong.push(`order ${key} was acknowledged, and is ${found.status}`); continue; }
    if (found.json.member.id !== json.member.id) wrong.push(`order ${key} belongs to another member than was acknowledged`);
    if (ids.get(moves[0].phone) !== json.member.id) wrong.push(`${moves[0].phone} is two members: ${ids.get(moves[0].phone)}, ${json.member.id}`);
    const entries = earnings.get(json.order_id) ?? 0;
    if (entries > 1) wrong.push(`order ${key} has earned ${entries} times`);
    for (const refund of found.json.refunds ?? []) {
      const name = `${json.order_id} ${refund.refund_id}`;
      if (known.has(name)) wrong.push(`refund ${name} is recorded twice`);
      known.add(name);
    }
  }
  const refunds = operations.filter(({ kind, status }) => kind === 'refund' && status === 201);
  for (const { order, json } of refunds) {
    if (!known.has(`${order} ${json.refund_id}`)) wrong.push(`refund ${json.refund_id} of ${order} was acknowledged and is not recorded`);
  }
  if (known.size !== refunds.length) wrong.push(`${known.size} refunds are recorded, ${refunds.length} acknowledged`);

  for (const { comment, kind } of operations.filter((operation) => operation.comment)) {
    const entries = comments.get(comment) ?? 0;
    const right = kind === 'transfer' ? 2 : 1;
    if (entries !== right) wrong.push(`${kind} ${comment} is recorded ${entries} times instead of ${right}`);
  }
  for (const { hold } of operations.filter((operation) => operation.hold)) {
    const found = (await get(`/api/v1/holds/${hold.id}`)).json;
    if (found?.status !== hold.status || found?.captured !== hold.captured) {
      wrong.push(`hold ${hold.id} is ${found?.status} (${found?.captured}), acknowledged as ${hold.status} (${hold.captured})`);
    }
  }
  for (const operation of replays) {
    const again = await post(site, operation);
    if (!again.replayed || again.status !== operation.status || again.text !== operation.text) {
      wrong.push(`${operation.kind} ${operation.key} sent once more is answered otherwise: ${again.status} ${again.text}`);
    }
  }
  return wrong;
}
