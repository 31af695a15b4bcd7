// Bringing templates in and taking them out: passes that other programs made, archives that mean harm, and a folder
// on disk that is kept in step with the draft.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { BINARY, Site, must, passmint, run, temporaryFolder, until } from '../../support/site.mjs';

let site;
let designer;

before(async () => {
  site = await Site.create();
  await site.start();
  designer = site.key(['designer'], 'dora');
});
after(() => site?.remove());

const auth = (more = {}) => ({ authorization: `Bearer ${designer}`, ...more });
const png = readFileSync(new URL('../../../templates/points/images/logo@2x.png', import.meta.url));

/** Packs a folder with Info-ZIP. */
function zipOf(folder, name = 'card.pkpass') {
  const done = run('zip', ['-q', '-r', name, '.', '-x', name], { cwd: folder });
  assert.equal(done.status, 0, done.stderr);
  return join(folder, name);
}

async function bringIn(name, bytes, type = 'application/vnd.apple.pkpass') {
  const answer = await fetch(`${site.url}/api/v1/templates/${name}/import`, { method: 'POST', headers: auth({ 'content-type': type }), body: bytes });
  return { status: answer.status, json: await answer.json() };
}

async function draftZip(name) {
  const answer = await fetch(`${site.url}/api/v1/templates/${name}/draft`, { headers: auth({ accept: 'application/zip' }) });
  assert.equal(answer.status, 200);
  return Buffer.from(await answer.arrayBuffer());
}

const PASS = {
  formatVersion: 1, passTypeIdentifier: 'pass.com.other', serialNumber: 'S1', teamIdentifier: 'TEAM', authenticationToken: 'secret-of-the-other-shop',
  webServiceURL: 'https://other.example', organizationName: 'Other shop', description: 'CARD', backgroundColor: 'rgb(10, 80, 60)', foregroundColor: '#fff',
  labelColor: 'rgb(200,220,210)', logoText: 'Other',
  storeCard: {
    headerFields: [{ key: 'points', label: 'POINTS', value: 1250 }],
    secondaryFields: [{ key: 'name', label: 'MEMBER', value: 'Иван Петров', _id: 'F1' }],
    backFields: [{ key: 'terms', label: 'TERMS', value: "It's {simple}: @home" }],
  },
  barcodes: [{ format: 'PKBarcodeFormatQR', message: '42', messageEncoding: 'iso-8859-1', altText: '42' }],
};

test('a pass of another maker becomes a template that renders: layout, colours, pictures, UTF-16 strings', async (t) => {
  const folder = temporaryFolder(t);
  for (const language of ['en', 'ru']) mkdirSync(join(folder, `${language}.lproj`));
  writeFileSync(join(folder, 'pass.json'), JSON.stringify(PASS));
  writeFileSync(join(folder, 'logo@2x.png'), png);
  writeFileSync(join(folder, 'icon@2x.png'), 'not a picture at all');
  writeFileSync(join(folder, 'manifest.json'), '{}');
  writeFileSync(join(folder, 'en.lproj/pass.strings'), '"POINTS" = "Points";\n"MEMBER" = "Member";\n"TERMS" = "Terms";\n"CARD" = "Card of the shop";\n');
  const russian = '"POINTS" = "Баллы";\n"MEMBER" = "Участник";\n"TERMS" = "Условия";\n"CARD" = "Карта магазина";\n';
  writeFileSync(join(folder, 'ru.lproj/pass.strings'), run('iconv', ['-f', 'UTF-8', '-t', 'UTF-16'], { input: Buffer.from(russian), binary: true }).stdout);

  const { status, json } = await bringIn('theirs', readFileSync(zipOf(folder)));
  assert.equal(status, 201, JSON.stringify(json));
  assert.equal(json.template.kind, 'loyalty');
  assert.deepEqual(json.template.languages, ['en', 'ru']);
  assert.deepEqual(json.findings.filter((one) => one.level === 'error'), []);
  assert.ok(json.notes.some((note) => note.file === 'icon@2x.png' && /left out/.test(note.text)), JSON.stringify(json.notes));

  const { source } = { source: await (await fetch(`${site.url}/api/v1/templates/theirs/draft`, { headers: auth() })).json() };
  assert.doesNotMatch(JSON.stringify(source.template), /secret-of-the-other-shop|pass\.com\.other|Иван/);
  const preview = await site.call(designer, 'POST', '/api/v1/templates/theirs/preview', { source: { template: source.template, locales: source.locales } });
  const [points] = preview.json.preview.apple.fields.header;
  assert.deepEqual(points.label, ['Points', 'Баллы']);
  assert.equal(preview.json.preview.apple.fields.back[0].value[0], "It's {simple}: @home");
  assert.equal(preview.json.preview.colors.background, '#0a503c');
});

