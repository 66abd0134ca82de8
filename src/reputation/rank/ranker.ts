import type { Labels } from '../graph/aggregate.ts';
import { trainForest } from '../learn/boosting.ts';
import type { BoostingOptions } from '../learn/boosting-options.ts';
import { type Forest, forestScore } from '../learn/forest.ts';
import { calibrated, fitIsotonic, type Isotonic } from '../learn/isotonic.ts';
import type { Table } from '../learn/table.ts';
import { hashFold } from '../names/hash-fold.ts';
import type { NameTable } from '../names/name-table.ts';
import { nameTraining, scoreNames, type TrainedNames, trainNames } from '../names/train.ts';
import { GraphFeatures, type GraphShape, graphWidth } from './graph-features.ts';

/** Parts that labelled names are cut into by registered domain, so that nothing is learnt from a row's own label. */
const parts = 5;
/** Forests whose mean is the score. */
const votes = 5;

/** Found on inner splits of training data alone. */
const trees: Partial<BoostingOptions> = {
  ...{
    trees: 300,
    depth: 4,
    leaves: 8,
    shrinkage: 0.05,
    rowShare: 0.6,
    featureShare: 0.3,
    minChildWeight: 8,
  },
};

/** Names to be ranked: a row each. */
export interface Rows {
  table: NameTable;
  /** By row: its node in the graph. */
  nodes: Uint32Array;
  /** By row: the registered domain that it belongs to. */
  groups: readonly string[];
  /** More features by row, where the data brings some. */
  extra?: { width: number; values: Float32Array };
}

/** What was learnt of names and their place in the graph. */
export interface Ranker {
  names: TrainedNames;
  forests: Forest[];
  calibration: Isotonic;
  /** The share of bad among what it was taught with. */
  base: number;
  /** By row: what a name alone says. */
  lexical: Float32Array;
  /** Labels by node, as it was taught with. */
  labels: Labels;
  features: GraphFeatures;
  /** How likely a name is bad that nothing but its letters is to be believed of. */
  nameCalibration: Isotonic;
}

/** Features of a row: the graph's, the name's own, the name's logit, and what the data brings. */
export function widthOf({ table, extra }: Rows): number {
  return graphWidth + table.width + 1 + (extra?.width ?? 0);
}

/**
 * Teaches a ranker with the rows whose label is 1 (bad) or -1 (good). Each row is learnt from with features for which the labels of
 * its part were hidden, as they will be for names that nobody knows yet.
 */
export function trainRanker(
  shape: GraphShape,
  rows: Rows,
  labels: Int8Array,
  say = (_: string) => {},
): Ranker {
  const { table } = rows;
  const known = Uint32Array.from(labels.keys()).filter((row) => labels[row] !== 0);
  const bad = Uint8Array.from(labels, (label) => (label > 0 ? 1 : 0));
  const part = rows.groups.map((group) => hashFold(group, parts));
  const lexical = new Float32Array(table.length);
  const width = widthOf(rows);
  const values = new Float32Array(known.length * width);
  const place = new Map(Array.from(known, (row, n) => [row, n]));
  const base = known.reduce((sum, row) => sum + bad[row]!, 0) / known.length;

  say('what names alone say');
  const hidden = (row: number) => hashFold(`inner ${rows.groups[row]}`, nameTraining.folds);
  const names = trainNames(table, bad, known, hidden);
  const others = Uint32Array.from(labels.keys()).filter((row) => labels[row] === 0);
  put(lexical, others, scoreNames(names, table, others));
  for (let one = 0; one < parts; one++) {
    const held = known.filter((row) => part[row] === one);
    const model = trainNames(
      table,
      bad,
      known.filter((row) => part[row] !== one),
      hidden,
    );
    put(lexical, held, scoreNames(model, table, held));
    for (const row of held) writeName(rows, lexical, row, values, place.get(row)! * width);
  }

  say('what the graph says');
  for (let one = 0; one < parts; one++) {
    const seeds = known.filter((row) => part[row] !== one);
    const features = new GraphFeatures(
      shape,
      byNode(shape, rows, labels, seeds),
      byNodeOf(shape, rows, lexical),
      base,
    );
    for (const row of known)
      if (part[row] === one) features.write(rows.nodes[row]!, values, place.get(row)! * width);
  }

  say('what both together say');
  const own = Uint8Array.from(known, (row) => bad[row]!);
  const forests = forestsOf({ width, values }, own);
  const calibration = calibrate(known, part, { width, values }, own);
  const all = byNode(shape, rows, labels, known);
  const nameCalibration = fitIsotonic(
    Float64Array.from(known, (row) => lexical[row]!),
    own,
  );
  return {
    ...{ names, forests, calibration, nameCalibration, base, lexical, labels: all },
    features: new GraphFeatures(shape, all, byNodeOf(shape, rows, lexical), base),
  };
}

