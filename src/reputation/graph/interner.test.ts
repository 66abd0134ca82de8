import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Interner, noId } from './interner.ts';
import { drawHashKey, type HashKey, KeyBatch } from './key-batch.ts';
import { NodeTable } from './node-table.ts';

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
      const { arena, table, size: count } = interner;
      const stored = { arena: arena.slice(), table: new NodeTable(table.words.slice()), count };
      const again = new Interner(stored);
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

it('gives a batch of keys the numbers that they would get one by one, whatever is in it twice', () => {
  const keys = fc.array(fc.tuple(fc.nat(2), fc.string({ unit: 'binary-ascii', maxLength: 3 })), {
    maxLength: 80,
  });
  fc.assert(
    fc.property(fc.array(keys, { maxLength: 6 }), (batches) => {
      const single = new Interner();
      const together = new Interner();
      const batch = new KeyBatch();
      const ids = new Uint32Array(80);
      for (const all of batches) {
        batch.clear(together.hashKey);
        for (const [kind, text] of all) batch.add(kind, text);
        together.internAll(batch, ids);
        if (all.some(([kind, text], n) => single.intern(kind, text) !== ids[n])) return false;
      }
      return single.size === together.size;
    }),
  );
});

it('says which keys of a batch there is no room for', () => {
  const batch = new KeyBatch();
  expect(batch.add(0, 'x'.repeat(1_024))).toBe(-1);
  expect(batch.add(0, 'y')).toBe(0);
  const full = new Interner({
    arena: new Uint32Array(0),
    table: new NodeTable(new Uint32Array([0x7fff_ffff, 0, 0, 0])),
    count: 1,
    found: { slots: new Uint32Array(1 << 12), key: drawHashKey() },
  });
  const ids = new Uint32Array(1);
  full.internAll(batch, ids);
  expect(ids[0]).toBe(noId);
});

it('does not let keys meet that were chosen to', () => {
  const hash = (key: HashKey, text: string) => {
    const batch = new KeyBatch();
    batch.clear(key);
    batch.add(0, text);
    return batch.hashes[0]!;
  };
  const [known, drawn] = [drawHashKey(), drawHashKey()];
  const places = 1 << 11;
  const met = new Map<number, string[]>();
  for (let n = 0; n < 150_000; n++) {
    const place = hash(known, `n${n}.example`) % places;
    const others = met.get(place);
    if (others) others.push(`n${n}.example`);
    else if (place < 20) met.set(place, [`n${n}.example`]);
  }
  for (const texts of met.values()) {
    expect(texts.length).toBeGreaterThan(20);
    expect(new Set(texts.map((text) => hash(drawn, text) % places)).size).toBeGreaterThan(texts.length * 0.9);
  }
});
