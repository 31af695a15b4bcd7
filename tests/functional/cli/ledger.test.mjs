// What an operator does with the ledger: verify, export, checkpoint, back up, restore.

import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { PostgresqlCluster } from '../../support/postgresql.mjs';
import { Site, makeSite, must, passmint, root, run, temporaryFolder, until } from '../../support/site.mjs';

const verifier = path.join(root, 'tests/clients/ledger/verify_chain.py');

const call = (site, key, method, route, body, headers) => site.call(key, method, `/api/v1${route}`, body, headers);

const buyer = (n) => `+7921${String(1_000_000 + n)}`;

const order = (id, person, amount = 100_000) => ({
  order_id: id,
  paid_at: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
  currency: 'RUB',
  total: amount,
  customer: { phone: buyer(person), name: 'Anna Petrova' },
  lines: [{ line_id: '1', type: 'product', sku: 'ESP-1', name: 'Espresso beans', quantity: 1, amount }],
});

// Orders of `people` buyers, `each` of everyone.
async function buy(site, key, people, each, prefix = 'o') {
  const answers = [];
  for (let person = 0; person < people; person++) {
    for (let n = 0; n < each; n++) {
      const answer = await call(site, key, 'POST', '/orders', order(`${prefix}-${person}-${n}`, person));
      assert.equal(answer.status, 201, answer.text);
      answers.push(answer.json);
    }
  }
  return answers;
}

const ledger = (site, verb, ...more) => passmint(['ledger', verb, '--config', site.config, ...more]);

// Does something to the store of a stopped site with Python's sqlite3.
function sql(site, script) {
  const done = run('python3', ['-c', `
import sqlite3
db = sqlite3.connect(${JSON.stringify(path.join(site.folder, 'passmint.db'))})
${script}
db.commit()
db.close()`]);
  assert.equal(done.status, 0, done.stderr);
  return done.stdout.trim();
}

// A copy of a stopped site, to do harm to.
function copyOf(t, site) {
  const folder = path.join(temporaryFolder(t), 'site');
  cpSync(site.folder, folder, { recursive: true });
  const copy = Object.assign(new Site(), {
    url: site.url, metrics: site.metrics, folder, config: path.join(folder, 'passmint.toml'),
  });
  t.after(() => copy.stop());
  return copy;
}

// A stopped site with three buyers and two orders of each, and one checkpoint.
async function soldSite(t) {
  const site = await makeSite(t);
  await site.start();
  const key = site.key();
  await buy(site, key, 3, 2);
  const checkpoint = ledger(site, 'checkpoint');
  assert.equal(checkpoint.status, 0, checkpoint.stderr);
  return { site, key, checkpoint: checkpoint.stdout.trim() };
}

test('verify passes while the site serves, and after it has stopped', async (t) => {
  const { site } = await soldSite(t);
  for (const stop of [true, false]) {
    const done = ledger(site, 'verify');
    assert.equal(done.status, 0, done.stderr + done.stdout);
    assert.match(done.stdout, /^ok {3} journals: 3 accounts, 6 entries, 6 lots, 0 holds, 6 orders$/m);
    assert.match(done.stdout, /^ok {3} checkpoints: \d+ documents, \d+ heads compared$/m);
    if (stop) assert.equal((await site.stop()).code, 0);
  }
});

