import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Needles, needlesOf } from './needles.ts';

it('finds what is in a text, and nothing else', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '/'), minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 1, maxLength: 20 }),
      fc.string({ unit: fc.constantFrom('a', 'b', 'c', '/', 'é'), maxLength: 60 }),
      (words, text) => {
        const found = new Set<number>();
        new Needles(words.map((one, at) => [one, at])).find(text, found);
        expect([...found].sort((a, b) => a - b)).toEqual(
          words.flatMap((one, at) => (text.includes(one) ? [at] : [])),
        );
      },
    ),
  );
});

it('knows what a condition cannot do without', () => {
  expect(needlesOf({ field: 'input', contains: ['a', 'b'] })).toEqual(['a', 'b']);
  expect(needlesOf({ field: 'input', like: 'dd bs=* count=1*' })).toEqual([' count=1']);
  expect(needlesOf({ field: 'input', like: '*' })).toBeNull();
  expect(needlesOf({ field: 'user', equals: 'root' })).toBeNull();
  expect(
    needlesOf({
      all: [
        { field: 'kind', equals: 'x' },
        { field: 'name', in: ['sh'] },
      ],
    }),
  ).toEqual(['sh']);
  expect(
    needlesOf({
      any: [
        { field: 'input', equals: 'a' },
        { field: 'port', equals: 1 },
      ],
    }),
  ).toBeNull();
  expect(needlesOf({ not: { field: 'input', equals: 'a' } })).toBeNull();
});
