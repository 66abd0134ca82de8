import { expect, it } from 'vitest';
import { pick, seeded, shuffled } from './seeded.ts';

it.each([
  ['a', 'b'],
  [1, 2],
])('gives the same numbers for %o each time, and others for %o', (a, b) => {
  const of = (seed: string | number) => {
    const draw = seeded(seed);
    return Array.from({ length: 50 }, () => draw());
  };
  expect(of(a)).toEqual(of(a));
  expect(of(a)).not.toEqual(of(b));
  for (const number of of(a)) expect(number >= 0 && number < 1).toBe(true);
});

it('shuffles without losing anything, and picks from all of a list', () => {
  const draw = seeded('deck');
  const list = Array.from({ length: 20 }, (_, i) => i);
  expect(shuffled(draw, list).toSorted((a, b) => a - b)).toEqual(list);
  expect(shuffled(draw, list)).not.toEqual(list);
  const seen = new Set(Array.from({ length: 500 }, () => pick(draw, list)));
  expect(seen.size).toBe(20);
});