test('a zipped .pkpasstemplate comes in through its folder, without what macOS adds', async (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'Card.pkpasstemplate'));
  mkdirSync(join(folder, '__MACOSX/Card.pkpasstemplate'), { recursive: true });
  const { formatVersion, organizationName, description, generic } = { ...PASS, generic: { primaryFields: [{ _id: 'A', key: 'title', label: 'Club', value: 'Chess' }] } };
  writeFileSync(join(folder, 'Card.pkpasstemplate/pass.json'), JSON.stringify({ formatVersion, organizationName, description, generic }));
  writeFileSync(join(folder, 'Card.pkpasstemplate/tooling.json'), '{"zoom": 2}');
  writeFileSync(join(folder, 'Card.pkpasstemplate/logo@2x.png'), png);
  writeFileSync(join(folder, '__MACOSX/Card.pkpasstemplate/._pass.json'), 'x');
  const { status, json } = await bringIn('apples', readFileSync(zipOf(folder, 'card.zip')), 'application/zip');
  assert.equal(status, 201, JSON.stringify(json));
  assert.equal(json.template.kind, 'membership');
});

// Key for key what Pass Designer 1.0 writes for a boarding pass (seen 2026-06), with values of our own.
const DESIGNED = String.raw`{
  "backgroundColor" : "rgb(20,40,90)",
  "barcodes" : [ { "format" : "PKBarcodeFormatAztec", "message" : "123456789", "messageEncoding" : "iso-8859-1" } ],
  "boardingPass" : {
    "auxiliaryFields" : [
      { "_id" : "85C3198C-0000-4547-9FD9-038A8F364F6F", "dataDetectorTypes" : [ "PKDataDetectorTypeAddress", "PKDataDetectorTypeLink" ], "ignoresTimeZone" : false,
        "isRelative" : false, "key" : "boardingTime", "label" : "Boarding", "timeStyle" : "PKDateStyleShort", "value" : "2026-06-12T15:30:09Z" },
      { "_id" : "73C5B267-0000-4FC6-A38A-965C3CB13607", "key" : "sequence", "label" : "SEQ", "textAlignment" : "PKTextAlignmentNatural", "value" : "78" }
    ],
    "backFields" : [

    ],
    "primaryFields" : [
      { "_id" : "DFCC3F73-0000-470F-B487-2D9AF3E55785", "key" : "depart", "label" : "MOSCOW", "value" : "SVO" },
      { "_id" : "C10A55EA-0000-4D93-B284-5811C7D14E4D", "key" : "arrive", "label" : "KAZAN", "value" : "KZN" }
    ],
    "secondaryFields" : [
      { "_id" : "7EC172B1-0000-437C-B0D0-5859DB16B459", "key" : "seat", "label" : "Row\/seat", "textAlignment" : "PKTextAlignmentCenter", "value" : "17\/C" }
    ],
    "transitType" : "PKTransitTypeAir"
  },
  "description" : "Airline Boarding Pass",
  "foregroundColor" : "rgb(255,255,255)",
  "formatVersion" : 1,
  "groupingIdentifier" : "",
  "labelColor" : "rgb(200,220,255)",
  "organizationName" : "Airline",
  "passTypeIdentifier" : "pass.com.example.boarding",
  "preferredStyleSchemes" : [ "semanticBoardingPass", "boardingPass" ],
  "semantics" : { "flightNumber" : 5056, "passengerName" : { "familyName" : "Petrova" }, "seats" : [ { "_id" : "573C5B45-0000-40E6-A71D-E6EA80F2150E", "seatRow" : "17" } ] },
  "serialNumber" : "gT6zrHkaW",
  "stripColor" : "rgb(0,0,0)",
  "teamIdentifier" : "",
  "voided" : false
}`;

