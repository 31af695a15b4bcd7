// Points that live on with each activity of the member, in the real service with a clock that the test moves.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Site, freshPhone, must, root, run } from '../../support/site.mjs';

let site, shop, admin, operator, shim, clock;
const keyed = (headers) => ({ 'idempotency-key': crypto.randomUUID(), ...headers });

// The service's time. It never goes back.
let ahead = 0;
const now = () => new Date(Date.now() + ahead * 1000);
function goTo(instant) {
  ahead = Math.max(ahead, Math.ceil((Date.parse(instant) - Date.now()) / 1000));
  writeFileSync(clock, String(ahead));
}
const DAY = 86_400_000;
const later = (days) => new Date(now().getTime() + days * DAY).toISOString();

// Midnight in Berlin at the end of a day, as "2027-05-20".
function endOf(day) {
  const noon = new Date(`${day}T12:00:00Z`);
  const hours = Number(noon.toLocaleString('en-GB', { timeZone: 'Europe/Berlin', hour: '2-digit', hour12: false })) - 12;
  return new Date(Date.parse(`${day}T24:00:00Z`) - hours * 3_600_000).getTime();
}
const berlin = (time) => time.toLocaleDateString('sv-SE', { timeZone: 'Europe/Berlin' });
// The day that lies so many behind today's in Berlin.
function inDays(days) {
  const day = new Date(`${berlin(now())}T12:00:00Z`);
  day.setUTCDate(day.getUTCDate() + days);
  return day.toISOString().slice(0, 10);
}

async function start() {
  Object.assign(process.env, { LD_PRELOAD: shim, OTHER_CLOCK: clock });
  try {
    await site.start();
  } finally {
    delete process.env.LD_PRELOAD;
  }
}

before(async () => {
  site = await Site.create({
    settings: (text) => text.replace(/^templates = \[[^\]]*\]/m, 'templates = ["templates/points"]').replace(/^time_zone = .*$/m, 'time_zone = "Europe/Berlin"'),
  });
  shim = join(site.temporary, 'other_clock.so');
  clock = join(site.temporary, 'ahead');
  const built = run('cc', ['-shared', '-fPIC', '-o', shim, join(root, 'tests/functional/api/other_clock.c'), '-ldl']);
  assert.equal(built.status, 0, built.stderr);
  writeFileSync(clock, '0');
  [shop, admin, operator] = [site.key(['shop']), site.key(['admin']), site.key(['operator'])];
  await start();
  await publish({ after: 'P180D', sliding: true });
});
after(() => site?.remove());

async function publish(expires) {
  const etag = (await site.call(admin, 'GET', '/api/v1/programme')).headers.get('etag');
  const rules = { earn: [{ id: 'base', ppm: 50000, expires }] };
  const draft = await site.call(admin, 'PUT', '/api/v1/programme/draft', rules, { 'if-match': etag });
  assert.equal(draft.json.publishable, true, draft.text);
  const published = await site.call(admin, 'POST', '/api/v1/programme/publish', {}, keyed({ 'if-match': draft.headers.get('etag') }));
  assert.equal(published.status, 200, published.text);
}

let orders = 0;
async function buy(phone, amount, points) {
  const body = {
    order_id: `s-${++orders}`, source: 'web', paid_at: now().toISOString(), currency: 'RUB', total: amount, customer: { phone },
    lines: [{ line_id: '1', sku: 'ESP-1', amount, ...(points ? { points } : {}) }],
  };
  const sold = await site.call(shop, 'POST', '/api/v1/orders', body);
  assert.equal(sold.status, 201, sold.text);
  return { ...sold.json, body };
}
const wallet = async (id) => (await site.call(shop, 'GET', `/api/v1/members/${id}/wallet`)).json;
const entries = async (id) => (await site.call(shop, 'GET', `/api/v1/members/${id}/statement`)).json.items;
const ends = async (id) => {
  const { next_expiry } = await wallet(id);
  return next_expiry && [next_expiry.points, Date.parse(next_expiry.at)];
};

