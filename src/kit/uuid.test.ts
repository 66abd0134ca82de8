import { expect, test } from 'vitest';
import { orderedUuidv7, uuidTime, uuidv7, uuidv8, uuidv8FromHex } from './uuid.ts';

const form = (version: number) =>
  new RegExp(`^[0-9a-f]{8}-[0-9a-f]{4}-${version}[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`);
const now = Date.UTC(2026, 10, 22, 2, 3, 4, 567);

test('ids have the form of RFC 9562 and sort by time', () => {
  const early = uuidv7(now, (size) => new Uint8Array(size).fill(255));
  const late = uuidv7(now + 1, (size) => new Uint8Array(size));
  expect(early).toMatch(form(7));
  expect(early < late).toBe(true);
  expect(uuidTime(early)).toBe(now);
});

test('ordered ids sort as they were made, also within a millisecond', () => {
  const next = orderedUuidv7((size) => crypto.getRandomValues(new Uint8Array(size)));
  const ids = [...Array<number>(4_000).fill(now), now + 1, now + 1, now + 2].map(next);
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids[0]).toMatch(form(7));
  expect(uuidTime(ids.at(-1)!)).toBe(now + 2);
  const many = Array<number>(5_000).fill(now).map(next);
  expect(new Set(many).size).toBe(5_000);
});

test('version 8 is made of its digest alone', () => {
  const digest = Uint8Array.from({ length: 12 }, (_, i) => i * 21);
  expect(uuidv8(now, digest)).toMatch(form(8));
  expect(uuidv8(now, digest)).toBe(uuidv8(now, digest.slice()));
  expect(uuidv8(now, digest, 1)).not.toBe(uuidv8(now, digest));
  const id = uuidv8FromHex(now, 'fedcba98765432100123456789abcdef');
  expect(id).toMatch(form(8));
  expect(uuidTime(id)).toBe(now);
  expect(uuidv8FromHex(now, 'fedcba98765432100123456789abcdee')).toBe(id);
  expect(uuidv8FromHex(now, 'fedcba98765432100113456789abcdef')).not.toBe(id);
});
