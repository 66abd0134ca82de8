import { seeded } from '../../kit/seeded.ts';
import type { SparseRows } from './sparse-rows.ts';

export interface LogisticOptions {
  /** Bits of a column number, as the rows were hashed. */
  bits: number;
  epochs: number;
  rate: number;
  /** Pulls each weight that is touched towards nought. */
  l2: number;
  seed: number;
}

export const logisticDefaults: LogisticOptions = { bits: 20, epochs: 4, rate: 0.1, l2: 1e-6, seed: 1 };

/** A linear model over hashed columns: the logit is `bias` plus the row's weights over the root of their number. */
export interface Logistic {
  weights: Float32Array;
  bias: number;
}

/**
 * Logistic regression by AdaGrad (Duchi, Hazan and Singer 2011), one row at a time in an order drawn from the seed: the same rows, in
 * the same order, with the same seed give the same bytes. `rows` names which rows to learn from, `labels` holds 0 or 1 for each row
 * of the matrix, `costs` what a mistake on it costs (1 where absent).
 */
export function trainLogistic(
  matrix: SparseRows,
  labels: Uint8Array,
  rows: Uint32Array,
  options: Partial<LogisticOptions> = {},
  costs?: Float32Array,
): Logistic {
  const { bits, epochs, rate, l2, seed } = { ...logisticDefaults, ...options };
  // Weight and sum of squares side by side: one cache line where two would be fetched.
  const state = new Float32Array(2 ** (bits + 1));
  for (let i = 1; i < state.length; i += 2) state[i] = 1e-2;
  let bias = 0;
  let biasSquares = 1e-2;
  const order = rows.slice();
  const draw = seeded(seed);
  const { columns } = matrix;
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor(draw() * (i + 1));
      const kept = order[i]!;
      order[i] = order[j]!;
      order[j] = kept;
    }
    for (let i = 0; i < order.length; i++) {
      const row = order[i]!;
      const start = matrix.start(row);
      const end = matrix.end(row);
      const scale = end > start ? 1 / Math.sqrt(end - start) : 0;
      let sum = 0;
      for (let k = start; k < end; k++) sum += state[2 * columns[k]!]!;
      const error = (sigmoid(bias + sum * scale) - labels[row]!) * (costs ? costs[row]! : 1);
      biasSquares += error * error;
      bias -= (rate * error) / Math.sqrt(biasSquares);
      const shared = error * scale;
      for (let k = start; k < end; k++) {
        const at = 2 * columns[k]!;
        const weight = state[at]!;
        const slope = shared + l2 * weight;
        const square = state[at + 1]! + slope * slope;
        state[at + 1] = square;
        state[at] = weight - (rate * slope) / Math.sqrt(square);
      }
    }
  }
  return { weights: Float32Array.from({ length: 2 ** bits }, (_, i) => state[2 * i]!), bias };
}

/** The logit of one row. */
export function logisticScore({ weights, bias }: Logistic, matrix: SparseRows, row: number): number {
  return columnsScore(weights, bias, 1, matrix.columns, matrix.start(row), matrix.end(row));
}

/** The logit of the columns from `start` to before `end`; weights may be bytes, each worth `unit`. */
export function columnsScore(
  weights: Float32Array | Int8Array,
  bias: number,
  unit: number,
  columns: Uint32Array,
  start: number,
  end: number,
): number {
  if (end <= start) return bias;
  let sum = 0;
  for (let k = start; k < end; k++) sum += weights[columns[k]!]!;
  return bias + (sum * unit) / Math.sqrt(end - start);
}

export function sigmoid(logit: number): number {
  return logit >= 0 ? 1 / (1 + Math.exp(-logit)) : 1 - 1 / (1 + Math.exp(logit));
}

export function logitOf(probability: number): number {
  return Math.log(probability / (1 - probability));
}