// First, for a service cannot start when its certificate is over.
test('a kill after the answer loses no move, and the journal proves every one', async () => {
  const phone = freshPhone();
  const { member: { id } } = await buy(phone, 100000);
  goTo(later(20));
  await buy(phone, 10);
  await site.stop('SIGKILL');
  await start();
  assert.deepEqual(await ends(id), [50, endOf(inDays(180))]);
  assert.match(must(['ledger', 'verify', '--config', site.config]), /\S/);
});

test('points live on with each activity, over changes of the clock, and die so long after the last', async () => {
  const phone = freshPhone();
  const { member: { id } } = await buy(phone, 100000);
  assert.deepEqual(await ends(id), [50, endOf(inDays(180))]);
  for (let n = 0; n < 3; ++n) {
    goTo(later(170));
    const small = await buy(phone, 10);
    assert.equal(small.points.earned, 0);
    assert.equal(small.points.available, 50);
    assert.deepEqual(await ends(id), [50, endOf(inDays(180))], `round ${n}, ${now().toISOString()}`);
  }
  const [, end] = await ends(id);
  goTo(new Date(end - 5000).toISOString());
  assert.equal((await wallet(id)).points.available, 50);
  goTo(new Date(end).toISOString());
  assert.equal((await wallet(id)).points.available, 0);
  const [last, ...before] = await entries(id);
  assert.deepEqual([last.type, last.amount, Date.parse(last.effective_at)], ['expire', -50, end]);
  assert.deepEqual(before.map(({ type, amount }) => [type, amount]), [['activity', 0], ['activity', 0], ['activity', 0], ['earn', 50]]);
  assert.equal(before[0].document.name, `Order s-${orders}`);
  assert.equal((await buy(phone, 100000)).points.available, 50, 'what was over stays over');
});

test('the same order again and its refund move nothing; what it gives back lives on with the next', async () => {
  const phone = freshPhone();
  const { member: { id } } = await buy(phone, 100000);
  goTo(later(30));
  const spent = await buy(phone, 20000, 20);
  assert.equal(spent.points.spent, 20, JSON.stringify(spent.points));
  const moved = await ends(id);
  assert.equal(moved[1], endOf(inDays(180)));
  goTo(later(10));
  assert.equal((await site.call(shop, 'POST', '/api/v1/orders', spent.body)).status, 200);
  assert.deepEqual(await ends(id), moved);
  const refunded = await site.call(shop, 'POST', `/api/v1/orders/${spent.body.order_id}/refunds?source=web`, { refund_id: 'R-1', amount: 20000 });
  assert.ok([200, 201].includes(refunded.status), refunded.text);
  assert.deepEqual(await ends(id), [50, moved[1]], 'neither on nor back');
  const given = await site.call(operator, 'POST', '/api/v1/adjustments', { member_id: id, points: 5, reason: 'sorry' }, keyed());
  assert.equal(given.status, 201, given.text);
  assert.deepEqual(await ends(id), [50, moved[1]], 'nor does what the staff give');
  await buy(phone, 10);
  assert.deepEqual(await ends(id), [50, endOf(inDays(180))]);
});

test('points that end with a month slide from month to month', async () => {
  await publish({ after: 'P2M', round_to: 'month', sliding: true });
  const phone = freshPhone();
  const { member: { id } } = await buy(phone, 100000);
  const end = () => {
    const [year, month] = berlin(now()).split('-').map(Number);
    return endOf(new Date(Date.UTC(year, month + 2, 0)).toISOString().slice(0, 10));
  };
  assert.deepEqual(await ends(id), [50, end()]);
  const first = end();
  goTo(new Date(first - 3 * DAY).toISOString());
  await buy(phone, 10);
  assert.deepEqual(await ends(id), [50, end()]);
  assert.ok(end() > first);
});