const account = "db.execute('SELECT id FROM account ORDER BY id').fetchall()[1][0]";
const harms = [
  ['a flipped bit of a body', 'journal_hash', 1, `
a = ${account}
b = bytearray(db.execute('SELECT body FROM entry WHERE account = ? AND sequence = 1', (a,)).fetchone()[0])
b[len(b) // 2] ^= 1
db.execute('UPDATE entry SET body = ? WHERE account = ? AND sequence = 1', (bytes(b), a))`],
  ['a changed hash', 'journal_hash', 2, `
a = ${account}
db.execute('UPDATE entry SET hash = zeroblob(32) WHERE account = ? AND sequence = 2', (a,))`],
  ['a missing first entry', 'journal_gap', 1, `
a = ${account}
db.execute('DELETE FROM entry WHERE account = ? AND sequence = 1', (a,))`],
  ['a missing last entry', 'journal_tail', 2, `
a = ${account}
db.execute('DELETE FROM entry WHERE account = ? AND sequence = 2', (a,))`],
  ['two entries in each other\'s place', 'journal_hash', 1, `
a = ${account}
one, two = db.execute('SELECT body, hash FROM entry WHERE account = ? ORDER BY sequence', (a,)).fetchall()
db.execute('UPDATE entry SET body = ?, hash = ? WHERE account = ? AND sequence = 1', (*two, a))
db.execute('UPDATE entry SET body = ?, hash = ? WHERE account = ? AND sequence = 2', (*one, a))`],
  ['another account\'s balance', 'state_differs', 0, `
a = ${account}
other = db.execute('SELECT state FROM account WHERE sequence = 1 AND id <> ?', (a,)).fetchone()[0]
db.execute('UPDATE account SET state = ? WHERE id = ?', (other, a))`],
  ['a state that is no state', 'state_differs', 0, `
a = ${account}
db.execute('UPDATE account SET state = zeroblob(9) WHERE id = ?', (a,))`],
  ['an account that is gone', 'journal_orphan', 0, `
a = ${account}
db.execute('DELETE FROM account WHERE id = ?', (a,))`],
  ['an account without any entry', 'journal_tail', 1, `
a = ${account}
db.execute('DELETE FROM entry WHERE account = ?', (a,))`],
];

test('verify finds holds and orders whose rows are not as the journal says', async (t) => {
  const { site, key } = await soldSite(t);
  const sold = await call(site, key, 'POST', '/orders', order('held', 7));
  const keyed = () => ({ 'idempotency-key': crypto.randomUUID() });
  const place = async () => {
    const held = await call(site, key, 'POST', '/holds', { member_id: sold.json.member.id, points: 1, ttl_seconds: 900 }, keyed());
    assert.equal(held.status, 201, held.text);
    return held.json.hold.id;
  };
  const [ended, open] = [await place(), await place()];
  assert.equal((await call(site, key, 'POST', `/holds/${ended}/void`)).status, 200);
  await site.stop();
  assert.match(ledger(site, 'verify').stdout, /2 holds, 7 orders/);
  for (const [what, script, said] of [
    ['a hold that forgot that it ended', `UPDATE hold SET ended = NULL WHERE id = '${ended}'`, `hold ${ended} of the journal is missing`],
    ['an open hold that ended', `UPDATE hold SET ended = (SELECT ended FROM hold WHERE id = '${ended}') WHERE id = '${open}'`, `hold ${ended}|hold ${open}`],
    ['a hold that is gone', `DELETE FROM hold WHERE id = '${open}'`, `hold ${open} of the journal is missing`],
    ['an order that is gone', "DELETE FROM shop_order WHERE id = 'held'", 'order \\S+/held of the journal is missing'],
    ['the record of another order', "UPDATE shop_order SET record = (SELECT record FROM shop_order WHERE id = 'o-0-0') WHERE id = 'held'", 'order \\S+/held'],
    ['a record that is none', "UPDATE shop_order SET record = zeroblob(3) WHERE id = 'held'", 'order held: '],
  ]) {
    await t.test(what, (t) => {
      const copy = copyOf(t, site);
      sql(copy, `db.execute("""${script}""")`);
      const done = ledger(copy, 'verify');
      assert.equal(done.status, 1, done.stdout);
      assert.match(done.stdout, new RegExp(`^BAD {3}state_differs .*(${said})`, 'm'));
    });
  }
});

test('verify finds and names what was tampered with', async (t) => {
  const { site, key } = await soldSite(t);
  await call(site, key, 'POST', '/orders', order('single', 7)); // One account with one entry.
  await site.stop();
  const id = sql(site, `print(${account})`);
  for (const [what, reason, sequence, script] of harms) {
    await t.test(what, (t) => {
      const copy = copyOf(t, site);
      sql(copy, script);
      const done = ledger(copy, 'verify');
      assert.equal(done.status, 1, done.stdout);
      const found = done.stdout.split('\n').find((line) => line.includes(`account=${id} `));
      assert.ok(found, done.stdout);
      assert.match(found, new RegExp(`^BAD {3}${reason} programme=demo account=${id} sequence=${sequence}: `));
      assert.match(done.stderr, /^passmint: error: the ledger is not sound: 1 accounts/m);
    });
  }
});

