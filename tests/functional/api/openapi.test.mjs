// Every request and answer of assets/openapi.yaml is run against the real service, as the head of that
// file describes, and the role x call table is tried cell by cell.

import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import * as yaml from 'js-yaml';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { Site } from '../../support/site.mjs';

const document = yaml.load(await readFile(new URL('../../../assets/openapi.yaml', import.meta.url), 'utf8'));
const ROLES = ['shop', 'designer', 'approver', 'operator', 'admin'];
const WRITTEN_AT = Date.parse('2026-11-21T10:05:00+03:00');

function resolve(node) {
  while (node && node.$ref) {
    node = node.$ref.slice(2).split('/').reduce((at, part) => at[part.replace(/~1/g, '/').replace(/~0/g, '~')], document);
  }
  return node;
}

// Every served operation, by its id.
const operations = new Map();
for (const [path, item] of Object.entries(document.paths)) {
  for (const method of ['get', 'put', 'post', 'patch', 'delete']) {
    const operation = item[method];
    if (operation) {
      operations.set(operation.operationId, {
        ...operation, path, method,
        parameters: [...(item.parameters ?? []), ...(operation.parameters ?? [])].map(resolve),
        served: Boolean(operation['x-passmint-since']),
      });
    }
  }
}

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema({ $id: 'openapi', components: document.components });
const schemas = new Map();
function validator(schema) {
  if (!schemas.has(schema)) {
    schemas.set(schema, ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"openapi#/components'))));
  }
  return schemas.get(schema);
}

// The example of a request body: the named one, else the only or first one.
function requestExample(operation, name) {
  const content = resolve(operation.requestBody)?.content?.['application/json'];
  if (!content) return undefined;
  if (!content.examples) return structuredClone(content.example);
  return structuredClone((name ? content.examples[name] : Object.values(content.examples)[0]).value);
}

// Instants in requests were written on a certain day; they are moved to the present.
function present(value) {
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value)) {
    return new Date(Date.parse(value) - WRITTEN_AT + Date.now()).toISOString();
  }
  if (Array.isArray(value)) return value.map(present);
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, present(v)]));
  return value;
}

const pointer = (value, path) => path.split('/').slice(1).reduce((at, part) => at?.[part.replace(/~1/g, '/').replace(/~0/g, '~')], value);

// Every run that the document describes: [operation, status, run, expected example].
const runs = [];
for (const operation of operations.values()) {
  if (!operation.served) continue;
  for (const [status, answer] of Object.entries(operation.responses)) {
    const response = resolve(answer);
    if (!/^(2|302)/.test(status)) continue;
    const content = response.content?.['application/json'];
    const first = content?.example ?? (content?.examples && Object.values(content.examples)[0].value);
    if (response['x-passmint-run']) runs.push({ operation, status, run: response['x-passmint-run'], expected: first, schema: content?.schema });
    for (const [name, example] of Object.entries(content?.examples ?? {})) {
      if (example['x-passmint-run']) runs.push({ operation, status, name, run: example['x-passmint-run'], expected: example.value, schema: content.schema });
    }
  }
}

let site;
const keys = new Map();
const KEY_NAMES = { designer: 'studio', approver: 'brand', shop: 'web' };
// One template is enough and starts sooner: each run starts the service anew.
const onlyPoints = (settings) => settings.replace(/^templates = \[[^\]]*\]/m, 'templates = ["templates/points"]');
before(async () => { site = await Site.create({ settings: onlyPoints }); });

// Starts the site with an empty store and a key for each role.
async function begin() {
  await site.stop();
  await site.empty();
  await site.start();
  for (const role of ROLES) keys.set(role, await site.key([role], KEY_NAMES[role] ?? role));
}
after(async () => { await site?.remove(); });

// Sends the example of one operation. `earlier`: answers by operation id.
async function send(operation, run, earlier, exampleName) {
  let path = operation.path;
  const headers = { ...(run.headers ?? {}) };
  const body = present(requestExample(operation, exampleName ?? run.example));
  for (const [target, source] of Object.entries(run.take ?? {})) {
    const [id, from] = source.split(' ');
    const value = from.startsWith('/') ? pointer(earlier.get(id).json, from) : earlier.get(id).headers.get(from);
    assert.ok(value !== undefined && value !== null, `${source} gave nothing`);
    const [place, name] = [target.slice(0, target.indexOf('.')), target.slice(target.indexOf('.') + 1)];
    if (place === 'path') path = path.replace(`{${name}}`, encodeURIComponent(name === 'token' ? value.split('/').at(-1) : value));
    else if (place === 'header') headers[name] = value;
    else name.split('/').slice(1).reduce((at, part, i, all) => (i === all.length - 1 ? (at[part] = value) : at[part]), body);
  }
  const query = [];
  for (const parameter of operation.parameters) {
    const example = parameter.example ?? resolve(parameter.schema)?.example ?? resolve(parameter.schema)?.examples?.[0];
    if (parameter.in === 'path') path = path.replace(`{${parameter.name}}`, encodeURIComponent(example ?? ''));
    if (parameter.in === 'query' && parameter.required) query.push(`${parameter.name}=${encodeURIComponent(example)}`);
    if (parameter.in === 'header' && parameter.name === 'Idempotency-Key') headers['idempotency-key'] = crypto.randomUUID();
  }
  const role = operation['x-passmint-roles']?.[0];
  return site.call(role && keys.get(role), operation.method.toUpperCase(), path + (query.length ? `?${query.join('&')}` : ''), body, headers);
}

