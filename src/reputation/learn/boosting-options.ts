import { binLimit } from './bins.ts';

export interface BoostingOptions {
  trees: number;
  /** Levels below the root. */
  depth: number;
  leaves: number;
  /** What each tree's vote counts. */
  shrinkage: number;
  /** Shares of the rows, and of the features, that each tree sees. */
  rowShare: number;
  featureShare: number;
  /** Least sum of hessians on each side of a split. */
  minChildWeight: number;
  minGain: number;
  l2: number;
  bins: number;
  /** By feature: 1 rising, -1 falling, 0 free; absent means all free. */
  monotone?: Int8Array;
  seed: number;
}

export const boostingDefaults: BoostingOptions = {
  ...{ trees: 200, depth: 6, leaves: 31, shrinkage: 0.1, rowShare: 0.8, featureShare: 1 },
  ...{ minChildWeight: 5, minGain: 1e-6, l2: 1, bins: binLimit, seed: 1 },
};
