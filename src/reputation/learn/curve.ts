import type { Isotonic } from './isotonic.ts';
import { sigmoid } from './logistic.ts';

/** Terms of the curve: 1, x, x² and x³. */
const terms = 4;
/** Steps that stand for it, and rounds of Newton's method at most. */
const steps = 500;
const rounds = 50;
/** How strongly terms are drawn to 0, so that a few rows that a threshold parts perfectly still give a curve. */
const ridge = 1e-3;

/**
 * A calibration by a logistic curve of the third degree (Platt 1999 with two more terms: scores of trees bend at both ends), as steps
 * between the lowest and the highest score. Where the curve falls it is held level. Targets are drawn in as Platt's are, so that no
 * probability is 0 or 1. Four numbers instead of a step for each few rows: it follows chance less than isotonic regression does. At least one
 * row is needed.
 */
export function fitCurve(scores: Float64Array, labels: Uint8Array): Isotonic {
  if (scores.length === 0 || scores.length !== labels.length)
    throw new RangeError('a calibration needs as many labels as scores, and one at least');
  if (scores.some(Number.isNaN)) throw new RangeError('a score that is no number cannot be calibrated');
  const low = scores.reduce((least, score) => Math.min(least, score));
  const high = scores.reduce((most, score) => Math.max(most, score));
  const middle = (low + high) / 2;
  const half = (high - low) / 2 || 1;
  const powers = (score: number): number[] => {
    const x = (score - middle) / half;
    return [1, x, x * x, x * x * x];
  };
  const bad = labels.reduce((sum, label) => sum + label, 0);
  const targets = [1 / (labels.length - bad + 2), (bad + 1) / (bad + 2)];
  const weights = newton(
    Array.from(scores, powers),
    Float64Array.from(labels, (label) => targets[label]!),
  );
  const count = high > low ? steps : 1;
  const curve: Isotonic = { scores: new Float64Array(count), probabilities: new Float64Array(count) };
  let most = 0;
  for (let n = 0; n < count; n++) {
    const at = (share: number) => low + ((high - low) * share) / count;
    curve.scores[n] = at(n + 1);
    most = Math.max(most, sigmoid(dot(weights, powers(at(n + 0.5)))));
    curve.probabilities[n] = most;
  }
  return curve;
}

/** Weights of the least log-loss, by Newton's method; a step that makes it worse is halved. */
function newton(rows: readonly number[][], targets: Float64Array): number[] {
  const lossOf = (weights: readonly number[]) =>
    rows.reduce(
      (sum, row, n) => {
        const logit = dot(weights, row);
        return sum + Math.log1p(Math.exp(-Math.abs(logit))) + Math.max(0, logit) - targets[n]! * logit;
      },
      (ridge / 2) * dot(weights, weights),
    );
  let weights: number[] = new Array(terms).fill(0);
  let loss = lossOf(weights);
  for (let round = 0; round < rounds; round++) {
    const gradient = weights.map((weight) => ridge * weight);
    const hessian = weights.map((_, i) => weights.map((_, j) => (i === j ? ridge : 0)));
    rows.forEach((row, n) => {
      const p = sigmoid(dot(weights, row));
      for (let i = 0; i < terms; i++) {
        gradient[i]! += (p - targets[n]!) * row[i]!;
        for (let j = 0; j < terms; j++) hessian[i]![j]! += p * (1 - p) * row[i]! * row[j]!;
      }
    });
    const step = solved(hessian, gradient);
    let share = 1;
    const moved = () => weights.map((weight, i) => weight - share * step[i]!);
    while (share > 1e-6 && lossOf(moved()) > loss) share /= 2;
    const next = lossOf(moved());
    if (!(next < loss - 1e-9 * rows.length)) break;
    weights = moved();
    loss = next;
  }
  return weights;
}

/** Gauss-Jordan elimination; the matrix is positive definite, so that no pivot is 0. */
function solved(matrix: readonly number[][], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  for (let i = 0; i < rows.length; i++) {
    const pivot = rows[i]!.map((value) => value / rows[i]![i]!);
    for (let k = 0; k < rows.length; k++)
      rows[k] = k === i ? pivot : rows[k]!.map((value, j) => value - rows[k]![i]! * pivot[j]!);
  }
  return rows.map((row) => row[rows.length]!);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
