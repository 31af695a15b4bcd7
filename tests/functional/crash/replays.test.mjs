// Replays in the background outlive the process that runs them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Replays, importOrders } from '../../support/replays.mjs';
import { makeSite } from '../../support/site.mjs';

test('B35 a replay whose process was killed begins again at the next start and has the same result', async (t) => {
  const site = await makeSite(t);
  await site.start();
  await importOrders(site, 20_000);
  const replays = await Replays.create(site);
  const expected = await replays.result(site);
  assert.equal(expected.orders, 20_000);
  const id = await replays.start(site);
  await replays.reaches('running', site, id);
  await site.stop('SIGKILL');
  await site.start();
  const { result, progress, problem } = await replays.reaches('done', site, id);
  assert.deepEqual(result, expected);
  assert.deepEqual([progress.done, progress.total, problem], [20_000, 20_000, null]);
});

test('B35 a replay that waits or runs when the service is stopped is done after the next start', async (t) => {
  const site = await makeSite(t);
  await site.start();
  await importOrders(site, 20_000);
  const replays = await Replays.create(site);
  const ids = [await replays.start(site), await replays.start(site)];
  await replays.reaches('running', site, ids[0]);
  await site.stop();
  await site.start();
  const [first, second] = [await replays.reaches('done', site, ids[0]), await replays.reaches('done', site, ids[1])];
  assert.equal(first.result.orders, 20_000);
  assert.deepEqual(second.result, first.result);
  await site.stop();
  await site.start();
  assert.deepEqual((await replays.read(site, ids[1])).result, first.result, 'results are remembered');
});
