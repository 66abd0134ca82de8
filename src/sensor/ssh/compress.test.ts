import { deflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { compressor, decompressor } from './compress.ts';

it('keeps one stream over all packets', () => {
  const out = compressor(1_000_000);
  const back = decompressor(1_000_000);
  const sizes: number[] = [];
  for (let i = 0; i < 5; i++) {
    const text = Buffer.from('the same words again and again '.repeat(20) + i);
    const packed = out.step(text)!;
    sizes.push(packed.length);
    expect(back.step(packed)!.toString()).toBe(text.toString());
  }
  // Later packets lean on what the window holds.
  expect(sizes[4]!).toBeLessThan(sizes[0]! / 2);
  out.close();
  back.close();
});

it('carries packets larger than its buffer', () => {
  const out = compressor(1_000_000);
  const back = decompressor(1_000_000);
  const noise = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 2_654_435_761) >>> 24));
  expect(back.step(out.step(noise)!)).toEqual(noise);
  out.close();
  back.close();
});

it('stops at a bomb and at what is no stream', () => {
  const bomb = decompressor(262_144);
  expect(bomb.step(deflateSync(Buffer.alloc(50_000_000)).subarray(0, 40_000))).toBeNull();
  bomb.close();
  const junk = decompressor(262_144);
  expect(junk.step(Buffer.from('this is no zlib stream'))).toBeNull();
  expect(junk.step(Buffer.from('nor is this'))).toBeNull();
  junk.close();
});
