// A designer's day in the studio, in Chromium: from the points card to a template of one's own, published as a
// canary and rolled back; and what happens when things go wrong. Screenshots go to STUDIO_SHOTS if that is set.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { axe, launch } from '../pages/browser.mjs';
import { BINARY, Site, must, run } from '../../support/site.mjs';

// The answers that somebody waits for are within this; the page itself is local.
const WAIT = 20_000;

let site;
let browser;
let designer;

before(async () => {
  site = await Site.create();
  await site.start();
  designer = site.key(['designer', 'approver'], 'dora');
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await site?.remove();
});

async function open(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 1000 }, locale: 'en', reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT);
  const complaints = [];
  const foreign = [];
  page.on('console', (message) => { if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) complaints.push(message.text()); });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => { if (/^https?:/.test(request.url()) && !request.url().startsWith(site.url)) foreign.push(request.url()); });
  await page.goto(`${site.url}/studio`);
  return { page, complaints, foreign, close: () => context.close() };
}

async function signIn(page, key = designer) {
  await page.getByLabel('API key').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Templates' }).waitFor();
}

async function shot(page, name) {
  if (process.env.STUDIO_SHOTS) await page.screenshot({ path: `${process.env.STUDIO_SHOTS}/${name}.png`, fullPage: true });
}

const saved = (page) => page.locator('.save.saved').waitFor();

/** Makes a template from the points card and opens it. */
async function copyOfPoints(page, name) {
  await page.getByLabel('Name (a-z, 0-9 and -)').fill(name);
  await page.getByLabel('Copy of').selectOption('points');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { name, exact: true }).waitFor();
  await page.locator('.pass.storeCard').waitFor();
}

test('a wrong key is refused, and a shop\'s key is told which one is wanted', async () => {
  const { page, close } = await open();
  await page.getByLabel('API key').fill('pm_nothing');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByLabel('API key').fill(site.key(['shop']));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('the studio takes a key of role designer').waitFor();
  await close();
});

test('the session\'s cookie cannot be read by scripts and opens nothing without the studio\'s header', async () => {
  const { page, close } = await open();
  await signIn(page);
  assert.equal(await page.evaluate(() => document.cookie), '');
  const statuses = await page.evaluate(async () => {
    const plain = await fetch('/api/v1/templates');
    const orders = await fetch('/api/v1/members/m_1', { headers: { 'X-Passmint-Studio': '1' } });
    return [plain.status, orders.status];
  });
  assert.deepEqual(statuses, [401, 401]);
  await close();
});

