// A short run of scripts/crash: kill -9 under clients, and nothing acknowledged is lost or doubled.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crash } from '../../crash/crash.mjs';

for (const store of ['sqlite', 'postgresql']) {
  test(`edge 44 killed on ${store} at any moment, between commit and answer too, and asked again: recorded, once`, async () => {
    const result = await crash({ rounds: 5, clients: 4, store });
    assert.deepEqual(result.wrong, [], `seed ${result.seed}`);
    assert.ok(result.acknowledged > 20, `${result.acknowledged} operations were done`);
    assert.ok(result.service >= 3 || result.postgresql > 0, 'something was killed');
  });
}
