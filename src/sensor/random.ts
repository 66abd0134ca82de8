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
