import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FeedEntry } from '../feeds/format.ts';
import { learnReliability } from './reliability.ts';

const domains = (...names: string[]): FeedEntry[] => names.map((value) => ({ type: 'domain', value }));
const range = (from: number, to: number) =>
  domains(...Array.from({ length: to - from }, (_, i) => `n${from + i}.bad.example`));
const now = 0;
const byName = (made: ReturnType<typeof learnReliability>) =>
  Object.fromEntries(made.map((one) => [one.name, one]));

it('believes a feed that others bear out more, and one of popular names less', () => {
  const popular = domains(...Array.from({ length: 40 }, (_, i) => `big${i}.example`));
  const { a, b, c, alone } = byName(
    learnReliability(
      [
        { name: 'a', entries: range(0, 100) },
        { name: 'b', entries: range(50, 150) },
        { name: 'c', entries: [...range(500, 560), ...popular] },
        { name: 'alone', entries: range(900, 1_000) },
      ],
      { now, popularity: (name) => (name.startsWith('big') ? 5 : null) },
    ),
  );
  expect(a!.weight).toBeGreaterThan(0.8);
  expect(b!.weight).toBeCloseTo(a!.weight, 6);
  expect(c!.weight).toBeLessThan(0.1);
  expect(c!.refuted).toBe(40);
  expect(alone!.weight).toBe(0.5);
  expect(alone!.says).toContain('Nothing is known that speaks for it or against it.');
});

it('does not let a few mistakes speak for all of a long list of which nobody else says anything', () => {
  const learn = (wrong: number) =>
    learnReliability([{ name: 'long', entries: range(0, 2_000) }], {
      now,
      neverBlock: ({ value }) => (Number(value.slice(1).split('.', 1)) < wrong ? 'ours' : null),
    })[0]!.weight;
  expect(learn(2)).toBeGreaterThan(0.48);
  expect(learn(20)).toBeGreaterThan(0.4);
  expect(learn(200)).toBeLessThan(0.2);
});

it('counts a copy of a feed as no agreement', () => {
  const { a, copy } = byName(
    learnReliability(
      [
        { name: 'a', entries: range(0, 200) },
        { name: 'copy', entries: range(0, 100) },
      ],
      { now },
    ),
  );
  expect([a!.weight, copy!.weight]).toEqual([0.5, 0.5]);
  expect(copy!.says.join(' ')).toContain('Nearly the same entries stand in a');
});

it('lets evidence of our own count fully, and warning lists against', () => {
  const [confirmed] = learnReliability([{ name: 'x', entries: range(0, 50) }], {
    now,
    evidence: () => 'confirmed',
  });
  const [refuted] = learnReliability([{ name: 'x', entries: range(0, 50) }], {
    now,
    warning: () => ({ list: 'tlds', context: false }),
  });
  const [context] = learnReliability([{ name: 'x', entries: range(0, 50) }], {
    now,
    warning: () => ({ list: 'dynamic-dns', context: true }),
  });
  expect(confirmed!.weight).toBeGreaterThan(0.9);
  expect(refuted!.weight).toBeLessThan(0.05);
  expect(context!.weight).toBe(0.5);
});

it('believes who lists first more than who comes later and may have copied it', () => {
  const shared = range(0, 50);
  const since = (day: number) => ({
    past: (keys: readonly string[]) => ({
      ...{ since: new Uint16Array(keys.length).fill(day), confirmed: 0, refuted: 0 },
    }),
  });
  const { early, late } = byName(
    learnReliability(
      [
        { name: 'early', entries: [...shared, ...range(100, 150)], ...since(10) },
        { name: 'late', entries: [...shared, ...range(200, 250)], ...since(20) },
      ],
      { now },
    ),
  );
  expect(early!.weight).toBeGreaterThan(late!.weight + 0.05);
  expect([early!.ahead, late!.ahead]).toEqual([50, 0]);
  expect(early!.says).toContain('It had 50 of them before the others.');
});

it('lets what decoys met count for an entry, but not for one that is likely a mistake', () => {
  const judged: number[] = [];
  const [x] = learnReliability(
    [
      {
        name: 'x',
        entries: range(0, 50),
        met: ({ value }) => value.startsWith('n1'),
        past: (keys) => ({ since: new Uint16Array(keys.length), confirmed: 3, refuted: 1 }),
        judged: (_, verdict) => judged.push(verdict),
      },
    ],
    { now, neverBlock: ({ value }) => (value === 'n10.bad.example' ? 'ours' : null) },
  );
  // n1 and n10 to n19, one of which is ours; three and one that it had before.
  expect([x!.confirmed, x!.refuted]).toEqual([10 + 3, 1 + 1]);
  expect(judged.filter((verdict) => verdict === 1)).toHaveLength(10);
  expect(judged).toHaveLength(50);
});

it('stays between 0 and 1, does not depend on the order of entries, and falls with each refuted one', () => {
  const names = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 30 });
  fc.assert(
    fc.property(fc.array(names, { minLength: 1, maxLength: 5 }), names, (lists, bad) => {
      const wrong = new Set(bad.map((n) => `n${n}.example`));
      const learn = (turn: (list: number[]) => number[], refuted: Set<string>) =>
        learnReliability(
          lists.map((list, i) => ({
            name: `f${i}`,
            entries: domains(...turn(list).map((n) => `n${n}.example`)),
          })),
          { now, neverBlock: ({ value }) => (refuted.has(value) ? 'ours' : null) },
        ).map(({ weight, atLeast }) => {
          expect(weight > 0 && weight < 1 && atLeast >= 0 && atLeast <= weight).toBe(true);
          return weight;
        });
      const some = learn((list) => list, wrong);
      expect(learn((list) => [...list].reverse(), wrong).map((w) => w.toFixed(9))).toEqual(
        some.map((w) => w.toFixed(9)),
      );
      for (const [i, weight] of learn((list) => list, new Set()).entries())
        expect(weight).toBeGreaterThanOrEqual(some[i]! - 1e-9);
    }),
  );
});
