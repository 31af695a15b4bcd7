// Google's own client library against our fake Google: what the library can do the fake must answer.

import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { auth as authorisation, walletobjects } from '@googleapis/walletobjects';
import { FakeGoogle } from '../../support/google.mjs';

const ISSUER = '3388000000022141777';
const LOGO = { sourceUri: { uri: 'https://cards.example.com/logo.png' } };
const CLASS = {
  id: `${ISSUER}.coffee`, issuerName: 'Bean & Leaf', programName: 'Points', programLogo: LOGO, reviewStatus: 'UNDER_REVIEW',
};
const object = (suffix, changes = {}) => ({
  id: `${ISSUER}.${suffix}`, classId: CLASS.id, state: 'ACTIVE',
  loyaltyPoints: { label: 'Points', balance: { int: 10 } }, ...changes,
});

let google, wallet;

/** The library's client, its token endpoint led to the fake. */
function client() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const auth = new authorisation.JWT({
    email: 'test@example.iam.gserviceaccount.com',
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    scopes: ['https://www.googleapis.com/auth/wallet_object.issuer'],
  });
  auth.transporter.interceptors.request.add({
    resolved: async (options) => {
      if (String(options.url).startsWith('https://oauth2.googleapis.com/token')) options.url = new URL(`${google.url}/token`);
      return options;
    },
  });
  return walletobjects({ version: 'v1', auth, rootUrl: `${google.url}/`, retry: false });
}

before(async () => {
  google = await FakeGoogle.start(['--rate', '1000']);
  wallet = client();
  await wallet.loyaltyclass.insert({ requestBody: CLASS });
});
after(() => google?.stop());

const refused = (status, reason) => (error) => {
  assert.equal(Number(error.status ?? error.code), status, error.message);
  if (reason) assert.equal((error.errors ?? error.response?.data?.error?.errors)?.[0]?.reason, reason);
  return true;
};

test('a class is approved by itself and cannot be inserted twice', async () => {
  const { data } = await wallet.loyaltyclass.get({ resourceId: CLASS.id });
  assert.equal(data.reviewStatus, 'APPROVED');
  await assert.rejects(wallet.loyaltyclass.insert({ requestBody: CLASS }), refused(409));
  await assert.rejects(wallet.loyaltyclass.patch({ resourceId: CLASS.id, requestBody: { reviewStatus: 'APPROVED' } }), refused(400));
  await wallet.loyaltyclass.patch({ resourceId: CLASS.id, requestBody: { programName: 'Stars', reviewStatus: 'UNDER_REVIEW' } });
  assert.equal((await wallet.loyaltyclass.get({ resourceId: CLASS.id })).data.programName, 'Stars');
});

test('an object is inserted, read, patched and listed', async () => {
  await wallet.loyaltyobject.insert({ requestBody: object('one', { textModulesData: [{ id: 'a', header: 'A', body: '1' }, { id: 'b', header: 'B', body: '2' }] }) });
  const read = (await wallet.loyaltyobject.get({ resourceId: `${ISSUER}.one` })).data;
  assert.equal(read.hasUsers, false);
  assert.equal(read.classReference.id, CLASS.id);
  const patched = (await wallet.loyaltyobject.patch({
    resourceId: read.id,
    requestBody: {
      loyaltyPoints: { label: 'Points', balance: { money: { micros: 12_500_000, currencyCode: 'EUR' }, int: null } },
      textModulesData: [{ id: 'b', header: 'B', body: '3' }], barcode: null,
    },
  })).data;
  assert.deepEqual(patched.loyaltyPoints.balance, { money: { micros: '12500000', currencyCode: 'EUR' } });
  assert.deepEqual(patched.textModulesData, [{ id: 'b', header: 'B', body: '3' }]);
  assert.equal(patched.state, 'ACTIVE');
  await wallet.loyaltyobject.insert({ requestBody: object('two') });
  const first = (await wallet.loyaltyobject.list({ classId: CLASS.id, maxResults: 1 })).data;
  const second = (await wallet.loyaltyobject.list({ classId: CLASS.id, maxResults: 1, token: first.pagination.nextPageToken })).data;
  assert.deepEqual([...first.resources, ...second.resources].map(({ id }) => id), [`${ISSUER}.one`, `${ISSUER}.two`]);
  const replaced = (await wallet.loyaltyobject.update({ resourceId: read.id, requestBody: object('one') })).data;
  assert.equal(replaced.textModulesData, undefined);
});

