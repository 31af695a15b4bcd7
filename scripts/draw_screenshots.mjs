#!/usr/bin/env node
// Takes the README's pictures: the card page of the demo site on a phone, and the studio.
//
// Usage: scripts/draw_screenshots.mjs    (after scripts/setup and scripts/build release)

import { chromium, devices } from '../tests/node_modules/playwright-core/index.mjs';
import { Site, order } from '../tests/support/site.mjs';

const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

const picture = (name) => new URL(`../assets/screenshots/${name}.png`, import.meta.url).pathname;

const site = await Site.create();
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ARGUMENTS });
try {
  await site.start();
  const shop = await site.key(['shop']);
  const made = await site.call(shop, 'POST', '/api/v1/orders', order({ customer: { phone: '+79210000000', name: 'Anna Petrova', locale: 'en' } }));
  const { defaultBrowserType, ...phone } = devices['iPhone 14'];
  const context = await browser.newContext({ ...phone, deviceScaleFactor: 2, locale: 'en-US' });
  const page = await context.newPage();
  await page.goto(made.json.card.links.page);
  await page.screenshot({ path: picture('card-page') });

  const studio = await browser.newPage({ viewport: { width: 1440, height: 960 }, locale: 'en-US' });
  await studio.goto(`${site.url}/studio`);
  await studio.getByLabel('API key').fill(site.key(['designer', 'approver'], 'Dora'));
  await studio.getByRole('button', { name: 'Sign in' }).click();
  await studio.getByRole('button', { name: /^points/ }).click();
  await studio.getByRole('tab', { name: 'Fields' }).click();
  await studio.getByRole('button', { name: /^points/ }).click();
  for (const slot of ['logo', 'wide', 'round']) await studio.locator(`.pass img.${slot}`).first().waitFor();
  await studio.screenshot({ path: picture('studio') });
} finally {
  await browser.close();
  await site.remove();
}
