import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Interner } from './interner.ts';

it('gives each key a number, in the order in which they came', () => {
  const interner = new Interner();
  expect([
    interner.intern(0, 'a'),
    interner.intern(1, 'a'),
    interner.intern(0, ''),
    interner.intern(0, 'a'),
  ]).toEqual([0, 1, 2, 0]);
  expect(interner.find(1, 'a')).toBe(1);
  expect(interner.find(1, 'b')).toBe(-1);
  expect([interner.kind(1), interner.text(1), interner.text(2)]).toEqual([1, 'a', '']);
});

it('does as a Map does, over any keys, and after it was stored', () => {
  const keys = fc.array(fc.tuple(fc.nat(9), fc.string({ unit: 'binary-ascii', maxLength: 40 })), {
    maxLength: 300,
  });
  fc.assert(
    fc.property(keys, (all) => {
      const interner = new Interner();
      const map = new Map<string, number>();
      for (const [kind, text] of all) {
        const key = `${kind}/${text}`;
        const id = interner.intern(kind, text);
        if (!map.has(key)) map.set(key, map.size);
        if (id !== map.get(key)) return false;
      }
      const { arena, ends, size: count } = interner;
      const again = new Interner({ arena: arena.slice(), ends: ends.slice(), count });
      return all.every(([kind, text]) => again.find(kind, text) === map.get(`${kind}/${text}`));
    }),
  );
});

it('grows over many keys', () => {
  const interner = new Interner();
  for (let n = 0; n < 200_000; n++)
    if (interner.intern(0, `name${n}.example`) !== n) throw new Error(String(n));
  for (let n = 0; n < 200_000; n += 997) expect(interner.text(n)).toBe(`name${n}.example`);
  expect(interner.size).toBe(200_000);
});

it('refuses a key over the limit, and keeps what it has', () => {
  const interner = new Interner();
  expect(interner.intern(0, 'x'.repeat(1_024))).toBe(-1);
  expect(interner.intern(0, 'x'.repeat(1_023))).toBe(0);
  expect(interner.size).toBe(1);
});
