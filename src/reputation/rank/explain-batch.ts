import type { Forest } from '../learn/forest.ts';
import { explainRow } from './score.ts';

/** What the features of rows add to their logits, row after row; the logit before any is known, `NaN` of a row that cannot be explained. */
export interface Explained {
  shares: Float64Array<ArrayBuffer>;
  starts: Float64Array<ArrayBuffer>;
  /** Why the first row that cannot be explained cannot be. */
  problem: string | null;
}

/** Explains rows of features that follow each other. */
export function explainBatch(forests: readonly Forest[], features: Float32Array): Explained {
  const { width } = forests[0]!;
  const count = features.length / width;
  const shares = new Float64Array(features.length);
  const starts = new Float64Array(count).fill(Number.NaN);
  let problem: string | null = null;
  for (let n = 0; n < count; n++)
    try {
      starts[n] = explainRow(forests, features, shares, n * width);
    } catch (cause) {
      problem ??= String(cause);
    }
  return { shares, starts, problem };
}
