import { createHash } from 'node:crypto';
import { Malformed, string } from '../data.ts';
import { Message } from '../message.ts';
import { x25519 } from './curve25519.ts';
import type { Exchange } from './kex.ts';
import { encapsulate, publicKeySize } from './sntrup761.ts';

/** sntrup761x25519-sha512 (draft-ietf-sshm-ntruprime-ssh): both secrets hashed into one, which is hashed as a string. */
export function hybrid(): Exchange {
  return {
    hash: 'sha512',
    take(type, body) {
      if (type !== Message.kexFirst) return undefined;
      const theirs = body.string();
      if (theirs.length !== publicKeySize + 32) throw new Malformed('two keys of known size');
      const { ciphertext, key } = encapsulate(theirs.subarray(0, publicKeySize));
      const { ours, secret } = x25519(theirs.subarray(publicKeySize));
      const answer = Buffer.concat([ciphertext, ours]);
      return {
        reply: Message.kexReply,
        fields: string(answer),
        hashed: Buffer.concat([string(theirs), string(answer)]),
        secret: string(createHash('sha512').update(key).update(secret).digest()),
      };
    },
  };
}
