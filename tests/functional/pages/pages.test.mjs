// The customer's pages of the real binary in a real browser.

import { test, before, after, describe } from 'node:test';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { Site, freshPhone } from '../../support/site.mjs';
import { DEVICES, assertGood, axe, launch, overflow, readCodes, visit } from './browser.mjs';

let site, key, browser, card;

async function makeCard(template, customer = {}) {
  const made = await site.call(key, 'POST', '/api/v1/cards',
    { customer: { phone: freshPhone(), name: 'Анна Петрова', locale: 'ru', ...customer }, ...(template ? { template } : {}) },
    { 'idempotency-key': `k-${Math.random()}` });
  assert.equal(made.status, 201, made.text);
  return { number: made.json.card.number, links: made.json.links, page: made.json.links.page };
}
const change = (made, what, body) => site.call(key, 'POST', `/api/v1/cards/${made.number}/${what}`, body, { 'idempotency-key': `k-${Math.random()}` });
const get = (url, headers = {}, method = 'GET') => fetch(url, { method, headers, redirect: 'manual' });
const hrefs = (page) => page.locator('main a').evaluateAll((links) => links.map((link) => link.getAttribute('href')));

before(async () => {
  site = await Site.create();
  await site.start();
  key = await site.key(['admin']);
  browser = await launch();
  card = await makeCard();
});
after(async () => {
  await browser?.close();
  await site?.remove();
});

