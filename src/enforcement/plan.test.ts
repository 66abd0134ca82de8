import fc from 'fast-check';
import { expect, it } from 'vitest';
import { plan } from './plan.ts';

const sets = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.integer({ min: 0, max: 9 }));
const asMap = (one: Record<string, number>) => new Map(Object.entries(one));
const asList = (one: Record<string, number>) => Object.entries(one).map(([key, until]) => ({ key, until }));

it('is empty for what stands already', () => {
  fc.assert(
    fc.property(sets, (one) => {
      expect(plan(asMap(one), asList(one), 0)).toEqual({ add: [], remove: [] });
    }),
  );
});

it('makes any state into any other', () => {
  fc.assert(
    fc.property(sets, sets, (wanted, standing) => {
      const { add, remove } = plan(asMap(wanted), asList(standing), 0);
      const result = asMap(standing);
      for (const key of remove) result.delete(key);
      for (const { key, until } of add) result.set(key, until);
      expect(result).toEqual(asMap(wanted));
    }),
  );
});

it('forgives what a clock of seconds cannot tell apart', () => {
  const wanted = new Map([['a', 10_000]]);
  expect(plan(wanted, [{ key: 'a', until: 7_000 }], 3_000).add).toEqual([]);
  expect(plan(wanted, [{ key: 'a', until: 6_999 }], 3_000).add).toHaveLength(1);
});
