import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { makeSite, must, passmint, run, temporaryFolder } from '../../support/site.mjs';

// One site and a folder for the whole file: making keys takes a second.
let site;
let out;
const undo = [];
before(async () => {
  const whole = { after: (step) => undo.push(step) };
  site = await makeSite(whole);
  out = temporaryFolder(whole);
});
after(async () => { for (const step of undo) await step(); });

const template = (name) => path.join(site.folder, 'templates', name);
const build = (name, ...more) =>
  passmint(['pass', 'build', '--config', site.config, '--template', template(name), ...more]);

function openBundle(file) {
  const folder = `${file}.files`;
  const unzipped = run('unzip', ['-q', '-o', file, '-d', folder]);
  assert.equal(unzipped.status, 0, unzipped.stderr);
  return folder;
}

test('a bundle of every shipped template is a sound zip that openssl cms verifies', () => {
  const names = readdirSync(path.join(site.folder, 'templates'));
  assert.ok(names.length >= 6, names.join());
  for (const name of names) {
    const file = path.join(out, `${name}.pkpass`);
    const made = build(name, '--output', file);
    assert.equal(made.status, 0, made.stderr);
    assert.equal(run('unzip', ['-t', file]).status, 0);
    const folder = openBundle(file);
    const verified = run('openssl', ['cms', '-verify', '-purpose', 'any', '-binary', '-inform', 'DER',
      '-in', path.join(folder, 'signature'), '-content', path.join(folder, 'manifest.json'),
      '-CAfile', path.join(site.folder, 'certs/test-root.pem'), '-out', '/dev/null']);
    assert.equal(verified.status, 0, `${name}: ${verified.stderr}`);
    const printed = run('openssl', ['cms', '-cmsout', '-print', '-inform', 'DER', '-in', path.join(folder, 'signature')]);
    assert.match(printed.stdout, /signingTime/);
    must(['pass', 'verify', file, '--root', path.join(site.folder, 'certs/test-root.pem')]);
  }
});

test('the data file decides what the card shows', () => {
  const data = path.join(out, 'data.json');
  writeFileSync(data, JSON.stringify({ member: { name: 'Anna "Я" Petrova' }, 'points.available': 4711, card: { number: '9000123412341238' } }));
  const file = path.join(out, 'data.pkpass');
  const made = build('points', '--data', data, '--output', file, '--serial', 'serial-1');
  assert.equal(made.status, 0, made.stderr);
  const pass = JSON.parse(readFileSync(path.join(openBundle(file), 'pass.json'), 'utf8'));
  assert.equal(pass.serialNumber, 'serial-1');
  assert.ok(JSON.stringify(pass).includes('4711'));
  assert.equal(pass.barcodes[0].message, '9000123412341238');
  assert.match(pass.webServiceURL, /\/apple$/);
});

test('a data file is refused value by value', () => {
  for (const [content, said] of [
    ['{"points": {"avialable": 1}}', /points\.avialable: there is no such variable; the nearest is points\.available/],
    ['{"points": {"available": "1"}}', /points\.available: must be an integer/],
    ['{"points": {"available": 1.5}}', /points\.available: must be an integer/],
    ['{"points.available": 1, "points": {"available": 2}}', /points\.available: is given twice/],
    ['{"member": {"birthday": "1990-02-30"}}', /member\.birthday: must be a string such as/],
    ['[]', /must be a JSON object/],
    ['{', /data\.json|bad\.json/],
  ]) {
    const data = path.join(out, 'bad.json');
    writeFileSync(data, content);
    const done = build('points', '--data', data, '--output', path.join(out, 'bad.pkpass'));
    assert.equal(done.status, 1, content);
    assert.match(done.stderr, said, content);
  }
});

test('the same card gives the same bytes but for the signature', () => {
  const folders = ['one', 'two'].map((name) => {
    const file = path.join(out, `${name}.pkpass`);
    assert.equal(build('points', '--serial', 's', '--output', file).status, 0);
    return openBundle(file);
  });
  const differing = run('diff', ['-rq', ...folders]).stdout.trim().split('\n').filter(Boolean);
  for (const line of differing) assert.match(line, /signature/);
});

