import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromHalf, toHalf } from './half.ts';

it('writes every half as it read it', () => {
  for (let half = 0; half < 0x1_0000; half++) {
    const value = fromHalf(half);
    if (Number.isNaN(value)) expect(Number.isNaN(fromHalf(toHalf(value)))).toBe(true);
    else if (toHalf(value) !== half) expect([half, toHalf(value)]).toEqual([half, half]);
  }
});

it('rounds to the nearest, ties to even', () => {
  expect([1, 65_504, 65_519, 65_520, 2 ** -24, 2 ** -25, 1 + 2 ** -11, 1 + 3 * 2 ** -11].map(toHalf)).toEqual(
    [0x3c00, 0x7bff, 0x7bff, 0x7c00, 1, 0, 0x3c00, 0x3c02],
  );
  fc.assert(
    fc.property(fc.float({ min: -60_000, max: 60_000, noNaN: true }), (value) => {
      const half = toHalf(value);
      const off = Math.abs(fromHalf(half) - value);
      for (const near of [half - 1, half + 1])
        if ((near & 0x8000) === (half & 0x8000))
          expect(off).toBeLessThanOrEqual(Math.abs(fromHalf(near) - value));
    }),
  );
});
