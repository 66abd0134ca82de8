import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { bits, identifier, integer, octets, sequence, set, time, tlv, utf8, yes } from './der.ts';

export interface CertificateOrder {
  /** The common name of whom it is for, and of who signs. */
  subject: string;
  issuer: string;
  /** The subject's public key: SubjectPublicKeyInfo in DER. */
  publicKey: Buffer;
  /** At most 20 bytes, the first bit clear (RFC 5280 §4.1.2.2). */
  serial: Buffer;
  /** Milliseconds since the epoch. */
  from: number;
  until: number;
  /** The issuer's Ed25519 key. */
  key: KeyObject;
  use: 'authority' | 'server' | 'client';
}

const ed25519 = sequence(identifier('1.3.101.112'));
const purpose = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' };

/** An X.509 version 3 certificate, signed with Ed25519, as PEM (RFC 5280 §4.1, RFC 8410 §3). */
export function issueCertificate(order: CertificateOrder): string {
  const { subject, issuer, publicKey, serial, from, until, key, use } = order;
  const name = (text: string) => sequence(set(sequence(identifier('2.5.4.3'), utf8(text))));
  const extension = (type: string, value: Buffer, critical = false) =>
    sequence(identifier(type), ...(critical ? [yes()] : []), octets(value));
  const issuerKey = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const extensions = [
    extension('2.5.29.14', octets(keyId(publicKey))),
    extension('2.5.29.35', sequence(tlv(0x80, keyId(issuerKey)))),
    extension('2.5.29.19', sequence(...(use === 'authority' ? [yes()] : [])), true),
  ];
  // keyCertSign is bit 5, digitalSignature bit 0 (RFC 5280 §4.2.1.3).
  const usage = use === 'authority' ? Buffer.from([2, 0x04]) : Buffer.from([7, 0x80]);
  extensions.push(extension('2.5.29.15', tlv(0x03, usage), true));
  if (use !== 'authority') extensions.push(extension('2.5.29.37', sequence(identifier(purpose[use]))));
  const body = sequence(
    tlv(0xa0, integer(Buffer.from([2]))),
    integer(serial),
    ed25519,
    name(issuer),
    sequence(time(from), time(until)),
    name(subject),
    publicKey,
    tlv(0xa3, sequence(...extensions)),
  );
  const der = sequence(body, ed25519, bits(sign(null, body, key)));
  const lines = der.toString('base64').match(/.{1,64}/g)!;
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** The first 160 bits of a hash of the key (RFC 7093 §2, method 1). */
function keyId(spki: Buffer): Buffer {
  return createHash('sha256').update(spki).digest().subarray(0, 20);
}
