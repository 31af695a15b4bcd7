// What lint says in Russian: a word for every rule that the service can name, and the values that were found.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { root, temporaryFolder } from '../../support/site.mjs';
import { Studio, saved, shot } from './studio.mjs';

let studio;

before(async () => {
  studio = await Studio.start();
});
after(() => studio?.close());

/** The studio's own table, as the browser gets it. */
async function table(t) {
  const { buildSync } = createRequire(join(root, 'assets/web/package.json'))('esbuild');
  const out = join(temporaryFolder(t), 'findings_ru.mjs');
  buildSync({ entryPoints: [join(root, 'assets/web/studio/findings_ru.ts')], outfile: out, format: 'esm' });
  return import(pathToFileURL(out));
}

const sources = ['design', 'apple', 'google'].flatMap((module) => readdirSync(join(root, 'src', module), { recursive: true }).filter((file) => file.endsWith('.cc')).map((file) => join(root, 'src', module, file)));
const said = sources.map((file) => readFileSync(file, 'utf8')).join('\n');

test('every rule of lint has Russian words, and no words are left of a rule that is gone', async (t) => {
  const { russian } = await table(t);
  const rules = new Set(said.match(/(?<=")[TPG]\d\d(?=")/g));
  assert.ok(rules.size > 70, String(rules.size));
  assert.deepEqual(Object.keys(russian).sort(), [...rules].sort());
  for (const [rule, rows] of Object.entries(russian)) {
    assert.equal(rows.at(-1).length, 2, `${rule}: the last row is for whatever else the rule says`);
    for (const [cause, cure] of rows) assert.match(cause + cure, /[а-яё]/i, rule);
  }
});

test('what is sought in the English words is still said by the service, and its values come over', async (t) => {
  const { inRussian } = await table(t);
  const say = (id, cause, cure) => inRussian({ id, cause, cure, level: 'error', file: 'template.json', pointer: '' });
  assert.deepEqual(say('P06', '#777777 on #888888 has a contrast of 1.3:1', 'Take colours further apart: at least 3:1.'), {
    cause: '#777777 на #888888: контраст 1.3:1, плохо читается', cure: 'Разведите цвета: не меньше 3:1.', exact: true,
  });
  const other = say('P09', '"PKBarcodeFormatQRR" is no format', 'Write PKBarcodeFormatQR.');
  assert.equal(other.exact, false, 'then the original words stand beside');
  assert.equal(say('X99', 'new', 'new'), null);
});

test('a Russian designer reads Russian beside the field: an unknown variable, a missing text, a colour', async () => {
  const { page, complaints, close } = await studio.open({ locale: 'ru-RU' });
  await page.getByLabel('API-ключ').fill('pm_nothing');
  await page.getByRole('button', { name: 'Войти' }).click();
  await page.getByText('Ключ неверен или отозван.').waitFor();
  await page.getByLabel('API-ключ').fill(studio.designer);
  await page.getByRole('button', { name: 'Войти' }).click();
  await page.getByLabel('Имя (a-z, 0-9 и -)').fill('russian');
  await page.getByLabel('Копия шаблона').selectOption('points');
  await page.getByRole('button', { name: 'Создать' }).click();
  await page.locator('.pass.storeCard').waitFor();
  await page.getByLabel('Подписи, #RRGGBB').fill('#3B2319');
  const finds = page.locator('.edit .finds');
  await finds.getByText('#3B2319 на #3B2318: контраст 1.0:1, плохо читается. Разведите цвета: не меньше 3:1.').waitFor();
  await page.getByLabel('Текст рядом с логотипом').fill('{{programme.nam}}');
  await finds.getByText('Неизвестная переменная "programme.nam". Может быть, {{programme.name}}?').waitFor();
  await page.getByLabel('Текст рядом с логотипом').fill('@nowhere');
  await finds.getByText('Ни в одном языке нет').waitFor();
  await shot(page, 'russian');
  // Nothing but what the table has no exact words for is in English, and that is marked as such.
  const english = await page.locator('.finds li').evaluateAll((list) => list.map((one) => {
    const copy = one.cloneNode(true);
    for (const part of copy.querySelectorAll('[lang=en], code')) part.remove();
    return copy.textContent;
  }).filter((text) => !/[а-яё]/i.test(text)));
  assert.deepEqual(english, []);
  await page.getByLabel('Текст рядом с логотипом').fill('Зерно');
  await page.getByLabel('Подписи, #RRGGBB').fill('#E7C9A9');
  await saved(page);
  assert.deepEqual(complaints, []);
  await close();
});
