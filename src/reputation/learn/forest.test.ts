import { expect, test } from 'vitest';
import { seeded } from '../../kit/seeded.ts';
import { binLimit } from './bins.ts';
import { type Forest, forestScore, leaf } from './forest.ts';
import { sigmoid } from './logistic.ts';
import { auc } from './metrics.ts';
import type { Table } from './table.ts';
import { trainForest, trainForests } from './train-forest.ts';
import { explainForest } from './tree-shap.ts';

/** Rows whose label follows x0 and the sign of x1·x2; a tenth of x0 is missing, more often where the label is 1. */
function made(rows: number, width: number, seed: number): { table: Table; labels: Uint8Array } {
  const draw = seeded(seed);
  const values = new Float32Array(rows * width);
  const labels = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    const at = row * width;
    for (let i = 0; i < width; i++) values[at + i] = draw() * 2 - 1;
    const logit = 3 * values[at]! + (values[at + 1]! * values[at + 2]! > 0 ? 2 : -2);
    labels[row] = draw() < sigmoid(logit) ? 1 : 0;
    if (draw() < 0.1 + 0.2 * labels[row]!) values[at] = Number.NaN;
    values[at + width - 1] = 7;
  }
  return { table: { width, values }, labels };
}

function scores(forest: Forest, { width, values }: Table): Float64Array {
  return Float64Array.from({ length: values.length / width }, (_, row) =>
    forestScore(forest, values, row * width),
  );
}

test('a forest learns what no single feature tells, and the same seed gives the same bytes', () => {
  const { table, labels } = made(4000, 6, 1);
  const options = { trees: 60, rowShare: 0.7, featureShare: 0.8, seed: 5 };
  const forest = trainForest(table, labels, options);
  const other = made(4000, 6, 2);
  expect(auc({ scores: scores(forest, other.table), labels: other.labels })).toBeGreaterThan(0.88);
  expect(trainForest(table, labels, options)).toEqual(forest);
  expect(trainForest(table, labels, { ...options, seed: 6 }).threshold).not.toEqual(forest.threshold);
  expect([...forest.feature]).not.toContain(5);
});

test('forests taught together are those that are taught one by one', () => {
  const { table, labels } = made(1000, 5, 4);
  const options = { trees: 10, rowShare: 0.6, featureShare: 0.6, bins: 16, seed: 3 };
  expect(trainForests(table, labels, options, 2)).toEqual([
    trainForest(table, labels, options),
    trainForest(table, labels, { ...options, seed: 4 }),
  ]);
});

test('a monotone feature never turns', () => {
  const { table, labels } = made(3000, 4, 3);
  const free = trainForest(table, labels, { trees: 40, shrinkage: 0.3 });
  const bound = trainForest(table, labels, { trees: 40, shrinkage: 0.3, monotone: Int8Array.of(1, 0, 0, 0) });
  const turns = (forest: Forest) => {
    const draw = seeded(9);
    let count = 0;
    const row = new Float32Array(4);
    for (let i = 0; i < 200; i++) {
      for (let f = 1; f < 4; f++) row[f] = draw() * 2 - 1;
      let before = -Infinity;
      for (let x = -1; x <= 1; x += 0.02) {
        row[0] = x;
        const score = forestScore(forest, row);
        if (score < before - 1e-12) count++;
        before = score;
      }
    }
    return count;
  };
  expect(turns(free)).toBeGreaterThan(0);
  expect(turns(bound)).toBe(0);
  const falling = trainForest(table, labels, { trees: 5, monotone: Int8Array.of(-1, 0, 0, 0) });
  const row = (x: number) => forestScore(falling, Float32Array.of(x, 0.1, 0.1, 7));
  expect(row(0.9)).toBeLessThanOrEqual(row(-0.9));
});

