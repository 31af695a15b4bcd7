// A device's sequences, against our service and against a server that we did not write: both have to
// answer alike. Where the reference is known to be wrong, the test says so and why.

import { test, before, after, describe } from 'node:test';
import assert from 'node:assert/strict';
import { Device, send } from '../../support/device.mjs';
import { ReferenceServer } from '../../support/reference_server.mjs';
import { Shop } from './shop.mjs';

const SERVERS = {
  passmint: {
    open: () => Shop.open(),
    token: (shop, device, card) => shop.rows(`SELECT push_token FROM device WHERE id = '${device}'`)[0]?.push_token,
  },
  reference: {
    open: () => ReferenceServer.start(),
    token: (server, device, card) => server.tokenOf(device, card.serial),
  },
};

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

for (const [name, { open, token }] of Object.entries(SERVERS)) {
  describe(`4.3 ${name}`, () => {
    let server;
    before(async () => { server = await open(); });
    after(async () => { await server?.close(); });

    // A device with one pass, and what it asked while adding it.
    async function holder() {
      const card = await server.card();
      const device = new Device();
      await device.add(card.bundle, card.lastModified);
      return { card, device, id: [...device.services.values()][0].device };
    }

    test('a pass is added: it registers and asks what has changed', async () => {
      const { device } = await holder();
      assert.deepEqual(device.takeLog(), ['register -> 201', 'list -> 200']);
      assert.deepEqual(device.complaints, []);
    });

    test('a second pass is added to a known service: it is fetched as well', async () => {
      const { device } = await holder();
      device.takeLog();
      const second = await server.card();
      await device.add(second.bundle, second.lastModified);
      const log = device.takeLog();
      assert.deepEqual(log.slice(0, 2), ['register -> 201', 'list -> 200']);
      assert.match(log[2], /^fetch -> (200|304)$/);
      assert.equal(device.services.size, 1, 'one web service, one device id');
      assert.deepEqual(device.complaints, []);
    });

    test('a push brings the change, and the next one without a change brings nothing', async () => {
      const { card, device } = await holder();
      await device.pull(card.serial);
      await sleep(1100);
      await server.buy(card);
      device.takeLog();
      assert.deepEqual(await device.push(card.type), [card.serial]);
      assert.deepEqual(device.takeLog(), ['list -> 200', 'fetch -> 200']);
      assert.deepEqual(await device.push(card.type), []);
      assert.deepEqual(device.complaints, []);
    });

    test('of three passes the changed one is fetched', async () => {
      const { card, device } = await holder();
      const others = [await server.card(), await server.card()];
      for (const other of others) await device.add(other.bundle, other.lastModified);
      for (const one of [card, ...others]) await device.pull(one.serial);
      await sleep(1100);
      await server.buy(others[0]);
      assert.deepEqual(await device.push(card.type), [others[0].serial]);
      assert.deepEqual(device.complaints, []);
    });

    test('the customer pulls to refresh: the pass is fetched, and is unchanged the second time', async () => {
      const { card, device } = await holder();
      await device.pull(card.serial);
      device.takeLog();
      assert.equal(await device.pull(card.serial), false);
      assert.deepEqual(device.takeLog(), ['fetch -> 304']);
    });

    test('automatic updates are switched off and on: it unregisters, and registers as new', async () => {
      const { card, device, id } = await holder();
      device.takeLog();
      await device.setAutomaticUpdates(card.serial, false);
      assert.equal(token(server, id, card), undefined);
      await device.setAutomaticUpdates(card.serial, true);
      assert.deepEqual(device.takeLog(), ['unregister -> 200', 'register -> 201']);
    });

    test('the pass is deleted: it unregisters and hears nothing of it any more', async () => {
      const { card, device, id } = await holder();
      device.takeLog();
      await device.remove(card.serial);
      assert.deepEqual(device.takeLog(), ['unregister -> 200']);
      const list = await send(server.base, 'GET', `/v1/devices/${id}/registrations/${card.type}`);
      assert.equal(list.status, 204);
    });

    test('APNs gives another token: the repeated registration is 200 and the token is stored', async () => {
      const { card, device, id } = await holder();
      const before = token(server, id, card);
      device.takeLog();
      await device.changePushToken();
      assert.deepEqual(device.takeLog(), ['register -> 200']);
      assert.notEqual(token(server, id, card), before);
      assert.equal(token(server, id, card), device.pushToken);
    });

    test('a reboot: it asks the services that it knows', async () => {
      const { device } = await holder();
      device.takeLog();
      await device.reboot();
      assert.match(device.takeLog()[0], /^list -> (200|204)$/);
      assert.deepEqual(device.complaints, []);
    });

    test('the same pass on another device registers under another id, and both hear of changes', async () => {
      const { card, device } = await holder();
      const watch = new Device();
      await watch.add(card.bundle, card.lastModified);
      assert.equal(watch.takeLog()[0], 'register -> 201');
      await watch.pull(card.serial);
      await device.pull(card.serial);
      await sleep(1100);
      await server.buy(card);
      assert.deepEqual(await device.push(card.type), [card.serial]);
      assert.deepEqual(await watch.push(card.type), [card.serial]);
    });

    test('no token, or another scheme: 401 everywhere but on the list', async () => {
      const { card, id } = await holder();
      const registration = `/v1/devices/${id}/registrations/${card.type}/${card.serial}`;
      for (const headers of [{}, { authorization: `Bearer ${card.token}` }, { authorization: 'ApplePass wrong' }]) {
        for (const [method, path] of [['POST', registration], ['DELETE', registration], ['GET', `/v1/passes/${card.type}/${card.serial}`]]) {
          const body = method === 'POST' ? '{"pushToken":"aa"}' : undefined;
          assert.equal((await send(server.base, method, path, { headers, body })).status, 401, `${method} ${JSON.stringify(headers)}`);
        }
      }
      assert.equal((await send(server.base, 'GET', `/v1/devices/${id}/registrations/${card.type}`)).status, 200);
    });

    test('a log is 200', async () => {
      const answer = await send(server.base, 'POST', '/v1/log', { headers: { 'content-type': 'application/json' }, body: '{"logs":["x"]}' });
      assert.equal(answer.status, 200);
    });

    // ------------------------------------------------------- where the reference explains the difference

    test(`the token of another pass is ${name === 'reference' ? 'taken: tokenVerifier is given no serial number' : 'refused'}`, async () => {
      const [{ card }, { card: other }] = [await holder(), await holder()];
      const answer = await send(server.base, 'GET', `/v1/passes/${card.type}/${card.serial}`, { headers: { authorization: `ApplePass ${other.token}` } });
      assert.equal(answer.status, name === 'reference' ? 200 : 401);
    });

    test(`Last-Modified is ${name === 'reference' ? 'the time of the answer: it cannot be echoed exactly' : 'that of the version'}`, async () => {
      const { card } = await holder();
      const fetch = () => send(server.base, 'GET', `/v1/passes/${card.type}/${card.serial}`, { headers: { authorization: `ApplePass ${card.token}` } });
      const first = (await fetch()).headers['last-modified'];
      await sleep(1100);
      const second = (await fetch()).headers['last-modified'];
      assert.equal(first === second, name !== 'reference');
    });

    test(`a component that is encoded twice is ${name === 'reference' ? 'another one: it decodes once, as its framework does' : 'the one that was meant'}`, async () => {
      const { card, id } = await holder();
      const twice = [...id].map((c) => `%25${c.charCodeAt(0).toString(16)}`).join('');
      const answer = await send(server.base, 'GET', `/v1/devices/${twice}/registrations/${card.type}`);
      assert.equal(answer.status, name === 'reference' ? 204 : 200);
    });
  });
}
