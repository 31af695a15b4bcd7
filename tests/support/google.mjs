// A Google Wallet of our own for tests: `passmint simulate google`.

import { spawn } from 'node:child_process';
import { BINARY, until } from './site.mjs';

export class FakeGoogle {
  // url: where it serves; settings: the [google] table of a site that is to use it.

  static async start(args = []) {
    const google = new FakeGoogle();
    google.process = spawn(BINARY, ['simulate', 'google', '--listen', '127.0.0.1:0', ...args],
      { stdio: ['ignore', 'pipe', 'inherit'] });
    google.settings = '';
    google.process.stdout.on('data', (bytes) => { google.settings += bytes; });
    await until('the fake Google', () => /keys_url = .*\n/.test(google.settings));
    google.url = google.settings.match(/api_url = "(.*)"/)[1];
    return google;
  }

  async ask(path, body) {
    const response = await fetch(this.url + path, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) });
    return { status: response.status, json: await response.json() };
  }

  /** {object, notifications, writes}, or null. */
  async object(id) {
    return (await this.ask(`/fake/objects/${id}`)).json;
  }

  /** What goes wrong for so long: {status, delay_ms, lost}. */
  faults(what, forMilliseconds = 0) {
    return this.ask('/fake/faults', { ...what, for_ms: forMilliseconds });
  }

  /** The customer saves or deletes; the status that the service answered. */
  async callback(what) {
    return (await this.ask('/fake/callback', what)).json.status;
  }

  async stats() {
    return (await this.ask('/fake/stats')).json;
  }

  stop() {
    this.process?.kill('SIGTERM');
  }
}