test('--output - writes the bundle alone to standard output', () => {
  const done = passmint(['pass', 'build', '--config', site.config, '--template', template('points'), '--output', '-'], { binary: true });
  assert.equal(done.status, 0, done.stderr);
  assert.equal(done.stdout.subarray(0, 4).toString('latin1'), 'PK\u0003\u0004');
});

test('--repeat and --threads print passes per second', () => {
  const done = build('points', '--repeat', '50', '--threads', '2', '--output', path.join(out, 'many.pkpass'));
  assert.equal(done.status, 0, done.stderr);
  assert.match(done.stderr, /50 passes with 2 threads in [\d.]+ s: \d+ passes per second/);
});

test('a certificate can be named without a site', () => {
  const certs = path.join(site.folder, 'certs');
  const done = passmint(['pass', 'build', '--template', template('points'), '--certificate', path.join(certs, 'pass.pem'),
    '--key', path.join(certs, 'pass.key'), '--wwdr', path.join(certs, 'wwdr'), '--output', path.join(out, 'alone.pkpass')], { cwd: out });
  assert.equal(done.status, 0, done.stderr);
});

test('without a certificate it says how to get one', () => {
  const done = passmint(['pass', 'build', '--template', template('points'), '--output', path.join(out, 'none.pkpass')], { cwd: out });
  assert.equal(done.status, 1);
  assert.match(done.stderr, /no certificate to sign with[^]*passmint init/);
});

test('pass verify says what is wrong with a bundle that was tampered with', () => {
  const file = path.join(out, 'tampered.pkpass');
  assert.equal(build('points', '--output', file).status, 0);
  const folder = openBundle(file);
  writeFileSync(path.join(folder, 'pass.json'), '{}');
  assert.equal(run('zip', ['-q', file, 'pass.json'], { cwd: folder }).status, 0);
  const done = passmint(['pass', 'verify', file]);
  assert.equal(done.status, 1);
  assert.match(done.stdout, /K01 error .*pass\.json|K01 error .*manifest\.json/);
  const report = JSON.parse(passmint(['pass', 'verify', '--json', file]).stdout);
  assert.equal(report.ok, false);
  assert.ok(report.findings.length > 0);
});

test('pass verify answers whatever it is given', () => {
  for (const content of ['', 'PK\u0003\u0004', 'no zip at all', '\0'.repeat(1000)]) {
    const file = path.join(out, 'rubbish');
    writeFileSync(file, content);
    const done = passmint(['pass', 'verify', file]);
    assert.equal(done.status, 1);
    assert.match(done.stdout, /K01 error/);
  }
});

test('google jwt is a signed token with the card inside', () => {
  const jwt = must(['google', 'jwt', '--config', site.config, '--template', template('points')]).trim();
  const [header, payload, signature] = jwt.split('.');
  assert.equal(JSON.parse(Buffer.from(header, 'base64url')).alg, 'RS256');
  const claims = JSON.parse(Buffer.from(payload, 'base64url'));
  assert.equal(claims.typ, 'savetowallet');
  assert.equal(claims.aud, 'google');
  assert.equal(claims.payload.loyaltyObjects.length, 1);
  writeFileSync(path.join(out, 'signed'), `${header}.${payload}`);
  writeFileSync(path.join(out, 'signature'), Buffer.from(signature, 'base64url'));
  const verified = run('openssl', ['dgst', '-sha256', '-verify', path.join(site.folder, 'certs/google-public.pem'),
    '-signature', path.join(out, 'signature'), path.join(out, 'signed')]);
  assert.equal(verified.status, 0, verified.stdout + verified.stderr);
  assert.match(must(['google', 'jwt', '--link', '--config', site.config, '--template', template('points')]),
    /^https:\/\/pay\.google\.com\/gp\/v\/save\/ey/);
});
