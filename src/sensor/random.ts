import { randomFillSync } from 'node:crypto';
import type { Random } from '../kit/uuid.ts';

/** Random bytes from the system in pools of 8 KiB: one call to it serves some hundreds of ids. */
export function systemRandom(): Random {
  let pool = Buffer.alloc(0);
  let at = 0;
  return (size) => {
    if (at + size > pool.length) {
      pool = randomFillSync(Buffer.allocUnsafe(Math.max(8_192, size)));
      at = 0;
    }
    at += size;
    return pool.subarray(at - size, at);
  };
}

/** Numbers from 0 to below 1 that depend on a seed alone (mulberry32): for what must look random and stay the same. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
