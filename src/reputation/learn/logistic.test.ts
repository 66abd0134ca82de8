import { expect, test } from 'vitest';
import { seeded } from '../../kit/seeded.ts';
import { gramsOf, tokenOf, wholeGrams } from './grams.ts';
import { logisticScore, trainLogistic } from './logistic.ts';
import { auc } from './metrics.ts';
import { SparseRows } from './sparse-rows.ts';

const out = new Uint32Array(1024);

function columns(text: string, salt = 0, bits = 20): number[] {
  const count = gramsOf(text, 0, text.length, salt, { ...wholeGrams, bits }, out);
  return [...out.subarray(0, count)];
}

test('grams know where a text begins and ends, and of which part it is', () => {
  // ^ab$ has 4 grams of one, 3 of two, 2 of three, 1 of four characters.
  expect(columns('ab')).toHaveLength(10);
  expect(columns('')).toHaveLength(3);
  expect(new Set(columns('abc'))).toEqual(new Set(columns('abc')));
  const shared = columns('ab').filter((column) => columns('ab', 1).includes(column));
  expect(shared).toEqual([]);
  expect(Math.max(...columns('www.example.com', 0, 8))).toBeLessThan(256);
  expect(tokenOf('com', 0, 3, 1, 20)).not.toBe(tokenOf('com', 0, 3, 2, 20));
  expect(tokenOf('x.com', 2, 5, 1, 20)).toBe(tokenOf('com', 0, 3, 1, 20));
});

test('more grams than there is room for are left out, not written past the end', () => {
  const few = new Uint32Array(5);
  expect(gramsOf('abcdefgh', 0, 8, 0, wholeGrams, few)).toBe(5);
});

test('hashing spreads', () => {
  const seen = new Set<number>();
  let grams = 0;
  for (let i = 0; i < 26 ** 3; i++) {
    const text = [i % 26, Math.floor(i / 26) % 26, Math.floor(i / 676)]
      .map((n) => String.fromCharCode(97 + n))
      .join('');
    seen.add(tokenOf(text, 0, 3, 0, 20));
    grams++;
  }
  // Of 17,576 drawn from 2^20 about 147 would meet another by chance.
  expect(grams - seen.size).toBeLessThan(250);
});

/** Words of vowels and consonants in turn are 0, others 1. */
function words(count: number, seed: number): { rows: SparseRows; labels: Uint8Array } {
  const draw = seeded(seed);
  const rows = new SparseRows(1);
  const labels = new Uint8Array(count);
  const one = (letters: string) => letters[Math.floor(draw() * letters.length)]!;
  for (let i = 0; i < count; i++) {
    labels[i] = i % 3 === 0 ? 1 : 0;
    let text = '';
    for (let k = 0; k < 8; k++)
      text += labels[i] === 1 ? one('aeioubcdfgklmnprst') : one(k % 2 === 0 ? 'bcdfgklmnprst' : 'aeiou');
    rows.push(out, gramsOf(text, 0, text.length, 0, wholeGrams, out));
  }
  return { rows, labels };
}

test('logistic regression tells words from letters, and the same seed gives the same bytes', () => {
  const { rows, labels } = words(3000, 1);
  const train = Uint32Array.from({ length: 2000 }, (_, i) => i);
  const model = trainLogistic(rows, labels, train, { seed: 3 });
  const scores = Float64Array.from({ length: 1000 }, (_, i) => logisticScore(model, rows, 2000 + i));
  expect(auc({ scores, labels: labels.subarray(2000) })).toBeGreaterThan(0.98);
  const again = trainLogistic(rows, labels, train, { seed: 3 });
  expect(Buffer.from(again.weights.buffer).equals(Buffer.from(model.weights.buffer))).toBe(true);
  expect(again.bias).toBe(model.bias);
  const other = trainLogistic(rows, labels, train, { seed: 4 });
  expect(Buffer.from(other.weights.buffer).equals(Buffer.from(model.weights.buffer))).toBe(false);
});

test('a row without columns scores the bias', () => {
  const rows = new SparseRows();
  rows.push(out, 0);
  expect(logisticScore({ weights: new Float32Array(8), bias: -1.5 }, rows, 0)).toBe(-1.5);
});

test('what costs nothing teaches nothing', () => {
  const { rows, labels } = words(500, 2);
  const all = Uint32Array.from({ length: 500 }, (_, i) => i);
  const model = trainLogistic(rows, labels, all, {}, new Float32Array(500));
  expect(model.weights.every((weight) => Math.abs(weight) < 1e-6)).toBe(true);
});
