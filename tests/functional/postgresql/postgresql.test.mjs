// The real binary on a real PostgreSQL: several processes serve one store.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { PostgresqlCluster } from '../../support/postgresql.mjs';
import { Site, anotherProcess, freshPhone, order, passmint, until } from '../../support/site.mjs';

let cluster, sites, shop;

const useStore = (url) => (settings) => settings.replace(/^url = "sqlite:.*$/m, `url = "${url}"`);

before(async () => {
  cluster = PostgresqlCluster.create();
  const first = await Site.create({ settings: useStore(cluster.makeDatabase('shop')) });
  sites = [first, await anotherProcess(first)];
  // At once, into an empty database: both want to make the tables and import the template.
  await Promise.all(sites.map((site) => site.start()));
  shop = first.key(['shop']);
});
after(async () => {
  await sites?.[1].stop();
  await sites?.[0].remove();
  cluster?.remove();
});

const place = (n, body, headers) => sites[n % 2].call(shop, 'POST', '/api/v1/orders', body, headers);

test('the same order sixteen times in parallel over two processes is one card, one 201 and fifteen 200', async () => {
  for (let round = 0; round < 5; ++round) {
    const body = order();
    const answers = await Promise.all(Array.from({ length: 16 }, (_, n) => place(n, body)));
    assert.deepEqual(answers.map((answer) => answer.status).sort(), [...Array(15).fill(200), 201]);
    assert.equal(new Set(answers.map((answer) => answer.json.card.number)).size, 1);
  }
});

test('sixteen different orders of one new phone over two processes are one member and one card', async () => {
  const customer = { phone: freshPhone() };
  const answers = await Promise.all(Array.from({ length: 16 }, (_, n) => place(n, order({ customer }))));
  assert.deepEqual(answers.map((answer) => answer.status), Array(16).fill(201));
  assert.equal(new Set(answers.map((answer) => answer.json.card.number)).size, 1);
  assert.equal(answers.filter((answer) => answer.json.card.created).length, 1);
});

test('one Idempotency-Key over two processes has one answer', async () => {
  const body = order();
  const headers = { 'idempotency-key': `key-${Math.random().toString(36).slice(2)}` };
  const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => place(n, body, headers)));
  assert.deepEqual(answers.map((answer) => answer.status), Array(8).fill(201));
  assert.equal(new Set(answers.map((answer) => answer.text)).size, 1);
});

test('after a crash of the server both go on by themselves, and what was acknowledged is there', async () => {
  const acknowledged = [];
  let stop = false;
  const writers = Array.from({ length: 8 }, async (_, n) => {
    while (!stop) {
      const body = order();
      const answer = await place(n, body);
      if (answer.status === 201) acknowledged.push(body);
      else assert.equal(answer.status, 503, answer.text);
    }
  });
  await until('orders before', () => acknowledged.length > 20);
  cluster.stop('immediate');
  cluster.start();
  const before = acknowledged.length;
  await until('orders after', () => acknowledged.length > before + 20);
  stop = true;
  await Promise.all(writers);
  for (const { order_id: id, source = 'web' } of acknowledged) {
    const rows = cluster.sql(`SELECT count(*) FROM shop_order WHERE id = '${id}'`, 'shop');
    assert.equal(rows, '1', `order ${id} of ${source}`);
  }
  for (const site of sites) assert.equal((await fetch(`${site.url}/readyz`)).status, 200);
});

test('check says what is wrong with the store, and never a password', () => {
  const site = sites[0];
  const check = (url) => {
    const config = join(site.folder, 'check.toml');
    writeFileSync(config, readFileSync(site.config, 'utf8').replace(/^url = "postgresql:.*$/m, `url = "${url}"`));
    const done = passmint(['check', '--config', config]);
    const said = done.stdout + done.stderr;
    assert.ok(!said.includes('hunter2'), said);
    return { status: done.status, said };
  };
  const good = check(cluster.url('shop'));
  assert.equal(good.status, 0, good.said);
  assert.match(good.said, /database shop .*schema \d/);
  const missing = check(cluster.url('nowhere'));
  assert.equal(missing.status, 1);
  assert.match(missing.said, /nowhere[^]*createdb/);
  assert.match(check('postgresql://shop:hunter2@127.0.0.1:1/x').said, /cannot connect to database x at 127\.0\.0\.1:1/);
  assert.match(check('postgresql://shop:hunter2@x@127.0.0.1/x').said, /%40/);
  cluster.sql('CREATE DATABASE unsafe');
  cluster.sql('ALTER DATABASE unsafe SET synchronous_commit = off');
  assert.match(check(cluster.url('unsafe')).said, /synchronous_commit is off[^]*SET synchronous_commit = on/);
  cluster.sql('CREATE DATABASE theirs');
  cluster.sql('CREATE TABLE card (id int)', 'theirs');
  assert.match(check(cluster.url('theirs')).said, /another program/);
});
