// Lint knows Google's schema from tables in src/google; here they are held against the types of
// @googleapis/walletobjects, so that an update of the package shows what is new.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

const SOURCES = ['schema_resources.cc', 'schema_parts.cc'].map((name) => new URL(`../../../src/google/${name}`, import.meta.url));
const TYPES = new URL('../../node_modules/@googleapis/walletobjects/build/v1.d.ts', import.meta.url);
// Ours -> the type that TypeScript has for it; enums and other names of leaves are strings.
const LEAVES = { boolean: 'boolean', double: 'number', int32: 'number' };

// {"Name", "field:type ..." "..."} rows, with "+Base" expanded.
async function ourTables() {
  const tables = new Map();
  for (const source of SOURCES) {
    const text = await readFile(source, 'utf8');
    for (const [, name, literals] of text.matchAll(/\{"(\w+)",\s*((?:"[^"]*"\s*)+)\}/g)) {
      const words = [...literals.matchAll(/"([^"]*)"/g)].map((match) => match[1]).join('').split(' ');
      const fields = new Map();
      for (const word of words) {
        if (word.startsWith('+')) {
          for (const [field, type] of tables.get(word.slice(1))) fields.set(field, type);
        } else {
          const [, field, type, list] = word.match(/^(\w+):(\w+)(\[\])?[!~^]*$/);
          fields.set(field, { type, list: list !== undefined });
        }
      }
      tables.set(name, fields);
    }
  }
  return tables;
}

async function theirTypes() {
  const types = new Map();
  const text = (await readFile(TYPES, 'utf8')).replace(/\/\*\*[\s\S]*?\*\//g, '');
  for (const [, name, body] of text.matchAll(/export interface Schema\$(\w+) \{([\s\S]*?)\n {4}\}/g)) {
    const fields = new Map();
    for (const [, field, type] of body.matchAll(/(\w+)\?: ([^;]+);/g)) {
      const plain = type.replace(/ \| null/g, '').replace(/Schema\$/g, '');
      const list = plain.match(/^Array<(.*)>$|^(.*)\[\]$/);
      fields.set(field, { type: list ? (list[1] ?? list[2]) : plain, list: list !== null });
    }
    types.set(name, fields);
  }
  return types;
}

test('each table of ours has the fields of the type of that name, no more and no less', async () => {
  const theirs = await theirTypes();
  const ours = await ourTables();
  assert.ok(ours.size > 50, `${ours.size}`);
  for (const [name, fields] of ours) {
    if (/^(Class|Object)(Shared|Branded)$/.test(name)) continue;
    const expected = theirs.get(name);
    assert.ok(expected, `Google has no ${name}`);
    const names = [...expected.keys()].filter((field) => field !== 'kind').sort();
    assert.deepEqual([...fields.keys()].sort(), names, name);
  }
});

test('each field of ours has the type and the shape that Google gives it', async () => {
  const theirs = await theirTypes();
  const ours = await ourTables();
  for (const [name, fields] of ours) {
    const expected = theirs.get(name);
    if (!expected) continue;
    for (const [field, { type, list }] of fields) {
      if (type === 'any') continue;
      const wanted = ours.has(type) ? type : (LEAVES[type] ?? 'string');
      assert.deepEqual({ field, type: wanted, list }, { field, ...expected.get(field) }, `${name}.${field}`);
    }
  }
});
