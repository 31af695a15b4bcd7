import assert from 'node:assert/strict';
import test from 'node:test';
import { must, passmint, temporaryFolder } from '../../support/site.mjs';

const verbs = [
  ['init'], ['check'], ['serve'], ['cert', 'csr'], ['cert', 'import'], ['cert', 'show'], ['key', 'create'],
  ['key', 'list'], ['key', 'revoke'], ['template', 'lint'], ['template', 'render'], ['template', 'preview'],
  ['programme', 'lint'], ['programme', 'apply'], ['programme', 'replay'], ['programme', 'history'],
  ['template', 'variables'], ['template', 'import'], ['template', 'pull'], ['template', 'push'], ['template', 'watch'], ['pass', 'build'], ['pass', 'verify'], ['google', 'jwt'], ['qr'], ['backup'], ['restore'],
  ['ledger', 'verify'], ['ledger', 'export'], ['ledger', 'import'], ['ledger', 'checkpoint'], ['ledger', 'confirm-clock'], ['ledger', 'accept-loss'],
];

test('--help fits a terminal of 80 x 24 and names every verb', () => {
  const help = must(['--help']);
  const lines = help.trimEnd().split('\n');
  assert.ok(lines.length <= 24, `${lines.length} lines`);
  for (const line of lines) assert.ok(line.length <= 80, line);
  for (const [verb, inner] of verbs) {
    assert.match(help, new RegExp(`passmint ${verb}\\b.*${inner ?? ''}`), `${verb} ${inner ?? ''}`);
  }
});

test('the example that ends --help works as it is typed', (t) => {
  const example = must(['--help']).trimEnd().split('\n').at(-1);
  assert.match(example, /^ {2}\$ passmint init site && passmint serve --config site\/passmint\.toml$/);
  const cwd = temporaryFolder(t);
  must(['init', 'site'], { cwd });
  must(['check', '--config', 'site/passmint.toml'], { cwd });
});

test('every verb has a --help of its own that ends with an example', () => {
  for (const verb of verbs) {
    const help = must([...verb, '--help']);
    assert.match(help, /Example:\n {2}\$ passmint /, verb.join(' '));
    for (const line of help.split('\n')) assert.ok(line.length <= 90, `${verb.join(' ')}: ${line}`);
  }
});

test('wrong usage ends with 2, says what was wrong, and leaves standard output empty', () => {
  for (const [args, said] of [
    [[], /subcommand is required/],
    [['frobnicate'], /no verb "passmint frobnicate"/],
    [['certt', 'show'], /the nearest is cert$/m],
    [['cert', 'shwo', 'x'], /no verb "passmint cert shwo"; the nearest is show/],
    [['cert'], /subcommand is required/],
    [['serve', '--confg', 'x'], /--confg/],
    [['pass', 'build'], /--template is required/],
    [['pass', 'build', '--template', 'x', '--output', 'y', '--repeat', '0'], /--repeat/],
    [['key', 'create', '--name', 'x'], /--role is required/],
    [['template', 'render', 'x', '--output', 'y', '--data', 'a', '--sample', 'b'], /excludes/],
  ]) {
    const done = passmint(args);
    assert.equal(done.status, 2, args.join(' '));
    assert.equal(done.stdout, '');
    assert.match(done.stderr, /^passmint: error: [^A-Z]/, args.join(' '));
    assert.match(done.stderr, said);
    assert.match(done.stderr, /^passmint: hint: see passmint.* --help$/m);
  }
});

test('--version prints one line', () => {
  assert.match(must(['--version']), /^passmint \d+\.\d+\.\d+\n$/);
});

test('verbs of later versions are not offered', () => {
  for (const verb of ['programme']) {
    assert.equal(passmint([verb]).status, 2);
  }
});

test('qr prints a code that a terminal can show', () => {
  const text = must(['qr', 'https://cards.example.com/c/0123']);
  assert.match(text, /[▀▄█]/);
  assert.equal(passmint(['qr', '']).status, 1);
});
