import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { makeSite, must, passmint, run, temporaryFolder } from '../../support/site.mjs';

// The site's settings with a text replaced.
function change(site, from, to) {
  const text = readFileSync(site.config, 'utf8');
  assert.ok(text.includes(from), `settings have no ${from}`);
  writeFileSync(site.config, text.replace(from, to));
}

test('init makes a site that check finds good', async (t) => {
  const site = await makeSite(t);
  const said = must(['check', '--config', site.config]);
  assert.match(said, /^ok {3}master key: /m);
  assert.match(said, /^ok {3}programme demo: Apple: pass\.com\.example\.passmint, team TEST123456/m);
  assert.match(said, /^ok {3}programme demo: Google: /m);
  assert.match(said, /^warn settings: server\.public_url is http/m);
  assert.doesNotMatch(said, /^BAD/m);
});

test('init shows its progress and keeps secrets to the owner', async (t) => {
  const folder = path.join(temporaryFolder(t), 'new');
  const done = passmint(['init', folder]);
  assert.equal(done.status, 0);
  assert.match(done.stderr, /\[1\/6\][^]*\[6\/6\]/);
  assert.equal(done.stdout, '');
  for (const secret of ['secrets/master.key', 'secrets/checkpoint.key', 'certs/pass.key', 'certs/google.json']) {
    assert.equal(statSync(path.join(folder, secret)).mode & 0o777, 0o600, secret);
  }
});

test('init leaves a folder that is not empty alone', (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(path.join(folder, 'precious'), 'x');
  const done = passmint(['init', folder]);
  assert.equal(done.status, 1);
  assert.match(done.stderr, /is not empty/);
  assert.ok(!existsSync(path.join(folder, 'passmint.toml')));
});

test('check --explain lists every setting', () => {
  assert.match(must(['check', '--explain']), /^server\.public_url\n[^]*^programme\.card_number\.check\n/m);
});

test('wrong settings are named with line, value and what is allowed, all at once', async (t) => {
  const site = await makeSite(t);
  change(site, 'currency = "RUB"', 'currency = "RUR"\ncolour = "red"');
  for (const verb of ['check', 'serve']) {
    const done = passmint([verb, '--config', site.config]);
    assert.equal(done.status, 1, verb);
    assert.match(done.stderr, /line \d+: programme\[1\]\.currency is .RUR.; it must be a currency code of ISO 4217/);
    assert.match(done.stderr, /programme\[1\]\.colour is no setting; the nearest is programme\[1\]\./);
  }
});

test('check says that the store cannot be there', async (t) => {
  const site = await makeSite(t);
  change(site, 'sqlite:passmint.db', 'sqlite:nowhere/passmint.db');
  const missing = passmint(['check', '--config', site.config]);
  assert.equal(missing.status, 1);
  assert.match(missing.stdout, /^BAD {2}store: .*nowhere: no folder/m);
  change(site, 'sqlite:nowhere/passmint.db', 'sqlite:passmint.toml');
  assert.match(passmint(['check', '--config', site.config]).stdout, /^BAD {2}store: .*is no SQLite database/m);
});

test('a missing settings file comes with the way to get one', (t) => {
  const done = passmint(['check', '--config', path.join(temporaryFolder(t), 'passmint.toml')]);
  assert.equal(done.status, 1);
  assert.match(done.stderr, /passmint: error: .*passmint\.toml/);
  assert.match(done.stderr, /passmint: hint: .*passmint init/);
});

test('an expired certificate is refused by check and serve, with the cure', async (t) => {
  const site = await makeSite(t);
  // The same key and names, signed by the same intermediate's name, but over: what openssl makes.
  const certs = path.join(site.folder, 'certs');
  const made = run('openssl', [
    'req', '-x509', '-key', path.join(certs, 'pass.key'), '-days', '-1', '-out', path.join(certs, 'expired.pem'),
    '-subj', '/UID=pass.com.example.passmint/CN=Pass Type ID: pass.com.example.passmint/OU=TEST123456/O=Test',
    '-addext', '1.2.840.113635.100.6.1.16=ASN1:UTF8String:pass.com.example.passmint',
  ]);
  if (made.status !== 0) {
    // OpenSSL 3.0 refuses negative days: make it with dates instead.
    assert.match(made.stderr, /days|negative/i);
    makeExpired(certs);
  }
  change(site, 'certs/pass.pem', 'certs/expired.pem');
  for (const verb of ['check', 'serve']) {
    const done = passmint([verb, '--config', site.config]);
    assert.equal(done.status, 1, verb);
    assert.match(done.stderr, /expired\.pem: .*expired/);
    assert.match(done.stderr, /passmint: hint: /);
  }
});

