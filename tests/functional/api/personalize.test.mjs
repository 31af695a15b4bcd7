// Printed stock: a customer signs up from the pass of a card that is nobody's yet, as Wallet does it.

import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Site, freshPhone, passmint, root, run } from '../../support/site.mjs';
import { makeNfcCertificate } from '../../support/nfc_certificate.mjs';
import { strings } from '../../support/device.mjs';

// Beside the package's entry point, which does not export it.
const { Personalize } = createRequire(import.meta.url)(join(root, 'tests/node_modules/passkit-generator/lib/cjs/schemas/Personalize.js'));

const PASS_TYPE = 'pass.com.example.nfc';
const TOKEN = 'c2lnbi1tZQ+/=.x';
const TEXTS = {
  en: { join: 'Join Bean & Leaf', conditions: 'See the <a href="https://example.com/en">terms</a>.' },
  ru: { join: 'Вступайте в Bean & Leaf', conditions: 'Наши <a href="https://example.com/ru">условия</a>.' },
};

let site, shop, operator, ca;

// The smallest shipped card with nfc and a sign-up form.
function makeTemplate(folder) {
  cpSync(join(site.folder, 'templates/minimal'), folder, { recursive: true });
  const source = JSON.parse(readFileSync(join(folder, 'template.json'), 'utf8'));
  const { stdout: key } = run('sh', ['-c', 'openssl ecparam -name prime256v1 -genkey -noout | openssl ec -pubout -conv_form compressed -outform DER | base64 -w0']);
  source.nfc = { message: '{{card.number}}', public_key: key };
  source.personalization = { description: '@join', fields: ['name', 'phone', 'email'], terms: '@conditions' };
  writeFileSync(join(folder, 'template.json'), JSON.stringify(source));
  for (const [language, texts] of Object.entries(TEXTS)) {
    const file = join(folder, 'locales', `${language}.json`);
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ...texts }));
  }
  cpSync(join(folder, 'images/logo@3x.png'), join(folder, 'images/personalizationLogo@3x.png'));
}

before(async () => {
  site = await Site.create({
    settings: (text) => text
      .replace(/^templates = .*$/m, 'templates = ["templates/signup", "templates/points"]')
      .replace('certs/pass.pem', 'certs/nfc/pass.pem')
      .replace('certs/pass.key', 'certs/nfc/pass.key')
      .replace('certs/wwdr', 'certs/nfc/wwdr'),
  });
  ca = makeNfcCertificate(join(site.folder, 'certs/nfc'), PASS_TYPE);
  makeTemplate(join(site.folder, 'templates/signup'));
  await site.start();
  shop = await site.key(['shop']);
  operator = await site.key(['operator']);
});
after(async () => { await site?.remove(); });

/** A new card: its number and link, and the bundle as it is at first. */
async function stock(body = {}) {
  const made = await site.call(shop, 'POST', '/api/v1/cards', body, { 'idempotency-key': `stock-${Math.random()}` });
  assert.equal(made.status, 201, made.text);
  const card = { number: made.json.card.number, link: made.json.links.apple };
  card.first = await bundle(card);
  card.serial = JSON.parse(card.first.files['pass.json']).serialNumber;
  return card;
}

/** {files: name -> Buffer, changed: Last-Modified} of a card's bundle. */
async function bundle(card) {
  const answer = await fetch(card.link);
  assert.equal(answer.status, 200);
  const folder = join(site.temporary, `unpacked-${Math.random()}`);
  mkdirSync(folder);
  const file = join(folder, 'card.pkpass');
  writeFileSync(file, Buffer.from(await answer.arrayBuffer()));
  const verdict = passmint(['pass', 'verify', file, '--root', ca, '--json']);
  const names = run('unzip', ['-Z1', file]).stdout.trim().split('\n');
  const files = Object.fromEntries(names.map((name) => [name, run('unzip', ['-p', file, name], { binary: true }).stdout]));
  rmSync(folder, { recursive: true });
  return { files, changed: Date.parse(answer.headers.get('last-modified')), verdict };
}

const partsOfForm = ({ files }) => Object.keys(files).filter((name) => name.includes('personalization'));

