// Node's HTTP/2 server as APNs: takes pushes over TLS with client certificates, and answers as it is told.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import http2 from 'node:http2';
import { join } from 'node:path';

/** A certificate for localhost, its own authority: {key, cert, file}. */
function makeCertificate(folder) {
  const [key, cert] = [join(folder, 'apns.key'), join(folder, 'apns.pem')];
  const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
    '-keyout', key, '-out', cert, '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']);
  if (made.status !== 0) throw new Error(String(made.stderr));
  return { key: readFileSync(key), cert: readFileSync(cert), file: cert };
}

export class FakeApns {
  // pushes: {token, topic, at, certificate, port of whoever sent it} of each that was accepted; answer: what
  // the next ones get, null for no answer at all.

  constructor(folder) {
    this.certificate = makeCertificate(folder);
    this.pushes = [];
    this.answer = () => ({ status: 200 });
    this.sessions = new Set();
  }

  get url() { return `https://localhost:${this.port}`; }

  async start() {
    this.server = http2.createSecureServer({ ...this.certificate, requestCert: true, rejectUnauthorized: false });
    this.server.on('session', (session) => {
      this.sessions.add(session);
      session.on('close', () => this.sessions.delete(session));
      session.on('error', () => {});
    });
    this.server.on('stream', (stream, headers) => {
      stream.on('error', () => {});
      const token = headers[':path'].replace('/3/device/', '');
      const answer = this.answer(token);
      if (!answer) return;
      const { status, ...body } = answer;
      if (status === 200) {
        this.pushes.push({
          token, topic: headers['apns-topic'], at: performance.now(),
          port: stream.session.socket.remotePort,
          certificate: stream.session.socket.getPeerCertificate().subject?.UID,
        });
      }
      stream.respond({ ':status': status, 'apns-id': headers['apns-id'] ?? '00000000-0000-4000-8000-000000000000' });
      stream.end(status === 200 ? '' : JSON.stringify(body));
    });
    await new Promise((resolve) => this.server.listen(this.port ?? 0, '127.0.0.1', resolve));
    this.port = this.server.address().port;
    return this;
  }

  /** As if the network were gone; start() brings it back at the same port. */
  async stop() {
    for (const session of this.sessions) session.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  to(token) { return this.pushes.filter((push) => push.token === token); }
}
