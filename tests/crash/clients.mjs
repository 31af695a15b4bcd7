// Clients of the crash test: each sends one request after the other, everything with an
// Idempotency-Key, and the same bytes with the same key until it has an answer.

import { randomFrom } from './random.mjs';

// An order may be some days old; the same for all, so that only answers depend on the time.
const PAID_AT = new Date().toISOString();

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** So long one request may go without an answer, over all its repetitions, in ms. */
const ANSWER_WITHIN = 120_000;

/**
 * What one client did, in its order. An operation is {kind, key, method, path, body, sent, status, text, json};
 * of those that were answered with success `moves` says what they did to whom: [{phone, points}].
 */
export class Client {
  // sites: processes of one service, each asked in turn. shop, operator: API keys. members: [{phone, id, number}], shared by all clients. features: which
  // calls this binary has; shared, so that it is asked once.
  constructor({ sites, name, seed, members, shop, operator, features, faults }) {
    Object.assign(this, { sites, name, members, shop, operator, features, faults });
    this.random = randomFrom(seed);
    this.operations = [];
    this.orders = []; // {id, phone, lines: [{line_id, left}]}: of this client only, so that choices replay
    this.holds = []; // {id, phone, points}
    this.repeats = 0;
  }

  /** Works until `stopped()`, and then until its last request is answered. */
  async run(stopped) {
    while (!stopped()) await this.step();
  }

  async step() {
    const kinds = [['order', 5], ['burn', 3], ['newcomer', 1]];
    if (this.features.refunds && this.orders.length > 0) kinds.push(['refund', 3]);
    if (this.features.adjustments) kinds.push(['adjust', 2]);
    if (this.features.transfers) kinds.push(['transfer', 1]);
    if (this.features.holds) kinds.push(['hold', 3]);
    if (this.features.holds && this.holds.length > 0) kinds.push(['capture', 2], ['release', 1], ['order_of_hold', 1]);
    await this[this.random.weighted(kinds)]();
  }

  member() { return this.random.of(this.members); }

  orderBody(customer, amount, points = 0, more = {}) {
    const id = `${this.name}-${this.operations.length}`;
    return {
      order_id: id, source: 'web', paid_at: PAID_AT, currency: 'RUB', total: amount, customer,
      lines: [{ line_id: '1', sku: 'ESP-1', name: 'Espresso beans', amount, ...(points > 0 ? { points } : {}) }],
      ...more,
    };
  }

  async placed(kind, phone, body) {
    const done = await this.send(kind, this.shop, '/api/v1/orders', body);
    if (done.status !== 201) return done;
    const { earned, spent } = done.json.points;
    done.moves = [{ phone, points: earned - spent }];
    done.member = done.json.member.id;
    this.orders.push({ id: body.order_id, phone, left: body.total });
    return done;
  }

  async order() {
    const { phone } = this.member();
    await this.placed('order', phone, this.orderBody({ phone }, this.random.between(1, 40) * 5000));
  }

  async burn() {
    const { phone } = this.member();
    const points = this.random.between(1, 40);
    await this.placed('burn', phone, this.orderBody({ phone }, points * 100 + this.random.between(0, 20000), points));
  }

  // An order that makes member and card.
  async newcomer() {
    const phone = `+7921${String(this.random.between(0, 9_999_999)).padStart(7, '0')}`;
    const done = await this.placed('newcomer', phone, this.orderBody({ phone }, 100000));
    if (done.status === 201) done.newcomer = phone;
  }

  async refund() {
    const order = this.random.of(this.orders);
    const amount = Math.min(this.random.between(1, 20) * 1000, order.left);
    if (amount === 0) return;
    const body = { refund_id: `r-${this.operations.length}`, amount };
    const done = await this.send('refund', this.shop, `/api/v1/orders/${order.id}/refunds?source=web`, body);
    if (done.status !== 201) return;
    order.left -= amount;
    done.order = order.id;
    done.moves = [{ phone: order.phone, points: done.json.points.restored - done.json.points.clawed_back }];
  }

  async adjust() {
    const { phone, number } = this.member();
    const points = this.random.between(-30, 60) || 1;
    const comment = `${this.name}-${this.operations.length}`;
    const done = await this.send('adjust', this.operator, '/api/v1/adjustments', { card_number: number, points, reason: comment });
    if (done.status === 201) Object.assign(done, { comment, entries: 1, moves: [{ phone, points }] });
  }

