// A process of its own that holds connections to an nginx: `node clients.mjs KIND COUNT PORT CA [again]`.
// It says "ready" when all are open, counts those that the server closed (with "again" each is opened
// anew), and ends when its input does. Kinds: "idle" have asked once and keep the connection; "slow"
// send a header byte now and then; "stuck" say that a body comes and send none of it.

import { readFileSync } from 'node:fs';
import tls from 'node:tls';

const [kind, count, port, caFile, again] = process.argv.slice(2);
const ca = readFileSync(caFile);
const OPEN_AT_ONCE = 64;
let opened = 0;
let closed = 0;
let failed = 0;
let session;

function open() {
  return new Promise((resolve) => {
    const socket = tls.connect({ host: '127.0.0.1', port: Number(port), ca, session, ALPNProtocols: ['http/1.1'] });
    let timer;
    socket.on('session', (given) => { session ??= given; });
    socket.on('error', () => {});
    socket.on('close', () => { clearInterval(timer); if (socket.wasOpen) ++closed; else ++failed; resolve(); if (again) open(); });
    socket.on('secureConnect', () => {
      socket.wasOpen = true;
      ++opened;
      if (kind === 'idle') {
        socket.write('GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
        socket.once('data', resolve);
        return;
      }
      if (kind === 'slow') {
        socket.write('GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ');
        timer = setInterval(() => socket.write('x'), 1000);
      } else {
        socket.write('POST /api/v1/orders HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n');
      }
      resolve();
    });
  });
}

let started = 0;
async function lane() {
  while (started < Number(count)) {
    ++started;
    await open();
  }
}
await Promise.all(Array.from({ length: OPEN_AT_ONCE }, lane));
const report = (word) => process.stdout.write(`${JSON.stringify({ word, opened, closed, failed })}\n`);
report('ready');
const timer = setInterval(() => report('still'), 500);
process.stdin.on('end', () => { clearInterval(timer); report('done'); process.exit(0); });
process.stdin.resume();
