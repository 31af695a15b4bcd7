// assets/ruleset.schema.json and the binary read the same rules.

import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { readFile, readdir, writeFile } from 'node:fs/promises';
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
  ['an unknown field', { tires: [] }, false],
  ['an unknown field of a rule', { earn: [{ ...base, whem: {} }] }, false],
  ['a rule without id', { earn: [{ ppm: 1 }] }, false],
  ['an id that is too long', { earn: [{ id: 'a'.repeat(65) }] }, false],
  ['a rate over 100 %', { earn: [{ ...base, ppm: 1000001 }] }, false],
  ['a rate with a decimal point', { earn: [{ ...base, ppm: 0.5 }] }, false],
  ['another kind of rule', { earn: [{ id: 'base', kind: 'fix' }] }, false],
  ['a rate of a rule that has none', { earn: [{ ...base, kind: 'fixed' }] }, false],
  ['points per nothing', { earn: [{ id: 'a', kind: 'per_amount', points: 1 }] }, false],
  ['no condition', { earn: [{ ...base, when: { all: [] } }] }, false],
  ['a field that nobody knows', { earn: [{ ...base, when: { field: 'order.weather', value: 1 } }] }, false],
  ['a promotion, a condition and a multiplier', {
    earn: [{ ...base, stack: { group: 'base' }, priority: 10, limits: { order: 500 }, window: { from: '2026-12-01', until: '2026-12-11T10:00' } },
      { id: 'x3', kind: 'multiplier', factor_ppm: 3000000, include: { category: ['coffee'] }, when: { not: { field: 'location', op: 'in', value: ['L1'] } } },
      { id: 'hello', kind: 'fixed', points: 100 }],
    discounts: [{ id: 'tea', kind: 'free', buy: 2, free: 1, include: { category: ['tea'] }, exclude: { sku: ['TEA-9'] } }],
  }, true],
  ['a window without its clock', { earn: [{ ...base, window: { from: '2026-12-01T' } }] }, false],
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

test('the example that is shipped is as the schema says, is served, and has no errors', async () => {
  const file = new URL('../../../assets/rules/demo.json', import.meta.url);
  assert.ok(valid(JSON.parse(await readFile(file, 'utf8'))), JSON.stringify(valid.errors));
  const { status, stdout, stderr } = passmint(['programme', 'lint', file.pathname, '--config', site.config]);
  assert.equal(status, 0, stdout + stderr);
});

test('every golden rule set is as the schema says', async () => {
  const folder = new URL('../../data/programme/', import.meta.url);
  for (const name of await readdir(folder)) {
    const golden = JSON.parse(await readFile(new URL(name, folder), 'utf8'));
    assert.ok(valid(golden.rules), name + JSON.stringify(valid.errors));
  }
});

test('a rule whose points live on with each activity is served', async () => {
  const rules = { earn: [{ ...base, expires: { after: 'P180D', sliding: true } }] };
  assert.ok(valid(rules), JSON.stringify(valid.errors));
  const answer = await checked(rules);
  assert.ok(answer.ok, answer.text);
});

test('what the schema cannot say the binary does, with its place', async () => {
  for (const [rules, place] of [
    [{ earn: [base, base] }, '/earn/1/id'],
    [{ earn: [{ ...base, activate_after: 'P14D', expires: { after: 'P7D' } }] }, '/earn/0/expires/after'],
    [{ earn: [{ ...base, window: { from: '2026-12-01', until: '2026-12-01' } }] }, '/earn/0/window/until'],
    [{ discounts: [base], earn: [base] }, '/discounts/0/id'],
    [{ tiers: { levels: [{ name: 'a', from: 100 }, { name: 'b', from: 100 }] } }, '/tiers/levels/1/from'],
  ]) {
    const answer = await checked(rules);
    assert.ok(!answer.ok && answer.text.includes(place), answer.text);
  }
});