function forestsOf(table: Table, labels: Uint8Array): Forest[] {
  return Array.from({ length: votes }, (_, seed) => trainForest(table, labels, { ...trees, seed: seed + 1 }));
}

/** Each part scored by forests taught with the others, and how often those scores came true. */
function calibrate(
  known: Uint32Array,
  part: readonly number[],
  { width, values }: { width: number; values: Float32Array },
  own: Uint8Array,
): Isotonic {
  const scores = new Float64Array(known.length);
  for (let one = 0; one < parts; one++) {
    const inside = Uint32Array.from(known.keys()).filter((n) => part[known[n]!] !== one);
    const table = new Float32Array(inside.length * width);
    inside.forEach((n, at) => {
      table.set(values.subarray(n * width, (n + 1) * width), at * width);
    });
    const some = Uint8Array.from(inside, (n) => own[n]!);
    const forests = forestsOf({ width, values: table }, some);
    for (let n = 0; n < known.length; n++)
      if (part[known[n]!] === one) scores[n] = logitOf({ forests }, values, n * width);
  }
  return fitIsotonic(scores, own);
}

/** The features of a row that the ranker was not taught with. */
export function featuresOf(ranker: Ranker, rows: Rows, row: number, out: Float32Array, at = 0): void {
  ranker.features.write(rows.nodes[row]!, out, at);
  rows.table.putNgrams(ranker.names.ngrams, row);
  writeName(rows, ranker.lexical, row, out, at);
}

export function logitOf({ forests }: Pick<Ranker, 'forests'>, features: Float32Array, at = 0): number {
  return forests.reduce((sum, forest) => sum + forestScore(forest, features, at), 0) / forests.length;
}

/** Up to here a score comes by what can be bought: neighbours. Beyond it, the name itself must read like a bad one as well. */
export const boughtLimit = 0.94;

/**
 * How likely a row is bad, and the logit that it is ranked by. Where a name is on shared hosts alone, only its letters count. Neighbours
 * alone never bring a name over the threshold: anybody can point bad names at somebody's address.
 */
export function judge(ranker: Ranker, rows: Rows, row: number, features: Float32Array, at = 0) {
  const lexical = ranker.lexical[row]!;
  const byName = calibrated(ranker.nameCalibration, lexical);
  if (ranker.features.shared(rows.nodes[row]!)) return { logit: lexical, probability: byName, gated: true };
  const logit = logitOf(ranker, features, at);
  const probability = probabilityOf(ranker, logit);
  const capped = byName < 0.5 ? Math.min(probability, boughtLimit) : probability;
  return { logit, probability: capped, gated: false };
}

/** The same ranker over a graph that has changed: what is known of names stays. */
export function moved(ranker: Ranker, shape: GraphShape, rows: Rows): Ranker {
  const features = new GraphFeatures(
    shape,
    ranker.labels,
    byNodeOf(shape, rows, ranker.lexical),
    ranker.base,
  );
  return { ...ranker, features };
}

/** How likely a row is bad, calibrated on the mix that the ranker was taught with. */
export function probabilityOf({ calibration }: Ranker, logit: number): number {
  return calibrated(calibration, logit);
}

function writeName(
  { table, extra }: Rows,
  lexical: Float32Array,
  row: number,
  out: Float32Array,
  at: number,
) {
  out.set(table.values.subarray(row * table.width, (row + 1) * table.width), at + graphWidth);
  out[at + graphWidth + table.width] = lexical[row]!;
  if (extra)
    out.set(
      extra.values.subarray(row * extra.width, (row + 1) * extra.width),
      at + graphWidth + table.width + 1,
    );
}

function put(into: Float32Array, rows: Uint32Array, values: Float64Array): void {
  rows.forEach((row, n) => {
    into[row] = values[n]!;
  });
}

function byNode(
  { graph, owners }: GraphShape,
  { nodes }: Rows,
  labels: Int8Array,
  seeds: Uint32Array,
): Labels {
  const all = new Int8Array(graph.nodes.size);
  for (const row of seeds) {
    const node = nodes[row]!;
    all[node] = labels[row]!;
    // A domain is bad as soon as one of its names is.
    const owner = owners[node]!;
    if (owner !== node && all[owner]! <= 0) all[owner] = labels[row]!;
  }
  return all;
}

function byNodeOf({ graph }: GraphShape, { nodes }: Rows, values: Float32Array): Float32Array {
  const all = new Float32Array(graph.nodes.size);
  nodes.forEach((node, row) => {
    all[node] = values[row]!;
  });
  return all;
}
