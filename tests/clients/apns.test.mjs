// @parse/node-apn, which talks to Apple for many shops, against our fake APNs: if it cannot tell the
// two apart, the fake is honest.
import assert from 'node:assert/strict';
import { spawn, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import apn from '@parse/node-apn';
import { BINARY, temporaryFolder, until } from '../support/site.mjs';

const PASS_TYPE = 'pass.com.example.coffee';
const token = (number) => number.toString(16).padStart(64, '0');

// A fake APNs as a child process; `say` sends a command and waits for its answer.
async function startFake(t, folder, extra = []) {
  const caFile = path.join(folder, 'ca.pem');
  const child = spawn(BINARY, ['simulate', 'apns', '--ca-file', caFile, ...extra],
    { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => child.kill());
  const pushes = [];
  const waiting = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = JSON.parse(line);
    if (event.event === 'push') pushes.push(event);
    else waiting.shift()(event);
  });
  const next = () => new Promise((resolve) => waiting.push(resolve));
  const listening = await next();
  return {
    pushes,
    port: listening.port,
    ca: fs.readFileSync(caFile),
    async say(command) {
      const answer = next();
      child.stdin.write(`${JSON.stringify(command)}\n`);
      const event = await answer;
      assert.notEqual(event.event, 'error', event.message);
      return event;
    },
  };
}

// As Apple would issue it, but by nobody.
function makePassCertificate(folder) {
  const files = { key: path.join(folder, 'pass.key'), cert: path.join(folder, 'pass.pem') };
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30',
    '-keyout', files.key, '-out', files.cert,
    '-subj', `/UID=${PASS_TYPE}/CN=Pass Type ID: ${PASS_TYPE}/OU=TEAM123456`,
    '-addext', '1.2.840.113635.100.6.3.2=ASN1:NULL',
    // node-apn takes any address but Apple's for the sandbox, and wants its mark then.
    '-addext', '1.2.840.113635.100.6.3.1=ASN1:NULL',
    '-addext', `1.2.840.113635.100.6.1.16=ASN1:UTF8String:${PASS_TYPE}`], { stdio: 'ignore' });
  return { key: fs.readFileSync(files.key), cert: fs.readFileSync(files.cert) };
}

function connect(t, fake, credentials) {
  const provider = new apn.Provider({
    ...credentials, ca: fake.ca, address: 'localhost', port: fake.port,
    connectionRetryLimit: 3,
  });
  t.after(() => provider.shutdown());
  return provider;
}

function emptyPush(changes = {}) {
  const push = new apn.Notification();
  push.topic = PASS_TYPE;
  push.pushType = 'background';
  // Wallet ignores it; node-apn would send "{}" as no payload at all.
  push.rawPayload = { aps: {} };
  push.expiry = 1_900_000_000;
  return Object.assign(push, changes);
}

const reasons = (result) => result.failed.map((failure) => failure.response?.reason);

test('node-apn pushes to many tokens and each phone is told', async (t) => {
  const folder = temporaryFolder(t);
  const fake = await startFake(t, folder);
  const provider = connect(t, fake, makePassCertificate(folder));
  const tokens = Array.from({ length: 200 }, (_, number) => token(number + 1));
  const result = await provider.send(emptyPush(), tokens);
  assert.deepEqual(result.failed, []);
  assert.equal(result.sent.length, 200);
  await until('the fake has written down every push', () => fake.pushes.length >= 200);
  assert.deepEqual(fake.pushes.map((push) => push.token).sort(), tokens.sort());
  assert.ok(fake.pushes.every((push) => push.topic === PASS_TYPE));
  assert.ok(fake.pushes.every((push) => push.expiration === 1_900_000_000));
});

test('node-apn reads each refusal as one of APNs', async (t) => {
  const folder = temporaryFolder(t);
  const fake = await startFake(t, folder, ['--known-tokens']);
  const provider = connect(t, fake, makePassCertificate(folder));
  for (const number of [1, 2, 3]) {
    await fake.say({ do: 'add', token: token(number), topic: PASS_TYPE });
  }
  await fake.say({ do: 'add', token: token(4), topic: 'pass.other' });
  const send = (push, number) => provider.send(push, token(number));

  assert.equal((await send(emptyPush(), 1)).sent.length, 1);
  assert.deepEqual(reasons(await send(emptyPush(), 99)), ['BadDeviceToken']);
  assert.deepEqual(reasons(await send(emptyPush(), 4)), ['DeviceTokenNotForTopic']);
  assert.deepEqual(reasons(await send(emptyPush({ topic: 'pass.other' }), 1)),
    ['TopicDisallowed']);
  assert.deepEqual(reasons(await send(emptyPush({ collapseId: 'x'.repeat(65) }), 1)),
    ['BadCollapseId']);

  await fake.say({ do: 'retire', token: token(2), timestamp: 1_763_719_200_123 });
  const gone = await send(emptyPush(), 2);
  assert.equal(String(gone.failed[0].status), '410');
  assert.deepEqual(gone.failed[0].response, { reason: 'Unregistered', timestamp: 1_763_719_200_123 });

  // This one node-apn sends again by itself.
  await fake.say({ do: 'fail', fault: 'too_many_requests', count: 1 });
  assert.equal((await send(emptyPush(), 3)).sent.length, 1);
  const { refused, accepted } = await fake.say({ do: 'totals' });
  assert.equal(accepted, 2);
  assert.equal(refused.TooManyRequests, 1);
});

test('node-apn with a provider token is told that passes are not pushed so', async (t) => {
  const folder = temporaryFolder(t);
  const fake = await startFake(t, folder);
  const key = execFileSync('openssl', ['ecparam', '-name', 'prime256v1', '-genkey', '-noout']);
  const provider = connect(t, fake, { token: { key, keyId: 'KEY1234567', teamId: 'TEAM123456' } });
  const result = await provider.send(emptyPush(), token(1));
  assert.deepEqual(reasons(result), ['InvalidProviderToken']);
});
