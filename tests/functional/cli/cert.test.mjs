import assert from 'node:assert/strict';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { makeSite, must, passmint, run, temporaryFolder } from '../../support/site.mjs';

test('cert csr makes a request that openssl verifies, and a key for the owner only', (t) => {
  const cwd = temporaryFolder(t);
  must(['cert', 'csr', '--key', 'a.key', '--output', 'a.csr', '--name', 'Bean & Leaf', '--email', 'a@example.com'], { cwd });
  const verified = run('openssl', ['req', '-in', 'a.csr', '-verify', '-noout', '-text'], { cwd });
  assert.equal(verified.status, 0, verified.stderr);
  assert.match(verified.stdout + verified.stderr, /verify OK/i);
  assert.match(verified.stdout, /Public-Key: \(2048 bit\)/);
  assert.equal(statSync(path.join(cwd, 'a.key')).mode & 0o777, 0o600);
});

test('cert csr overwrites neither key nor request', (t) => {
  const cwd = temporaryFolder(t);
  writeFileSync(path.join(cwd, 'pass.key'), 'the only copy');
  const done = passmint(['cert', 'csr'], { cwd });
  assert.equal(done.status, 1);
  assert.match(done.stderr, /pass\.key: File exists[^]*--key/);
  assert.ok(!existsSync(path.join(cwd, 'pass.csr')));
});

test('cert import takes what Apple sends, as DER, and writes what the settings name', async (t) => {
  const { folder } = await makeSite(t);
  const certs = path.join(folder, 'certs');
  const cwd = temporaryFolder(t);
  run('openssl', ['x509', '-in', path.join(certs, 'pass.pem'), '-outform', 'DER', '-out', path.join(cwd, 'pass.cer')]);
  const said = must(['cert', 'import', 'pass.cer', '--key', path.join(certs, 'pass.key'), '--wwdr',
    path.join(certs, 'wwdr'), '--output', 'out'], { cwd });
  assert.match(said, /^pass type +pass\.com\.example\.passmint$/m);
  assert.match(said, /^team +TEST123456$/m);
  assert.match(said, /^NFC +no$/m);
  assert.equal(statSync(path.join(cwd, 'out/pass.key')).mode & 0o777, 0o600);
  assert.match(must(['cert', 'show', 'out/pass.pem'], { cwd }), /valid until .* days left/);
});

test('cert import opens the .p12 that Keychain exports with RC2-40', async (t) => {
  const { folder } = await makeSite(t);
  const certs = path.join(folder, 'certs');
  const cwd = temporaryFolder(t);
  writeFileSync(path.join(cwd, 'password'), 'secret\n');
  const exported = run('openssl', ['pkcs12', '-export', '-legacy', '-in', path.join(certs, 'pass.pem'), '-inkey',
    path.join(certs, 'pass.key'), '-passout', 'pass:secret', '-out', path.join(cwd, 'pass.p12')]);
  assert.equal(exported.status, 0, exported.stderr);
  const args = ['cert', 'import', 'pass.p12', '--wwdr', path.join(certs, 'wwdr'), '--output', 'out'];
  const locked = passmint(args, { cwd });
  assert.equal(locked.status, 1);
  assert.match(locked.stderr, /password|passphrase/);
  must([...args, '--passphrase-file', 'password'], { cwd });
});

test('cert import says exactly what is wrong', async (t) => {
  const { folder } = await makeSite(t);
  const other = await makeSite(t);
  const certs = path.join(folder, 'certs');
  const cwd = temporaryFolder(t);
  writeFileSync(path.join(cwd, 'empty.pem'), '');
  const pem = path.join(certs, 'pass.pem');
  const key = path.join(certs, 'pass.key');
  const wwdr = path.join(certs, 'wwdr');
  for (const [args, said] of [
    [[pem], /has no private key[^]*--key/],
    [[path.join(cwd, 'none.cer'), '--key', key], /none\.cer: No such file/],
    [[path.join(cwd, 'empty.pem'), '--key', key], /empty\.pem: /],
    [[key, '--key', key], /private key/],
    [[pem, '--key', path.join(other.folder, 'certs/pass.key'), '--wwdr', wwdr], /key/],
    [[pem, '--key', key], /WWDR|intermediate/],
    [[pem, '--key', key, '--wwdr', path.join(other.folder, 'certs/wwdr')], /WWDR|intermediate|issue/],
    [[path.join(certs, 'test-root.pem'), '--key', key, '--wwdr', wwdr], /pass/i],
  ]) {
    const done = passmint(['cert', 'import', ...args, '--output', path.join(cwd, 'out')]);
    assert.equal(done.status, 1, args.join(' '));
    assert.match(done.stderr, /^passmint: error: /, args.join(' '));
    assert.match(done.stderr, said, args.join(' '));
    assert.ok(!existsSync(path.join(cwd, 'out/pass.key')));
  }
});

test('cert import does not overwrite a certificate in use', async (t) => {
  const { folder } = await makeSite(t);
  const certs = path.join(folder, 'certs');
  const done = passmint(['cert', 'import', path.join(certs, 'pass.pem'), '--key', path.join(certs, 'pass.key'), '--output', certs]);
  assert.equal(done.status, 1);
  assert.match(done.stderr, /exists already/);
});