  async transfer() {
    const [from, to] = [this.member(), this.member()];
    if (from === to) return;
    const points = this.random.between(1, 30);
    const comment = `${this.name}-${this.operations.length}`;
    const body = { from: { card_number: from.number }, to: { card_number: to.number }, points, reason: comment };
    const done = await this.send('transfer', this.operator, '/api/v1/transfers', body);
    if (done.status !== 201) return;
    const moves = [{ phone: from.phone, points: -points }, { phone: to.phone, points }];
    Object.assign(done, { comment, moves });
  }

  async hold() {
    const { phone, number } = this.member();
    const points = this.random.between(1, 30);
    const done = await this.send('hold', this.shop, '/api/v1/holds', { card_number: number, points, ttl_seconds: 604800 });
    if (done.status !== 201) return;
    done.hold = { id: done.json.hold.id, status: 'open', captured: 0 };
    this.holds.push({ id: done.hold.id, phone, number, points, of: done });
  }

  async capture() {
    const hold = this.takeHold();
    const points = this.random.between(1, hold.points);
    const done = await this.send('capture', this.shop, `/api/v1/holds/${hold.id}/capture`, { points });
    if (done.status !== 200) return;
    Object.assign(hold.of.hold, { status: 'captured', captured: points });
    done.moves = [{ phone: hold.phone, points: -points }];
  }

  async release() {
    const hold = this.takeHold();
    const done = await this.send('release', this.shop, `/api/v1/holds/${hold.id}/void`, {});
    if (done.status === 200) hold.of.hold.status = 'voided';
  }

  async order_of_hold() {
    const hold = this.takeHold();
    const points = this.random.between(1, hold.points);
    const body = this.orderBody({}, points * 100 + 5000, points, { card_number: hold.number, hold_id: hold.id });
    const done = await this.placed('order_of_hold', hold.phone, body);
    if (done.status === 201) Object.assign(hold.of.hold, { status: 'captured', captured: points });
  }

  takeHold() { return this.holds.splice(this.random.below(this.holds.length), 1)[0]; }

  /** Sends until there is an answer that stands: not 503, not 429, not a broken connection. */
  async send(kind, key, path, content) {
    const operation = { kind, api_key: key, path, body: JSON.stringify(content), key: `${this.name}-${this.operations.length}`, moves: [] };
    this.operations.push(operation);
    const end = Date.now() + ANSWER_WITHIN;
    for (operation.sent = 1; ; ++operation.sent) {
      try {
        const answer = await post(this.sites[(this.operations.length + operation.sent) % this.sites.length], operation);
        if (answer.status !== 503 && answer.status !== 429) {
          if (answer.status >= 500) this.faults.push(`${kind} ${operation.key}: ${answer.status} ${answer.text}`);
          return Object.assign(operation, answer);
        }
        operation.last = `${answer.status} ${answer.text}`;
      } catch (error) {
        operation.last = String(error.cause ?? error); // killed, or not up yet
      }
      if (Date.now() > end) throw new Error(`${kind} ${operation.key} has had no answer for ${ANSWER_WITHIN} ms: ${operation.last}`);
      ++this.repeats;
      await sleep(20);
    }
  }
}

/** Sends an operation once, as it was. */
export async function post(site, operation) {
  const answer = await site.call(operation.api_key, 'POST', operation.path, operation.body, { 'idempotency-key': operation.key });
  return { status: answer.status, text: answer.text, json: answer.json, replayed: answer.headers.get('idempotency-replayed') === 'true' };
}

/** Which calls a binary has; they know an unknown path by 404 and no problem of their own. */
export async function findFeatures(site, shop, operator) {
  const has = async (key, path) => {
    const answer = await site.call(key, 'POST', path, {}, { 'idempotency-key': `feature-${path}` });
    return answer.status !== 404 && answer.status !== 405;
  };
  return {
    holds: await has(shop, '/api/v1/holds'),
    adjustments: await has(operator, '/api/v1/adjustments'),
    transfers: await has(operator, '/api/v1/transfers'),
    refunds: (await site.call(shop, 'POST', '/api/v1/orders/none/refunds?source=web', {})).status !== 404,
  };
}
