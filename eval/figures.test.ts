import { expect, it } from 'vitest';
import { figuresOf, missedOf } from './figures.ts';
import { rounded } from './labelled.ts';
import { macroMean } from './macro.ts';

/** `bad` rows above `good` ones, but for the `wrong` best good ones, which lead. */
function sample(bad: number, good: number, wrong = 0) {
  const scores = Float64Array.from({ length: bad + good }, (_, n) =>
    n < bad ? 1_000_000 - n : n < bad + wrong ? 2_000_000 - n : -n,
  );
  const labels = Uint8Array.from({ length: bad + good }, (_, n) => (n < bad ? 1 : 0));
  return { scored: { scores, labels }, groups: Uint32Array.from(labels.keys()) };
}

it('prints no rate that fewer than thirty false positives would set', () => {
  const few = sample(600, 2_999);
  const enough = sample(600, 3_000);
  expect(figuresOf(few.scored, few.groups)).toMatchObject({
    ...{ auc: 1, tpr_at_1pct: null, tpr_at_1pct_low: null, tpr_at_1pct_high: null, precision_at_500: 1 },
  });
  // A bootstrap that draws other names has as many good ones only half the time: its interval is refused, and with it the figure.
  expect(figuresOf(enough.scored, enough.groups).tpr_at_1pct).toBeNull();
  const more = sample(600, 3_300);
  expect(figuresOf(more.scored, more.groups)).toMatchObject({ tpr_at_1pct: 1, tpr_at_1pct_low: 1 });
});

it('prints no precision among more names than there are', () => {
  const { scored, groups } = sample(100, 399);
  expect(figuresOf(scored, groups).precision_at_500).toBeNull();
});

it('counts what a ranking gets wrong, under its own key, with an interval around it', () => {
  const { scored, groups } = sample(1_000, 4_000, 50);
  const told = figuresOf(scored, groups, 'names_');
  // Fifty of 4,000 good names lead: each stands above all bad ones.
  expect(told.names_auc).toBeCloseTo(1 - 50 / 4_000, 4);
  // Forty false positives are one in a hundred: the threshold lies among the fifty, and finds nothing.
  expect(told.names_tpr_at_1pct).toBe(0);
  expect(told.names_precision_at_500).toBe(0.9);
  expect(told.names_auc_low!).toBeLessThan(told.names_auc!);
  expect(told.names_auc_high!).toBeGreaterThan(told.names_auc!);
});

it('holds figures against their bars: at the bar is met, beyond it or unsupported is missed', () => {
  const bars = { auc: { least: 0.92 }, ece: { most: 0.015 }, tpr: { least: 0.3 }, framed: { most: 0 } };
  expect(missedOf({ auc: 0.92, ece: 0.015, tpr: 0.3, framed: 0 }, bars)).toEqual([]);
  expect(missedOf({ auc: 0.9199, ece: 0.0151, tpr: null, framed: 1 }, bars)).toEqual([
    ...['auc', 'ece', 'tpr', 'framed'],
  ]);
  expect(missedOf({ auc: 1 }, bars)).toEqual(['ece', 'tpr', 'framed']);
});

it('means of families count each alike, and of none there is none', () => {
  expect(macroMean([0.5, 1, 0.75])!.value).toBeCloseTo(0.75, 12);
  expect(macroMean([])).toBeNull();
  const { low, high } = macroMean([0.2, 0.9, 0.6, 0.7])!;
  expect(low).toBeLessThan(0.6);
  expect(high).toBeGreaterThan(0.6);
});

it('rounds what there is, and leaves what there is not', () => {
  expect(rounded(0.123456)).toBe(0.1235);
  expect(rounded(null)).toBeNull();
  expect(rounded(undefined)).toBeNull();
});
