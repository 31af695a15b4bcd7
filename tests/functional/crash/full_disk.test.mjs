// A disk that fills up under the service and is emptied again: it says so, loses nothing, and goes on
// by itself.

import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client, findFeatures } from '../../crash/clients.mjs';
import { makeMembers, verifyLedger } from '../../crash/crash.mjs';
import { compare } from '../../crash/recorded.mjs';
import { Site, order, root, run, until } from '../../support/site.mjs';

let site, full;
before(async () => {
  site = await Site.create({ settings: (text) => text.replace(/^templates = \[[^\]]*\]/m, 'templates = ["templates/points"]') });
  const shim = join(site.temporary, 'full_disk.so');
  const built = run('cc', ['-shared', '-fPIC', '-o', shim, join(root, 'tests/crash/full_disk.c'), '-ldl']);
  assert.equal(built.status, 0, built.stderr);
  full = join(site.temporary, 'full');
  Object.assign(process.env, { LD_PRELOAD: shim, FULL_DISK: full });
  try {
    await site.start();
  } finally {
    delete process.env.LD_PRELOAD;
  }
});
after(async () => { await site?.remove(); });

test('with a full disk writes are 503 and reads go on; with room again so do writes, and nothing is lost', async () => {
  const [shop, operator] = [site.key(['shop']), site.key(['operator'])];
  const features = await findFeatures(site, shop, operator);
  const members = await makeMembers(site, shop, 'full');
  const wrong = [];
  const crew = Array.from({ length: 4 }, (_, n) => new Client({
    sites: [site], name: `f${n}`, seed: `full ${n}`, members, shop, operator, features, faults: wrong }));
  const answered = () => crew.flatMap((client) => client.operations).filter(({ status }) => status < 300);
  let stopped = false;
  const work = crew.map((client) => client.run(() => stopped));
  try {
    for (let round = 0; round < 3; ++round) {
      const enough = answered().length + 30;
      await until('operations while there is room', () => answered().length >= enough);
      const known = answered().find(({ kind }) => kind === 'order').json;
      writeFileSync(full, '');
      const refused = await until('a refusal', async () => {
        const answer = await site.call(shop, 'POST', '/api/v1/orders', order());
        return answer.status === 201 ? null : answer;
      });
      assert.equal(refused.status, 503, refused.text);
      assert.equal(refused.json.type, 'urn:passmint:disk_full');
      assert.ok(Number(refused.headers.get('retry-after')) > 0);
      const during = answered().length;
      await new Promise((resolve) => setTimeout(resolve, 300));
      assert.ok(answered().length <= during + crew.length, 'what was under way may have ended, and nothing else');
      assert.equal((await site.call(shop, 'GET', `/api/v1/orders/${known.order_id}?source=web`)).status, 200);
      assert.equal((await fetch(known.card.links?.page ?? `${site.url}/healthz`)).status, 200);
      rmSync(full);
    }
    const enough = answered().length + 30;
    await until('operations once there is room again', () => answered().length >= enough);
  } finally {
    rmSync(full, { force: true });
    stopped = true;
    await Promise.all(work);
  }
  const operations = crew.flatMap((client) => client.operations);
  assert.ok(operations.some(({ sent }) => sent > 1), 'nobody met the full disk');
  wrong.push(...await compare({ site, shop, members, operations, replays: operations.slice(-50) }));
  assert.deepEqual(wrong, []);
  assert.equal(verifyLedger(site), 'ok');
  assert.deepEqual(await site.stop(), { code: 0, signal: null });
});
