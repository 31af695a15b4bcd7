// assets/ruleset.schema.json and the binary read the same rules.

import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Ajv from 'ajv/dist/2020.js';
import { Site, passmint } from '../../support/site.mjs';

const schema = JSON.parse(await readFile(new URL('../../../assets/ruleset.schema.json', import.meta.url), 'utf8'));
const valid = new Ajv({ strict: true, allErrors: true }).compile(schema);

let site;
before(async () => { site = await Site.create(); });
after(async () => { await site?.remove(); });

// Whether the binary takes a site with these rules, and what it says.
async function checked(rules) {
  await writeFile(join(site.folder, 'rules.json'), JSON.stringify(rules));
  const { status, stdout, stderr } = passmint(['check', '--config', site.config]);
  return { ok: status === 0, text: stdout + stderr };
}

test('the rules that init writes are as the schema says', async () => {
  const rules = JSON.parse(await readFile(join(site.folder, 'rules.json'), 'utf8'));
  assert.ok(valid(rules), JSON.stringify(valid.errors));
  const answer = await checked(rules);
  assert.ok(answer.ok, answer.text);
});

const base = { id: 'base', ppm: 50000 };
for (const [what, rules, good] of [
  ['nothing', {}, true],
  ['everything', {
    format: 1,
    points: { exponent: 2, value: { points: 10, minor: 1 }, rounding: 'half_even' },
    earn: [{ ...base, kind: 'percent', activate_after: 'P14D', expires: { after: 'P1Y6M', round_to: 'quarter' }, funder: 'supplier' }, { id: 'extra' }],
    burn: { max_ppm_of_order: 300000 },
    refunds: { debt: 'within_balance', debt_limit: 500, expired: 'expire', grace: 'P2W' },
  }, true],
  ['a later format', { format: 2 }, false],
  ['an unknown field', { tiers: [] }, false],
  ['an unknown field of a rule', { earn: [{ ...base, when: {} }] }, false],
  ['a rule without id', { earn: [{ ppm: 1 }] }, false],
  ['an id that is too long', { earn: [{ id: 'a'.repeat(65) }] }, false],
  ['a rate over 100 %', { earn: [{ ...base, ppm: 1000001 }] }, false],
  ['a rate with a decimal point', { earn: [{ ...base, ppm: 0.5 }] }, false],
  ['another kind of rule', { earn: [{ ...base, kind: 'fixed' }] }, false],
  ['an expiry that does not say when', { earn: [{ ...base, expires: { round_to: 'month' } }] }, false],
  ['hours', { earn: [{ ...base, activate_after: 'PT1H' }] }, false],
  ['a week to round to', { earn: [{ ...base, expires: { after: 'P1M', round_to: 'week' } }] }, false],
  ['seven decimals', { points: { exponent: 7 } }, false],
  ['points worth nothing', { points: { value: { points: 1, minor: 0 } } }, false],
  ['no such rounding', { points: { rounding: 'up' } }, false],
  ['more than an order', { burn: { max_ppm_of_order: 1000001 } }, false],
  ['a grace of months', { refunds: { grace: 'P1M' } }, false],
  ['no such policy', { refunds: { debt: 'never' } }, false],
]) {
  test(`${what}: ${good ? 'both take it' : 'neither takes it'}`, async () => {
    assert.equal(valid(rules), good, JSON.stringify(valid.errors));
    const answer = await checked(rules);
    assert.equal(answer.ok, good, answer.text);
  });
}

test('what the schema cannot say the binary does, with its place', async () => {
  for (const [rules, place] of [
    [{ earn: [base, base] }, '/earn/1/id'],
    [{ earn: [{ ...base, activate_after: 'P14D', expires: { after: 'P7D' } }] }, '/earn/0/expires/after'],
  ]) {
    const answer = await checked(rules);
    assert.ok(!answer.ok && answer.text.includes(place), answer.text);
  }
});