test('every flipped byte of a journal is found', async (t) => {
  const { site } = await soldSite(t);
  await site.stop();
  const copy = copyOf(t, site);
  const rows = Number(sql(copy, "print(sum(len(b) for (b,) in db.execute('SELECT body FROM entry')))"));
  const step = Math.ceil(rows / 25); // A process each.
  for (let at = 0; at < rows; at += step) {
    const flip = (`
at = ${at}
for a, s, b in db.execute('SELECT account, sequence, body FROM entry ORDER BY account, sequence').fetchall():
    if at < len(b):
        b = bytearray(b)
        b[at] ^= 0x10
        db.execute('UPDATE entry SET body = ? WHERE account = ? AND sequence = ?', (bytes(b), a, s))
        print(a, s)
        break
    at -= len(b)`);
    const [id, sequence] = sql(copy, flip).split(' ');
    const done = ledger(copy, 'verify');
    assert.equal(done.status, 1);
    assert.match(done.stdout, new RegExp(`account=${id} sequence=${sequence}: `));
    sql(copy, flip); // Back again.
  }
  assert.equal(ledger(copy, 'verify').status, 0);
});

test('a foreign script computes the chain of an export, and misses nothing', async (t) => {
  const { site, checkpoint } = await soldSite(t);
  const folder = temporaryFolder(t);
  for (const format of ['jsonl', 'csv']) {
    const file = path.join(folder, `ledger.${format}`);
    const done = ledger(site, 'export', '--format', format, '--output', file);
    assert.equal(done.status, 0, done.stderr);
    const good = run('python3', [verifier, file, checkpoint]);
    assert.equal(good.stdout, 'ok: 3 accounts, 6 entries\n');
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    const head = format === 'csv' ? 1 : 0;
    const without = (...indexes) => lines.filter((_, i) => !indexes.includes(i - head)).join('\n') + '\n';
    for (const [text, said] of [
      [without(0), /missing/],
      [without(5), /checkpoint saw more/],
      [without(4, 5), /checkpoint saw more/],
      [lines.join('\n').replace(/demo/g, 'semo') + '\n', /its hash/],
    ]) {
      writeFileSync(file, text);
      const bad = run('python3', [verifier, file, checkpoint]);
      assert.equal(bad.status, 1);
      assert.match(bad.stdout, said);
    }
  }
  const first = JSON.parse(ledger(site, 'export').stdout.split('\n')[0]);
  assert.equal(first.entry.type, 'earn');
  assert.equal(first.entry.amount, 50);
  assert.equal(ledger(site, 'export', '--programme', 'other').stdout, '');
  assert.equal(ledger(site, 'export', '--output', path.join(folder, 'ledger.csv')).status, 1, 'replaces nothing');
  assert.equal(ledger(site, 'export', '--format', 'xml').status, 2);
});

test('a checkpoint can be verified with openssl, and one that was changed is refused', async (t) => {
  const { site, checkpoint } = await soldSite(t);
  await site.stop();
  const lines = readFileSync(checkpoint, 'utf8').split('\n');
  const folder = temporaryFolder(t);
  const file = (name, content) => {
    writeFileSync(path.join(folder, name), content);
    return path.join(folder, name);
  };
  const message = file('message', lines.slice(0, 6).join('\n') + '\n');
  const signature = file('signature', Buffer.from(lines[6].split(' ')[1], 'base64'));
  const signing = path.join(site.folder, 'secrets/checkpoint.key');
  const proof = run('openssl', ['pkeyutl', '-verify', '-rawin', '-inkey', signing, '-in', message, '-sigfile', signature]);
  assert.match(proof.stdout, /Verified Successfully/);

  for (const [changed, said] of [
    [lines.map((line) => line.replace(/^time 2026/, 'time 2025')), /not signed with this key/],
    [lines.filter((_, i) => i !== 8), /not those it was signed for/],
    [lines.slice(0, 3), /checkpoint/],
  ]) {
    const copy = copyOf(t, site);
    writeFileSync(path.join(copy.folder, 'checkpoints', path.basename(checkpoint)), changed.join('\n'));
    const done = ledger(copy, 'verify');
    assert.equal(done.status, 1);
    assert.match(done.stdout, said);
  }
});

