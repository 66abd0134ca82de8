import { createHash, createPublicKey, sign, verify } from 'node:crypto';
import { expect, it } from 'vitest';
import { rsaKey } from './rsa.ts';

const characters = (seed: string) => (label: string, size: number) => {
  let text = '';
  for (let block = 0; text.length < size; block++) {
    text += createHash('sha256').update(`${seed} ${label} ${block}`).digest('hex');
  }
  return text.slice(0, size);
};

it('follows from its characters alone, has the size asked for, and signs', async () => {
  const key = await rsaKey(characters('one'), 2_048);
  const again = await rsaKey(characters('one'), 2_048);
  expect(again.export({ format: 'jwk' })).toEqual(key.export({ format: 'jwk' }));
  expect(key.asymmetricKeyDetails).toMatchObject({ modulusLength: 2_048, publicExponent: 65_537n });
  const text = Buffer.from('x');
  expect(verify('sha512', text, createPublicKey(key), sign('sha512', text, key))).toBe(true);
  const other = await rsaKey(characters('two'), 2_048);
  expect(other.export({ format: 'jwk' }).n).not.toBe(key.export({ format: 'jwk' }).n);
});
