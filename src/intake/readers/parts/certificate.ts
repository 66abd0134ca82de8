import { createHash } from 'node:crypto';
import { normalName } from '../../../kit/domain-name.ts';
import type { BodyOf, Head } from '../../../model/event.ts';
import { type Reading, Reject } from '../../reader.ts';
import { nowhere } from './dns.ts';

const badFingerprint = new Reject('the fingerprint is neither SHA-1 nor SHA-256');
/** Names of one certificate that are kept, as many as an answer keeps records. */
const nameLimit = 256;
/** Characters of a certificate in base64 that are looked at: most have 2,000. */
const base64Limit = 65_536;

/** A digest in hexadecimal, as `ab:cd:…` or without colons. Throws where it is none of a certificate. */
export function fingerprintOf(value: unknown): string {
  const text = typeof value === 'string' && value.length <= 95 ? value.replaceAll(':', '').toLowerCase() : '';
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text)) throw badFingerprint;
  return text;
}

/**
 * The SHA-256 of a certificate that is told whole: DER in base64. Null where it is no certificate, or another than the one whose SHA-1 is
 * told beside it (`sha1`, null where none is).
 */
export function wholeFingerprint(base64: unknown, sha1: string | null): string | null {
  if (typeof base64 !== 'string' || base64.length > base64Limit || base64.length % 4 !== 0) return null;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return null;
  const der = Buffer.from(base64, 'base64');
  if (!isOneSequence(der)) return null;
  const digest = (kind: string) => createHash(kind).update(der).digest('hex');
  return sha1 === null || digest('sha1') === sha1 ? digest('sha256') : null;
}

/** Whether bytes are one SEQUENCE from first to last (X.690 §8.1.3.5), as a certificate is; more than 127 bytes in it. */
function isOneSequence(der: Buffer): boolean {
  const more = (der[1] ?? 0) - 0x80;
  if (der[0] !== 0x30 || more < 1 || more > 3 || der.length < 2 + more) return false;
  return der.length === 2 + more + der.readUIntBE(2, more);
}

/** Those of a certificate's names that are domain names, each once; what it has of addresses says nothing of names. */
export function namesOf(list: readonly unknown[]): string[] {
  const names = new Set<string>();
  for (const one of list) {
    if (names.size >= nameLimit) break;
    const name = typeof one === 'string' ? normalName(one) : null;
    if (name !== null) names.add(name);
  }
  return [...names];
}

/**
 * The common name of a subject, as a name (RFC 9525 §2 has clients ignore it, but who issues certificates repeats one of the names there).
 * Null where it has none that is a domain name of two labels at least: others are of products and persons.
 */
export function commonName(subject: unknown): string | null {
  if (typeof subject !== 'string' || subject.length > 4_096) return null;
  const value = /(?:^|[,/+]\s?)CN\s?=\s?([^,/+\\]+)/.exec(subject)?.[1]?.trim();
  const name = value?.includes('.') ? normalName(value) : null;
  return name;
}

/** The head that all certificates share: who asked is one of our own, and nothing is held against it. */
export function certificate(
  head: { time: number; session?: string; src?: Head['src']; dst?: Head['dst'] },
  body: Omit<BodyOf<'certificate'>, 'kind'>,
): Reading {
  return {
    time: head.time,
    session: head.session ?? '',
    protocol: 'tls',
    transport: 'tcp',
    src: head.src ?? nowhere,
    dst: head.dst ?? nowhere,
    handshake: 'none',
    decoy: false,
    kind: 'certificate',
    ...body,
  };
}