test('a store that lost what a checkpoint saw is found, and gets no new checkpoint', async (t) => {
  const { site, key } = await soldSite(t);
  await site.stop();
  const old = copyOf(t, site);
  await site.start();
  await buy(site, key, 1, 1, 'more');
  await call(site, key, 'POST', '/orders', order('new', 9));
  const newer = ledger(site, 'checkpoint');
  assert.equal(newer.status, 0, newer.stderr);
  assert.equal(ledger(site, 'verify').status, 0);
  assert.match(ledger(site, 'checkpoint').stderr, /nothing has changed/);
  await site.stop();

  rmSync(path.join(old.folder, 'checkpoints'), { recursive: true });
  cpSync(path.join(site.folder, 'checkpoints'), path.join(old.folder, 'checkpoints'), { recursive: true });
  const done = ledger(old, 'verify');
  assert.equal(done.status, 1);
  assert.match(done.stdout, /checkpoint: account a_\w+ of programme demo: its journal ends at entry 2; .* it had 3 entries/);
  assert.match(done.stdout, /checkpoint: account a_\w+ of programme demo: it is gone/);
  assert.match(ledger(old, 'checkpoint').stderr, /has less history/);
});

test('serve signs a checkpoint by itself and stops at once', async (t) => {
  const site = await makeSite(t);
  await site.start();
  await until('the first checkpoint', () => /ledger\.checkpoint file=\S+ accounts=0/.test(site.log));
  assert.equal(readdirSync(path.join(site.folder, 'checkpoints')).filter((name) => name.endsWith('.txt')).length, 1);
  const began = Date.now();
  assert.equal((await site.stop()).code, 0);
  assert.ok(Date.now() - began < 5000);
});

// An empty site with the secrets and checkpoints of another.
function emptyTwin(t, site) {
  const twin = copyOf(t, site);
  twin.empty();
  return twin;
}

const restore = (site, file) => passmint(['restore', file, '--config', site.config]);
const backup = (site, file) => must(['backup', file, '--config', site.config]);

test('a backup taken while the site serves is restored whole', async (t) => {
  const { site, key } = await soldSite(t);
  const folder = temporaryFolder(t);
  const file = path.join(folder, 'a.backup');
  const busy = buy(site, key, 8, 2, 'meanwhile');
  backup(site, file);
  await busy;
  const last = path.join(folder, 'b.backup');
  backup(site, last);
  assert.notEqual(passmint(['backup', last, '--config', site.config]).status, 0, 'replaces nothing');
  await site.stop();
  const text = readFileSync(last, 'utf8');
  assert.ok(!text.includes(readFileSync(path.join(site.folder, 'secrets/master.key'), 'utf8').trim().split(':')[1]));

  const twin = emptyTwin(t, site);
  const done = restore(twin, last);
  assert.equal(done.status, 0, done.stderr);
  assert.match(done.stderr, /verified 8 accounts, 22 entries/);
  assert.equal(ledger(twin, 'export').stdout, ledger(site, 'export').stdout);
  assert.match(restore(twin, last).stderr, /not empty/);
  const again = path.join(folder, 'c.backup');
  backup(twin, again);
  const content = (name) => readFileSync(name, 'utf8').split('\n').slice(1, -2).join('\n');
  assert.equal(content(again), content(last));

  await twin.start();
  const repeated = await call(twin, key, 'POST', '/orders', { ...order('o-0-0', 0) });
  assert.ok([200, 409].includes(repeated.status), 'the order is known');
  assert.equal((await call(twin, key, 'POST', '/orders', order('later', 0))).status, 201);
  assert.match(restore(twin, last).stderr, /another process serves|is being served/);
  await twin.stop();
});

