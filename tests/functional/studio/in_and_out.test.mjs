// What comes in and goes out: sessions, the page itself, passes of others, zips, the draft on a phone.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { axe } from '../pages/browser.mjs';
import { must, run } from '../../support/site.mjs';
import { Studio, shot } from './studio.mjs';

let studio;

before(async () => {
  studio = await Studio.start();
});
after(() => studio?.close());

test('a wrong key is refused, and a shop\'s key is told which one is wanted', async () => {
  const { page, close } = await studio.open();
  await page.getByLabel('API key').fill('pm_nothing');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByLabel('API key').fill(studio.site.key(['shop']));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('the studio takes a key of role designer').waitFor();
  await close();
});

test('the session\'s cookie cannot be read by scripts and opens nothing without the studio\'s header', async () => {
  const { page, close } = await studio.open();
  await studio.signIn(page);
  assert.equal(await page.evaluate(() => document.cookie), '');
  const statuses = await page.evaluate(async () => {
    const plain = await fetch('/api/v1/templates');
    const orders = await fetch('/api/v1/members/m_1', { headers: { 'X-Passmint-Studio': '1' } });
    return [plain.status, orders.status];
  });
  assert.deepEqual(statuses, [401, 401]);
  await close();
});

test('axe finds nothing, signed in or not, on any form', async () => {
  const { page, close } = await studio.open();
  assert.deepEqual(await axe(page), []);
  await studio.signIn(page);
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
    const answer = await fetch(studio.site.url + path);
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('content-security-policy'), /default-src 'none'/);
    bytes += gzipSync(Buffer.from(await answer.arrayBuffer())).length;
  }
  assert.ok(bytes < 150_000, `${bytes} bytes`);
  const { page, close } = await studio.open({ locale: 'ru-RU' });
  await page.getByRole('button', { name: 'Войти' }).waitFor();
  await close();
});

test('a pass is dropped into the list and becomes a template', async () => {
  const { page, complaints, close } = await studio.open();
  await studio.signIn(page);
  const bundle = join(studio.site.folder, 'Summer Card.pkpass');
  must(['pass', 'build', '--config', studio.site.config, '--template', join(studio.site.folder, 'templates/points'), '--output', bundle]);
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

test('the draft goes onto a phone as a pass of its own that ends by itself', async () => {
  const { page, close } = await studio.edit('pocket');
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
  const bundle = join(studio.site.folder, 'draft.pkpass');
  writeFileSync(bundle, Buffer.from(await answer.arrayBuffer()));
  const pass = JSON.parse(run('unzip', ['-p', bundle, 'pass.json']).stdout);
  assert.match(pass.logoText, /^DRAFT · /);
  assert.match(pass.serialNumber, /^draft-/);
  assert.equal(pass.webServiceURL, undefined);
  assert.equal(pass.authenticationToken, undefined);
  const hours = (new Date(pass.expirationDate) - Date.now()) / 3_600_000;
  assert.ok(hours > 23.9 && hours <= 24, String(hours));
  must(['pass', 'verify', bundle, '--root', join(studio.site.folder, 'certs/test-root.pem')]);
  // Nobody makes a link of another draft, or of a later hour, out of this one.
  for (const forged of [url.replace('.pocket.', '.points.'), url.replace(/\.\d{10}\./, '.9999999999.'), url.replace(/.\/draft/, 'x/draft')]) {
    assert.equal((await fetch(forged)).status, 404, forged);
  }
  assert.ok(!studio.site.log.includes(url.split('/').at(-2)), 'the link is not in the log');
});
