// How a designer edits: forms, pictures, keys, undo; two people on one draft; a service that goes away.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { axe } from '../pages/browser.mjs';
import { must } from '../../support/site.mjs';
import { Studio, copyOfPoints, saved, shot } from './studio.mjs';

let studio;

before(async () => {
  studio = await Studio.start();
});
after(() => studio?.close());

test('two people on one draft are told, and neither loses work unasked', async () => {
  const one = await studio.open();
  await studio.signIn(one.page);
  await copyOfPoints(one.page, 'shared');
  // The first page does not look meanwhile whether anybody has saved; idle as it is, it would follow.
  await one.page.route(/\/templates\/shared\/draft$/, (route) => (route.request().headers()['if-none-match'] ? route.abort() : route.continue()));
  const two = await studio.open();
  await studio.signIn(two.page);
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
  const { page, close } = await studio.edit('durable');
  await studio.site.stop();
  await page.getByLabel('Background, #RRGGBB').fill('#222244');
  await page.getByText('The service does not answer').waitFor();
  await studio.site.start();
  await saved(page);
  await page.reload();
  await page.getByRole('button', { name: /durable/ }).click();
  await page.waitForFunction(() => document.querySelector('[aria-label="Background, #RRGGBB"]')?.value === '#222244');
  await close();
});

test('fields are moved by drag and by key, dialogs and tabs are worked by keyboard alone', async () => {
  const { page, complaints, close } = await studio.edit('moved');
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
  const { page, close } = await studio.edit('steps');
  const background = page.getByLabel('Background, #RRGGBB');
  const first = await background.inputValue();
  await background.fill('#112233');
  await page.getByRole('button', { name: 'Undo' }).click();
  assert.equal(await background.inputValue(), first);
  await page.getByRole('button', { name: 'Redo' }).click();
  assert.equal(await background.inputValue(), '#112233');
  await close();
});

test('a code has others behind it for phones that cannot draw it, and each is edited and removed', async () => {
  const { page, complaints, close } = await studio.edit('codes');
  await page.getByRole('tab', { name: 'Code' }).click();
  const before = (await studio.draft('codes')).template.barcode;
  await page.getByRole('button', { name: /Add a code for phones/ }).click();
  await page.getByLabel('Format: fallback 1').selectOption('aztec');
  await page.getByLabel('What the code says: fallback 1').fill('{{card.numberr}}');
  await page.locator('.finds .error').first().waitFor();
  await page.getByLabel('What the code says: fallback 1').fill('{{card.number}}');
  await page.getByLabel(/^Format/).first().selectOption('code128');
  await page.waitForFunction(() => document.querySelectorAll('.finds .error').length === 0);
  await shot(page, 'codes');
  assert.deepEqual(await axe(page), []);
  await saved(page);
  const chain = (await studio.draft('codes')).template.barcode;
  assert.deepEqual(chain.map((one) => one.format), ['code128', 'aztec']);
  assert.equal(chain[0].message, before[0].message);
  await page.getByRole('button', { name: /Remove.*Barcode/ }).click();
  await saved(page);
  assert.deepEqual((await studio.draft('codes')).template.barcode.map((one) => one.format), ['aztec']);
  await page.getByRole('button', { name: /Remove.*Barcode/ }).click();
  await page.getByRole('button', { name: '+ Add a code', exact: true }).waitFor();
  await saved(page);
  assert.equal((await studio.draft('codes')).template.barcode, undefined);
  assert.deepEqual(complaints, []);
  await close();
});

test('stamps, dates and NFC have forms of their own, with what is wrong beside them', async () => {
  const { page, complaints, close } = await studio.edit('formed');
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
  await page.getByLabel('Count', { exact: true }).fill('{{stamps.count}}');
  await page.getByLabel('Of', { exact: true }).fill('8');
  await page.getByLabel('Filled').fill('stamp-on.png');
  await page.getByRole('tab', { name: 'Pictures' }).click();
  const logo = readFileSync(join(studio.site.folder, 'templates/stamps/images/stamp-on.png'));
  await page.getByLabel('stamp-on.png: ').setInputFiles({ name: 'any.png', mimeType: 'image/png', buffer: logo });
  await page.getByRole('slider').waitFor();
  await saved(page);
  await page.waitForFunction(() => document.querySelectorAll('.all-finds .error').length === 0);
  await page.locator('.pass.storeCard .strip img').waitFor();
  await shot(page, 'more');
  const draft = await studio.site.call(studio.designer, 'GET', '/api/v1/templates/formed/draft');
  assert.deepEqual(draft.json.template.stamps, { count: '{{stamps.count}}', of: 8, filled: 'stamp-on.png' });
  assert.equal(draft.json.template.expires, '2099-12-31');
  assert.equal(draft.json.template.nfc, undefined);
  assert.deepEqual(complaints, []);
  await close();
});

test('a text is made to differ by language with one press', async () => {
  const { page, close } = await studio.edit('spoken');
  await page.getByRole('button', { name: /Translate.*Text beside the logo/ }).click();
  const russian = page.getByRole('group', { name: /Text beside the logo/ }).getByLabel('ru');
  assert.equal(await russian.inputValue(), 'Bean & Leaf');
  await russian.fill('Зерно и лист');
  await page.getByLabel('Language').selectOption('ru');
  await page.locator('.pass.storeCard .logo-text').getByText('Зерно и лист').waitFor();
  await saved(page);
  await close();
});