test('leaves, depth and child weight are kept', () => {
  const { table, labels } = made(2000, 5, 4);
  const { feature, left, roots, cover } = trainForest(table, labels, {
    ...{ trees: 3, leaves: 9, depth: 3, minChildWeight: 20, shrinkage: 1e-9, rowShare: 1 },
  });
  const walk = (node: number): { leaves: number; depth: number; least: number } => {
    if (feature[node] === leaf) return { leaves: 1, depth: 0, least: cover[node]! };
    const [a, b] = [walk(left[node]!), walk(left[node]! + 1)];
    expect(cover[left[node]!]! + cover[left[node]! + 1]!).toBe(cover[node]);
    return {
      leaves: a.leaves + b.leaves,
      depth: 1 + Math.max(a.depth, b.depth),
      least: Math.min(a.least, b.least),
    };
  };
  for (const root of roots) {
    const tree = walk(root);
    expect(tree.depth).toBeLessThanOrEqual(3);
    expect(tree.leaves).toBeLessThanOrEqual(8);
    // Each row weighs a quarter at most.
    expect(tree.least).toBeGreaterThanOrEqual(80);
  }
});

test('tables without rows, without spread, or with nothing but missing values', () => {
  const empty = trainForest({ width: 2, values: new Float32Array(0) }, new Uint8Array(0), { trees: 2 });
  expect(forestScore(empty, Float32Array.of(1, 2))).toBe(0);
  const blank = new Float32Array(200).fill(Number.NaN);
  const labels = Uint8Array.from({ length: 100 }, (_, i) => i % 2);
  const forest = trainForest({ width: 2, values: blank }, labels, { trees: 2 });
  expect(Math.abs(forestScore(forest, Float32Array.of(1, 2)))).toBeLessThan(0.05);
  const infinite = Float32Array.from({ length: 100 }, (_, i) => (i % 2 === 1 ? Infinity : -Infinity));
  const apart = trainForest({ width: 1, values: infinite }, labels, { trees: 20, minChildWeight: 0.1 });
  expect(forestScore(apart, Float32Array.of(Infinity))).toBeGreaterThan(1);
  expect(forestScore(apart, Float32Array.of(-Infinity))).toBeLessThan(-1);
});

test('more different values than bins are cut by rank', () => {
  const rows = 5000;
  const values = Float32Array.from({ length: rows }, (_, i) => 1.01 ** (i / 10));
  const labels = Uint8Array.from(values, (_, i) => (i >= 2500 ? 1 : 0));
  const forest = trainForest({ width: 1, values }, labels, { trees: 1, leaves: 2, shrinkage: 1 });
  expect(Math.abs(forest.threshold[0]! / values[2500]! - 1)).toBeLessThan(0.05 + 1 / binLimit);
});

/** Shapley values by their definition: over all subsets of features, unknown ones averaged along the tree. */
function shapleyBySubsets(forest: Forest, row: Float32Array): Float64Array {
  const { width } = forest;
  const known = (node: number, subset: number): number => {
    const asked = forest.feature[node]!;
    if (asked === leaf) return forest.value[node]!;
    const left = forest.left[node]!;
    if (subset & (1 << asked)) {
      const x = row[asked]!;
      const goes = Number.isNaN(x) ? forest.missingLeft[node] === 1 : x <= forest.threshold[node]!;
      return known(goes ? left : left + 1, subset);
    }
    const share = forest.cover[left]! / forest.cover[node]!;
    return share * known(left, subset) + (1 - share) * known(left + 1, subset);
  };
  const value = (subset: number) => [...forest.roots].reduce((sum, root) => sum + known(root, subset), 0);
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  const out = new Float64Array(width);
  for (let f = 0; f < width; f++)
    for (let subset = 0; subset < 1 << width; subset++) {
      if (subset & (1 << f)) continue;
      const size = subset.toString(2).replaceAll('0', '').length;
      const weight = (factorial(size) * factorial(width - size - 1)) / factorial(width);
      out[f]! += weight * (value(subset | (1 << f)) - value(subset));
    }
  return out;
}

