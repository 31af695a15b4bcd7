// Chromium through Playwright, as customers' devices, and what is asked of every page.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';

const run = promisify(execFile);
const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const DESKTOP = { viewport: { width: 1440, height: 900 } };

export const DEVICES = {
  iphone: { ...PHONE, userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1' },
  android: { ...PHONE, userAgent: 'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36' },
  desktop: { ...DESKTOP, userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36' },
  instagram: { ...PHONE, userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/22G86 Instagram 390.0.0.28.85 (iPhone15,2; iOS 18_6; ru_RU; ru)' },
  telegram: { ...PHONE, userAgent: 'Mozilla/5.0 (Linux; Android 15; Pixel 9; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/142.0.0.0 Mobile Safari/537.36 Telegram-Android/11.4.2' },
};

// Nothing but loopback resolves, and the browser has nobody to call home to.
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'];

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });

/** A visit to `url`: the page, every request that it made, and every breach of its policy. */
export async function visit(browser, url, options) {
  const context = await browser.newContext({ reducedMotion: 'reduce', locale: 'en', ...options });
  const page = await context.newPage();
  const requests = [];
  const complaints = [];
  page.on('request', (request) => { if (!request.url().startsWith('data:')) requests.push(request.url()); });
  // A refused navigation (404, 410) is an error line too; those pages are looked at for themselves.
  page.on('console', (message) => { if (!/Failed to load resource/.test(message.text())) complaints.push(message.text()); });
  page.on('pageerror', (error) => complaints.push(String(error)));
  const response = await page.goto(url, { timeout: 20_000 });
  return { page, response, requests, complaints, close: () => context.close() };
}

/** What axe-core finds wrong, one line each. All of its rules, best practices too. */
export async function axe(page) {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  return violations.flatMap((violation) => violation.nodes.map((node) => `${violation.id}: ${node.html.slice(0, 120)}`));
}

/** Nothing is cut off or scrolls sideways. */
export const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** What zbar reads from a picture, a list of texts. */
export async function readCodes(png) {
  const folder = await mkdtemp(join(tmpdir(), 'passmint-qr-'));
  try {
    const file = join(folder, 'code.png');
    await writeFile(file, png);
    const { stdout } = await run('zbarimg', ['--quiet', '--raw', file], { timeout: 20_000 }).catch((error) => ({ stdout: '', error }));
    return stdout.split('\n').filter(Boolean);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What is asked of every page that a customer may see. */
export async function assertGood({ page, complaints, requests }, url) {
  assert.deepEqual(complaints, [], 'the browser complains');
  assert.deepEqual(requests, [url], 'the page asks for more than itself');
  assert.equal(await overflow(page), 0, 'the page scrolls sideways');
  assert.deepEqual(await axe(page), [], 'axe-core');
}
