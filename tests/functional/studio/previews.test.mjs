// What the previews say: what KPkPass reads from the bundles of all shipped templates, in both languages, and
// what phones leave out.

import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { BINARY, must, run } from '../../support/site.mjs';
import { Studio, saved, shot } from './studio.mjs';

let studio;

before(async () => {
  studio = await Studio.start();
});
after(() => studio?.close());

// What KPkPass reads from the bundle of a sample member.
function readBundle(template, language) {
  const bundle = join(studio.site.folder, `${template}.pkpass`);
  must(['pass', 'build', '--config', studio.site.config, '--template', join(studio.site.folder, 'templates', template), '--sample', 'vip', '--output', bundle]);
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
  const headers = { Authorization: `Bearer ${studio.designer}`, 'Content-Type': 'application/json', Accept: 'application/json' };
  const shownBy = new Map();
  for (const name of SHIPPED) {
    const { template, locales } = await (await fetch(`${studio.site.url}/api/v1/templates/${name}/draft`, { headers })).json();
    const body = JSON.stringify({ source: { template, locales }, sample: 'vip' });
    const answer = await (await fetch(`${studio.site.url}/api/v1/templates/${name}/preview`, { method: 'POST', headers, body })).json();
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
  const { page, complaints, close } = await studio.open();
  await studio.signIn(page);
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
  const { page, close } = await studio.edit('crowded');
  await page.getByRole('tab', { name: 'Fields' }).click();
  for (let i = 0; i < 3; ++i) await page.getByRole('button', { name: /Add a field.*Third row/ }).click();
  await page.locator('.hidden-fields').getByText('Label').waitFor();
  assert.equal(await page.locator('.cards .pass').first().locator('.secondary [data-key]').count(), 4);
  await close();
});

test('places, tiers and the watch are seen as they are turned', async () => {
  const { page, close } = await studio.open();
  await studio.signIn(page);
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
  const { page, complaints, close } = await studio.edit('breaking');
  const nasty = `Z${'\u0301'.repeat(60)} \u202E\u{1F469}\u200D\u{1F680} \uFDFD <b>&amp; "'`;
  await page.getByLabel('Text beside the logo').fill(nasty);
  await page.waitForFunction((text) => document.querySelector('.pass.storeCard .logo-text').textContent === text, nasty);
  const inside = await page.locator('.pass.storeCard .logo-text').evaluate((one) => one.getBoundingClientRect().right <= one.closest('.pass').getBoundingClientRect().right + 1);
  assert.ok(inside, 'it stays on the card');
  await saved(page);
  const draft = await studio.site.call(studio.designer, 'GET', '/api/v1/templates/breaking/draft');
  assert.equal(draft.json.template.logo_text, nasty);
  assert.deepEqual(complaints, []);
  await close();
});

test('the card follows the keyboard: the time is printed, not judged', async (t) => {
  const { page, close } = await studio.open();
  await studio.signIn(page);
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
