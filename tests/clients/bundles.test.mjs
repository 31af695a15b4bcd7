// Bundles of every shipped template, judged by programs that we did not write: openssl, KPkPass, unzip,
// passkit-generator's schema.

import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { BINARY, Site, order } from '../support/site.mjs';

const run = promisify(execFile);
const READER = join(dirname(BINARY), 'pkpass_reader');
const FORMATS = { PKBarcodeFormatQR: 1, PKBarcodeFormatPDF417: 2, PKBarcodeFormatAztec: 3, PKBarcodeFormatCode128: 4 };

let site, folder, shop;
const bundles = new Map(); // template -> folder of the unpacked bundle
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passmint-bundles-'));
  site = await Site.create();
  await site.start();
  shop = await site.key(['shop']);
  for (const template of await shipped()) {
    const made = await site.call(shop, 'POST', '/api/v1/orders', order({ template }));
    assert.equal(made.status, 201, `${template}: ${made.text}`);
    const answer = await fetch(made.json.card.links.apple);
    assert.equal(answer.status, 200, template);
    assert.equal(answer.headers.get('content-type'), 'application/vnd.apple.pkpass');
    const directory = join(folder, template);
    await mkdir(directory);
    await writeFile(`${directory}.pkpass`, Buffer.from(await answer.arrayBuffer()));
    await run('unzip', ['-q', `${directory}.pkpass`, '-d', directory]);
    bundles.set(template, { directory, file: `${directory}.pkpass`, number: made.json.card.number });
  }
});
after(async () => {
  await site?.remove();
  await rm(folder, { recursive: true, force: true });
});

// The templates that the new site has, but for boarding passes, which shops' orders do not make.
async function shipped() {
  const names = (await readdir(join(site.folder, 'templates'), { withFileTypes: true })).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  assert.ok(names.length >= 6, `${names}`);
  return names;
}

// The root certificate of the site's own test chain.
async function rootCertificate() {
  const files = (await readdir(join(site.folder, 'certs'), { recursive: true })).map(String);
  const root = files.find((file) => /root.*\.pem$/.test(file));
  assert.ok(root, `no root among ${files}`);
  return join(site.folder, 'certs', root);
}

async function read(file, language) {
  const { stdout } = await run(READER, [file], { env: { ...process.env, LANG: `${language}.UTF-8`, LANGUAGE: language.slice(0, 2), LC_ALL: `${language}.UTF-8`, QT_QPA_PLATFORM: 'offscreen' } });
  return JSON.parse(stdout);
}

test('openssl accepts the signature of every template, and finds the signing time in it', async () => {
  const root = await rootCertificate();
  for (const [template, { directory }] of bundles) {
    await run('openssl', ['cms', '-verify', '-binary', '-inform', 'DER', '-in', join(directory, 'signature'), '-content', join(directory, 'manifest.json'), '-CAfile', root, '-purpose', 'any', '-out', '/dev/null']);
    const { stdout } = await run('openssl', ['cms', '-cmsout', '-print', '-inform', 'DER', '-in', join(directory, 'signature')], { maxBuffer: 16 << 20 });
    assert.match(stdout, /signingTime/, template);
    assert.doesNotMatch(stdout, /S\/MIME Capabilities/, template);
  }
});

test('openssl refuses the signature over a manifest with one byte changed', async () => {
  const { directory } = bundles.values().next().value;
  const manifest = await readFile(join(directory, 'manifest.json'), 'utf8');
  const changed = join(folder, 'changed.json');
  await writeFile(changed, manifest.replace(/[0-9a-f]"/, (match) => (match[0] === '0' ? '1"' : '0"')));
  await assert.rejects(run('openssl', ['cms', '-verify', '-binary', '-inform', 'DER', '-in', join(directory, 'signature'), '-content', changed, '-CAfile', await rootCertificate(), '-purpose', 'any', '-out', '/dev/null']));
});

test('the manifest lists the SHA-1 of every byte and nothing else', async () => {
  for (const [template, { directory }] of bundles) {
    const manifest = JSON.parse(await readFile(join(directory, 'manifest.json'), 'utf8'));
    const found = {};
    for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath ?? entry.path, entry.name);
      const name = path.slice(directory.length + 1);
      if (name !== 'manifest.json' && name !== 'signature') found[name] = createHash('sha1').update(await readFile(path)).digest('hex');
    }
    assert.deepEqual(manifest, found, template);
  }
});