test('what Google refuses is refused', async () => {
  await assert.rejects(wallet.loyaltyobject.get({ resourceId: `${ISSUER}.none` }), refused(404, 'resourceNotFound'));
  await assert.rejects(wallet.loyaltyobject.insert({ requestBody: object('bad id') }), refused(400));
  await assert.rejects(wallet.loyaltyobject.insert({ requestBody: object('x', { classId: `${ISSUER}.none` }) }), refused(404, 'classNotFound'));
  await assert.rejects(wallet.loyaltyobject.insert({ requestBody: object('x', { hexBackgroundColor: '#ffffff' }) }), refused(400));
  await assert.rejects(wallet.loyaltyobject.insert({ requestBody: { id: `${ISSUER}.x`, classId: CLASS.id } }), refused(400));
  await wallet.loyaltyobject.insert({ requestBody: object('twice') });
  await assert.rejects(wallet.loyaltyobject.insert({ requestBody: object('twice') }), refused(409));
  await assert.rejects(wallet.offerobject.get({ resourceId: `${ISSUER}.twice` }), refused(404));
  const drafts = { ...CLASS, id: `${ISSUER}.draft`, reviewStatus: 'DRAFT' };
  await wallet.loyaltyclass.insert({ requestBody: drafts });
  await assert.rejects(wallet.loyaltyobject.insert({ requestBody: object('x', { classId: drafts.id }) }), refused(400));
});

test('three changes and three messages a day notify, more do not', async () => {
  const id = `${ISSUER}.noisy`;
  await wallet.loyaltyobject.insert({ requestBody: object('noisy') });
  const patch = (int, notifyPreference) => wallet.loyaltyobject.patch({ resourceId: id, requestBody: { loyaltyPoints: { balance: { int } }, notifyPreference } });
  for (let int = 1; int <= 3; ++int) await patch(int, 'NOTIFY_ON_UPDATE');
  await assert.rejects(patch(4, 'NOTIFY_ON_UPDATE'), refused(403, 'quotaExceeded'));
  const silent = (await patch(4)).data;
  assert.equal(silent.loyaltyPoints.balance.int, 4);
  assert.equal(silent.notifyPreference, undefined);
  const message = (messageType) => wallet.loyaltyobject.addmessage({ resourceId: id, requestBody: { message: { header: 'Hi', body: 'there', id: 'm', messageType } } });
  for (let i = 0; i < 3; ++i) await message('TEXT_AND_NOTIFY');
  await assert.rejects(message('TEXT_AND_NOTIFY'), refused(403, 'quotaExceeded'));
  assert.equal((await message('TEXT')).data.resource.messages.length, 4);
  assert.equal((await google.object(id)).notifications, 6);
});

test('nobody comes in without a token, and nothing can be deleted', async () => {
  const anonymous = await fetch(`${google.url}/walletobjects/v1/loyaltyObject/${ISSUER}.one`);
  assert.equal(anonymous.status, 401);
  const { token } = await wallet.context._options.auth.getAccessToken();
  const gone = await fetch(`${google.url}/walletobjects/v1/loyaltyObject/${ISSUER}.one`, { method: 'DELETE', headers: { authorization: `Bearer ${token}` } });
  assert.equal(gone.status, 404);
  const bad = await fetch(`${google.url}/token`, { method: 'POST', body: 'grant_type=jwt-bearer&assertion=a.b.c' });
  assert.equal((await bad.json()).error, 'invalid_grant');
});
