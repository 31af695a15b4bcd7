// Clients with Idempotency-Keys, a service that is killed again and again, and then: what was
// acknowledged is recorded, once. Run by scripts/crash.

import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { PostgresqlCluster } from '../support/postgresql.mjs';
import { BINARY, Site, freePort, passmint } from '../support/site.mjs';
import { Client, findFeatures } from './clients.mjs';
import { randomFrom } from './random.mjs';
import { compare } from './recorded.mjs';

const MEMBERS = 12; // Few, so that clients meet.
const REPLAYS = 200;
const READY_WITHIN = 60_000;

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** One process of the service, started and killed. */
class Service {
  constructor(site) { Object.assign(this, { site, log: '' }); }

  spawn() {
    this.process = spawn(BINARY, ['serve', '--config', this.site.config], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.exited = new Promise((resolve) => this.process.on('exit', (code, signal) => resolve({ code, signal })));
    this.log = '';
    this.process.stderr.on('data', (bytes) => { this.log = (this.log + bytes).slice(-20_000); });
  }

  async ready() {
    for (const end = Date.now() + READY_WITHIN; Date.now() < end; await sleep(10)) {
      if (this.process.exitCode !== null) throw new Error(`serve ended by itself: ${this.log}`);
      try {
        if ((await fetch(`${this.site.url}/readyz`)).status === 200) return;
      } catch { /* not listening yet */ }
    }
    throw new Error(`serve was not ready within ${READY_WITHIN} ms: ${this.log}`);
  }

  async kill() {
    this.process.kill('SIGKILL');
    const { code, signal } = await this.exited;
    if (signal !== 'SIGKILL') throw new Error(`serve ended by itself before it was killed, ${code}: ${this.log}`);
  }

  async stop() {
    if (!this.process || this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.process.kill('SIGTERM');
    const timer = setTimeout(() => this.process.kill('SIGKILL'), 20_000);
    const { code, signal } = await this.exited;
    clearTimeout(timer);
    if (code !== 0) throw new Error(`serve ended with ${code ?? signal} after SIGTERM: ${this.log}`);
  }
}

/** Members with a card and no points: [{phone, id, number}]. */
export async function makeMembers(site, shop, seed) {
  const random = randomFrom(`${seed} members`);
  const members = [];
  for (let n = 0; n < MEMBERS; ++n) {
    const phone = `+7911${String(n * 1000 + random.below(1000)).padStart(7, '0')}`;
    const made = await site.call(shop, 'POST', '/api/v1/cards', { customer: { phone } }, { 'idempotency-key': `member-${n}` });
    if (made.status !== 201) throw new Error(`no card: ${made.status} ${made.text}`);
    members.push({ phone, id: made.json.card.member.id, number: made.json.card.number });
  }
  return members;
}

/** Another process of the same site: the same folder and store, ports of its own. */
async function another(site) {
  const other = Object.assign(new Site(), { folder: site.folder, url: `http://127.0.0.1:${await freePort()}` });
  other.config = join(site.folder, 'other.toml');
  writeFileSync(other.config, readFileSync(site.config, 'utf8')
    .replace(/^listen = .*$/m, `listen = "${new URL(other.url).host}"`)
    .replace(/^metrics_listen = .*$/m, `metrics_listen = "127.0.0.1:${await freePort()}"`));
  return other;
}

/** Kills one of the services, or PostgreSQL under them, until enough rounds are over. Returns how often which. */
async function killRounds({ services, cluster, seed, rounds, end, failed, onRound }) {
  const random = randomFrom(`${seed} kills`);
  const kills = { rounds: 0, service: 0, starting: 0, postgresql: 0 };
  while (kills.rounds < rounds && Date.now() < end && !failed()) {
    const [choice, life, service] = [random.below(8), random.between(50, 800), random.of(services)];
    if (choice === 0) { // While it starts, and finishes what the kill before left behind.
      await service.kill();
      service.spawn();
      await sleep(life / 4);
      await service.kill();
      service.spawn();
      kills.starting += 1;
      kills.service += 2;
    } else if (choice === 1 && cluster) {
      await sleep(life);
      cluster.stop('immediate');
      cluster.start();
      kills.postgresql += 1;
    } else {
      await sleep(life);
      await service.kill();
      service.spawn();
      kills.service += 1;
    }
    await Promise.all(services.map((each) => each.ready()));
    kills.rounds += 1;
    onRound?.(kills);
  }
  return kills;
}

/** 'ok', or what was said instead. The service may run. */
export function verifyLedger(site) {
  const done = passmint(['ledger', 'verify', '--config', site.config], { timeout: 300_000 });
  if (done.status === 2 && done.stderr.includes('no verb')) return 'none: this binary cannot verify';
  if (done.status !== 0) return `FAILED (${done.status}): ${done.stdout}${done.stderr}`;
  return 'ok';
}

/**
 * Runs the test. Returns figures and `wrong`, everything that should not be (empty: all is well).
 * @param {{rounds?: number, seconds?: number, clients?: number, store?: string, seed?: string, onRound?: Function}} options
 */
export async function crash({ rounds = 200, seconds = Infinity, clients = 6, store = 'sqlite', seed, onRound } = {}) {
  seed ??= String(Math.floor(Math.random() * 1e9));
  const cluster = store === 'postgresql' ? PostgresqlCluster.create() : null;
  const site = await Site.create({ settings: (text) => settings(text, cluster) });
  // One process serves an SQLite store, any number a PostgreSQL one.
  const sites = cluster ? [site, await another(site)] : [site];
  const services = sites.map((each) => new Service(each));
  try {
    for (const service of services) service.spawn();
    await Promise.all(services.map((service) => service.ready()));
    const [shop, operator] = [site.key(['shop']), site.key(['operator'])];
    const features = await findFeatures(site, shop, operator);
    const members = await makeMembers(site, shop, seed);
    const wrong = [];
    const crew = Array.from({ length: clients }, (_, n) => new Client({
      sites, name: `c${n}`, seed: `${seed} client ${n}`, members, shop, operator, features, faults: wrong }));
    let stopped = false;
    let failure;
    const work = crew.map((client) => client.run(() => stopped).catch((error) => { failure ??= error; }));
    const started = Date.now();
    let kills;
    try {
      kills = await killRounds({ services, cluster, seed, rounds, end: started + seconds * 1000, failed: () => failure, onRound });
    } finally {
      stopped = true;
      await Promise.all(work);
    }
    if (failure) throw failure;
    const operations = crew.flatMap((client) => client.operations);
    const random = randomFrom(`${seed} replays`);
    const replays = Array.from({ length: Math.min(REPLAYS, operations.length) }, () => random.of(operations));
    wrong.push(...await compare({ site, shop, members, operations, replays }));
    for (const service of services) await service.stop();
    const verify = verifyLedger(site);
    if (!operations.some(({ status }) => status < 300)) wrong.push('nothing was done at all');
    if (verify.startsWith('FAILED')) wrong.push(`ledger verify ${verify}`);
    return { seed, store, features, ...kills, ...figures(crew, operations), verify, milliseconds: Date.now() - started, wrong };
  } finally {
    for (const service of services) service.process?.kill('SIGKILL');
    await Promise.all(services.map((service) => service.exited));
    await site.remove();
    cluster?.remove();
  }
}

// One template starts sooner.
function settings(text, cluster) {
  const one = text.replace(/^templates = \[[^\]]*\]/m, 'templates = ["templates/points"]');
  return cluster ? one.replace(/^url = "sqlite:.*$/m, `url = "${cluster.makeDatabase('shop')}"`) : one;
}

const reason = (problem) => [problem?.type?.replace('urn:passmint:', ''), problem?.errors?.[0]?.code].filter(Boolean).join(' ');

function figures(crew, operations) {
  const kinds = {};
  for (const { kind, status, json } of operations) {
    kinds[kind] ??= { done: 0, refused: {} };
    if (status < 300) kinds[kind].done += 1;
    else kinds[kind].refused[reason(json)] = (kinds[kind].refused[reason(json)] ?? 0) + 1;
  }
  return {
    operations: operations.length,
    acknowledged: operations.filter(({ status }) => status < 300).length,
    sentAgain: operations.filter(({ sent }) => sent > 1).length,
    kinds,
  };
}

function print(result) {
  const on = Object.keys(result.features).filter((name) => result.features[name]);
  console.log(`seed ${result.seed}, store ${result.store}, calls: orders${on.map((name) => ` ${name}`).join('')}`);
  console.log(`${result.rounds} rounds in ${(result.milliseconds / 1000).toFixed(0)} s: ${result.service} kills of the service`
    + ` (${result.starting} of them while it started), ${result.postgresql} of PostgreSQL`);
  console.log(`${result.operations} operations, ${result.acknowledged} done, ${result.operations - result.acknowledged} refused,`
    + ` ${result.sentAgain} sent more than once`);
  for (const [kind, { done, refused }] of Object.entries(result.kinds).sort()) {
    const why = Object.entries(refused).map(([name, times]) => `, ${times} refused: ${name}`).join('');
    console.log(`  ${kind.padEnd(14)} ${done} done${why}`);
  }
  console.log(`ledger verify: ${result.verify}`);
  for (const text of result.wrong.slice(0, 50)) console.log(`WRONG ${text}`);
  console.log(result.wrong.length === 0 ? 'ok: everything acknowledged is recorded, once' : `${result.wrong.length} things are wrong`);
}

async function main() {
  const { values } = parseArgs({ options: {
    rounds: { type: 'string' }, seconds: { type: 'string' }, clients: { type: 'string', default: '6' },
    store: { type: 'string', default: 'sqlite' }, seed: { type: 'string' },
  } });
  const number = (text) => (text === undefined ? Infinity : Number(text));
  let shown = Date.now();
  const onRound = ({ rounds }) => {
    if (Date.now() - shown < 10_000) return;
    shown = Date.now();
    console.error(`crash: ${rounds} rounds so far`);
  };
  const rounds = values.rounds ?? (values.seconds ? undefined : '200');
  const result = await crash({ ...values, rounds: number(rounds), seconds: number(values.seconds), clients: Number(values.clients), onRound });
  print(result);
  process.exitCode = result.wrong.length === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
