import { createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto';
import { Malformed, mpint, string } from '../data.ts';
import { Message } from '../message.ts';
import type { Exchange } from './kex.ts';

/** What stands before the 32 bytes of an X25519 key in a SubjectPublicKeyInfo (RFC 8410 §4). */
const spkiHead = Buffer.from('302a300506032b656e032100', 'hex');

/** One X25519 exchange (RFC 7748): our new public key, and the shared secret with theirs. */
export function x25519(theirs: Buffer): { ours: Buffer; secret: Buffer } {
  if (theirs.length !== 32) throw new Malformed('an X25519 key has 32 bytes');
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  const ours = publicKey.export({ format: 'der', type: 'spki' }).subarray(spkiHead.length);
  try {
    const peer = createPublicKey({
      key: Buffer.concat([spkiHead, theirs]),
      format: 'der',
      type: 'spki',
    });
    return { ours, secret: diffieHellman({ privateKey, publicKey: peer }) };
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