test('a boarding pass as Pass Designer saves it comes in without an error, and says what it could not bring', async (t) => {
  const folder = temporaryFolder(t);
  const card = join(folder, 'Flight.pkpasstemplate');
  mkdirSync(card);
  writeFileSync(join(card, 'pass.json'), DESIGNED);
  writeFileSync(join(card, 'tooling.json'), '{\n  "automaticallyGenerateCompatiblePass" : false,\n  "designerVersion" : "1.0"\n}');
  for (const name of ['logo@2x.png', 'icon@2x.png', 'primaryLogo@2x.png']) writeFileSync(join(card, name), png);
  const { status, json } = await bringIn('flight', readFileSync(zipOf(folder, 'flight.zip')), 'application/zip');
  assert.equal(status, 201, JSON.stringify(json));
  assert.equal(json.template.kind, 'boarding');
  assert.deepEqual(json.findings.filter((one) => one.level === 'error'), []);
  const left = json.notes.filter((note) => /was left out/.test(note.text)).map((note) => note.text.split(' ')[0]);
  assert.deepEqual(left, ['preferredStyleSchemes', 'semantics', 'stripColor']);
  const { template } = (await site.call(designer, 'GET', '/api/v1/templates/flight/draft')).json;
  assert.deepEqual(template.boarding, { transit: 'air' });
  assert.deepEqual(template.fields.primary.map((field) => field.value), ['SVO', 'KZN']);
  assert.deepEqual(template.fields.auxiliary[0], { detect: ['address', 'link'], key: 'boardingTime', label: 'Boarding', time_style: 'short', type: 'datetime', value: '2026-06-12T15:30:09Z' });
  assert.equal(template.fields.secondary[0].value, '17/C');
  assert.doesNotMatch(JSON.stringify(template), /_id|Petrova|gT6z/);
});

test('what was exported comes in again as it was, and never over a template that is there', async () => {
  const folder = await draftZip('points');
  assert.equal((await bringIn('again', folder, 'application/zip')).status, 201);
  assert.deepEqual(await draftZip('again'), folder);
  const twice = await bringIn('again', folder, 'application/zip');
  assert.equal(twice.status, 412);
});

// ISO 3309, as zip has it.
function crc32(data) {
  let crc = ~0;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; ++bit) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

// A zip whose directory says what it likes.
function forged(entries) {
  const locals = [];
  const directory = [];
  let offset = 0;
  for (const { name, data, says = data.length, sum = crc32(data) } of entries) {
    const packed = deflateRawSync(data);
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0); head.writeUInt16LE(20, 4); head.writeUInt16LE(0x800, 6); head.writeUInt16LE(8, 8);
    head.writeUInt32LE(sum, 14); head.writeUInt32LE(packed.length, 18); head.writeUInt32LE(says, 22); head.writeUInt16LE(Buffer.byteLength(name), 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0); entry.writeUInt16LE(20, 4); entry.writeUInt16LE(20, 6); head.copy(entry, 8, 6, 30); entry.writeUInt16LE(Buffer.byteLength(name), 28);
    entry.writeUInt32LE(offset, 42);
    locals.push(head, Buffer.from(name), packed);
    directory.push(entry, Buffer.from(name));
    offset += 30 + Buffer.byteLength(name) + packed.length;
  }
  const tail = Buffer.alloc(22);
  const bytes = Buffer.concat(directory);
  tail.writeUInt32LE(0x06054b50, 0); tail.writeUInt16LE(entries.length, 8); tail.writeUInt16LE(entries.length, 10); tail.writeUInt32LE(bytes.length, 12); tail.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, bytes, tail]);
}

test('archives that mean harm are refused with what is wrong, and leave nothing behind', async () => {
  const pass = { name: 'pass.json', data: Buffer.from('{}') };
  const cases = {
    'a way out': [forged([pass, { name: '../../etc/cron.d/x', data: Buffer.from('x') }]), /\.\./],
    'an absolute name': [forged([pass, { name: '/etc/passwd', data: Buffer.from('x') }]), /passwd/],
    'a bomb': [forged([pass, { name: 'logo.png', data: Buffer.alloc(64 << 20), sum: 0 }]), /67108864 bytes; at most/],
    'a bomb that says it is small': [forged([pass, { name: 'logo.png', data: Buffer.alloc(64 << 20), says: 10, sum: 0 }]), /./],
    '10,000 files': [forged([pass, ...Array.from({ length: 10_000 }, (_, i) => ({ name: `f${i}.png`, data: Buffer.from('x') }))]), /files|entries/],
    'no zip': [Buffer.from('%PDF-1.7 honestly'), /zip/],
    'no pass': [forged([{ name: 'readme.txt', data: Buffer.from('hello') }]), /pass\.json/],
    'half a zip': [forged([pass]).subarray(0, 40), /zip/],
  };
  for (const [what, [bytes, said]] of Object.entries(cases)) {
    const { status, json } = await bringIn('harm', bytes, 'application/zip');
    assert.ok(status === 422 || status === 413, `${what}: ${status}`);
    assert.match(json.detail, said, what);
  }
  assert.equal((await site.call(designer, 'GET', '/api/v1/templates/harm')).status, 404);
});

