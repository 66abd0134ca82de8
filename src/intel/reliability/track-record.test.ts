import fc from 'fast-check';
import { expect, it } from 'vitest';
import { found, hashOfEntry, TrackRecord } from './track-record.ts';

const identity = 'ab'.repeat(32);
const keys = (...names: string[]) => Float64Array.from(names, (name) => hashOfEntry(`domain ${name}`));
const key = (name: string) => hashOfEntry(`domain ${name}`);

it('knows since when a list has had what it has, and what was found out of what it has no more', () => {
  const record = new TrackRecord();
  record.took(keys('a', 'b', 'c', 'a'), 100);
  record.took(keys('b', 'c', 'd'), 103);
  expect(['a', 'b', 'd', 'e'].map((name) => record.since(record.placeOf(key(name))))).toEqual([
    100,
    100,
    103,
    undefined,
  ]);
  for (const [name, what] of [
    ['a', found.confirmed],
    ['b', found.confirmed],
    ['c', found.doubted],
    ['e', found.doubted],
  ] as const)
    record.find(record.placeOf(key(name)), what);
  // What it still has is judged anew each time.
  expect(record.past()).toEqual({ confirmed: 1, refuted: 0 });
  record.took(keys('d'), 104);
  expect(record.past()).toEqual({ confirmed: 2, refuted: 1 });
  // What comes again was there all along.
  record.took(keys('a', 'd'), 105);
  expect(record.since(record.placeOf(key('a')))).toBe(100);
  expect(record.past()).toEqual({ confirmed: 1, refuted: 1 });
  record.took(keys('d'), 105 + 91);
  expect(record.size).toBe(1);
  expect(record.past()).toEqual({ confirmed: 0, refuted: 0 });
});

it('comes back from its bytes, and not from others', () => {
  const record = new TrackRecord();
  record.took(keys('a', 'b'), 100);
  record.find(record.placeOf(key('a')), found.doubted);
  record.took(keys('b'), 101);
  const bytes = record.bytes(identity);
  const read = TrackRecord.read(bytes, identity)!;
  expect([read.latest, read.size, read.since(read.placeOf(key('b'))), read.past()]).toEqual([
    101,
    2,
    100,
    { confirmed: 0, refuted: 1 },
  ]);
  expect(read.bytes(identity)).toEqual(bytes);
  expect(TrackRecord.read(bytes, 'cd'.repeat(32))).toBeNull();
  for (const at of [0, 10, 38, 50, bytes.length - 1]) {
    const damaged = Buffer.from(bytes);
    damaged[at]! ^= 1;
    expect(TrackRecord.read(damaged, identity)).toBeNull();
  }
  expect(TrackRecord.read(bytes.subarray(0, 40), identity)).toBeNull();
});

it('tells entries apart', () => {
  const hashes = new Set<number>();
  for (let n = 0; n < 300_000; n++) hashes.add(key(`n${n}.bad.example`));
  expect(hashes.size).toBe(300_000);
  for (const hash of hashes) if (!Number.isSafeInteger(hash) || hash < 0) throw new Error(`${hash}`);
});

it('is the same as a map of days', () => {
  const copy = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 20 });
  fc.assert(
    fc.property(fc.array(copy, { minLength: 1, maxLength: 6 }), (copies) => {
      const record = new TrackRecord();
      const since = new Map<number, number>();
      for (const [day, names] of copies.entries()) {
        record.took(keys(...names.map(String)), 10 + day);
        for (const name of names) if (!since.has(name)) since.set(name, 10 + day);
      }
      for (let n = 0; n <= 20; n++) expect(record.since(record.placeOf(key(String(n))))).toBe(since.get(n));
      expect(record.size).toBe(since.size);
    }),
  );
});
