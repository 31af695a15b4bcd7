// Orders to replay, and replays of a draft over them.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must, until } from './site.mjs';

const day = 86_400_000;
const phone = (n) => `+7921${String(3_000_000 + n)}`;

/** Imports so many orders of the last ten days, by 200 customers. A replay of 20,000 is long enough to be met at it. */
export async function importOrders(site, count) {
  const customers = Array.from({ length: 200 }, (_, n) => ({ type: 'member', id: `c-${n}`, customer: { phone: phone(n) }, points: [] }));
  const orders = Array.from({ length: count }, (_, n) => ({
    type: 'order', order_id: `o-${n}`, source: 'till', paid_at: new Date(Date.now() - 10 * day + n * 1000).toISOString(),
    currency: 'RUB', total: 10_000 + n, customer: { phone: phone(n % 200) },
    lines: [{ line_id: '1', sku: 'ESP-1', amount: 10_000 + n, earned: 5 }],
  }));
  const file = join(site.folder, 'orders.jsonl');
  writeFileSync(file, [...customers, ...orders].map((line) => `${JSON.stringify(line)}\n`).join(''));
  must(['ledger', 'import', '--config', site.config, file], { timeout: 300_000 });
  // While that ran, fetch could not see which idle connections the service closed.
  await new Promise((resolve) => setTimeout(resolve, 50));
}

/** The draft of a site and its replays; `site` of each call is the process that is asked. */
export class Replays {
  /** Makes the draft 7 %. */
  static async create(site) {
    const replays = new Replays();
    replays.key = site.key(['admin']);
    replays.time = { from: new Date(Date.now() - 20 * day).toISOString(), to: new Date(Date.now() + day).toISOString() };
    const etag = (await site.call(replays.key, 'GET', '/api/v1/programme')).headers.get('etag');
    const rules = { earn: [{ id: 'base', kind: 'percent', ppm: 70_000 }] };
    const put = await site.call(replays.key, 'PUT', '/api/v1/programme/draft', rules, { 'if-match': etag });
    assert.equal(put.status, 200, put.text);
    return replays;
  }

  post(site, more) { return site.call(this.key, 'POST', '/api/v1/programme/replay', { ...this.time, ...more }); }

  /** The result of a replay that is waited for. */
  async result(site) {
    const waited = await this.post(site, {});
    assert.equal(waited.status, 200, waited.text);
    return waited.json;
  }

  /** Takes one on in the background; its id. */
  async start(site) {
    const taken = await this.post(site, { background: true });
    assert.equal(taken.status, 202, taken.text);
    return taken.json.replay_id;
  }

  async ask(method, site, id) {
    const answer = await site.call(this.key, method, `/api/v1/programme/replays/${id}`);
    assert.equal(answer.status, 200, answer.text);
    return answer.json;
  }

  read(site, id) { return this.ask('GET', site, id); }

  cancel(site, id) { return this.ask('DELETE', site, id); }

  /** Waits until its status is this one, and answers with all of it. */
  reaches(status, site, id) {
    return until(`the replay is ${status}`, async () => {
      const job = await this.read(site, id);
      return job.status === status && job;
    }, 60_000);
  }
}
