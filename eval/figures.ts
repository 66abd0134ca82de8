import { bootstrap } from '../src/reputation/learn/bootstrap.ts';
import { auc, precisionAt, type Scored, tprAtFpr } from '../src/reputation/learn/metrics.ts';
import { rounded } from './labelled.ts';

/**
 * What a ranking is worth: AUC, the rate at 1 % false positives, precision among the first 500, each with its 95 % interval by group.
 * Null is what the sample cannot support.
 */
export function figuresOf(scored: Scored, groups: Uint32Array, prefix = ''): Record<string, number | null> {
  const figures = {
    auc,
    tpr_at_1pct: (one: Scored, order?: Uint32Array) => tprAtFpr(one, 0.01, order),
    precision_at_500: (one: Scored, order?: Uint32Array) => precisionAt(one, 500, order),
  };
  const metrics: Record<string, number | null> = {};
  for (const [name, figure] of Object.entries(figures)) {
    const interval = bootstrap(scored, groups, figure);
    metrics[prefix + name] = rounded(interval?.value);
    metrics[`${prefix}${name}_low`] = rounded(interval?.low);
    metrics[`${prefix}${name}_high`] = rounded(interval?.high);
  }
  return metrics;
}

/** What a figure is held against. */
export type Bars = Record<string, { least: number } | { most: number }>;

/** The figures that miss their bar, or that the sample could not support: neither counts as met. */
export function missedOf(metrics: Readonly<Record<string, number | null>>, bars: Bars): string[] {
  return Object.entries(bars)
    .filter(([key, bar]) => {
      const value = metrics[key] ?? null;
      return value === null || ('least' in bar ? value < bar.least : value > bar.most);
    })
    .map(([key]) => key);
}