describe('the card page', () => {
  const token = () => card.page.split('/').pop();

  for (const device of Object.keys(DEVICES)) {
    for (const colorScheme of ['light', 'dark']) {
      test(`asks for nothing more, breaks no policy and has no barrier: ${device}, ${colorScheme}`, async () => {
        const visited = await visit(browser, card.page, { ...DEVICES[device], colorScheme });
        assert.equal(visited.response.status(), 200);
        await assertGood(visited, card.page);
        await visited.close();
      });
    }
    test(`shows a QR code of its own address that a camera reads: ${device}`, async () => {
      const visited = await visit(browser, card.page, DEVICES[device]);
      assert.deepEqual(await readCodes(await visited.page.screenshot({ fullPage: true })), [card.page]);
      await visited.close();
    });
  }

  test('puts the Apple button first on an iPhone', async () => {
    const { page, close } = await visit(browser, card.page, DEVICES.iphone);
    assert.deepEqual(await hrefs(page), [`${token()}/pass.pkpass`, `${token()}/google`]);
    assert.equal(await page.getByRole('link', { name: 'Add to Apple Wallet' }).count(), 1);
    await close();
  });

  test('puts the Google button first on Android and offers the file', async () => {
    const { page, close } = await visit(browser, card.page, DEVICES.android);
    assert.deepEqual(await hrefs(page), [`${token()}/google`, `${token()}/pass.pkpass`]);
    await close();
  });

  test('leads with the QR code on a desktop and has both buttons', async () => {
    const { page, close } = await visit(browser, card.page, DEVICES.desktop);
    assert.deepEqual(await hrefs(page), [`${token()}/pass.pkpass`, `${token()}/google`]);
    const code = await page.getByRole('img', { name: 'QR code with the address of this page' }).boundingBox();
    const button = await page.getByRole('link', { name: 'Add to Apple Wallet' }).boundingBox();
    assert.ok(code.width >= 200 && code.y + code.height <= button.y, 'large, and above the buttons');
    assert.ok(button.y + button.height <= 900, 'all of it without scrolling');
    await close();
  });

  test('leads out of browsers inside apps', async () => {
    const instagram = await visit(browser, card.page, DEVICES.instagram);
    assert.equal((await hrefs(instagram.page))[0], `x-safari-${card.page}`);
    assert.equal(await instagram.page.getByLabel('copy this address').inputValue(), card.page);
    await instagram.close();
    const telegram = await visit(browser, card.page, DEVICES.telegram);
    assert.equal((await hrefs(telegram.page))[0], `${card.page.replace('http:', 'intent:')}#Intent;scheme=http;package=com.android.chrome;end`);
    await telegram.close();
  });

  test('works without JavaScript', async () => {
    const { page, close } = await visit(browser, card.page, { ...DEVICES.iphone, javaScriptEnabled: false });
    assert.equal(await page.locator('h1').innerText(), 'Анна, your card is ready');
    await page.getByText('Show at the till').click();
    assert.ok(await page.getByText('Let the cashier scan this code.').isVisible());
    assert.deepEqual((await readCodes(await page.screenshot({ fullPage: true }))).sort(), [card.number, card.page].sort());
    await close();
  });

  test('is used by keyboard alone, with the focus in sight', async () => {
    const { page, close } = await visit(browser, card.page, DEVICES.desktop);
    const seen = [];
    for (let i = 0; i < 3; ++i) {
      await page.keyboard.press('Tab');
      seen.push(await page.evaluate(() => {
        const style = getComputedStyle(document.activeElement);
        return { text: document.activeElement.textContent.trim(), outline: parseFloat(style.outlineWidth) };
      }));
    }
    assert.deepEqual(seen.map((step) => step.text), ['Русский', 'Add to Apple Wallet', 'Add to Google Wallet']);
    assert.ok(seen.every((step) => step.outline >= 2), JSON.stringify(seen));
    await close();
  });

  test('has one heading of the first level, and landmarks', async () => {
    const { page, close } = await visit(browser, card.page, DEVICES.iphone);
    assert.equal(await page.locator('h1').count(), 1);
    for (const landmark of ['banner', 'main', 'contentinfo']) assert.equal(await page.getByRole(landmark).count(), 1, landmark);
    assert.equal(await page.getByRole('region', { name: 'loyalty card' }).count(), 1);
    await close();
  });

  test('holds still for who asks for less motion', async () => {
    const still = await visit(browser, card.page, { ...DEVICES.iphone, reducedMotion: 'reduce' });
    assert.equal(await still.page.evaluate(() => document.getAnimations().length), 0);
    await still.close();
  });

  for (const [accept, language] of [['ru-RU,ru;q=0.9,en;q=0.8', 'ru'], ['en-GB,en;q=0.9,ru;q=0.1', 'en'], ['de', 'ru'], ['', 'ru']]) {
    test(`speaks ${language} to Accept-Language "${accept}" of a Russian member`, async () => {
      const html = await (await get(card.page, accept ? { 'accept-language': accept } : { 'accept-language': '*' })).text();
      assert.match(html, new RegExp(`<html lang="${language}">`));
    });
  }

  test('fits a phone of 320 pixels in both languages', async () => {
    for (const locale of ['en', 'ru']) {
      for (const device of ['iphone', 'instagram']) {
        const { page, close } = await visit(browser, card.page, { ...DEVICES[device], viewport: { width: 320, height: 568 }, locale });
        assert.equal(await overflow(page), 0, `${device} ${locale}`);
        await close();
      }
    }
  });

  test('writes what a customer calls themselves as text', async () => {
    const hostile = await makeCard(undefined, { name: '<img/src=x/onerror=alert(1)>"\'&{{texts}} Ж'.repeat(3).slice(0, 100) });
    const visited = await visit(browser, hostile.page, DEVICES.iphone);
    await assertGood(visited, hostile.page);
    assert.match(await visited.page.locator('h1').innerText(), /^<img\/src=x\/onerror=alert\(1\)>/);
    await visited.close();
  });

  test('says that the card is blocked, and is as before when it is not', async () => {
    const made = await makeCard();
    assert.equal((await change(made, 'block', { reason: 'a secret of the shop' })).status, 200);
    const visited = await visit(browser, made.page, DEVICES.iphone);
    assert.equal(await visited.page.locator('h1').innerText(), 'Your card is blocked');
    assert.doesNotMatch(await visited.page.content(), /a secret of the shop/);
    await assertGood(visited, made.page);
    await visited.close();
    assert.equal((await change(made, 'unblock', { reason: 'found' })).status, 200);
    assert.match(await (await get(made.page, { 'accept-language': 'en' })).text(), /your card is ready/);
  });
});

