import { createCipheriv, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { chacha20, chachaKey } from './chacha20.ts';

it('gives the key stream of RFC 8439 §A.1, where the nonce is zero', () => {
  const stream = chacha20(chachaKey(Buffer.alloc(32)), 0, Buffer.alloc(128));
  expect(stream.toString('hex', 0, 64)).toBe(
    '76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586',
  );
  expect(stream.toString('hex', 64, 96)).toBe(
    '9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed',
  );
});

it('agrees with OpenSSL at any length, number and start', () => {
  for (const size of [0, 1, 4, 63, 64, 65, 500, 1_024, 1_025, 5_000]) {
    for (const sequence of [0, 1, 0x01020304, 0xffffffff]) {
      const key = randomBytes(32);
      const text = randomBytes(size);
      const nonce = Buffer.alloc(16);
      nonce.writeUInt32BE(sequence, 12);
      const all = createCipheriv('chacha20', key, nonce).update(Buffer.concat([Buffer.alloc(64), text]));
      expect(chacha20(chachaKey(key), sequence, text, true)).toEqual(all);
      const plain = createCipheriv('chacha20', key, nonce).update(text);
      expect(chacha20(chachaKey(key), sequence, text)).toEqual(plain);
    }
  }
});
