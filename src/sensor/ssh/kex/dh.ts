import { getDiffieHellman } from 'node:crypto';
import { Malformed, mpint } from '../data.ts';
import { Message } from '../message.ts';
import type { Exchange } from './kex.ts';

const groups = {
  'diffie-hellman-group14-sha1': ['modp14', 'sha1'],
  'diffie-hellman-group14-sha256': ['modp14', 'sha256'],
  'diffie-hellman-group16-sha512': ['modp16', 'sha512'],
  'diffie-hellman-group18-sha512': ['modp18', 'sha512'],
} as const;

/** Diffie-Hellman over a group of RFC 3526 (RFC 4253 §8, RFC 8268). */
export function dh(name: keyof typeof groups): Exchange {
  const [group, hash] = groups[name];
  return {
    hash,
    take(type, body) {
      if (type !== Message.kexFirst) return undefined;
      const e = body.string();
      const key = getDiffieHellman(group);
      checkPublic(e, key.getPrime());
      const f = key.generateKeys();
      let secret: Buffer;
      try {
        secret = key.computeSecret(e);
      } catch {
        throw new Malformed('a public key out of range');
      }
      return {
        reply: Message.kexReply,
        fields: mpint(f),
        hashed: Buffer.concat([mpint(e), mpint(f)]),
        secret: mpint(secret),
      };
    },
  };
}

/** RFC 4253 §8: values outside of [1, p-1] are refused; like OpenSSH we want four bits set and more than 1. */
export function checkPublic(value: Buffer, prime: Buffer): void {
  const number = value.length ? BigInt(`0x${value.toString('hex')}`) : 0n;
  const p = BigInt(`0x${prime.toString('hex')}`);
  if (value.length && value[0]! & 0x80) throw new Malformed('a negative public key');
  let bits = 0;
  for (const byte of value) for (let rest = byte; rest && bits < 4; rest &= rest - 1) bits++;
  if (number <= 1n || number >= p - 1n || bits < 4) throw new Malformed('a public key out of range');
}
