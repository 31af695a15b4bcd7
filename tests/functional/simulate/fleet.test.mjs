// The whole loop in one command: orders, ledger, pushes, phones that fetch and verify; with everything going wrong.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { passmint } from '../../support/site.mjs';

const LONG = { timeout: 240_000 };

function simulate(...options) {
  const done = passmint(['simulate', ...options], LONG);
  return { ...done, all: `${done.stdout}\n${done.stderr}` };
}

test('every phone and Google show the balance that the ledger has, and the lock screens say so', () => {
  const done = simulate('--phones', '20', '--google-accounts', '5', '--orders', '100', '--orders-per-second', '50');
  assert.equal(done.status, 0, done.all);
  assert.match(done.stdout, /20 phones, 5 Google accounts, 125 orders acknowledged/);
  assert.match(done.stdout, /balance on phone +p50 +\d+\.\d ms +p99/);
  assert.match(done.stdout, /balance at Google +p50 +\d+\.\d ms +p99/);
  assert.match(done.stdout, /Google Wallet: Points \d+/);
  assert.match(done.stdout, /right: every phone shows the ledger's balance/);
  assert.match(done.stdout, /You now have \d+ points/);
});

test('phones offline, new tokens, every fault of APNs and Google and a killed service lose nothing', () => {
  const done = simulate('--phones', '20', '--google-accounts', '5', '--orders', '300', '--orders-per-second', '30', '--faults', '--kill', '--seed', '7');
  assert.equal(done.status, 0, done.all);
  assert.match(done.stdout, /faults .*\d+ x /);
  assert.match(done.stdout, /right: every phone shows the ledger's balance/);
});
