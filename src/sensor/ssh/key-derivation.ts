import { createHash } from 'node:crypto';
import type { Keys } from './cipher/index.ts';

/**
 * Keys from the shared secret (as it is hashed), the exchange hash and the session id (RFC 4253 §7.2). The three letters
 * are those of IV, key and MAC key: `ACE` from client to server, `BDF` back.
 */
export function deriveKeys(
  hash: string,
  secret: Buffer,
  h: Buffer,
  sessionId: Buffer,
  letters: 'ACE' | 'BDF',
): Keys {
  const make = (letter: string, size: number) => {
    let key = createHash(hash).update(secret).update(h).update(letter).update(sessionId).digest();
    while (key.length < size) {
      key = Buffer.concat([key, createHash(hash).update(secret).update(h).update(key).digest()]);
    }
    return key.subarray(0, size);
  };
  return {
    iv: (size) => make(letters[0]!, size),
    key: (size) => make(letters[1]!, size),
    mac: (size) => make(letters[2]!, size),
  };
}
