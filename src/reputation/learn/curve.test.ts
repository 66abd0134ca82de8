import { expect, it } from 'vitest';
import { seeded } from '../../kit/seeded.ts';
import { fitCurve } from './curve.ts';
import { decodeIsotonic, encodeIsotonic } from './encode.ts';
import { calibrated, fitIsotonic, type Isotonic } from './isotonic.ts';
import { sigmoid } from './logistic.ts';

/** Scores that say too much at the ends, as those of trees do, and labels drawn by what is true of them. */
function drawn(count: number, seed: number) {
  const draw = seeded(seed);
  const scores = Float64Array.from({ length: count }, () => 8 * draw() - 4);
  return { scores, labels: Uint8Array.from(scores, (score) => (draw() < truth(score) ? 1 : 0)) };
}
const truth = (score: number) => sigmoid(2 * Math.tanh(score / 2) - 0.5);

function offOf(curve: Isotonic): number {
  let sum = 0;
  for (let n = 0; n < 200; n++) {
    const score = -4 + (8 * (n + 0.5)) / 200;
    sum += Math.abs(calibrated(curve, score) - truth(score)) / 200;
  }
  return sum;
}

it('comes closer to a truth that bends at both ends than isotonic regression does', () => {
  const mean = (calibrate: typeof fitCurve) => {
    const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
    return seeds.reduce((sum, seed) => {
      const { scores, labels } = drawn(1_000, seed);
      return sum + offOf(calibrate(scores, labels)) / seeds.length;
    }, 0);
  };
  expect(mean(fitCurve)).toBeLessThan(0.025);
  expect(mean(fitIsotonic)).toBeGreaterThan(1.2 * mean(fitCurve));
});

it('rises, is never certain, and is read back from a file', () => {
  for (const [count, seed] of [
    [2_000, 1],
    [40, 2],
    [3, 3],
  ] as const) {
    const { scores, labels } = drawn(count, seed);
    for (const some of [labels, labels.map(() => 1), labels.map(() => 0), labels.map((one) => 1 - one)]) {
      const curve = fitCurve(scores, some);
      expect(decodeIsotonic(encodeIsotonic(curve))).toEqual(curve);
      for (const score of [-1e9, -4, 0, 4, 1e9]) {
        expect(calibrated(curve, score)).toBeGreaterThan(0);
        expect(calibrated(curve, score)).toBeLessThan(1);
      }
    }
  }
});

it('gives a curve where a threshold parts all rows, and where all scores are one', () => {
  const scores = Float64Array.from({ length: 60 }, (_, n) => n);
  const curve = fitCurve(
    scores,
    Uint8Array.from(scores, (score) => (score < 30 ? 0 : 1)),
  );
  expect(calibrated(curve, 5)).toBeLessThan(0.1);
  expect(calibrated(curve, 55)).toBeGreaterThan(0.9);
  expect(calibrated(curve, 55)).toBeLessThan(1);
  const flat = fitCurve(Float64Array.of(2, 2, 2, 2), Uint8Array.of(0, 1, 1, 1));
  expect(flat.scores).toHaveLength(1);
  expect(calibrated(flat, 0)).toBeCloseTo(0.7, 1);
});

it('refuses what is no sample', () => {
  expect(() => fitCurve(new Float64Array(), new Uint8Array())).toThrow(RangeError);
  expect(() => fitCurve(Float64Array.of(Number.NaN), Uint8Array.of(1))).toThrow(RangeError);
});
