// Where nobody publishes a design of their own: the settings say approval = "another_person".

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { axe, launch } from '../pages/browser.mjs';
import { Site, run } from '../../support/site.mjs';

const ROLES = ['designer', 'approver'];

let site;
let browser;
let dora;
let pavel;

before(async () => {
  site = await Site.create({ settings: (text) => text.replace(/^region = /m, 'approval = "another_person"\nregion = ') });
  await site.start();
  [dora, pavel] = [site.key(ROLES, 'dora'), site.key(ROLES, 'pavel')];
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await site?.remove();
});

const path = (name, rest = '') => `${site.url}/api/v1/templates/${name}${rest}`;

/** Saves a draft like the points card with another background; answers with its tag. */
async function save(key, name, background, condition) {
  const { template, locales, images } = (await site.call(key, 'GET', '/api/v1/templates/points/draft')).json;
  const source = { template: { ...template, colors: { ...template.colors, background } }, locales, images };
  const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json', ...condition };
  const answer = await fetch(path(name, '/draft'), { method: 'PUT', headers, body: JSON.stringify(source) });
  assert.ok(answer.ok, await answer.text());
  return answer.headers.get('etag');
}

async function publish(key, name, tag, body = {}) {
  const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json', 'If-Match': tag };
  const answer = await fetch(path(name, '/publish'), { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: answer.status, json: await answer.json() };
}

test('who made the latest change does not publish it, whoever else approves does, and both are named', async () => {
  const tag = await save(dora, 'spring', '#205030', { 'If-None-Match': '*' });
  const own = await publish(dora, 'spring', tag);
  assert.equal(own.status, 403);
  assert.equal(own.json.type, 'urn:passmint:own_work');
  assert.match(own.json.detail, /another person/);
  const other = await publish(pavel, 'spring', tag, { comment: 'Green, as agreed' });
  assert.equal(other.status, 200, JSON.stringify(other.json));
  const [version] = other.json.versions;
  assert.deepEqual([version.author, version.published_by, version.comment], ['dora', 'pavel', 'Green, as agreed']);
  // The second key of one person is still that person's.
  const again = await save(pavel, 'spring', '#305030', { 'If-Match': tag });
  assert.equal((await publish(pavel, 'spring', again)).json.type, 'urn:passmint:own_work');
  assert.equal((await publish(site.key(['approver'], 'paula'), 'spring', again, { percent: 10 })).status, 200);
});

test('a version is taken out as it was published, whatever the draft has become', async () => {
  const tag = await save(dora, 'kept', '#101010', { 'If-None-Match': '*' });
  assert.equal((await publish(pavel, 'kept', tag)).status, 200);
  await save(dora, 'kept', '#F0F0F0', { 'If-Match': tag });
  const get = (version, key = dora) => fetch(path('kept', `/versions/${version}`), { headers: { Authorization: `Bearer ${key}` } });
  const answer = await get(1);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('content-type'), 'application/zip');
  const file = join(site.folder, 'kept-1.zip');
  writeFileSync(file, Buffer.from(await answer.arrayBuffer()));
  assert.equal(JSON.parse(run('unzip', ['-p', file, 'template.json']).stdout).colors.background, '#101010');
  for (const version of ['2', '0', '-1', '1x', '99999999999999']) assert.equal((await get(version)).status, 404, version);
  assert.equal((await get(1, site.key(['shop']))).status, 403);
});

test('the studio tells the author to ask somebody else, who sees the versions with names and reasons', async () => {
  const tag = await save(dora, 'evening', '#202040', { 'If-None-Match': '*' });
  await publish(pavel, 'evening', tag, { comment: 'First night' });
  await save(dora, 'evening', '#303060', { 'If-Match': tag });
  const visit = async (key) => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 1000 }, locale: 'en', reducedMotion: 'reduce' });
    const page = await context.newPage();
    await page.goto(`${site.url}/studio`);
    await page.getByLabel('API key').fill(key);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: /^evening/ }).click();
    await page.locator('.pass.storeCard').waitFor();
    return page;
  };
  const author = await visit(dora);
  await author.getByRole('button', { name: 'Publish' }).click();
  await author.getByText("This draft's latest change is yours").waitFor();
  assert.ok(await author.getByRole('dialog').getByRole('button', { name: 'Do it' }).isDisabled());
  await author.context().close();

  const approver = await visit(pavel);
  await approver.getByRole('button', { name: 'Publish' }).click();
  await approver.getByLabel(/^Why/).fill('Darker, as the owner asked');
  await approver.getByRole('dialog').getByRole('button', { name: 'Do it' }).click();
  await approver.getByText('Published as version 2').waitFor();
  await approver.getByRole('button', { name: 'Versions' }).click();
  const list = approver.locator('.versions');
  assert.match(await list.textContent(), /Shown by cards: 100 %.*dora.*pavel.*Darker, as the owner asked.*Shown by no card.*dora.*pavel.*First night/s);
  assert.deepEqual(await axe(approver), []);
  if (process.env.STUDIO_SHOTS) await approver.screenshot({ path: `${process.env.STUDIO_SHOTS}/versions.png` });
  const download = approver.waitForEvent('download');
  await approver.getByRole('button', { name: 'Export as zip 1' }).click();
  assert.equal((await download).suggestedFilename(), 'evening-1.zip');
  await approver.context().close();
});

test('rules that dora has drafted are published by pavel', async () => {
  const rules = '/api/v1/programme';
  const etag = (await site.call(dora, 'GET', rules)).headers.get('etag');
  const draft = await site.call(dora, 'PUT', `${rules}/draft`, { earn: [{ id: 'base', kind: 'percent', ppm: 70000 }] }, { 'if-match': etag });
  assert.equal(draft.status, 200, draft.text);
  const publication = (key) => site.call(key, 'POST', `${rules}/publish`, {}, { 'if-match': draft.headers.get('etag') });
  const own = await publication(dora);
  assert.deepEqual([own.status, own.json.type], [403, 'urn:passmint:own_work'], own.text);
  assert.equal((await publication(pavel)).status, 200);
  assert.equal((await site.call(pavel, 'GET', `${rules}/versions`)).json.items[0].published_by, 'pavel');
});