test('KPkPass reads fields, strings and barcode of every template in both languages', async () => {
  for (const [template, { file, directory, number }] of bundles) {
    const pass = JSON.parse(await readFile(join(directory, 'pass.json'), 'utf8'));
    const texts = {};
    for (const language of ['en_US', 'ru_RU']) {
      const seen = await read(file, language);
      // But for the description, which KPkPass hands on as it stands.
      texts[language] = JSON.stringify([seen.header, seen.primary, seen.secondary, seen.auxiliary, seen.back]);
      assert.equal(seen.serialNumber, pass.serialNumber, template);
      assert.deepEqual(seen.barcodes.map((barcode) => barcode.message), pass.barcodes.map((barcode) => barcode.message), template);
      assert.ok(seen.barcodes.every((barcode, i) => barcode.format === FORMATS[pass.barcodes[i].format]), template);
      assert.ok(JSON.stringify(seen.barcodes).includes(number), `${template}: the card's number is in its barcode`);
      assert.doesNotMatch(texts[language], /\{\{|"pm[.:_]|@[a-z_]+"/, `${template} ${language}: a key or a placeholder is shown`);
      assert.ok(seen.images.icon?.['1'] && seen.images.icon?.['2'] && seen.images.icon?.['3'], `${template}: icons`);
    }
    const languages = (await readdir(directory)).filter((name) => name.endsWith('.lproj'));
    if (languages.includes('ru.lproj')) {
      assert.notEqual(texts.en_US, texts.ru_RU, `${template}: Russian differs from English`);
      assert.match(texts.ru_RU, /[а-я]/, `${template}: Russian is Russian`);
    }
  }
});

test("passkit-generator's schema finds nothing that the reference does not explain", async () => {
  const { PKPass } = await import('passkit-generator');
  // What its schema refuses although Apple documents it (Apple reference 8.2): the legacy `barcode`, and
  // keys newer than it.
  const explained = ['barcode', 'webServiceURL', 'posterGeneric', 'featuredActions'];
  for (const [template, { directory }] of bundles) {
    const pass = JSON.parse(await readFile(join(directory, 'pass.json'), 'utf8'));
    for (const key of explained) delete pass[key];
    delete pass.authenticationToken;
    assert.doesNotThrow(() => {
      const checked = new PKPass({ 'pass.json': Buffer.from(JSON.stringify(pass)) }, undefined, {});
      assert.equal(checked.type, ['storeCard', 'coupon', 'generic', 'eventTicket', 'boardingPass'].find((style) => pass[style]), template);
    }, template);
  }
});

test('a second fetch differs in the signature alone', async () => {
  const made = await site.call(shop, 'POST', '/api/v1/orders', order({ template: 'points' }));
  const fetchAll = async () => {
    const file = join(folder, `again-${Math.random()}.pkpass`);
    await writeFile(file, Buffer.from(await (await fetch(made.json.card.links.apple)).arrayBuffer()));
    const { stdout } = await run('sh', ['-c', 'unzip -Z1 "$1" | grep -v "^signature$" | while read -r name; do echo "$name $(unzip -p "$1" "$name" | sha256sum)"; done', 'sh', file]);
    return stdout;
  };
  const first = await fetchAll();
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  assert.equal(await fetchAll(), first);
});

test('passmint pass verify agrees about its own bundles and explains a broken one', async () => {
  for (const { file } of bundles.values()) {
    await run(BINARY, ['pass', 'verify', file]);
  }
  const { directory } = bundles.values().next().value;
  await writeFile(join(directory, 'icon.png'), 'changed');
  const broken = join(folder, 'broken.pkpass');
  await run('sh', ['-c', 'cd "$1" && zip -q -r "$2" .', 'sh', directory, broken]);
  const failed = await run(BINARY, ['pass', 'verify', broken]).then(() => null, (error) => error);
  assert.equal(failed?.code, 1);
  assert.match(failed.stdout + failed.stderr, /icon\.png/);
});