// The schema that governs a value, to learn what varies; oneOf is searched for any that does.
function varies(schema) {
  schema = resolve(schema);
  return Boolean(schema?.['x-passmint-varies'] || (schema?.oneOf ?? schema?.anyOf ?? []).some(varies));
}
function compare(expected, found, schema, at = '') {
  schema = resolve(schema) ?? {};
  if (varies(schema) && expected !== null && found !== null) {
    assert.equal(typeof found, typeof expected, `type at ${at}`);
    return;
  }
  const object = schema.properties ? schema : (schema.oneOf ?? []).map(resolve).find((one) => one.properties) ?? schema;
  if (Array.isArray(expected)) {
    assert.equal(found?.length, expected.length, `length at ${at}: ${JSON.stringify(found)}`);
    expected.forEach((item, i) => compare(item, found[i], object.items, `${at}/${i}`));
  } else if (expected && typeof expected === 'object') {
    assert.deepEqual(Object.keys(found ?? {}).sort(), Object.keys(expected).sort(), `members at ${at}`);
    for (const key of Object.keys(expected)) compare(expected[key], found[key], object.properties?.[key] ?? object.additionalProperties, `${at}/${key}`);
  } else {
    assert.deepEqual(found, expected, `value at ${at}`);
  }
}

for (const { operation, status, name, run, expected, schema } of runs) {
  test(`${operation.operationId} answers ${status} as its example${name ? ` ${name}` : ''} says`, async () => {
    // Each run begins with a programme that has none of the example's data.
    await begin();
    const earlier = new Map();
    for (const id of run.after ?? []) {
      const before = operations.get(id);
      // Its run that needs nothing before it; else its first.
      const candidates = Object.entries(before.responses)
        .filter(([code, answer]) => /^2/.test(code) && resolve(answer)['x-passmint-run'])
        .map(([, answer]) => resolve(answer)['x-passmint-run']);
      const beforeRun = candidates.find((one) => !one.after) ?? candidates[0];
      const answer = await send(before, beforeRun, earlier, run.with?.[id]);
      assert.match(String(answer.status), /^2/, `${id} before it: ${answer.text}`);
      earlier.set(id, answer);
    }
    const answer = await send(operation, run, earlier);
    assert.equal(String(answer.status), status, answer.text);
    if (schema && answer.json !== undefined) {
      const valid = validator(schema);
      assert.ok(valid(answer.json), `${JSON.stringify(valid.errors)} in ${answer.text}`);
    }
    if (expected !== undefined) compare(expected, answer.json, schema);
  });
}

test('the document describes enough runs to mean something', () => {
  assert.ok(runs.length >= 25, `${runs.length} runs`);
});

test('each role may call what the table says and nothing else', async () => {
  await begin();
  for (const operation of operations.values()) {
    const allowed = operation['x-passmint-roles'];
    if (!operation.served || !allowed) continue;
    const path = operation.path.replace(/\{[^}]+\}/g, 'nothing');
    for (const role of ROLES) {
      const answer = await site.call(keys.get(role), operation.method.toUpperCase(), path, operation.requestBody ? {} : undefined);
      const cell = `${role} x ${operation.operationId}: ${answer.status} ${answer.text}`;
      if (allowed.includes(role)) assert.notEqual(answer.status, 403, cell);
      else assert.equal(answer.status, 403, cell);
    }
    const nobody = await site.call(undefined, operation.method.toUpperCase(), path, operation.requestBody ? {} : undefined);
    assert.equal(nobody.status, 401, `nobody x ${operation.operationId}`);
  }
});

test('a planned call is not found, even with every role', async () => {
  for (const operation of operations.values()) {
    if (operation.served || !operation.path.startsWith('/api/')) continue;
    const answer = await site.call(keys.get('admin'), operation.method.toUpperCase(), operation.path.replace(/\{[^}]+\}/g, 'x'), operation.requestBody ? {} : undefined);
    assert.ok([404, 405].includes(answer.status), `${operation.operationId}: ${answer.status}`);
    assert.equal(answer.headers.get('content-type'), 'application/problem+json');
  }
});