test('a designer makes a template of her own, publishes it as a canary and rolls it back', async () => {
  const { page, complaints, foreign, close } = await open();
  await signIn(page);
  await shot(page, 'list');
  await copyOfPoints(page, 'autumn');

  // Colours, with their contrast.
  await page.getByLabel('Background, #RRGGBB').fill('#7A2E0E');
  await page.waitForFunction(() => getComputedStyle(document.querySelector('.pass.storeCard')).backgroundColor === 'rgb(122, 46, 14)');
  assert.match(await page.locator('.color .good').first().textContent(), /contrast \d/);

  // The logo, on both cards at once.
  await page.getByRole('tab', { name: 'Pictures' }).click();
  const old = await page.locator('.pass.storeCard .logo').getAttribute('src');
  await page.getByLabel(/^logo: /).setInputFiles(join(site.folder, 'templates/vip/images/logo@3x.png'));
  await page.waitForFunction((src) => ![null, undefined, src].includes(document.querySelector('.pass.storeCard .logo')?.getAttribute('src')), old);
  await saved(page);

  // A field, its Russian words, and what the member sees.
  await page.getByRole('tab', { name: 'Fields' }).click();
  await page.getByRole('button', { name: /Add a field.*Third row/ }).click();
  await page.getByLabel('Key', { exact: true }).fill('since');
  await page.getByLabel('Label', { exact: true }).fill('@since');
  await page.getByRole('tab', { name: 'Texts' }).click();
  await page.getByLabel('Key of the text').fill('since');
  await page.getByRole('button', { name: 'Add a text' }).click();
  await page.getByLabel('since, en').fill('Member since');
  await page.getByLabel('since, ru').fill('С нами с');
  await page.getByRole('tab', { name: 'Fields' }).click();
  const value = page.locator('.field-row .form').getByLabel('Value', { exact: true });
  // A mistake is shown beside the field and blocks publishing.
  await value.fill('{{member.sinse}}');
  await page.locator('.field-row .finds .error').first().waitFor();
  assert.match(await page.locator('.field-row .finds .error').first().textContent(), /member\.since/);
  assert.ok(await page.getByRole('button', { name: 'Publish' }).isDisabled());
  await shot(page, 'mistake');
  await value.fill('{{member.since}}');
  await page.locator('.pass.storeCard [data-key=since]').getByText('Member since').waitFor();
  await page.getByLabel('Language').selectOption('ru');
  await page.locator('.pass.storeCard [data-key=since]').getByText('С нами с').waitFor();
  await page.getByLabel('Language').selectOption('en');
  await saved(page);
  await shot(page, 'edited');

  // Published to a tenth of the cards, then to nobody.
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Do it' }).click();
  await page.getByText('Published as version 1').waitFor();
  await page.getByRole('tab', { name: 'Card' }).click();
  await page.getByLabel('Background, #RRGGBB').fill('#103A2B');
  await saved(page);
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.getByLabel('Share of the cards').selectOption('10');
  // What the approver reads: the colour before and after, and who will see it.
  const review = page.locator('.review');
  assert.match(await review.locator('.changes').textContent(), /Colour background.*#7A2E0E.*#103A2B/s);
  assert.match(await review.locator('.groups').textContent(), /10 %.*this draft.*90 %.*keep version 1/s);
  assert.deepEqual(await axe(page), []);
  await shot(page, 'review');
  await page.getByRole('dialog').getByRole('button', { name: 'Do it' }).click();
  await page.getByText('canary 2 (10 %)').first().waitFor();
  await page.getByRole('button', { name: 'Roll back' }).click();
  await page.getByLabel('Reason').fill('the green is too dark');
  await page.getByRole('dialog').getByRole('button', { name: 'Do it' }).click();
  await page.locator('.publish').getByText('canary 2').waitFor({ state: 'detached' });
  assert.match(await page.locator('.publish small').textContent(), /live: version 1/);
  await shot(page, 'rolled-back');

  assert.deepEqual(complaints, []);
  assert.deepEqual(foreign, [], 'nothing comes from elsewhere');
  await close();
});

// What KPkPass reads from the bundle of a sample member.
function readBundle(template, language) {
  const bundle = join(site.folder, `${template}.pkpass`);
  must(['pass', 'build', '--config', site.config, '--template', join(site.folder, 'templates', template), '--sample', 'vip', '--output', bundle]);
  const env = { LANG: `${language}.UTF-8`, LC_ALL: `${language}.UTF-8`, LANGUAGE: language.slice(0, 2), QT_QPA_PLATFORM: 'offscreen' };
  const done = run(join(dirname(BINARY), 'pkpass_reader'), [bundle], { env });
  assert.equal(done.status, 0, done.stderr);
  // KPkPass of Debian 12 knows no numbers as values; unzip gives them as they stand in pass.json.
  const raw = JSON.parse(run('unzip', ['-p', bundle, 'pass.json']).stdout);
  const style = ['storeCard', 'coupon', 'generic', 'eventTicket'].map((name) => raw[name]).find(Boolean);
  const all = Object.values(style).flat();
  const numbers = Object.fromEntries(all.filter((field) => typeof field.value === 'number').map((field) => [field.key, String(field.value)]));
  const texts = new Set(all.filter((field) => typeof field.value === 'string' && field.dateStyle === undefined).map((field) => field.key));
  return { ...JSON.parse(done.stdout), numbers, texts };
}

const SHIPPED = ['points', 'stamps', 'coupon', 'gift', 'membership', 'vip', 'ticket', 'minimal'];

const digits = (text) => text.replace(/\D/g, '');

// Texts are equal; numbers and money have the same digits, since every phone groups them its own way.
function assertSame(read, number, shown, type, at, where) {
  assert.equal(read.label ?? '', shown.label[at], `${where}: label`);
  if (type === 'text') assert.equal(read.value, shown.value[at], `${where}: value`);
  if (type === 'number') assert.equal(number, digits(shown.value[at]), `${where}: digits`);
}

test('the preview says what KPkPass reads from the bundle of every shipped template, in both languages', async () => {
  const headers = { Authorization: `Bearer ${designer}`, 'Content-Type': 'application/json', Accept: 'application/json' };
  const shownBy = new Map();
  for (const name of SHIPPED) {
    const { template, locales } = await (await fetch(`${site.url}/api/v1/templates/${name}/draft`, { headers })).json();
    const body = JSON.stringify({ source: { template, locales }, sample: 'vip' });
    const answer = await (await fetch(`${site.url}/api/v1/templates/${name}/preview`, { method: 'POST', headers, body })).json();
    assert.equal(answer.publishable, true, name);
    shownBy.set(name, { template, preview: answer.preview });
  }
  for (const [name, { template, preview }] of shownBy) {
    for (const [at, language] of ['en_US', 'ru_RU'].entries()) {
      const pass = readBundle(name, language);
      assert.equal(pass.backgroundColor.toLowerCase(), preview.colors.background.toLowerCase(), name);
      for (const group of ['header', 'primary', 'secondary', 'auxiliary']) {
        const shown = preview.apple.fields[group];
        assert.deepEqual(pass[group].map((field) => field.key), shown.map((field) => field.key), `${name}: order of ${group}`);
        shown.forEach((field, index) => {
          const type = template.fields[group][field.index].type ?? 'text';
          assertSame(pass[group][index], pass.numbers[field.key], field, type, at, `${name} ${language} ${group} ${field.key}`);
        });
      }
    }
  }
});

// What the page draws of the Apple card: its fields as they stand, and whether what is cut ends in an ellipsis.
const drawnFront = (page) => page.locator('.cards section').first().evaluate((section) => {
  const card = section.querySelector('.pass');
  const box = card.getBoundingClientRect();
  const fields = [...card.querySelectorAll('[data-key]')].map((field) => {
    const [label, value] = field.children;
    const cut = [label, value].filter((one) => one.scrollWidth > one.clientWidth);
    return {
      key: field.dataset.key,
      label: label.textContent,
      value: value.textContent,
      colors: [getComputedStyle(value).color, getComputedStyle(label).color],
      inside: field.getBoundingClientRect().right <= box.right && field.getBoundingClientRect().left >= box.left,
      cutWell: cut.every((one) => getComputedStyle(one).textOverflow === 'ellipsis' && getComputedStyle(one).overflow === 'hidden'),
    };
  });
  return { fields, background: getComputedStyle(card).backgroundColor, hidden: section.querySelectorAll('.hidden-fields').length };
});

const rgb = (hex) => `rgb(${[1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)).join(', ')})`;

test('what Chromium draws of every shipped template is what KPkPass reads: order, texts, colours, nothing beside the card', async () => {
  const { page, complaints, close } = await open();
  await signIn(page);
  for (const name of SHIPPED) {
    await page.getByRole('button', { name: new RegExp(`^${name}`) }).click();
    await page.locator('.cards .pass').first().waitFor();
    for (const language of ['en_US', 'ru_RU']) {
      const pass = readBundle(name, language);
      await page.locator('.controls').getByLabel(/^Member/).selectOption('vip');
      await page.getByLabel('Language').selectOption(language.slice(0, 2));
      const wanted = ['header', 'primary', 'secondary', 'auxiliary'].flatMap((group) => pass[group]);
      const labels = JSON.stringify(wanted.map((field) => field.label));
      await page.waitForFunction((labels) => JSON.stringify([...document.querySelector('.cards .pass').querySelectorAll('[data-key]')].map((one) => one.children[0].textContent)) === labels, labels);
      const drawn = await drawnFront(page);
      const where = `${name} ${language}`;
      assert.deepEqual(drawn.fields.map((field) => field.key), wanted.map((field) => field.key), where);
      assert.equal(drawn.background, rgb(pass.backgroundColor), where);
      assert.equal(drawn.hidden, 0, where);
      drawn.fields.forEach((field, index) => {
        const read = wanted[index];
        assert.equal(field.label, read.label, `${where} ${field.key}`);
        const overStrip = pass.primary.some((one) => one.key === field.key);
        assert.equal(field.colors[0], rgb(pass.foregroundColor), `${where} ${field.key}`);
        if (!overStrip) assert.equal(field.colors[1], rgb(pass.labelColor), `${where} ${field.key}: label`);
        assert.ok(field.inside && field.cutWell, `${where} ${field.key}: ${JSON.stringify(field)}`);
        const number = pass.numbers[field.key];
        if (number === undefined && pass.texts.has(field.key)) assert.equal(field.value, read.value, `${where} ${field.key}`);
      });
    }
    await shot(page, `shipped-${name}`);
    await page.getByRole('button', { name: /All templates/ }).click();
    await page.getByRole('heading', { name: 'Templates' }).waitFor();
  }
  assert.deepEqual(complaints, []);
  await close();
});

test('more fields than fit on the card are named below it, as an iPhone leaves them out', async () => {
  const { page, close } = await open();
  await signIn(page);
  await copyOfPoints(page, 'crowded');
  await page.getByRole('tab', { name: 'Fields' }).click();
  for (let i = 0; i < 3; ++i) await page.getByRole('button', { name: /Add a field.*Third row/ }).click();
  await page.locator('.hidden-fields').getByText('Label').waitFor();
  assert.equal(await page.locator('.cards .pass').first().locator('.secondary [data-key]').count(), 4);
  await close();
});

test('two people on one draft are told, and neither loses work unasked', async () => {
  const one = await open();
  await signIn(one.page);
  await copyOfPoints(one.page, 'shared');
  // The first page does not look meanwhile whether anybody has saved; idle as it is, it would follow.
  await one.page.route(/\/api\/v1\/templates\/shared$/, (route) => route.abort());
  const two = await open();
  await signIn(two.page);
  await two.page.getByRole('button', { name: /shared/ }).click();
  await two.page.locator('.pass.storeCard').waitFor();
  await two.page.getByLabel('Labels, #RRGGBB').fill('#FFEEDD');
  await saved(two.page);

  await one.page.getByLabel('Values, #RRGGBB').fill('#FFFFEE');
  await one.page.getByText('Somebody else has changed this draft').waitFor();
  await shot(one.page, 'conflict');
  await one.page.getByRole('button', { name: 'Show theirs' }).click();
  await one.page.waitForFunction(() => document.querySelector('[aria-label="Labels, #RRGGBB"]').value === '#FFEEDD');
  await one.close();
  await two.close();
});

test('what was typed while the service was away is saved once it is back', async () => {
  const { page, close } = await open();
  await signIn(page);
  await copyOfPoints(page, 'durable');
  await site.stop();
  await page.getByLabel('Background, #RRGGBB').fill('#222244');
  await page.getByText('The service does not answer').waitFor();
  await site.start();
  await saved(page);
  await page.reload();
  await page.getByRole('button', { name: /durable/ }).click();
  await page.waitForFunction(() => document.querySelector('[aria-label="Background, #RRGGBB"]')?.value === '#222244');
  await close();
});

test('fields are moved by drag and by key, dialogs and tabs are worked by keyboard alone', async () => {
  const { page, complaints, close } = await open();
  await signIn(page);
  await copyOfPoints(page, 'moved');
  const order = () => page.locator('.cards .pass').first().locator('.secondary [data-key]').evaluateAll((list) => list.map((one) => one.dataset.key).join());
  await page.getByRole('tab', { name: 'Card' }).focus();
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Fields');
  assert.equal(await order(), 'name,worth');
  const row = (key) => page.locator('.field-row').filter({ hasText: key }).first();
  await row('{{points.value}}').dragTo(row('{{member.name}}'));
  await page.waitForFunction(() => [...document.querySelectorAll('.cards .pass .secondary [data-key]')][0]?.dataset.key === 'worth');
  await page.getByRole('button', { name: 'Move down: worth' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => [...document.querySelectorAll('.cards .pass .secondary [data-key]')][0]?.dataset.key === 'name');
  // A dialog takes the focus, keeps it, and gives it back.
  await saved(page);
  await page.getByRole('button', { name: 'On my phone' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  for (let i = 0; i < 8; ++i) {
    await page.keyboard.press('Tab');
    assert.ok(await page.evaluate(() => document.activeElement === document.body || document.activeElement.closest('dialog') !== null));
  }
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'On my phone');
  assert.deepEqual(complaints, []);
  await close();
});

test('undo and redo walk through what was changed', async () => {
  const { page, close } = await open();
  await signIn(page);
  await copyOfPoints(page, 'steps');
  const background = page.getByLabel('Background, #RRGGBB');
  const first = await background.inputValue();
  await background.fill('#112233');
  await page.getByRole('button', { name: 'Undo' }).click();
  assert.equal(await background.inputValue(), first);
  await page.getByRole('button', { name: 'Redo' }).click();
  assert.equal(await background.inputValue(), '#112233');
  await close();
});

test('stamps, dates and NFC have forms of their own, with what is wrong beside them', async () => {
  const { page, complaints, close } = await open();
  await signIn(page);
  await copyOfPoints(page, 'formed');
  await page.getByRole('tab', { name: 'More' }).click();
  await page.getByRole('button', { name: /Add.*NFC/ }).click();
  await page.getByLabel('Message').fill('{{card.number}}');
  await page.getByLabel('Public key').fill('nonsense');
  await page.locator('.local', { hasText: 'Public key' }).locator('.finds .error').first().waitFor();
  await page.getByRole('button', { name: /Remove.*NFC/ }).click();
  await page.getByLabel('Expires').fill('soon');
  await page.locator('.literal', { hasText: 'Expires' }).locator('.finds .error').first().waitFor();
  await page.getByLabel('Expires').fill('2099-12-31');
  await page.locator('.literal', { hasText: 'Expires' }).locator('.finds .error').first().waitFor({ state: 'detached' });
  await page.getByRole('button', { name: /Add.*Stamps/ }).click();
  await page.getByLabel('Count').fill('{{stamps.count}}');
  await page.getByLabel('Of', { exact: true }).fill('8');
  await page.getByLabel('Filled').fill('stamp-on.png');
  await page.getByRole('tab', { name: 'Pictures' }).click();
  const logo = readFileSync(join(site.folder, 'templates/stamps/images/stamp-on.png'));
  await page.getByLabel('stamp-on.png: ').setInputFiles({ name: 'any.png', mimeType: 'image/png', buffer: logo });
  await page.getByRole('slider').waitFor();
  await saved(page);
  await page.waitForFunction(() => document.querySelectorAll('.all-finds .error').length === 0);
  await page.locator('.pass.storeCard .strip img').waitFor();
  await shot(page, 'more');
  const draft = await site.call(designer, 'GET', '/api/v1/templates/formed/draft');
  assert.deepEqual(draft.json.template.stamps, { count: '{{stamps.count}}', of: 8, filled: 'stamp-on.png' });
  assert.equal(draft.json.template.expires, '2099-12-31');
  assert.equal(draft.json.template.nfc, undefined);
  assert.deepEqual(complaints, []);
  await close();
});

test('a text is made to differ by language with one press', async () => {
  const { page, close } = await open();
  await signIn(page);
  await copyOfPoints(page, 'spoken');
  await page.getByRole('button', { name: /Translate.*Text beside the logo/ }).click();
  const russian = page.getByRole('group', { name: /Text beside the logo/ }).getByLabel('ru');
  assert.equal(await russian.inputValue(), 'Bean & Leaf');
  await russian.fill('Зерно и лист');
  await page.getByLabel('Language').selectOption('ru');
  await page.locator('.pass.storeCard .logo-text').getByText('Зерно и лист').waitFor();
  await saved(page);
  await close();
});

test('a file that is no PNG is refused, and a PNG becomes the picture', async () => {
  const { page, close } = await open();
  await signIn(page);
  await copyOfPoints(page, 'pictured');
  await page.getByRole('tab', { name: 'Pictures' }).click();
  const logo = page.getByLabel(/^logo: /);
  await logo.setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: Buffer.from('GIF89a, honestly') });
  await page.getByText('This file is no PNG.').waitFor();
  const png = await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 100 });
    canvas.getContext('2d').fillRect(0, 0, 320, 100);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
    return [...new Uint8Array(await blob.arrayBuffer())];
  });
  await logo.setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: Buffer.from(png) });
  await saved(page);
  await page.locator('.slot').filter({ hasText: '480 × 150' }).locator('img').waitFor();
  await shot(page, 'pictures');
  await close();
});

