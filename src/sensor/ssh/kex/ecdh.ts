import { createECDH } from 'node:crypto';
import { Malformed, mpint, type Reader, string } from '../data.ts';
import { Message } from '../message.ts';
import type { Exchange } from './kex.ts';

const curves = {
  'ecdh-sha2-nistp256': ['prime256v1', 'sha256'],
  'ecdh-sha2-nistp384': ['secp384r1', 'sha384'],
  'ecdh-sha2-nistp521': ['secp521r1', 'sha512'],
} as const;

/** ECDH over a NIST curve (RFC 5656 §4). */
export function ecdh(name: keyof typeof curves): Exchange {
  const [curve, hash] = curves[name];
  return {
    hash,
    take(type, body: Reader) {
      if (type !== Message.kexFirst) return undefined;
      const theirs = body.string();
      const key = createECDH(curve);
      const ours = key.generateKeys();
      let secret: Buffer;
      try {
        secret = key.computeSecret(theirs);
      } catch {
        throw new Malformed('not a point of the curve');
      }
      return {
        reply: Message.kexReply,
        fields: string(ours),
        hashed: Buffer.concat([string(theirs), string(ours)]),
        secret: mpint(secret),
      };
    },
  };
}
