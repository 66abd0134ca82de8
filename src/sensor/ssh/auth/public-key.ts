import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { Malformed, Reader } from '../data.ts';

/** `SHA256:` and the base64 of a key blob's digest, as ssh-keygen shows it. */
export function fingerprint(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/** The type that a key blob names itself; empty where it is none. */
export function typeOf(blob: Buffer): string {
  try {
    const type = new Reader(blob).text();
    return /^[\x21-\x7e]{1,64}$/.test(type) ? type : '';
  } catch (error) {
    if (error instanceof Malformed) return '';
    throw error;
  }
}

const curves: Record<string, [string, number, string]> = {
  'ecdsa-sha2-nistp256': ['P-256', 32, 'sha256'],
  'ecdsa-sha2-nistp384': ['P-384', 48, 'sha384'],
  'ecdsa-sha2-nistp521': ['P-521', 66, 'sha512'],
};
const rsaHashes: Record<string, string> = {
  'ssh-rsa': 'sha1',
  'rsa-sha2-256': 'sha256',
  'rsa-sha2-512': 'sha512',
};

/** Whether an algorithm can be one of a key of this type (RFC 8332 §3). */
export function fits(algorithm: string, type: string): boolean {
  return type !== '' && (type === 'ssh-rsa' ? algorithm in rsaHashes : algorithm === type);
}

/** Checks a signature blob (RFC 4253 §6.6) over `data`. False also for kinds of keys that are not known here. */
export function verifies(algorithm: string, blob: Buffer, signature: Buffer, data: Buffer): boolean {
  try {
    const reader = new Reader(signature);
    const named = reader.text();
    const raw = reader.string();
    if (named !== algorithm) return false;
    const type = typeOf(blob);
    if (type === 'ssh-ed25519') return verify(null, data, ed25519(blob), raw);
    if (type === 'ssh-rsa') return verify(rsaHashes[algorithm] ?? 'sha512', data, rsa(blob), raw);
    const curve = curves[type];
    if (!curve) return false;
    const [, size, hash] = curve;
    const parts = new Reader(raw);
    const p1363 = Buffer.concat([fixed(parts.string(), size), fixed(parts.string(), size)]);
    return verify(hash, data, { key: ecdsa(blob), dsaEncoding: 'ieee-p1363' }, p1363);
  } catch {
    // Keys and signatures come from outside: whatever OpenSSL refuses of them is no valid signature.
    return false;
  }
}

function ed25519(blob: Buffer): KeyObject {
  const reader = new Reader(blob);
  reader.string();
  const x = reader.string().toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

function rsa(blob: Buffer): KeyObject {
  const reader = new Reader(blob);
  reader.string();
  const e = reader.string();
  const n = reader.string();
  // As OpenSSH: nothing above 16,384 bits, which would only cost time.
  if (n.length > 2_049 || e.length > 8) throw new Malformed('a key that is too large');
  return createPublicKey({
    key: { kty: 'RSA', n: n.toString('base64url'), e: e.toString('base64url') },
    format: 'jwk',
  });
}

function ecdsa(blob: Buffer): KeyObject {
  const reader = new Reader(blob);
  const [crv, size] = curves[reader.text()]!;
  reader.string();
  const point = reader.string();
  const part = (from: number) => point.subarray(from, from + size).toString('base64url');
  return createPublicKey({ key: { kty: 'EC', crv, x: part(1), y: part(1 + size) }, format: 'jwk' });
}

function fixed(number: Buffer, size: number): Buffer {
  const bytes = number.subarray(Math.max(0, number.length - size));
  return Buffer.concat([Buffer.alloc(size - bytes.length), bytes]);
}