test('axe finds nothing, signed in or not, on any form', async () => {
  const { page, close } = await open();
  assert.deepEqual(await axe(page), []);
  await signIn(page);
  assert.deepEqual(await axe(page), []);
  await page.getByRole('button', { name: /^points/ }).click();
  await page.locator('.pass.storeCard').waitFor();
  for (const name of ['Card', 'Fields', 'Pictures', 'Texts', 'Code and links', 'Places', 'More', 'JSON']) {
    await page.getByRole('tab', { name, exact: true }).click();
    assert.deepEqual(await axe(page), [], name);
  }
  await close();
});

test('the first load is small, allows nothing from elsewhere, and speaks Russian to Russians', async () => {
  let bytes = 0;
  for (const path of ['/studio', '/studio/studio.js', '/studio/studio.css']) {
    const answer = await fetch(site.url + path);
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('content-security-policy'), /default-src 'none'/);
    bytes += gzipSync(Buffer.from(await answer.arrayBuffer())).length;
  }
  assert.ok(bytes < 150_000, `${bytes} bytes`);
  const { page, close } = await open({ locale: 'ru-RU' });
  await page.getByRole('button', { name: 'Войти' }).waitFor();
  await close();
});

test('a pass is dropped into the list and becomes a template', async () => {
  const { page, complaints, close } = await open();
  await signIn(page);
  const bundle = join(site.folder, 'Summer Card.pkpass');
  must(['pass', 'build', '--config', site.config, '--template', join(site.folder, 'templates/points'), '--output', bundle]);
  const picker = page.locator('.drop input[type=file]');
  await picker.setInputFiles({ name: 'nothing.zip', mimeType: 'application/zip', buffer: Buffer.from('no zip at all') });
  await page.locator('.drop').getByRole('button', { name: /Bring in/ }).click();
  await page.getByRole('alert').waitFor();
  await page.getByLabel('Call it').fill('');
  await picker.setInputFiles(bundle);
  assert.equal(await page.getByLabel('Call it').inputValue(), 'summer-card');
  await page.locator('.drop').getByRole('button', { name: /Bring in/ }).click();
  await page.getByText('now shows {{points.available}}').waitFor();
  await shot(page, 'brought');
  await page.getByRole('button', { name: 'Open the template' }).click();
  await page.locator('.pass.storeCard').getByText('Bean & Leaf').first().waitFor();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export as zip' }).click();
  assert.equal((await download).suggestedFilename(), 'summer-card.zip');
  assert.deepEqual(complaints, []);
  await close();
});