test('a language is added with the words of the first, made the first, and taken away again', async () => {
  const { page, complaints, close } = await studio.edit('polyglot');
  await page.getByLabel(/^Kind of card/).waitFor(); // Not published yet, so it can be chosen.
  await page.getByRole('tab', { name: 'Texts' }).click();
  const add = page.getByRole('button', { name: /Add a language/ });
  await page.getByLabel('Another one').fill('german');
  assert.ok(await add.isDisabled(), 'that is no language tag');
  await page.getByLabel('Another one').fill('de');
  await add.click();
  await page.getByLabel('name, de').fill('Mitglied');
  await page.locator('.controls').getByLabel('Language').selectOption('de');
  await page.locator('.pass.storeCard').getByText('Mitglied').waitFor();
  assert.deepEqual(await axe(page), []);
  await shot(page, 'languages');
  await page.getByRole('button', { name: 'Make it the first: de' }).click();
  await saved(page);
  const { template, locales } = await studio.draft('polyglot');
  assert.deepEqual(template.languages, ['de', 'en', 'ru']);
  assert.equal(locales.de.name, 'Mitglied');
  assert.equal(Object.keys(locales.de).length, Object.keys(locales.en).length);
  await page.getByRole('button', { name: 'Remove: ru' }).click();
  await page.getByRole('button', { name: 'Remove: de' }).click();
  await saved(page);
  const left = await studio.draft('polyglot');
  assert.deepEqual([left.template.languages, Object.keys(left.locales)], [['en'], ['en']]);
  assert.deepEqual(complaints, []);
  await close();
});

test('template.json is completed from its schema', async () => {
  const { page, close } = await studio.edit('typed');
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
  const draft = await studio.site.call(studio.designer, 'GET', '/api/v1/templates/typed/draft');
  assert.equal(draft.json.template.sharing, false);
  await close();
});

test('what a folder or another page saves appears by itself, and undo leads back', async () => {
  const { page, close } = await studio.edit('followed');
  const folder = join(studio.site.folder, 'followed');
  must(['template', 'pull', folder, '--name', 'followed', '--config', studio.site.config]);
  const file = join(folder, 'template.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace('#3B2318', '#0B3D91'));
  must(['template', 'push', folder, '--config', studio.site.config]);
  await page.waitForFunction(() => getComputedStyle(document.querySelector('.pass.storeCard')).backgroundColor === 'rgb(11, 61, 145)');
  await page.getByText('Changed elsewhere by command-line').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  assert.equal(await page.getByLabel('Background, #RRGGBB').inputValue(), '#3B2318');
  await close();
});

test('a page that waits for news is told "not modified", and sends no draft for it', async () => {
  const { page, close } = await studio.edit('idle');
  const asked = await page.waitForResponse((answer) => answer.url().endsWith('/templates/idle/draft') && answer.request().method() === 'GET' && answer.status() === 304);
  assert.equal((await asked.request().sizes()).responseBodySize, 0);
  await close();
});

test('keys of one wallet alone are added from a list, in the form they need, and removed again', async () => {
  const { page, complaints, close } = await studio.edit('native');
  await page.getByRole('tab', { name: 'More' }).click();
  const block = (title) => page.getByRole('group', { name: title });
  const apple = block("Apple's own keys (pass.json)");
  await apple.getByLabel('Add a key').selectOption('maxDistance');
  await apple.getByRole('button', { name: /^\+ Add/ }).click();
  await apple.getByLabel('maxDistance', { exact: true }).fill('250');
  await apple.getByLabel('Add a key').selectOption('suppressStripShine');
  await apple.getByRole('button', { name: /^\+ Add/ }).click();
  await apple.getByLabel('suppressStripShine', { exact: true }).uncheck();
  const all = block("Google's own keys: all cards");
  await all.getByLabel('Add a key').selectOption('securityAnimation');
  await all.getByRole('button', { name: /^\+ Add/ }).click();
  // A key that no list has, with a value that Google would not take: said beside it.
  const each = block("Google's own keys: each card");
  await each.getByLabel('Add a key').selectOption({ label: 'another key…' });
  await each.getByLabel('Key', { exact: true }).fill('passConstraints2');
  await each.getByRole('button', { name: /^\+ Add/ }).click();
  await each.locator('.finds li').first().waitFor();
  await shot(page, 'native');
  assert.deepEqual(await axe(page), []);
  await each.getByRole('button', { name: 'Remove: passConstraints2' }).click();
  await each.getByLabel('Add a key').selectOption('groupingInfo');
  await each.getByRole('button', { name: /^\+ Add/ }).click();
  const text = each.getByLabel('groupingInfo', { exact: true });
  await text.fill('{"groupingId": ');
  await each.getByText('This is no JSON').waitFor();
  await text.fill('{"groupingId": "regulars"}');
  await saved(page);
  await page.waitForFunction(() => document.querySelectorAll('.all-finds .error').length === 0);
  const { template } = await studio.draft('native');
  assert.deepEqual(template.apple, { maxDistance: 250, suppressStripShine: false });
  assert.deepEqual(template.google, { class: { securityAnimation: { animationType: 'FOIL_SHIMMER' } }, object: { groupingInfo: { groupingId: 'regulars' } } });
  // The last key takes its block with it.
  await each.getByRole('button', { name: 'Remove: groupingInfo' }).click();
  await all.getByRole('button', { name: 'Remove: securityAnimation' }).click();
  await saved(page);
  assert.equal((await studio.draft('native')).template.google, undefined);
  assert.deepEqual(complaints, []);
  await close();
});