describe('each shipped template', async () => {
  for (const template of (await readdir(new URL('../../../templates', import.meta.url), { withFileTypes: true })).filter((entry) => entry.isDirectory()).map((entry) => entry.name)) {
    test(`looks right on a phone and a desktop, in English and Russian: ${template}`, async () => {
      const made = await makeCard(template);
      for (const [device, locale] of [['iphone', 'ru'], ['desktop', 'en']]) {
        const visited = await visit(browser, made.page, { ...DEVICES[device], locale });
        assert.equal(visited.response.status(), 200);
        await assertGood(visited, made.page);
        if (process.env.PASSMINT_SCREENSHOTS) {
          await visited.page.screenshot({ path: `${process.env.PASSMINT_SCREENSHOTS}/${template}-${device}.png`, fullPage: true });
        }
        await visited.close();
      }
    });
  }
});

describe('the files of a card', () => {
  const PRIVATE = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-robots-tag': 'noindex', 'x-content-type-options': 'nosniff' };
  function assertPrivate(response) {
    for (const [name, value] of Object.entries(PRIVATE)) assert.equal(response.headers.get(name), value, name);
  }

  test('the bundle has its type, length, time and name, and HEAD says the same', async () => {
    const response = await get(card.links.apple);
    assert.equal(response.status, 200);
    const bytes = Buffer.from(await response.arrayBuffer());
    assert.equal(bytes.subarray(0, 4).toString('latin1'), 'PK\x03\x04');
    assert.equal(response.headers.get('content-type'), 'application/vnd.apple.pkpass');
    assert.equal(Number(response.headers.get('content-length')), bytes.length);
    assert.match(response.headers.get('content-disposition'), /^inline; filename="[a-z0-9-]+\.pkpass"$/);
    assert.ok(Math.abs(Date.parse(response.headers.get('last-modified')) - Date.now()) < 3_600_000);
    assert.equal(response.headers.get('content-encoding'), null);
    assertPrivate(response);

    const head = await get(card.links.apple, {}, 'HEAD');
    assert.equal(head.status, 200);
    assert.equal((await head.arrayBuffer()).byteLength, 0);
    for (const name of ['content-type', 'content-length', 'content-disposition', 'last-modified']) {
      assert.equal(head.headers.get(name), response.headers.get(name), name);
    }
  });

  test('the Google link redirects to Google with a token', async () => {
    const response = await get(card.links.google);
    assert.equal(response.status, 302);
    assert.match(response.headers.get('location'), /^https:\/\/pay\.google\.com\/gp\/v\/save\/[\w-]+\.[\w-]+\.[\w-]+$/);
    assertPrivate(response);
  });

  test('the QR code is read back from the PNG and from the SVG', async () => {
    const png = await get(card.page + '/qr.png');
    assert.equal(png.headers.get('content-type'), 'image/png');
    assertPrivate(png);
    assert.deepEqual(await readCodes(Buffer.from(await png.arrayBuffer())), [card.page]);

    const svg = await get(card.links.qr);
    assert.equal(svg.headers.get('content-type'), 'image/svg+xml');
    assertPrivate(svg);
    const { page, complaints, close } = await visit(browser, card.links.qr, { ...DEVICES.desktop, viewport: { width: 400, height: 400 } });
    assert.deepEqual(await readCodes(await page.screenshot()), [card.page]);
    assert.deepEqual(complaints, []);
    await close();
  });

  test('only GET and HEAD are known, and neither changes the card', async () => {
    for (const path of ['', '/pass.pkpass', '/google', '/qr.svg', '/qr.png']) {
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        const response = await get(card.page + path, {}, method);
        assert.equal(response.status, 405, `${method} ${path}`);
        assert.equal(response.headers.get('allow'), 'GET, HEAD');
      }
    }
    const seen = (await site.call(key, 'GET', `/api/v1/cards/${card.number}`)).json;
    await get(card.page); await get(card.links.apple); await get(card.links.google);
    assert.deepEqual((await site.call(key, 'GET', `/api/v1/cards/${card.number}`)).json, seen);
  });
});

