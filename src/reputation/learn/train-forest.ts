import { bin } from './bins.ts';
import { Boosting } from './boosting.ts';
import { type BoostingOptions, boostingDefaults } from './boosting-options.ts';
import type { Forest } from './forest.ts';
import type { Table } from './table.ts';

/** Most features of a table: their numbers are kept in 16 bits, and one means a leaf. */
export const featureLimit = 4_096;

/**
 * Boosted trees for a yes or no. Labels are 0 or 1, `costs` what a mistake on each row costs (1 where absent). The same table, labels and seed give the same
 * forest.
 */
export function trainForest(
  table: Table,
  labels: Uint8Array,
  options: Partial<BoostingOptions> = {},
  costs?: Float32Array,
): Forest {
  const all = { ...boostingDefaults, ...options };
  if (table.width > featureLimit)
    throw new RangeError(`at most ${featureLimit} features, not ${table.width}`);
  return new Boosting(bin(table, all.bins), labels, all, costs).run();
}

/** As `trainForest`, `count` times with one seed after another: forests whose mean is steadier than each of them. */
export function trainForests(
  table: Table,
  labels: Uint8Array,
  options: Partial<BoostingOptions>,
  count: number,
): Forest[] {
  const all = { ...boostingDefaults, ...options };
  if (table.width > featureLimit)
    throw new RangeError(`at most ${featureLimit} features, not ${table.width}`);
  const data = bin(table, all.bins);
  return Array.from({ length: count }, (_, n) =>
    new Boosting(data, labels, { ...all, seed: all.seed + n }, undefined).run(),
  );
}
