import assert from 'node:assert/strict';
import { cpSync, existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { must, passmint, root, temporaryFolder } from '../../support/site.mjs';

const shipped = path.join(root, 'templates');
const names = readdirSync(shipped).filter((name) => existsSync(path.join(shipped, name, 'template.json')));

// A copy of a shipped template whose template.json went through `change`.
function copy(t, name, change = (json) => json) {
  const folder = path.join(temporaryFolder(t), name);
  cpSync(path.join(shipped, name), folder, { recursive: true });
  const file = path.join(folder, 'template.json');
  writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(file, 'utf8')))));
  return folder;
}

test('every shipped template lints without an error, with no site around', (t) => {
  const cwd = temporaryFolder(t);
  for (const name of names) must(['template', 'lint', path.join(shipped, name)], { cwd });
});

test('lint names rule, place, cause and cure, and fails', (t) => {
  const folder = copy(t, 'points', (json) => ({ ...json, kind: 'loyality' }));
  const done = passmint(['template', 'lint', folder]);
  assert.equal(done.status, 1);
  assert.match(done.stdout, /^[TPG]\d+ error template\.json#\/kind\n {4}.+\n {4}cure: .+/m);
  assert.match(done.stderr, /1 errors/);
});

test('lint follows no link out of the folder', (t) => {
  const folder = copy(t, 'points');
  symlinkSync('/etc/passwd', path.join(folder, 'images/passwd.png'));
  const done = passmint(['template', 'lint', folder]);
  assert.equal(done.status, 1);
  assert.match(done.stderr, /only regular files/);
});

test('variables lists the closed list and marks what a template uses', () => {
  const all = must(['template', 'variables']);
  assert.match(all, /^ {2}points\.available +integer +\w/m);
  assert.match(must(['template', 'variables', path.join(shipped, 'points')]), /^\* points\.available /m);
});

test('render writes what both wallets are given', (t) => {
  const out = path.join(temporaryFolder(t), 'out');
  must(['template', 'render', path.join(shipped, 'points'), '--sample', 'vip', '--output', out]);
  const pass = JSON.parse(readFileSync(path.join(out, 'apple/pass.json'), 'utf8'));
  assert.ok(pass.storeCard);
  const object = JSON.parse(readFileSync(path.join(out, 'google/object.json'), 'utf8'));
  assert.match(object.classId, /^\d+\.demo\.points$/);
  assert.ok(existsSync(path.join(out, 'google/class.json')));
  assert.ok(readdirSync(path.join(out, 'images')).length > 0);
  assert.equal(passmint(['template', 'render', path.join(shipped, 'points'), '--output', out]).status, 1, 'not twice');
});

test('preview is one page that loads nothing from elsewhere', (t) => {
  for (const name of names) {
    const html = must(['template', 'preview', path.join(shipped, name), '--output', '-']);
    assert.match(html, /^<!doctype html>/);
    assert.doesNotMatch(html, /(src|href)="(?!data:)/);
    assert.doesNotMatch(html, /<script/);
  }
});

test('an unknown sample is refused with the known ones', () => {
  const done = passmint(['template', 'preview', path.join(shipped, 'points'), '--sample', 'rich', '--output', '-']);
  assert.equal(done.status, 1);
  assert.match(done.stderr, /no sample "rich"[^]*typical, empty, longest, zero, million, vip/);
});
