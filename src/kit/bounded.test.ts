import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Bounded } from './bounded.ts';

it('behaves as a list in order of use, cut at its front', () => {
  const step = fc.tuple(
    fc.constantFrom('get', 'peek', 'set', 'delete', 'clear'),
    fc.integer({ min: 0, max: 12 }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const gone: number[] = [];
      const bounded = new Bounded<number, number>(5, (key) => gone.push(key));
      let order: number[] = [];
      const expected: number[] = [];
      for (const [what, key] of steps) {
        const known = order.includes(key);
        if (what === 'peek') expect(bounded.peek(key)).toBe(known ? key : undefined);
        else if (what === 'clear') {
          bounded.clear();
          order = [];
        } else {
          if (what === 'get') expect(bounded.get(key)).toBe(known ? key : undefined);
          if (what === 'set') bounded.set(key, key);
          if (what === 'delete') expect(bounded.delete(key)).toBe(known);
          order = order.filter((one) => one !== key);
          if (what === 'set' || (what === 'get' && known)) order.push(key);
          if (order.length > 5) expected.push(order.shift()!);
        }
        expect([...bounded.entries()].map(([one]) => one)).toEqual(order);
        expect(bounded.size).toBe(order.length);
      }
      expect(gone).toEqual(expected);
      expect(bounded.evicted).toBe(expected.length);
    }),
  );
});

it('pushes out at the same price whatever was pushed out before', () => {
  const bounded = new Bounded<number, number>(100_000);
  const started = process.hrtime.bigint();
  for (let n = 0; n < 400_000; n++) bounded.set(n, n);
  // With a walk over the holes each time this took half a minute.
  expect(Number(process.hrtime.bigint() - started) / 1e9).toBeLessThan(5);
  expect(bounded.size).toBe(100_000);
});
