// Save to Google Wallet links of every shipped template, judged by programs that we did not write: jose
// verifies the token, the TypeScript compiler checks classes and objects against Google's own types.

import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { jwtVerify, errors } from 'jose';
import { Site, passmint } from '../../support/site.mjs';

const run = promisify(execFile);
const MODULES = new URL('../../node_modules', import.meta.url).pathname;
const SAMPLES = ['typical', 'empty', 'longest', 'vip'];
// Kind of a template -> the name of Google's resources.
const VERTICALS = { loyalty: 'Loyalty', membership: 'Generic', coupon: 'Offer', gift: 'GiftCard', ticket: 'EventTicket' };

let site, folder, account, key;
const cards = []; // {template, sample, vertical, class, object, jwt}
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passmint-google-'));
  site = await Site.create();
  account = JSON.parse(await readFile(join(site.folder, 'certs', 'google.json'), 'utf8'));
  key = createPublicKey(account.private_key);
  for (const template of await readdir(join(site.folder, 'templates'))) {
    const directory = join(site.folder, 'templates', template);
    const { kind } = JSON.parse(await readFile(join(directory, 'template.json'), 'utf8'));
    if (!VERTICALS[kind]) continue;
    for (const sample of SAMPLES) {
      const output = join(folder, `${template}-${sample}`);
      const common = ['--config', site.config, '--template', directory, '--sample', sample];
      const rendered = passmint(['template', 'render', '--config', site.config, '--sample', sample, '--output', output, directory]);
      assert.equal(rendered.status, 0, rendered.stderr);
      const made = passmint(['google', 'jwt', ...common, '--suffix', `${template}-${sample}`]);
      assert.equal(made.status, 0, made.stderr);
      const read = async (name) => JSON.parse(await readFile(join(output, 'google', name), 'utf8'));
      cards.push({ template, sample, vertical: VERTICALS[kind], class: await read('class.json'), object: await read('object.json'), jwt: made.stdout.trim() });
    }
  }
});
after(async () => {
  await site?.remove();
  await rm(folder, { recursive: true, force: true });
});

const verify = (jwt) => jwtVerify(jwt, key, { algorithms: ['RS256'], audience: 'google', issuer: account.client_email, requiredClaims: ['iat', 'typ'] });
const plural = (vertical) => `${vertical[0].toLowerCase()}${vertical.slice(1)}Objects`;

test('every shipped template is there, in five verticals', () => {
  assert.ok(cards.length >= 6 * SAMPLES.length, `${cards.length}`);
  assert.ok(new Set(cards.map((card) => card.vertical)).size >= 4);
});

test('jose verifies each token, and finds one object of the template in it', async () => {
  for (const { template, sample, vertical, class: madeClass, jwt } of cards) {
    const { payload, protectedHeader } = await verify(jwt);
    assert.deepEqual(protectedHeader, { alg: 'RS256', typ: 'JWT' });
    assert.equal(payload.typ, 'savetowallet');
    const age = Date.now() / 1000 - payload.iat;
    assert.ok(age >= 30 && age < 600, `iat is set back a little: ${age}`);
    assert.deepEqual(Object.keys(payload.payload), [plural(vertical)]);
    const [object, ...more] = payload.payload[plural(vertical)];
    assert.equal(more.length, 0);
    assert.equal(object.classId, madeClass.id);
    assert.ok(object.id.endsWith(`.${template}-${sample}`), object.id);
  }
});

test('no link is longer than browsers keep, not even that of the longest member', () => {
  for (const { template, sample, jwt } of cards) assert.ok(jwt.length <= 1800, `${template}, ${sample}: ${jwt.length}`);
});

test('jose refuses a token with one character changed', async () => {
  const [head, body, signature] = cards[0].jwt.split('.');
  const other = body[20] === 'A' ? 'B' : 'A';
  await assert.rejects(verify([head, body.slice(0, 20) + other + body.slice(21), signature].join('.')), errors.JWSSignatureVerificationFailed);
});

// Compiles one constant a resource; excess and mistyped members of a literal are errors in TypeScript.
async function compile(resources) {
  const directory = await mkdtemp(join(folder, 'types-'));
  await symlink(MODULES, join(directory, 'node_modules'));
  const lines = resources.map(({ type, value }, index) => `export const c${index}: walletobjects_v1.Schema$${type} = ${JSON.stringify(value)};`);
  await writeFile(join(directory, 'cards.ts'), `import type { walletobjects_v1 } from '@googleapis/walletobjects';\n${lines.join('\n')}\n`);
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--moduleResolution', 'nodenext', '--target', 'es2022', '--types', 'node'];
  try {
    await run(join(MODULES, '.bin', 'tsc'), [...options, 'cards.ts'], { cwd: directory, maxBuffer: 16 << 20, timeout: 120_000 });
    return '';
  } catch (failure) {
    return failure.stdout || failure.stderr || String(failure);
  }
}

test('classes, objects and what links carry are what @googleapis/walletobjects says they are', async () => {
  const resources = [];
  for (const { vertical, class: madeClass, object, jwt } of cards) {
    const { payload } = await verify(jwt);
    resources.push({ type: `${vertical}Class`, value: madeClass }, { type: `${vertical}Object`, value: object });
    resources.push({ type: `${vertical}Object`, value: payload.payload[plural(vertical)][0] });
    resources.push({ type: 'Resources', value: payload.payload });
  }
  assert.equal(await compile(resources), '');
});

test('the compiler is a judge: a field that Google does not have, or of another type, is refused', async () => {
  const { object } = cards.find((card) => card.vertical === 'Loyalty');
  assert.match(await compile([{ type: 'LoyaltyObject', value: { ...object, hexBackgroundColor: '#112233' } }]), /hexBackgroundColor/);
  assert.match(await compile([{ type: 'LoyaltyObject', value: { ...object, accountName: 7 } }]), /number/);
});
