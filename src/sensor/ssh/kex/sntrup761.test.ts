import { expect, it } from 'vitest';
import { Malformed } from '../data.ts';
import { ciphertextSize, encapsulate, publicKeySize } from './sntrup761.ts';

// That the owner of a key finds the same secret is shown by OpenSSH's own client (clients.test.ts).
it('gives a ciphertext and a key of the right sizes, new ones each time', () => {
  const one = encapsulate(Buffer.alloc(publicKeySize, 0x5a));
  const two = encapsulate(Buffer.alloc(publicKeySize, 0x5a));
  expect(one.ciphertext.length).toBe(ciphertextSize);
  expect(one.key.length).toBe(32);
  expect(one.key).not.toEqual(two.key);
});

it('takes any bytes for a key, but not any number of them', () => {
  for (const fill of [0, 255]) expect(encapsulate(Buffer.alloc(publicKeySize, fill)).key.length).toBe(32);
  expect(() => encapsulate(Buffer.alloc(publicKeySize - 1))).toThrow(Malformed);
});
