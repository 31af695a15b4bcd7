// A designer's day, from the points card to a template of one's own, published as a canary and rolled back.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { axe } from '../pages/browser.mjs';
import { Studio, copyOfPoints, saved, shot } from './studio.mjs';

let studio;

before(async () => {
  studio = await Studio.start();
});
after(() => studio?.close());

test('a designer makes a template of her own, publishes it as a canary and rolls it back', async () => {
  const { page, complaints, foreign, close } = await studio.open();
  await studio.signIn(page);
  await shot(page, 'list');
  await copyOfPoints(page, 'autumn');

  // Colours, with their contrast.
  await page.getByLabel('Background, #RRGGBB').fill('#7A2E0E');
  await page.waitForFunction(() => getComputedStyle(document.querySelector('.pass.storeCard')).backgroundColor === 'rgb(122, 46, 14)');
  assert.match(await page.locator('.color .good').first().textContent(), /contrast \d/);

  // The logo, on both cards at once.
  await page.getByRole('tab', { name: 'Pictures' }).click();
  const old = await page.locator('.pass.storeCard .logo').getAttribute('src');
  await page.getByLabel(/^logo: /).setInputFiles(join(studio.site.folder, 'templates/vip/images/logo@3x.png'));
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
  assert.match(await review.locator('.changes').textContent(), /Colour Background.*#7A2E0E.*#103A2B/s);
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
  // Whoever reads the versions later sees who took the green one back, and why.
  await page.getByRole('button', { name: 'Versions' }).click();
  const list = page.locator('.versions');
  assert.match(await list.textContent(), /Shown by no card.*rolled back by dora.*the green is too dark.*Shown by cards: 100 %/s);
  assert.doesNotMatch(await list.locator('li').nth(1).textContent(), /rolled back/);
  assert.deepEqual(await axe(page), []);
  await shot(page, 'versions-rolled-back');
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  const [second, first] = (await studio.site.call(studio.designer, 'GET', '/api/v1/templates/autumn')).json.versions;
  assert.deepEqual([second.withdrawal.by, second.withdrawal.reason, first.withdrawal], ['dora', 'the green is too dark', null]);

  assert.deepEqual(complaints, []);
  assert.deepEqual(foreign, [], 'nothing comes from elsewhere');
  await close();
});

test('a designer without the role approver reads the review but cannot publish', async () => {
  const { page, close } = await studio.open();
  await studio.signIn(page, studio.site.key(['designer'], 'daniil'));
  await copyOfPoints(page, 'waiting');
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.getByRole('dialog').getByText('Publishing takes a key of role approver.').waitFor();
  assert.ok(await page.getByRole('dialog').getByRole('button', { name: 'Do it' }).isDisabled());
  await close();
});

test('what changes after the review is not published unseen', async () => {
  const { page, close } = await studio.edit('underneath');
  await saved(page);
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.getByRole('dialog').getByText('The first version').waitFor();
  const { template, locales, images } = await studio.draft('underneath');
  const stored = await fetch(`${studio.site.url}/api/v1/templates/underneath/draft`, { headers: { Authorization: `Bearer ${studio.designer}` } });
  const body = { template: { ...template, logo_text: 'Never reviewed' }, locales, images };
  const put = await studio.site.call(studio.site.key(['designer'], 'daniil'), 'PUT', '/api/v1/templates/underneath/draft', body, { 'if-match': stored.headers.get('etag') });
  assert.equal(put.status, 200, put.text);
  await page.getByText('Changed elsewhere by daniil').waitFor({ state: 'attached' });
  await page.getByRole('dialog').getByRole('button', { name: 'Do it' }).click();
  await page.getByRole('alert').getByText('the draft was changed meanwhile').waitFor();
  assert.equal((await studio.site.call(studio.designer, 'GET', '/api/v1/templates/underneath')).json.live, null);
  // Reviewed again it goes out.
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Do it' }).click();
  await page.getByText('Published as version 1').waitFor();
  await close();
});

test('a canary is rolled on to all cards without a new version, and its phone groups are shown on the way', async () => {
  const { page, close } = await studio.edit('rolled-on');
  const publish = async (share) => {
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByLabel('Share of the cards').selectOption(share);
    await page.locator('.review .groups').waitFor();
    const groups = await page.locator('.review .groups li').allTextContents();
    await page.getByRole('dialog').getByRole('button', { name: 'Do it' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    return groups;
  };
  await saved(page);
  await publish('100');
  await page.locator('.publish').getByText('live: version 1').waitFor();
  await page.getByLabel('Background, #RRGGBB').fill('#223311');
  await saved(page);
  assert.equal((await publish('5')).length, 2);
  await page.locator('.publish').getByText('canary 2 (5 %)').waitFor();
  assert.equal((await publish('100')).length, 1);
  await page.locator('.publish').getByText('live: version 2').waitFor();
  const { live, canary, versions } = (await studio.site.call(studio.designer, 'GET', '/api/v1/templates/rolled-on')).json;
  assert.deepEqual([live, canary, versions.length], [2, null, 2]);
  await close();
});