async function signUp(serial, info, { token = TOKEN, headers = {}, passType = PASS_TYPE, body } = {}) {
  const answer = await fetch(`${site.url}/apple/v1/passes/${passType}/${serial}/personalize`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: body ?? JSON.stringify({ personalizationToken: token, requiredPersonalizationInfo: info }),
  });
  return { status: answer.status, headers: answer.headers, body: Buffer.from(await answer.arrayBuffer()) };
}

function assertSigned(answer, token) {
  assert.equal(answer.status, 200, answer.body.toString());
  assert.equal(answer.headers.get('content-type'), 'application/octet-stream');
  const folder = join(site.temporary, `signature-${Math.random()}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'signature'), answer.body);
  writeFileSync(join(folder, 'token'), token);
  const done = run('openssl', ['cms', '-verify', '-binary', '-inform', 'DER', '-in', join(folder, 'signature'), '-content', join(folder, 'token'), '-CAfile', ca, '-purpose', 'any', '-out', join(folder, 'out')]);
  assert.equal(done.status, 0, done.stderr);
  assert.equal(readFileSync(join(folder, 'out'), 'utf8'), token);
  const printed = run('openssl', ['cms', '-cmsout', '-print', '-inform', 'DER', '-in', join(folder, 'signature')]).stdout;
  assert.match(printed, /signingTime/);
  assert.match(printed, /UID=pass\.com\.example\.nfc|pass\.com\.example\.nfc/);
  assert.match(printed, /eContent: <ABSENT>/);
}

test('the pass of printed stock has the form, translated, and Wallet would show it', async () => {
  const card = await stock();
  const { files, verdict } = card.first;
  const form = JSON.parse(files['personalization.json']);
  assert.equal(Personalize.validate(form).error, undefined);
  assert.deepEqual(form.requiredPersonalizationFields, ['PKPassPersonalizationFieldName', 'PKPassPersonalizationFieldPhoneNumber', 'PKPassPersonalizationFieldEmailAddress']);
  for (const [language, texts] of Object.entries(TEXTS)) {
    const translated = strings(files[`${language}.lproj/pass.strings`]);
    assert.equal(translated[form.description], texts.join);
    assert.equal(translated[form.termsAndConditions], texts.conditions);
  }
  const manifest = JSON.parse(files['manifest.json']);
  for (const name of partsOfForm(card.first)) {
    assert.equal(manifest[name], createHash('sha1').update(files[name]).digest('hex'), name);
  }
  assert.deepEqual(partsOfForm(card.first).sort(), ['personalization.json', 'personalizationLogo.png', 'personalizationLogo@2x.png', 'personalizationLogo@3x.png']);
  assert.ok(JSON.parse(files['pass.json']).nfc);
  assert.equal(verdict.status, 0, verdict.stdout);
});

test('pass build makes both kinds of passes of the template', () => {
  const file = join(site.temporary, 'built.pkpass');
  for (const flags of [[], ['--unassigned']]) {
    const done = passmint(['pass', 'build', '--config', site.config, '--template', join(site.folder, 'templates/signup'), '--sample', 'empty', '--output', file, ...flags]);
    assert.equal(done.status, 0, done.stderr);
    const names = run('unzip', ['-Z1', file]).stdout;
    assert.equal(names.includes('personalization.json'), flags.length > 0);
    assert.equal(names.includes('personalizationLogo'), flags.length > 0);
    assert.equal(passmint(['pass', 'verify', file, '--root', ca]).status, 0);
  }
});

test("a member's pass has no form", async () => {
  const card = await stock({ customer: { phone: freshPhone() } });
  assert.deepEqual(partsOfForm(card.first), []);
  assert.equal(card.first.verdict.status, 0);
});

test('signing up makes the member, gives them the card and answers with the signed token', async () => {
  const card = await stock();
  const phone = freshPhone();
  const email = `${card.number}@example.com`;
  const answer = await signUp(card.serial, { fullName: 'Анна Петрова', phoneNumber: phone, emailAddress: email, ISOCountryCode: 'RU' });
  assertSigned(answer, TOKEN);

  const found = await site.call(operator, 'POST', '/api/v1/members/lookup', { phone });
  assert.equal(found.json.card.number, card.number);
  assert.equal(found.json.member.name, 'Анна Петрова');
  assert.equal(found.json.member.email, email);

  const second = await bundle(card);
  assert.deepEqual(partsOfForm(second), []);
  assert.equal(JSON.parse(second.files['pass.json']).serialNumber, card.serial);
  assert.equal(JSON.parse(second.files['pass.json']).authenticationToken, JSON.parse(card.first.files['pass.json']).authenticationToken);
  assert.ok(second.changed > card.first.changed, 'a later Last-Modified');
  assert.notDeepEqual(second.files['manifest.json'], card.first.files['manifest.json']);
  assert.equal(second.verdict.status, 0, second.verdict.stdout);
  assert.ok(!site.log.includes(card.serial), 'the serial is not in the log');
  assert.ok(!site.log.includes(phone), 'nor is the phone');
});

test('the same form again is signed again and changes nothing; another one is refused', async () => {
  const card = await stock();
  const info = { fullName: 'Anna', phoneNumber: freshPhone() };
  assertSigned(await signUp(card.serial, info), TOKEN);
  const after = await bundle(card);
  assertSigned(await signUp(card.serial, info), TOKEN);
  assertSigned(await signUp(card.serial, info, { token: 'another-token' }), 'another-token');
  const stranger = await signUp(card.serial, { fullName: 'Mallory', phoneNumber: freshPhone() });
  assert.equal(stranger.status, 409);
  assert.equal(stranger.body.length, 0);
  assert.equal((await bundle(card)).changed, after.changed);
});

test('eight phones sign up for one card at once: one gets it', async () => {
  const card = await stock();
  const answers = await Promise.all(Array.from({ length: 8 }, () => signUp(card.serial, { fullName: 'Anna', phoneNumber: freshPhone() })));
  assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, ...Array(7).fill(409)]);
});

test("a blank card and a member's phone number lead to nothing that is the member's", async () => {
  const phone = freshPhone();
  const theirs = await site.call(shop, 'POST', '/api/v1/cards', { customer: { phone, name: 'Anna' } }, { 'idempotency-key': `member-${phone}` });
  const card = await stock();
  assertSigned(await signUp(card.serial, { fullName: 'Mallory', phoneNumber: phone }), TOKEN);
  const found = await site.call(operator, 'POST', '/api/v1/members/lookup', { phone });
  assert.equal(found.json.member.name, 'Anna');
  assert.deepEqual(found.json.member.cards.map(({ number }) => number), [theirs.json.card.number]);
  const blank = await site.call(operator, 'POST', '/api/v1/members/lookup', { card_number: card.number });
  assert.notEqual(blank.json.member.id, found.json.member.id);
  assert.equal(blank.json.member.phone, null);
});

test('what cannot be signed up for, and what is no sign-up', async () => {
  const card = await stock();
  const info = { fullName: 'Anna', phoneNumber: freshPhone() };
  const statuses = {
    'an unknown serial': [401, await signUp('0000000000000000000000', info)],
    'another pass type': [401, await signUp(card.serial, info, { passType: 'pass.com.example.other' })],
    'a wrong token of the pass': [401, await signUp(card.serial, info, { headers: { authorization: 'ApplePass 0123456789abcdef' } })],
    'another scheme': [401, await signUp(card.serial, info, { headers: { authorization: 'Bearer x' } })],
    'a template without a form': [409, await signUp((await stock({ template: 'points' })).serial, info)],
    'a manifest as token': [422, await signUp(card.serial, info, { token: '{"pass.json":"da39a3ee5e6b4b0d3255bfef95601890afd80709"}' })],
    'no phone and no e-mail': [422, await signUp(card.serial, { fullName: 'Anna' })],
    'a name that is a number': [422, await signUp(card.serial, { ...info, fullName: 7 })],
    'no object': [422, await signUp(card.serial, null, { body: '[]' })],
    'no JSON': [400, await signUp(card.serial, null, { body: '{' })],
    'nesting without end': [400, await signUp(card.serial, null, { body: '['.repeat(10_000) })],
    'too much': [413, await signUp(card.serial, { ...info, fullName: 'a'.repeat(20_000) })],
  };
  for (const [what, [wanted, answer]] of Object.entries(statuses)) {
    assert.equal(answer.status, wanted, what);
    assert.equal(answer.body.length, 0, what);
  }
  // Nothing of it has touched the card, and fields that Apple may add are no obstacle.
  const { authenticationToken } = JSON.parse(card.first.files['pass.json']);
  assertSigned(await signUp(card.serial, { ...info, nickname: 'A' }, { headers: { authorization: `ApplePass ${authenticationToken}` } }), TOKEN);
});
