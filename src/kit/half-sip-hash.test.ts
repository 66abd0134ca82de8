import { expect, it } from 'vitest';
import { HalfSipHash } from './half-sip-hash.ts';

const key = Uint8Array.from([0, 1, 2, 3, 4, 5, 6, 7]);

/** The bytes of a text's hash in their order, in hexadecimal. */
function bytes(hash: HalfSipHash, text: string): string {
  hash.of(text);
  const all = new DataView(new ArrayBuffer(8));
  all.setUint32(0, hash.low, true);
  all.setUint32(4, hash.high, true);
  return Buffer.from(all.buffer).toString('hex');
}

it('says what its authors say (github.com/veorq/SipHash, vectors.h, vectors_hsip64)', () => {
  const hash = new HalfSipHash(key);
  const counting = (length: number) => String.fromCharCode(...Array.from({ length }, (_, n) => n));
  const known: [number, string][] = [
    [0, '218d1f59b9b83cc8'],
    [1, 'be552412f8387315'],
    [3, 'ce0f1a45f7060679'],
    [4, 'd5e78a175be52ea1'],
    [15, '217d0bcb4e81c902'],
    [16, '7336aad25f7bf3b5'],
    [63, '2ea63c71bf326087'],
  ];
  for (const [length, says] of known) expect(bytes(hash, counting(length)), `${length} bytes`).toBe(says);
});

it('depends on its key, which has 8 bytes', () => {
  const other = new HalfSipHash(key.map((byte) => byte + 1));
  expect(bytes(other, '192.0.2.1')).not.toBe(bytes(new HalfSipHash(key), '192.0.2.1'));
  expect(() => new HalfSipHash(key.subarray(1))).toThrow(RangeError);
});