test('a designer without the role approver reads the review but cannot publish', async () => {
  const { page, close } = await open();
  await signIn(page, site.key(['designer'], 'daniil'));
  await copyOfPoints(page, 'waiting');
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.getByRole('dialog').getByText('Publishing takes a key of role approver.').waitFor();
  assert.ok(await page.getByRole('dialog').getByRole('button', { name: 'Do it' }).isDisabled());
  await close();
});

test('the draft goes onto a phone as a pass of its own that ends by itself', async () => {
  const { page, close } = await open();
  await signIn(page);
  await copyOfPoints(page, 'pocket');
  await page.getByRole('button', { name: 'On my phone' }).click();
  await page.getByRole('button', { name: 'Make the code' }).click();
  await page.getByText('an iPhone will refuse the card').waitFor();
  assert.deepEqual(await axe(page), []);
  await shot(page, 'phone');
  const url = await page.getByRole('link', { name: 'Open the link' }).getAttribute('href');
  await close();

  const answer = await fetch(url); // Without a session: that is what the phone has.
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('content-type'), 'application/vnd.apple.pkpass');
  const bundle = join(site.folder, 'draft.pkpass');
  writeFileSync(bundle, Buffer.from(await answer.arrayBuffer()));
  const pass = JSON.parse(run('unzip', ['-p', bundle, 'pass.json']).stdout);
  assert.match(pass.logoText, /^DRAFT · /);
  assert.match(pass.serialNumber, /^draft-/);
  assert.equal(pass.webServiceURL, undefined);
  assert.equal(pass.authenticationToken, undefined);
  const hours = (new Date(pass.expirationDate) - Date.now()) / 3_600_000;
  assert.ok(hours > 23.9 && hours <= 24, String(hours));
  must(['pass', 'verify', bundle, '--root', join(site.folder, 'certs/test-root.pem')]);
  // Nobody makes a link of another draft, or of a later hour, out of this one.
  for (const forged of [url.replace('.pocket.', '.points.'), url.replace(/\.\d{10}\./, '.9999999999.'), url.replace(/.\/draft/, 'x/draft')]) {
    assert.equal((await fetch(forged)).status, 404, forged);
  }
  assert.ok(!site.log.includes(url.split('/').at(-2)), 'the link is not in the log');
});

