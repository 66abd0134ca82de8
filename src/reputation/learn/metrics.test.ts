import { expect, test } from 'vitest';
import { seeded } from '../../kit/seeded.ts';
import { bootstrap, groupNumbers } from './bootstrap.ts';
import { calibrated, fitIsotonic } from './isotonic.ts';
import { auc, brier, ece, eceOfRight, precisionAt, tprAtFpr } from './metrics.ts';

const of = (scores: number[], labels: number[]) => ({
  scores: Float64Array.from(scores),
  labels: Uint8Array.from(labels),
});

test('the area under the curve counts pairs, ties half', () => {
  expect(auc(of([1, 2, 3, 4], [0, 0, 1, 1]))).toBe(1);
  expect(auc(of([4, 3, 2, 1], [0, 0, 1, 1]))).toBe(0);
  expect(auc(of([1, 1, 1], [0, 1, 1]))).toBe(0.5);
  expect(auc(of([1, 2, 2, 3], [0, 1, 0, 1]))).toBe(0.875);
  expect(auc(of([1, 2], [1, 1]))).toBeNull();
  expect(auc({ ...of([1, 2, 3], [1, 0, 1]), counts: Uint32Array.of(0, 5, 1) })).toBe(1);
});

test('a rate that the sample cannot support is refused', () => {
  const labels = [...Array(2999).fill(0), 1];
  const scores = labels.map((_, i) => i);
  expect(tprAtFpr(of(scores, labels), 0.01)).toBeNull();
  expect(tprAtFpr(of(scores, labels), 0.01, undefined, 29)).toBe(1);
  expect(tprAtFpr(of([...scores, 0.5], [...labels, 0]), 0.01)).toBe(1);
  expect(tprAtFpr(of([1, 2], [0, 0]), 1)).toBeNull();
});

test('a tie at the threshold is either wholly in or wholly out', () => {
  const labels = [...Array(100).fill(0), 1, 1];
  const scores = [
    ...Array(100)
      .fill(0)
      .map((_, i) => i),
    98,
    99.5,
  ];
  expect(tprAtFpr(of(scores, labels), 0.3)).toBe(1);
  const tied = [...Array(60).fill(1), ...Array(40).fill(2), 2, 3];
  expect(tprAtFpr(of(tied, labels), 0.3)).toBe(0.5);
});

test('precision at k', () => {
  expect(precisionAt(of([5, 4, 3, 2], [1, 0, 1, 1]), 2)).toBe(0.5);
  expect(precisionAt(of([5, 4], [1, 0]), 3)).toBeNull();
  expect(precisionAt({ ...of([5, 4], [1, 0]), counts: Uint32Array.of(2, 2) }, 3)).toBeCloseTo(2 / 3, 12);
});

test('calibration: Brier and ECE', () => {
  expect(brier(of([0, 1], [0, 1]))).toBe(0);
  expect(brier(of([0.5, 0.5], [0, 1]))).toBe(0.25);
  expect(ece(of([0.25, 0.25, 0.25, 0.25], [0, 0, 0, 1]))).toBe(0);
  expect(ece(of([1, 1], [0, 1]))).toBe(0.5);
  expect(ece(of([], []))).toBeNull();
});

test('pooled violators rise, and nothing is certain', () => {
  const fit = fitIsotonic(Float64Array.of(3, 1, 2, 5, 4, 4), Uint8Array.of(0, 0, 1, 1, 1, 1));
  for (let i = 1; i < fit.probabilities.length; i++) {
    expect(fit.probabilities[i]!).toBeGreaterThan(fit.probabilities[i - 1]!);
    expect(fit.scores[i]!).toBeGreaterThan(fit.scores[i - 1]!);
  }
  expect(calibrated(fit, -1e9)).toBe(fit.probabilities[0]);
  expect(calibrated(fit, 1e9)).toBe(fit.probabilities.at(-1));
  expect(calibrated(fit, -Infinity)).toBeGreaterThan(0);
  expect(calibrated(fit, Infinity)).toBeLessThan(1);
  expect(calibrated(fit, Number.NaN)).toBeNaN();
  const one = fitIsotonic(Float64Array.of(2), Uint8Array.of(1));
  expect(calibrated(one, 0)).toBe(calibrated(one, 9));
  expect(() => fitIsotonic(new Float64Array(0), new Uint8Array(0))).toThrow();
  expect(() => fitIsotonic(Float64Array.of(Number.NaN), Uint8Array.of(1))).toThrow();
});

test('a calibration learnt on one half is right on the other', () => {
  const draw = seeded(3);
  const sample = (rows: number) => {
    const scores = Float64Array.from({ length: rows }, () => draw() * 6 - 3);
    return {
      scores,
      labels: Uint8Array.from(scores, (score) => (draw() < 1 / (1 + Math.exp(-2 * score)) ? 1 : 0)),
    };
  };
  const learnt = sample(20_000);
  const fit = fitIsotonic(learnt.scores, learnt.labels);
  const held = sample(20_000);
  const stated = (f: (score: number) => number) => ({ scores: held.scores.map(f), labels: held.labels });
  expect(ece(stated((score) => calibrated(fit, score)))!).toBeLessThan(0.012);
  expect(ece(stated((score) => 1 / (1 + Math.exp(-score))))!).toBeGreaterThan(0.05);
});

test('an interval by groups is wider than one by rows, holds the value, and comes out the same again', () => {
  const draw = seeded(4);
  const names: string[] = [];
  const scores: number[] = [];
  const labels: number[] = [];
  for (let group = 0; group < 60; group++) {
    const shift = draw();
    for (let i = 0; i < 20; i++) {
      names.push(`g${group}`);
      labels.push(group % 2);
      scores.push(shift + 0.4 * (group % 2) + 0.01 * draw());
    }
  }
  const scored = of(scores, labels);
  const byGroup = bootstrap(scored, groupNumbers(names), auc)!;
  const byRow = bootstrap(
    scored,
    Uint32Array.from(scores, (_, i) => i),
    auc,
  )!;
  expect(byGroup.low).toBeLessThan(byGroup.value);
  expect(byGroup.high).toBeGreaterThan(byGroup.value);
  expect(byGroup.high - byGroup.low).toBeGreaterThan(2 * (byRow.high - byRow.low));
  expect(bootstrap(scored, groupNumbers(names), auc)).toEqual(byGroup);
  expect(bootstrap(scored, groupNumbers(names), (s, order) => tprAtFpr(s, 0.001, order))).toBeNull();
});

test('says what calibration error chance alone makes', () => {
  // One bin: the mean of |X - n p| / n for a binomial X, which is near sqrt(2 / pi) * sqrt(p (1 - p) / n).
  const found = eceOfRight(new Float64Array(2_500).fill(0.5), seeded(3), undefined, 400)!;
  expect(found).toBeGreaterThan(0.9 * 0.00798);
  expect(found).toBeLessThan(1.1 * 0.00798);
  expect(eceOfRight(new Float64Array(0), seeded(3))).toBeNull();
  // Four rows of one luck each: twice the error.
  const fours = Uint32Array.from({ length: 2_500 }, (_, n) => n >> 2);
  const grouped = eceOfRight(new Float64Array(2_500).fill(0.5), seeded(3), fours, 400)!;
  expect(grouped).toBeGreaterThan(0.9 * 2 * 0.00798);
  expect(grouped).toBeLessThan(1.1 * 2 * 0.00798);
});
