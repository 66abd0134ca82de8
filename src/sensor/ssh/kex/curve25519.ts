import { createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto';
import { Malformed, mpint, string } from '../data.ts';
import { Message } from '../message.ts';
import type { Exchange } from './kex.ts';

/** One X25519 exchange (RFC 7748): our new public key, and the shared secret with theirs. */
export function x25519(theirs: Buffer): { ours: Buffer; secret: Buffer } {
  if (theirs.length !== 32) throw new Malformed('an X25519 key has 32 bytes');
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  // JWK goes past OpenSSL's decoders, which take ten times as long.
  const peer = createPublicKey({
    key: { kty: 'OKP', crv: 'X25519', x: theirs.toString('base64url') },
    format: 'jwk',
  });
  try {
    return { ours: Buffer.from(x, 'base64url'), secret: diffieHellman({ privateKey, publicKey: peer }) };
  } catch {
    // RFC 8731 §3: a secret of zeros is refused.
    throw new Malformed('a key of small order');
  }
}

/** curve25519-sha256 (RFC 8731). */
export function curve25519(): Exchange {
  return {
    hash: 'sha256',
    take(type, body) {
      if (type !== Message.kexFirst) return undefined;
      const theirs = body.string();
      const { ours, secret } = x25519(theirs);
      return {
        reply: Message.kexReply,
        fields: string(ours),
        hashed: Buffer.concat([string(theirs), string(ours)]),
        secret: mpint(secret),
      };
    },
  };
}
