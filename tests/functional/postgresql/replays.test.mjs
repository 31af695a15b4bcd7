// Two processes of one store answer for each other's replays in the background.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { PostgresqlCluster } from '../../support/postgresql.mjs';
import { Replays, importOrders } from '../../support/replays.mjs';
import { Site, anotherProcess } from '../../support/site.mjs';

let cluster, sites, replays, expected;

before(async () => {
  cluster = PostgresqlCluster.create();
  const url = cluster.makeDatabase('shop');
  const first = await Site.create({ settings: (text) => text.replace(/^url = "sqlite:.*$/m, `url = "${url}"`) });
  sites = [await first.start(), await anotherProcess(first)];
  await importOrders(first, 20_000);
  await sites[1].start();
  replays = await Replays.create(first);
  expected = await replays.result(first);
  assert.equal(expected.orders, 20_000);
});
after(async () => {
  await sites?.[1].stop();
  await sites?.[0].remove();
  cluster?.remove();
});

const other = (n) => sites[1 - n];

test('B35 a replay that was asked of one process is told of by the other, with its result', async () => {
  for (const n of [0, 1]) {
    const id = await replays.start(sites[n]);
    assert.deepEqual((await replays.reaches('done', other(n), id)).result, expected);
    assert.deepEqual((await replays.read(sites[n], id)).result, expected);
  }
});

test('B35 five replays wait or run over both processes, each is run once, and a sixth is refused', async () => {
  const ids = [];
  for (let n = 0; n < 5; ++n) ids.push(await replays.start(sites[n % 2]));
  const sixth = await replays.post(sites[1], { background: true });
  assert.equal(sixth.status, 429, sixth.text);
  for (const id of ids) assert.deepEqual((await replays.reaches('done', sites[0], id)).result, expected);
  assert.equal(cluster.sql('SELECT max(attempts) FROM replay_job', 'shop'), '1');
});

test('B35 a replay is cancelled at either process and stops, whoever runs it', async () => {
  for (const n of [0, 1]) {
    const id = await replays.start(sites[0]);
    await replays.reaches('running', sites[n], id);
    assert.equal((await replays.cancel(sites[n], id)).status, 'cancelled');
    assert.equal((await replays.read(other(n), id)).status, 'cancelled');
    // Whoever ran it has found out meanwhile, or is done and must not say so.
    await new Promise((resolve) => setTimeout(resolve, 2500));
    const { status, result } = await replays.cancel(other(n), id);
    assert.deepEqual([status, result], ['cancelled', null]);
  }
});

test('B35 a replay whose process was killed is taken up by another once its lease is over', async () => {
  await sites[1].stop();
  const id = await replays.start(sites[0]);
  await replays.reaches('running', sites[0], id);
  await sites[0].stop('SIGKILL');
  await sites[1].start();
  assert.equal((await replays.read(sites[1], id)).status, 'running', 'nobody knows yet that it died');
  // As if the minute had passed.
  cluster.sql('UPDATE replay_job SET due_at = due_at - 60000000 WHERE due_at IS NOT NULL', 'shop');
  assert.deepEqual((await replays.reaches('done', sites[1], id)).result, expected);
});