test('template.json is completed from its schema', async () => {
  const { page, close } = await open();
  await signIn(page);
  await copyOfPoints(page, 'typed');
  await page.getByRole('tab', { name: 'JSON' }).click();
  const text = page.getByLabel('template.json');
  await text.evaluate((area) => {
    area.focus();
    area.selectionStart = area.selectionEnd = area.value.lastIndexOf('}');
  });
  await page.keyboard.type(',"shar');
  await page.getByRole('option', { name: /"sharing"/ }).waitFor();
  await shot(page, 'completion');
  await page.keyboard.press('Enter');
  await page.keyboard.type('false');
  await saved(page);
  const draft = await site.call(designer, 'GET', '/api/v1/templates/typed/draft');
  assert.equal(draft.json.template.sharing, false);
  await close();
});

test('places, tiers and the watch are seen as they are turned', async () => {
  const { page, close } = await open();
  await signIn(page);
  await page.getByRole('button', { name: /^vip/ }).click();
  await page.locator('.pass.storeCard').waitFor();
  await page.getByLabel('Tier').fill('gold');
  await page.locator('.pass.storeCard').getByText(/gold/i).first().waitFor();
  await page.getByLabel('Device').selectOption('watch');
  await page.locator('.watch').waitFor();
  await page.getByLabel('Dark background').check();
  await shot(page, 'watch');
  await page.getByRole('tab', { name: 'Places' }).click();
  await page.getByRole('button', { name: 'Add a place' }).click();
  await page.getByLabel('Latitude').fill('95');
  await page.locator('.boxed .finds .error').first().waitFor();
  await page.getByLabel('Latitude').fill('59.93');
  await page.locator('.boxed .finds .error').first().waitFor({ state: 'detached' });
  await saved(page);
  await close();
});

