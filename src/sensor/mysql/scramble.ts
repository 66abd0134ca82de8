import { createHash } from 'node:crypto';
import type { Plugin } from './handshake.ts';

const digest = (algorithm: 'sha1' | 'sha256', ...pieces: Uint8Array[]) => {
  const hash = createHash(algorithm);
  for (const piece of pieces) hash.update(piece);
  return hash.digest();
};

/**
 * What a client that knows the password answers to a salt.
 * Native: SHA1(p) XOR SHA1(salt + SHA1(SHA1(p))); caching SHA-2: SHA256(p) XOR SHA256(SHA256(SHA256(p)) + salt).
 */
export function scramble(plugin: Plugin, secret: string, salt: Buffer): Buffer {
  if (secret === '') return Buffer.alloc(0);
  const native = plugin === 'mysql_native_password';
  const algorithm = native ? 'sha1' : 'sha256';
  const one = digest(algorithm, Buffer.from(secret, 'latin1'));
  const two = digest(algorithm, one);
  const mask = native ? digest('sha1', salt, two) : digest('sha256', two, salt);
  return Buffer.from(one.map((byte, index) => byte ^ mask[index]!));
}

/** The answer in the form that crackers take: hashcat's mode 11200 for the native one. */
export function crackable(plugin: Plugin, salt: Buffer, response: Buffer): string {
  const name = plugin === 'mysql_native_password' ? 'mysqlna' : 'mysqlsha2';
  return `$${name}$${salt.toString('hex')}*${response.toString('hex')}`;
}

/** A fresh salt: printable, so that it holds no zero. */
export function createSalt(random: () => number): Buffer {
  return Buffer.from(Array.from({ length: 20 }, () => 33 + Math.floor(random() * 93)));
}
