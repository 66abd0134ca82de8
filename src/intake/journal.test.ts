import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Journal } from './journal.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caltrop-journal-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const options = () => ({ folder, segmentRows: 10, segmentBytes: 1_000 });

test('a sealed segment holds what was appended, with its times', () => {
  const journal = new Journal(options());
  journal.append(Buffer.from('abc'), 3, 100, 300, { north: 3 });
  journal.append(Buffer.from('de'), 2, 50, 200, { north: 5, south: 1 });
  const sealed = journal.seal()!;
  expect(readFileSync(sealed.path, 'latin1')).toBe('abcde');
  expect(sealed).toMatchObject({ rows: 5, from: 50, to: 300 });
  expect(journal.seal()).toBeNull();
});

test('after a crash, batches without a good commit line are cut, the others are there', () => {
  const journal = new Journal(options());
  journal.append(Buffer.from('abc'), 3, 1, 3, { north: 3 });
  journal.append(Buffer.from('de'), 2, 4, 5, { north: 5 });
  journal.sync();
  appendFileSync(join(folder, '000000001.open'), 'torn');
  const again = new Journal(options());
  expect(again.cut).toBe(4);
  expect(again.recovered).toHaveLength(1);
  expect(readFileSync(again.recovered[0]!.path, 'latin1')).toBe('abcde');
  expect(again.positions).toEqual({ north: 5 });
});

test('a torn commit line, and rows that do not match their checksum, are cut', () => {
  const journal = new Journal(options());
  journal.append(Buffer.from('abc'), 3, 1, 3, { north: 3 });
  journal.append(Buffer.from('de'), 2, 4, 5, { north: 5 });
  journal.close();
  writeFileSync(join(folder, '000000001.open'), 'abcdX');
  const again = new Journal(options());
  expect(again.recovered[0]).toMatchObject({ rows: 3 });
  expect(again.positions).toEqual({ north: 3 });
  expect(readFileSync(again.recovered[0]!.path, 'latin1')).toBe('abc');
});

test('a segment whose first batch is torn leaves nothing but its earlier positions', () => {
  const journal = new Journal(options());
  journal.append(Buffer.from('abc'), 3, 1, 3, { north: 3 });
  const first = journal.seal()!;
  journal.append(Buffer.from('de'), 2, 4, 5, { north: 5 });
  journal.close();
  truncateSync(join(folder, '000000002.open'), 1);
  const again = new Journal(options());
  expect(again.recovered.map(({ token }) => token)).toEqual([first.token]);
  expect(again.positions).toEqual({ north: 3 });
});

test('positions outlive their segments also where the next one is torn at once', () => {
  const journal = new Journal(options());
  journal.append(Buffer.from('abc'), 3, 1, 3, { north: 3 });
  const first = journal.seal()!;
  journal.append(Buffer.from('de'), 2, 4, 5, { north: 5 });
  journal.loaded(first);
  journal.close();
  truncateSync(join(folder, '000000002.open'), 1);
  expect(new Journal(options()).positions).toEqual({ north: 3 });
});

test('positions outlive the segments that brought them', () => {
  const journal = new Journal(options());
  for (let i = 1; i <= 5; i++) {
    journal.append(Buffer.from('x'), 1, i, i, { north: i });
    journal.loaded(journal.seal()!);
  }
  expect(readdirSync(folder)).toEqual(['000000005.commits']);
  const again = new Journal(options());
  expect(again.positions).toEqual({ north: 5 });
  expect(again.recovered).toEqual([]);
  again.append(Buffer.from('y'), 1, 6, 6, { north: 6 });
  expect(again.seal()!.path).toContain('000000006');
});

test('segments loaded out of turn leave no file behind', () => {
  const journal = new Journal(options());
  const sealed = [1, 2, 3].map((i) => {
    journal.append(Buffer.from('x'), 1, i, i, { north: i });
    return journal.seal()!;
  });
  for (const i of [1, 0, 2]) journal.loaded(sealed[i]!);
  expect(readdirSync(folder)).toEqual(['000000003.commits']);
});

test('positions without rows are kept, within bounds, and a segment of nothing else is none', () => {
  const journal = new Journal(options());
  journal.note({ file: 1 });
  journal.note({ file: 2 });
  journal.sync();
  expect(journal.seal()).toBeNull();
  const again = new Journal(options());
  expect([again.positions, again.recovered]).toEqual([{ file: 2 }, []]);
  again.note({ file: 3 });
  again.append(Buffer.from('abc'), 3, 100, 300, { file: 4 });
  again.note({ file: 5 });
  expect(again.seal()).toMatchObject({ rows: 3, from: 100, to: 300 });
  const third = new Journal(options());
  expect([third.positions, third.recovered.length]).toEqual([{ file: 5 }, 1]);
  for (let i = 0; i < 15_000; i++) third.note({ file: i, other: i });
  third.close();
  const sizes = readdirSync(folder).map((name) => readFileSync(join(folder, name)).length);
  expect(Math.max(...sizes)).toBeLessThan(1_100_000);
  expect(new Journal(options()).positions).toEqual({ file: 14_999, other: 14_999 });
});
