import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { eachLine } from './csv-lines.ts';

const folder = mkdtempSync(join(tmpdir(), 'caltrop-lines-'));
afterAll(() => rmSync(folder, { recursive: true }));

function lines(text: string): string[] {
  const path = join(folder, 'table.csv');
  writeFileSync(path, text);
  const all: string[] = [];
  eachLine(path, (bytes, from, to) => all.push(Buffer.from(bytes.subarray(from, to)).toString()));
  return all;
}

it('hands over each line, also the last without its end, and no empty ones', () => {
  expect(lines('a\n\nbc\nd')).toEqual(['a', 'bc', 'd']);
  expect(lines('')).toEqual([]);
});

it('joins what a chunk cuts', () => {
  const many = Array.from({ length: 400_000 }, (_, i) => `line ${i}`);
  expect(lines(many.join('\n'))).toEqual(many);
});

it('refuses a line without an end', () => {
  expect(() => lines('x'.repeat(1 << 21))).toThrow('longer');
});