test('saving from the studio loses no file and no spelling', async (t) => {
  const folder = temporaryFolder(t);
  must(['template', 'pull', join(folder, 'mine'), '--name', 'points', '--config', site.config]);
  const main = readFileSync(join(folder, 'mine/template.json'), 'utf8');
  writeFileSync(join(folder, 'mine/NOTES.txt'), 'the brown is Pantone 7589');
  run('zip', ['-q', '-r', '../mine.zip', '.', '-x', '.passmint-draft'], { cwd: join(folder, 'mine') });
  const put = await fetch(`${site.url}/api/v1/templates/kept/draft`, { method: 'PUT', headers: auth({ 'content-type': 'application/zip', 'if-none-match': '*' }), body: readFileSync(join(folder, 'mine.zip')) });
  assert.equal(put.status, 201);

  const read = await fetch(`${site.url}/api/v1/templates/kept/draft`, { headers: auth() });
  const source = await read.json();
  source.locales.ru.website = 'Наш сайт';
  const saved = await fetch(`${site.url}/api/v1/templates/kept/draft`, {
    method: 'PUT', headers: auth({ 'content-type': 'application/json', 'if-match': read.headers.get('etag') }), body: JSON.stringify(source),
  });
  assert.equal(saved.status, 200);
  must(['template', 'pull', join(folder, 'back'), '--name', 'kept', '--config', site.config]);
  assert.equal(readFileSync(join(folder, 'back/NOTES.txt'), 'utf8'), 'the brown is Pantone 7589');
  assert.equal(readFileSync(join(folder, 'back/template.json'), 'utf8'), main, 'its order and spaces');
  assert.match(readFileSync(join(folder, 'back/locales/ru.json'), 'utf8'), /Наш сайт/);
});

test('template import makes a folder that lints', (t) => {
  const folder = temporaryFolder(t);
  must(['pass', 'build', '--config', site.config, '--template', join(site.folder, 'templates/points'), '--output', join(folder, 'card.pkpass')]);
  const said = must(['template', 'import', join(folder, 'card.pkpass'), '--output', join(folder, 'mine')]);
  assert.match(said, /pass\.json: field points said/);
  must(['template', 'lint', join(folder, 'mine'), '--config', site.config]);
  const again = passmint(['template', 'import', join(folder, 'card.pkpass'), '--output', join(folder, 'mine')]);
  assert.equal(again.status, 1);
  assert.match(again.stderr, /is not empty/);
});

test('a folder and a draft stay in step, and neither overwrites what it has not seen', async (t) => {
  const folder = join(temporaryFolder(t), 'points');
  const command = (verb, ...more) => passmint(['template', verb, folder, '--config', site.config, ...more]);
  assert.equal(command('pull').status, 0);
  const watch = spawn(BINARY, ['template', 'watch', folder, '--config', site.config], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  watch.stderr.on('data', (bytes) => { said += bytes; });
  const ended = new Promise((resolve) => watch.on('exit', resolve));
  t.after(() => watch.kill('SIGKILL'));
  await until('it watches', () => /watching/.test(said));

  const draft = async () => (await site.call(designer, 'GET', '/api/v1/templates/points/draft')).json;
  const edit = (from, to) => writeFileSync(join(folder, 'template.json'), readFileSync(join(folder, 'template.json'), 'utf8').replace(from, to));
  edit(/"background": "#[0-9A-Fa-f]{6}"/, '"background": "#123456"');
  await until('the draft follows', async () => (await draft()).template.colors.background === '#123456');
  edit('{', '{{');
  await until('it says what is wrong', () => /template\.json/.test(said.split('->').at(-1)));
  edit('{{', '{');

  const read = await fetch(`${site.url}/api/v1/templates/points/draft`, { headers: auth() });
  const source = await read.json();
  source.template.colors.background = '#654321';
  await fetch(`${site.url}/api/v1/templates/points/draft`, { method: 'PUT', headers: auth({ 'content-type': 'application/json', 'if-match': read.headers.get('etag') }), body: JSON.stringify(source) });
  await until('the folder follows', () => /#654321/.test(readFileSync(join(folder, 'template.json'), 'utf8')));
  watch.kill('SIGTERM');
  await ended;

  const other = await fetch(`${site.url}/api/v1/templates/points/draft`, { headers: auth() });
  source.template.colors.background = '#111111';
  await fetch(`${site.url}/api/v1/templates/points/draft`, { method: 'PUT', headers: auth({ 'content-type': 'application/json', 'if-match': other.headers.get('etag') }), body: JSON.stringify(source) });
  edit('#654321', '#222222');
  const push = command('push');
  assert.equal(push.status, 1);
  assert.match(push.stderr, /have both changed/);
  const pull = command('pull');
  assert.equal(pull.status, 1);
  assert.match(pull.stderr, /not in the draft/);
  assert.match(readFileSync(join(folder, 'template.json'), 'utf8'), /#222222/);
  assert.equal((await draft()).template.colors.background, '#111111');
  assert.ok(existsSync(join(folder, '.passmint-draft')));
});
