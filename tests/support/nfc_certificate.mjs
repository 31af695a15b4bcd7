// A test chain like Apple's whose leaf is a "Pass Type ID with NFC" certificate, made by openssl alone:
// the one that `passmint init` makes is without.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import assert from 'node:assert/strict';
import { run } from './site.mjs';

const EXTENSIONS = (passType) => `
[root]
basicConstraints = critical, CA:TRUE
subjectKeyIdentifier = hash
keyUsage = critical, keyCertSign, cRLSign
[intermediate]
basicConstraints = critical, CA:TRUE
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
keyUsage = critical, keyCertSign, cRLSign
[leaf]
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
keyUsage = critical, digitalSignature
extendedKeyUsage = clientAuth, 1.2.840.113635.100.4.14
1.2.840.113635.100.6.1.16 = ASN1:UTF8String:${passType}
1.2.840.113635.100.6.3.2 = ASN1:NULL
`;

/**
 * Writes pass.pem, pass.key, wwdr/nfc.pem and root.pem into `folder`.
 * @returns {string} the root's path
 */
export function makeNfcCertificate(folder, passType = 'pass.com.example.nfc', team = 'TEAM123456') {
  mkdirSync(join(folder, 'wwdr'), { recursive: true });
  const at = (name) => join(folder, name);
  const openssl = (...args) => {
    const done = run('openssl', args);
    assert.equal(done.status, 0, done.stderr);
  };
  writeFileSync(at('extensions.cnf'), EXTENSIONS(passType));
  const make = (name, section, subject, issuer) => {
    openssl('req', '-new', '-newkey', 'rsa:2048', '-nodes', '-keyout', at(`${name}.key`), '-out', at(`${name}.csr`), '-subj', subject);
    const by = issuer ? ['-CA', at(`${issuer}.pem`), '-CAkey', at(`${issuer}.key`), '-CAcreateserial'] : ['-signkey', at(`${name}.key`)];
    openssl('x509', '-req', '-in', at(`${name}.csr`), '-out', at(`${name}.pem`), '-days', '30', '-sha256', '-extfile', at('extensions.cnf'), '-extensions', section, ...by);
  };
  make('root', 'root', '/CN=Test Root of the NFC chain');
  make('wwdr/nfc', 'intermediate', '/CN=Test Worldwide Developer Relations/OU=G4/O=Passmint tests/C=US', 'root');
  make('pass', 'leaf', `/UID=${passType}/CN=Pass Type ID with NFC: ${passType}/OU=${team}/O=Passmint tests/C=US`, 'wwdr/nfc');
  return at('root.pem');
}