// A self-signed leaf of the site's key that ended in 2021, by `openssl ca`, which takes any dates.
function makeExpired(certs) {
  const work = path.join(certs, 'ca');
  run('mkdir', ['-p', work]);
  writeFileSync(path.join(work, 'index.txt'), '');
  writeFileSync(path.join(work, 'serial'), '01\n');
  writeFileSync(
    path.join(work, 'ca.cnf'),
    `[ca]\ndefault_ca = d\n[d]\ndatabase = ${work}/index.txt\nserial = ${work}/serial\nnew_certs_dir = ${work}\n` +
      'default_md = sha256\npolicy = p\nx509_extensions = e\npreserve = yes\n[p]\nUID = optional\ncommonName = supplied\n' +
      'organizationalUnitName = optional\norganizationName = optional\n' +
      '[e]\n1.2.840.113635.100.6.1.16 = ASN1:UTF8String:pass.com.example.passmint\n' +
      '[req]\ndistinguished_name = n\n[n]\n',
  );
  const key = path.join(certs, 'pass.key');
  const config = path.join(work, 'ca.cnf');
  const subject = '/UID=pass.com.example.passmint/CN=Pass Type ID: pass.com.example.passmint/OU=TEST123456/O=Test';
  const csr = run('openssl', ['req', '-new', '-config', config, '-key', key, '-subj', subject, '-out', path.join(work, 'a.csr')]);
  assert.equal(csr.status, 0, csr.stderr);
  const signed = run('openssl', [
    'ca', '-batch', '-config', config, '-selfsign', '-keyfile', key, '-in', path.join(work, 'a.csr'),
    '-startdate', '20200101000000Z', '-enddate', '20210101000000Z', '-out', path.join(certs, 'expired.pem'), '-notext',
  ]);
  assert.equal(signed.status, 0, signed.stderr);
}

test('a master key that others may read is refused', async (t) => {
  const site = await makeSite(t);
  const key = path.join(site.folder, 'secrets/master.key');
  chmodSync(key, 0o640);
  const done = passmint(['check', '--config', site.config]);
  assert.equal(done.status, 1);
  assert.match(done.stderr, /master key: .*others than its owner/);
  assert.match(done.stderr, /hint: chmod 600 /);
});

test('a certificate of another key is refused', async (t) => {
  const site = await makeSite(t);
  const other = await makeSite(t);
  change(site, 'certs/pass.key', path.join(other.folder, 'certs/pass.key'));
  const done = passmint(['check', '--config', site.config]);
  assert.equal(done.status, 1);
  assert.match(done.stderr, /key/);
});

test('a store refuses another master key', async (t) => {
  const site = await makeSite(t);
  site.key();
  const file = path.join(site.folder, 'secrets/master.key');
  const [id] = readFileSync(file, 'utf8').split(':');
  writeFileSync(file, `${id}:${'0123456789abcdef'.repeat(4)}\n`);
  const done = passmint(['key', 'list', '--config', site.config]);
  assert.equal(done.status, 1);
  assert.match(done.stderr, /master key .* is not the key that this store was made with/);
});

test('key create prints the key once, alone; the list never shows it; revoke ends it', async (t) => {
  const site = await makeSite(t);
  const args = ['key', 'create', '--config', site.config, '--programme', 'demo', '--name', 'web', '--role', 'shop,designer'];
  const created = passmint(args);
  assert.equal(created.status, 0, created.stderr);
  assert.match(created.stdout, /^pm_[0-9A-Za-z]{12}_[0-9A-Za-z]{32}\n$/);
  const [, id, secret] = created.stdout.trim().split('_');
  assert.ok(!created.stderr.includes(secret));

  const listed = must(['key', 'list', '--config', site.config]);
  assert.match(listed, new RegExp(`^${id} .*shop,designer.*web`, 'm'));
  assert.ok(!listed.includes(secret));
  assert.ok(!readFileSync(path.join(site.folder, 'passmint.db')).includes(secret), 'only a hash is stored');

  assert.equal(passmint(['key', 'revoke', '--config', site.config, id]).status, 0);
  assert.match(must(['key', 'list', '--config', site.config]), new RegExp(`^${id} .*revoked`, 'm'));
  assert.equal(passmint(['key', 'revoke', '--config', site.config, 'nonexistent']).status, 1);
});

test('key create refuses a role and a programme that do not exist', async (t) => {
  const site = await makeSite(t);
  const args = ['key', 'create', '--config', site.config, '--name', 'x'];
  const role = passmint([...args, '--role', 'boss']);
  assert.equal(role.status, 1);
  assert.match(role.stderr, /no role "boss"[^]*shop, designer, approver, operator, admin/);
  const programme = passmint([...args, '--role', 'shop', '--programme', 'tea']);
  assert.equal(programme.status, 1);
  assert.match(programme.stderr, /no programme "tea"[^]*programmes are demo/);
});

test('check says which template does not lint', async (t) => {
  const site = await makeSite(t);
  rmSync(path.join(site.folder, 'templates/points/template.json'));
  const done = passmint(['check', '--config', site.config]);
  assert.equal(done.status, 1);
  assert.match(done.stdout, /^BAD {2}programme demo: template points: .*no template\.json/m);
});
