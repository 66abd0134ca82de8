import type { BoostingOptions } from '../learn/boosting-options.ts';
import { type Forest, forestScore } from '../learn/forest.ts';
import { fitIsotonic, type Isotonic } from '../learn/isotonic.ts';
import { type Logistic, type LogisticOptions, trainLogistic } from '../learn/logistic.ts';
import { trainForest } from '../learn/train-forest.ts';
import type { NameTable } from './name-table.ts';

export interface NameTraining {
  /** Parts that the rows are cut into, so that no tree sees an n-gram score of a row that the n-grams were taught with. */
  folds: number;
  ngrams: Omit<LogisticOptions, 'bits'>;
  trees: Partial<BoostingOptions>;
}

/** Found on inner splits of training data alone. */
export const nameTraining: NameTraining = {
  folds: 3,
  ngrams: { epochs: 3, rate: 0.4, l2: 1e-5, seed: 1 },
  trees: {
    ...{ trees: 150, depth: 6, leaves: 31, shrinkage: 0.1, rowShare: 0.5, featureShare: 0.5 },
    ...{ minChildWeight: 20, seed: 1 },
  },
};

export interface TrainedNames {
  ngrams: Logistic;
  forest: Forest;
}

/** The part that each row belongs to: rows of one group (a registered domain, a family) are never parted. */
export type FoldOf = (row: number) => number;

/**
 * Teaches n-grams, then trees over their sums and the other features. The trees see n-gram sums of models that were not taught with the
 * row: else they would trust them far too much. `costs` is what a mistake on each row of the table costs.
 */
export function trainNames(
  table: NameTable,
  labels: Uint8Array,
  rows: Uint32Array,
  foldOf: FoldOf,
  options: NameTraining = nameTraining,
  costs?: Float32Array,
): TrainedNames {
  const ngramOptions = { ...options.ngrams, bits: table.bits };
  crossNgrams(table, labels, rows, foldOf, options, costs);
  const own = <T extends Uint8Array | Float32Array>(values: T, out: T): T => {
    rows.forEach((row, i) => {
      out[i] = values[row]!;
    });
    return out;
  };
  const forest = trainForest(
    table.pick(rows),
    own(labels, new Uint8Array(rows.length)),
    options.trees,
    costs && own(costs, new Float32Array(rows.length)),
  );
  return { ngrams: trainLogistic(table.rows, labels, rows, ngramOptions, costs), forest };
}

/** Gives each row the n-gram sums of a model taught with the other parts. */
function crossNgrams(
  table: NameTable,
  labels: Uint8Array,
  rows: Uint32Array,
  foldOf: FoldOf,
  { folds, ngrams }: NameTraining,
  costs?: Float32Array,
): void {
  for (let fold = 0; fold < folds; fold++) {
    const others = rows.filter((row) => foldOf(row) !== fold);
    const model = trainLogistic(table.rows, labels, others, { ...ngrams, bits: table.bits }, costs);
    for (const row of rows) if (foldOf(row) === fold) table.putNgrams(model, row);
  }
}

/** Logits of rows that the model has not seen. Their n-gram features are written into the table. */
export function scoreNames(
  { ngrams, forest }: TrainedNames,
  table: NameTable,
  rows: Uint32Array,
): Float64Array {
  return Float64Array.from(rows, (row) => {
    table.putNgrams(ngrams, row);
    return forestScore(forest, table.values, row * table.width);
  });
}

/** A calibration from rows held out by part: each is scored by a model taught with the other parts. */
export function calibrateNames(
  table: NameTable,
  labels: Uint8Array,
  rows: Uint32Array,
  foldOf: FoldOf,
  options: NameTraining = nameTraining,
  costs?: Float32Array,
): { calibration: Isotonic; logits: Float64Array } {
  const logits = new Float64Array(rows.length);
  for (let fold = 0; fold < options.folds; fold++) {
    const held = rows.filter((row) => foldOf(row) === fold);
    // The parts that are left are cut anew, or the trees would have one part fewer to learn from.
    const others = rows.filter((row) => foldOf(row) !== fold);
    const renumbered: FoldOf = (row) => (foldOf(row) + options.folds - fold - 1) % options.folds;
    const trained = trainNames(
      table,
      labels,
      others,
      renumbered,
      { ...options, folds: options.folds - 1 },
      costs,
    );
    const scores = scoreNames(trained, table, held);
    const at = new Map(Array.from(held, (row, i) => [row, scores[i]!]));
    rows.forEach((row, i) => {
      if (foldOf(row) === fold) logits[i] = at.get(row)!;
    });
  }
  const own = Uint8Array.from(rows, (row) => labels[row]!);
  const weights = costs && Float32Array.from(rows, (row) => costs[row]!);
  return { calibration: fitIsotonic(logits, own, weights), logits };
}
