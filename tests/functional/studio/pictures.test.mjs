// Pictures: dropped, chosen, refused, guided, and chosen by data.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { axe } from '../pages/browser.mjs';
import { Studio, saved, shot } from './studio.mjs';

let studio;

before(async () => {
  studio = await Studio.start();
});
after(() => studio?.close());

const SLOTS = ['icon', 'logo', 'strip', 'thumbnail', 'background', 'footer', 'primaryLogo', 'secondaryLogo', 'artwork', 'venueMap', 'personalizationLogo', 'google-logo', 'google-hero'];

const picture = (template, name) => readFileSync(join(studio.site.folder, 'templates', template, 'images', name));

/** Drops a file as a designer does from a folder window. */
async function drop(page, target, name, bytes) {
  const dataTransfer = await page.evaluateHandle(({ name, bytes }) => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(bytes)], name, { type: 'image/png' }));
    return data;
  }, { name, bytes: [...bytes] });
  await target.dispatchEvent('dragover', { dataTransfer });
  await target.dispatchEvent('drop', { dataTransfer });
}

const place = (page, name) => page.locator('.picture').filter({ has: page.getByLabel(`${name}: Drop a PNG here, or choose`, { exact: true }) });

test('a picture is dropped onto its slot, and one that is dropped beside it does not take the page away', async () => {
  const { page, complaints, close } = await studio.edit('dropped');
  await page.getByRole('tab', { name: 'Pictures' }).click();
  const png = picture('vip', 'logo@3x.png');
  await page.locator('.pass.storeCard .logo').waitFor();
  const old = await page.locator('.pass.storeCard .logo').getAttribute('src');
  await drop(page, place(page, 'logo'), 'our logo.png', png);
  await page.waitForFunction((src) => ![null, undefined, src].includes(document.querySelector('.pass.storeCard .logo')?.getAttribute('src')), old);
  await saved(page);
  const { images } = await studio.draft('dropped');
  assert.equal(images['logo.png'], png.toString('base64'));
  assert.deepEqual(Object.keys(images).filter((path) => path.startsWith('logo@')), [], 'scales of the old one are gone');
  await drop(page, place(page, 'logo'), 'notes.txt', Buffer.from('no picture'));
  await page.getByText('This file is no PNG.').waitFor();
  const prevented = await page.evaluate(() => !document.body.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true })));
  assert.ok(prevented, 'the browser would have opened the file');
  assert.deepEqual(complaints, []);
  await close();
});

test('every slot of both wallets has a guide of what is sure to be seen, inside its frame', async () => {
  const source = await studio.draft('points');
  const logo = picture('points', 'logo@3x.png').toString('base64');
  const images = Object.fromEntries(SLOTS.map((slot) => [`${slot}.png`, logo]));
  const made = await studio.site.call(studio.designer, 'PUT', '/api/v1/templates/every-slot/draft', { ...source, images }, { 'if-none-match': '*' });
  assert.equal(made.status, 201, made.text);
  const { page, close } = await studio.open();
  await studio.signIn(page);
  await page.getByRole('button', { name: /^every-slot/ }).click();
  await page.getByRole('tab', { name: 'Pictures' }).click();
  for (const slot of SLOTS) {
    const { frame, guide, text } = await place(page, slot).evaluate((one) => ({
      frame: one.querySelector('.frame').getBoundingClientRect().toJSON(),
      guide: one.querySelector('.frame .guide').getBoundingClientRect().toJSON(),
      text: one.querySelector('small').textContent,
    }));
    assert.ok(guide.width > frame.width / 2 && guide.height > frame.height / 2, slot);
    assert.ok(guide.left >= frame.left - 1 && guide.right <= frame.right + 1 && guide.top >= frame.top - 1 && guide.bottom <= frame.bottom + 1, slot);
    assert.ok(text.length > 10, slot);
  }
  await shot(page, 'every-slot');
  await page.getByLabel('Show crop guides').uncheck();
  assert.equal(await page.locator('.guide').count(), 0);
  await close();
});

test('cards of a tier show another picture: made, seen and taken back without any JSON', async () => {
  const { page, complaints, close } = await studio.edit('chosen');
  await page.getByRole('tab', { name: 'Pictures' }).click();
  await drop(page, place(page, 'strip'), 'strip.png', picture('vip', 'strip.png'));
  await page.getByRole('button', { name: /Another picture for some cards.*strip/ }).click();
  // Its picture is missing: said beside it, and it blocks publishing.
  await page.locator('.choice .finds .error, .slot.chosen > .finds .error').first().waitFor();
  await drop(page, place(page, 'strip-2'), 'gold.png', picture('vip', 'strip-vip.png'));
  const first = page.locator('.choice').first();
  assert.equal(await first.getByLabel(/^If/).inputValue(), 'tier.name');
  await first.getByLabel(/^is/).fill('gold');
  await first.getByRole('button', { name: /^\+ and/ }).click();
  await first.getByLabel(/^and/).selectOption('card.status');
  await first.getByLabel(/^is/).nth(1).fill('active');
  await saved(page);
  await page.waitForFunction(() => document.querySelectorAll('.all-finds .error').length === 0);
  assert.deepEqual((await studio.draft('chosen')).template.images, {
    strip: [{ file: 'strip-2.png', when: { 'tier.name': 'gold', 'card.status': 'active' } }, { file: 'strip.png' }],
  });
  const strip = page.locator('.pass.storeCard .strip img');
  await strip.waitFor();
  const usual = await strip.getAttribute('src');
  await page.locator('.controls').getByLabel('Tier').fill('gold');
  await page.keyboard.press('Tab'); // The list of tiers would take the next click.
  await page.waitForFunction((src) => ![null, undefined, src].includes(document.querySelector('.pass.storeCard .strip img')?.getAttribute('src')), usual);
  assert.deepEqual(await axe(page), []);
  await shot(page, 'chosen');
  // A second one goes before the first by key, then both go, and nothing of them stays.
  await page.getByRole('button', { name: /Another picture for some cards.*strip/ }).click();
  await page.getByRole('button', { name: 'Move up: strip 2' }).click();
  await page.waitForFunction(() => document.querySelector('.choice strong').textContent === 'strip-3');
  await page.getByRole('button', { name: 'Remove: strip 1', exact: true }).click();
  await page.getByRole('button', { name: 'Remove: strip 1', exact: true }).click();
  await page.locator('.choice').waitFor({ state: 'detached' });
  await saved(page);
  const after = await studio.draft('chosen');
  assert.equal(after.template.images, undefined);
  assert.deepEqual(Object.keys(after.images).filter((path) => path.startsWith('strip')), ['strip.png']);
  assert.deepEqual(complaints, []);
  await close();
});

test('a file that is no PNG is refused, and a PNG becomes the picture', async () => {
  const { page, close } = await studio.edit('pictured');
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