test('a backup that was cut or changed is refused before anything is written', async (t) => {
  const { site } = await soldSite(t);
  const file = path.join(temporaryFolder(t), 'a.backup');
  backup(site, file);
  await site.stop();
  const text = readFileSync(file, 'utf8');
  const lines = text.split('\n');
  for (const [bad, said] of [
    ['', /it is empty/],
    ['hello\n', /no backup of passmint's/],
    [text.slice(0, -10), /it is cut/],
    [lines.slice(0, -2).join('\n') + '\n', /it is cut/],
    [text.replace('Anna', 'Hanna'), /its hash/],
    [lines.filter((_, i) => i !== 3).join('\n'), /its hash/],
    [text + lines.at(-2) + '\n', /something follows/],
    [text.replace(/"schema":\d+/, '"schema":99'), /has schema 99/],
  ]) {
    const twin = emptyTwin(t, site);
    writeFileSync(file, bad);
    const done = restore(twin, file);
    assert.equal(done.status, 1);
    assert.match(done.stderr, said);
    assert.ok(!readdirSync(twin.folder).includes('passmint.db'));
  }
});

test('a backup whose name ends in .gz is compressed, and restored by what it begins with', async (t) => {
  const { site } = await soldSite(t);
  await site.stop();
  const folder = temporaryFolder(t);
  const [plain, packed] = [path.join(folder, 'a.backup'), path.join(folder, 'a.backup.gz')];
  backup(site, plain);
  backup(site, packed);
  // Most of so small a store are pictures, which are compressed already.
  assert.ok(statSync(packed).size < statSync(plain).size);
  assert.equal(statSync(packed).mode & 0o777, 0o600);
  const content = (bytes) => bytes.toString().split('\n').slice(1, -2).join('\n');
  assert.equal(content(gunzipSync(readFileSync(packed))), content(readFileSync(plain)));

  // Packed by others, under another name.
  const foreign = path.join(folder, 'foreign');
  writeFileSync(foreign, gzipSync(readFileSync(plain)));
  for (const file of [packed, foreign]) {
    const twin = emptyTwin(t, site);
    const done = restore(twin, file);
    assert.equal(done.status, 0, done.stderr);
    assert.equal(ledger(twin, 'export').stdout, ledger(site, 'export').stdout);
  }
  const bytes = readFileSync(packed);
  for (const bad of [bytes.subarray(0, -10), bytes.subarray(0, bytes.length / 2), Buffer.concat([bytes, bytes])]) {
    writeFileSync(packed, bad);
    const done = restore(emptyTwin(t, site), packed);
    assert.equal(done.status, 1);
    assert.match(done.stderr, /the backup is damaged|something follows/);
  }
});

test('edge 50 an older backup is read-only until its loss is accepted', async (t) => {
  const { site, key } = await soldSite(t);
  const file = path.join(temporaryFolder(t), 'a.backup');
  backup(site, file);
  await buy(site, key, 1, 1, 'lost');
  assert.equal(ledger(site, 'checkpoint').status, 0);
  await site.stop();

  const twin = emptyTwin(t, site);
  const done = restore(twin, file);
  assert.equal(done.status, 0, done.stderr);
  assert.match(done.stderr, /older than the checkpoint of .*: 1 of 3 accounts lack entries/);
  await twin.start();
  assert.match(twin.log, /error store\.read_only/);
  const refused = await call(twin, key, 'POST', '/orders', order('x', 0));
  assert.equal(refused.status, 503);
  assert.equal(refused.json.type, 'urn:passmint:restored_older');
  assert.match(refused.json.detail, /accept-loss/);
  assert.match(ledger(twin, 'checkpoint').stderr, /read-only/);

  const accepted = ledger(twin, 'accept-loss');
  assert.equal(accepted.status, 0, accepted.stderr);
  await until('writes are allowed', async () => (await call(twin, key, 'POST', '/orders', order('x', 0))).status === 201, 25_000);
  assert.equal(ledger(twin, 'verify').status, 0);
  assert.ok(readdirSync(path.join(twin.folder, 'checkpoints')).some((name) => name.startsWith('given-up-')));
  assert.equal(ledger(twin, 'accept-loss').status, 1);
  await twin.stop();
});

test('who was erased after the backup is erased again when it is restored', async (t) => {
  const { site, key } = await soldSite(t);
  const file = path.join(temporaryFolder(t), 'a.backup');
  backup(site, file);
  const admin = site.key(['admin']);
  const { member } = (await call(site, key, 'POST', '/orders', order('e', 0))).json;
  const erased = await call(site, admin, 'DELETE', `/members/${member.id}`);
  assert.equal(erased.status, 204);
  const list = readFileSync(path.join(site.folder, 'checkpoints/erasures.jsonl'), 'utf8').trimEnd().split('\n');
  assert.deepEqual(list.map((line) => JSON.parse(line).member), [member.id]);
  await site.stop();

  const twin = emptyTwin(t, site);
  const done = restore(twin, file);
  assert.equal(done.status, 0, done.stderr);
  assert.match(done.stderr, /erased 1 members who were erased after it/);
  assert.equal(sql(twin, `print(db.execute("SELECT count(*) FROM member_identity WHERE member = '${member.id}'").fetchone()[0])`), '0');
});

test('a hold that has ended is posted by serve, but not while the clock is distrusted', async (t) => {
  const { site, key } = await soldSite(t);
  const { member } = (await call(site, key, 'POST', '/orders', order('h', 0))).json;
  const hold = () =>
    call(site, key, 'POST', '/holds', { member_id: member.id, points: 10, ttl_seconds: 1 }, { 'idempotency-key': `h-${Date.now()}` });
  const first = await hold();
  assert.equal(first.status, 201, first.text);
  await until('the end of the hold is posted', () => /ledger\.posted accounts=1/.test(site.log), 30_000);
  assert.equal((await hold()).status, 201);
  await site.stop();

  sql(site, `db.execute("UPDATE setting SET value = CAST(CAST(value AS INTEGER) - 7200000000 AS TEXT) WHERE name = 'clock.heartbeat'")`);
  await site.start();
  await until('the jump is noticed', () => /error ledger\.clock_jumped/.test(site.log));
  await new Promise((resolve) => setTimeout(resolve, 2000));
  assert.ok(!/ledger\.posted/.test(site.log));
  const confirmed = ledger(site, 'confirm-clock');
  assert.equal(confirmed.status, 0, confirmed.stderr);
  assert.match(confirmed.stderr, /posting goes on/);
  await until('posting goes on', () => /ledger\.posted accounts=1/.test(site.log), 30_000);
  assert.match(ledger(site, 'confirm-clock').stderr, /nothing had stopped/);
  await site.stop();
  assert.equal(ledger(site, 'verify').status, 0);
});

test('a site moves from SQLite to PostgreSQL and back', async (t) => {
  const { site, key } = await soldSite(t);
  const folder = temporaryFolder(t);
  const cluster = PostgresqlCluster.create();
  t.after(() => cluster.remove());
  await site.stop();
  const file = path.join(folder, 'a.backup');
  backup(site, file);
  const moved = emptyTwin(t, site);
  const settings = readFileSync(moved.config, 'utf8');
  writeFileSync(moved.config, settings.replace(/^url = .*$/m, `url = "${cluster.makeDatabase('moved')}"`), { mode: 0o600 });
  const done = restore(moved, file);
  assert.equal(done.status, 0, done.stderr);
  const verified = ledger(moved, 'verify');
  assert.equal(verified.status, 0, verified.stderr + verified.stdout);
  assert.match(verified.stdout, /3 accounts, 6 entries/);
  assert.equal(ledger(moved, 'export').stdout, ledger(site, 'export').stdout);

  await moved.start();
  await buy(moved, key, 4, 1, 'postgresql');
  const back = path.join(folder, 'b.backup');
  backup(moved, back);
  assert.match(ledger(moved, 'checkpoint').stderr, /4 accounts/);
  await moved.stop();
  const home = emptyTwin(t, site);
  assert.match(restore(home, back).stderr, /verified 4 accounts, 10 entries/);
  assert.equal(ledger(home, 'verify').status, 0);
  assert.equal(ledger(home, 'export').stdout, ledger(moved, 'export').stdout);
});
