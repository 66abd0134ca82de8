import fc from 'fast-check';
import { expect, it } from 'vitest';
import { orderOf } from './order.ts';

it('is the order that a stable sort gives', () => {
  fc.assert(
    fc.property(fc.float32Array({ noNaN: true, maxLength: 200 }), (values) => {
      const expected = Array.from(values.keys()).sort((a, b) => values[b]! - values[a]! || a - b);
      // Infinities differ by nothing that can be told.
      const finite = values.every(Number.isFinite);
      if (finite) expect([...orderOf(values)]).toEqual(expected);
    }),
  );
  expect([...orderOf(Float32Array.from([0, -0, 1, -1, 0, Number.POSITIVE_INFINITY]))]).toEqual([
    5, 2, 0, 1, 4, 3,
  ]);
});