describe('links that lead to no card', () => {
  test('an unknown one is a friendly 404', async () => {
    const url = `${site.url}/c/AAAAAAAAAAAAAAAAAAAAAA`;
    for (const device of ['iphone', 'desktop']) {
      const visited = await visit(browser, url, DEVICES[device]);
      assert.equal(visited.response.status(), 404);
      assert.equal(await visited.page.locator('h1').innerText(), 'There is no card here');
      await assertGood(visited, url);
      await visited.close();
    }
  });

  test('a closed card is 410 on all its paths', async () => {
    const made = await makeCard();
    assert.equal((await change(made, 'close', { reason: 'left' })).status, 200);
    for (const path of ['', '/pass.pkpass', '/google', '/qr.svg', '/qr.png']) {
      assert.equal((await get(made.page + path)).status, 410, path);
    }
    const visited = await visit(browser, made.page, { ...DEVICES.iphone, locale: 'ru' });
    assert.equal(await visited.page.locator('h1').innerText(), 'Карта закрыта');
    await assertGood(visited, made.page);
    await visited.close();
  });

  test('an erased member leaves 410 and no name', async () => {
    const made = await makeCard();
    const member = (await site.call(key, 'GET', `/api/v1/cards/${made.number}`)).json.member.id;
    const erased = await site.call(key, 'DELETE', `/api/v1/members/${member}`);
    assert.ok([200, 204].includes(erased.status), erased.text);
    const response = await get(made.page);
    assert.equal(response.status, 410);
    assert.doesNotMatch(await response.text(), /Анна/);
  });
});

describe('pictures for Google', () => {
  test('are found by their hash, for ever', async () => {
    const png = await readFile(new URL('../../../templates/points/images/google-logo.png', import.meta.url));
    const hash = createHash('sha256').update(png).digest('hex');
    const response = await get(`${site.url}/i/${hash}.png`);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'image/png');
    assert.equal(response.headers.get('cache-control'), 'public, max-age=31536000, immutable');
    assert.deepEqual(Buffer.from(await response.arrayBuffer()), png);
    assert.equal((await get(`${site.url}/i/${'0'.repeat(64)}.png`)).status, 404);
  });
});

test('no token of a link is in the log', async () => {
  const tokens = [card.page.split('/').pop()];
  await get(card.page); await get(card.links.apple); await get(card.links.google); await get(`${card.page}/`); await get(`${card.page}?lang=ru`);
  await get(`${site.url}//c/${tokens[0]}`); await get(`${site.url}/%63/${tokens[0]}`); await get(`${site.url}/C/${tokens[0]}`);
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.ok(site.log.includes('path='), 'the log has requests');
  for (const token of tokens) assert.ok(!site.log.includes(token), site.log.split('\n').find((line) => line.includes(token)));
});

// The last one, since this client is then known for it.
test('a client that guesses links is told to wait', async () => {
  const statuses = [];
  let last;
  for (let i = 0; i < 40; ++i) {
    last = await get(`${site.url}/c/${'B'.repeat(20)}${10 + i}`);
    statuses.push(last.status);
  }
  assert.equal(statuses[0], 404);
  assert.equal(statuses.at(-1), 429);
  assert.match(last.headers.get('retry-after'), /^[1-9]\d*$/);
  assert.equal(statuses.lastIndexOf(404) < statuses.indexOf(429), true, statuses.join());
});