test('a string that breaks fonts breaks neither the page nor the draft', async () => {
  const { page, complaints, close } = await open();
  await signIn(page);
  await copyOfPoints(page, 'breaking');
  const nasty = `Z${'\u0301'.repeat(60)} \u202E\u{1F469}\u200D\u{1F680} \uFDFD <b>&amp; "'`;
  await page.getByLabel('Text beside the logo').fill(nasty);
  await page.waitForFunction((text) => document.querySelector('.pass.storeCard .logo-text').textContent === text, nasty);
  const inside = await page.locator('.pass.storeCard .logo-text').evaluate((one) => one.getBoundingClientRect().right <= one.closest('.pass').getBoundingClientRect().right + 1);
  assert.ok(inside, 'it stays on the card');
  await saved(page);
  const draft = await site.call(designer, 'GET', '/api/v1/templates/breaking/draft');
  assert.equal(draft.json.template.logo_text, nasty);
  assert.deepEqual(complaints, []);
  await close();
});

test('what a folder or another page saves appears by itself, and undo leads back', async () => {
  const { page, close } = await open();
  await signIn(page);
  await copyOfPoints(page, 'followed');
  const folder = join(site.folder, 'followed');
  must(['template', 'pull', folder, '--name', 'followed', '--config', site.config]);
  const file = join(folder, 'template.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace('#3B2318', '#0B3D91'));
  must(['template', 'push', folder, '--config', site.config]);
  await page.waitForFunction(() => getComputedStyle(document.querySelector('.pass.storeCard')).backgroundColor === 'rgb(11, 61, 145)');
  await page.getByText('Changed elsewhere by command-line').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  assert.equal(await page.getByLabel('Background, #RRGGBB').inputValue(), '#3B2318');
  await close();
});

test('the card follows the keyboard: the time is printed, not judged', async (t) => {
  const { page, close } = await open();
  await signIn(page);
  await page.getByRole('button', { name: /^vip/ }).click(); // The largest that is shipped.
  await page.locator('.pass.storeCard').waitFor();
  const times = await page.evaluate(async () => {
    const input = [...document.querySelectorAll('label')].find((one) => one.textContent.startsWith('Text beside the logo')).querySelector('input');
    const shown = document.querySelector('.pass.storeCard .logo-text');
    const times = [];
    for (let i = 0; i < 60; ++i) {
      const text = `Velvet Row ${i}`;
      const from = performance.now();
      input.value = text;
      input.dispatchEvent(new Event('input', { bubbles: true }));
      await new Promise((done) => {
        const look = () => (shown.textContent === text ? done() : setTimeout(look, 1));
        look();
      });
      times.push(performance.now() - from);
      await new Promise((done) => setTimeout(done, 30));
    }
    return times.sort((a, b) => a - b);
  });
  t.diagnostic(`keystroke to card: p50 ${times[30].toFixed(0)} ms, p95 ${times[57].toFixed(0)} ms`);
  await close();
});