test('TreeSHAP is the Shapley value by its definition, and sums to the logit', () => {
  const { table, labels } = made(1500, 5, 7);
  const forest = trainForest(table, labels, { trees: 8, depth: 6, leaves: 20, minChildWeight: 1 });
  const out = new Float64Array(5);
  const row = new Float32Array(5);
  const draw = seeded(11);
  for (let i = 0; i < 40; i++) {
    for (let f = 0; f < 5; f++) row[f] = draw() < 0.15 ? Number.NaN : draw() * 2.4 - 1.2;
    const base = explainForest(forest, row, out);
    const expected = shapleyBySubsets(forest, row);
    for (let f = 0; f < 5; f++) expect(Math.abs(out[f]! - expected[f]!)).toBeLessThan(1e-9);
    const sum = out.reduce((a, b) => a + b, base);
    expect(Math.abs(sum - forestScore(forest, row))).toBeLessThan(1e-9);
  }
});

test('deep trees that ask the same feature again and again sum to the logit too', () => {
  const { table, labels } = made(3000, 3, 8);
  const forest = trainForest(table, labels, {
    trees: 30,
    depth: 20,
    leaves: 200,
    minChildWeight: 0.01,
    l2: 0.1,
  });
  const out = new Float64Array(3);
  for (let row = 0; row < 100; row++) {
    const base = explainForest(forest, table.values, out, row * 3);
    const sum = out.reduce((a, b) => a + b, base);
    expect(Math.abs(sum - forestScore(forest, table.values, row * 3))).toBeLessThan(1e-9);
  }
});

test('trees of few and of many features are explained one after another, each row as if it were the first', () => {
  const grown = (depth: number, seed: number) => {
    const { table, labels } = made(1500, 8, seed);
    return trainForest(table, labels, { trees: 4, depth, leaves: 40, minChildWeight: 0.1, seed });
  };
  const forest = joined([grown(8, 1), grown(2, 2), grown(7, 3), grown(1, 4)]);
  const draw = seeded(12);
  const rows = Array.from({ length: 10 }, () => Float32Array.from({ length: 8 }, () => draw() * 2 - 1));
  const explained = (one: Forest, row: Float32Array) => {
    const out = new Float64Array(8);
    const base = explainForest(one, row, out);
    return { base, out };
  };
  for (const row of rows) {
    const { base, out } = explained(forest, row);
    expect(explained({ ...forest }, row)).toEqual({ base, out });
    const expected = shapleyBySubsets(forest, row);
    for (let f = 0; f < 8; f++) expect(Math.abs(out[f]! - expected[f]!)).toBeLessThan(1e-9);
    expect(Math.abs(out.reduce((a, b) => a + b, base) - forestScore(forest, row))).toBeLessThan(1e-9);
  }
});

/** The trees of several forests as those of one. */
function joined(forests: readonly Forest[]): Forest {
  const starts: number[] = [];
  let nodes = 0;
  for (const { feature } of forests) {
    starts.push(nodes);
    nodes += feature.length;
  }
  const all = (of: (forest: Forest, start: number) => number[]) =>
    forests.flatMap((forest, n) => of(forest, starts[n]!));
  return {
    width: forests[0]!.width,
    base: forests.reduce((sum, { base }) => sum + base, 0),
    roots: Uint32Array.from(all(({ roots }, start) => Array.from(roots, (root) => root + start))),
    feature: Uint16Array.from(all(({ feature }) => [...feature])),
    threshold: Float32Array.from(all(({ threshold }) => [...threshold])),
    left: Uint32Array.from(all(({ left }, start) => Array.from(left, (one) => one + start))),
    missingLeft: Uint8Array.from(all(({ missingLeft }) => [...missingLeft])),
    value: Float32Array.from(all(({ value }) => [...value])),
    cover: Float32Array.from(all(({ cover }) => [...cover])),
  };
}
