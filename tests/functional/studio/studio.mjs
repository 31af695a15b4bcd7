// What the studio's tests share: a site, Chromium, and a designer who is signed in. Screenshots go to STUDIO_SHOTS
// if that is set.

import { launch } from '../pages/browser.mjs';
import { Site } from '../../support/site.mjs';

// The answers that somebody waits for are within this; the page itself is local.
const WAIT = 20_000;

export class Studio {
  // site, browser; designer: the key of dora, who may publish too.

  static async start(options = {}) {
    const studio = new Studio();
    studio.site = await Site.create(options);
    await studio.site.start();
    studio.designer = studio.site.key(['designer', 'approver'], 'dora');
    studio.browser = await launch();
    return studio;
  }

  async close() {
    await this.browser?.close();
    await this.site?.remove();
  }

  /** The studio's page; complaints: what the browser says against it; foreign: what it asked of others. */
  async open(options = {}) {
    const context = await this.browser.newContext({ viewport: { width: 1440, height: 1000 }, locale: 'en', reducedMotion: 'reduce', ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(WAIT);
    const complaints = [];
    const foreign = [];
    page.on('console', (message) => { if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) complaints.push(message.text()); });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => { if (/^https?:/.test(request.url()) && !request.url().startsWith(this.site.url)) foreign.push(request.url()); });
    await page.goto(`${this.site.url}/studio`);
    return { page, complaints, foreign, close: () => context.close() };
  }

  async signIn(page, key = this.designer) {
    await page.getByLabel('API key').fill(key);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Templates' }).waitFor();
  }

  /** A new template like the points card, open on a page of its own. */
  async edit(name) {
    const opened = await this.open();
    await this.signIn(opened.page);
    await copyOfPoints(opened.page, name);
    return opened;
  }

  /** What is stored of a template's draft: {template, locales, images}. */
  async draft(name) {
    return (await this.site.call(this.designer, 'GET', `/api/v1/templates/${name}/draft`)).json;
  }
}

export async function shot(page, name) {
  if (process.env.STUDIO_SHOTS) await page.screenshot({ path: `${process.env.STUDIO_SHOTS}/${name}.png`, fullPage: true });
}

export const saved = (page) => page.locator('.save.saved').waitFor();

/** Makes a template from the points card and opens it. */
export async function copyOfPoints(page, name) {
  await page.getByLabel('Name (a-z, 0-9 and -)').fill(name);
  await page.getByLabel('Copy of').selectOption('points');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { name, exact: true }).waitFor();
  await page.locator('.pass.storeCard').waitFor();
}
