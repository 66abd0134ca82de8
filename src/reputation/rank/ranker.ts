import type { Labels } from '../graph/aggregate.ts';
import { type Forest, forestScore } from '../learn/forest.ts';
import { calibrated, type Isotonic } from '../learn/isotonic.ts';
import type { NameTable } from '../names/name-table.ts';
import type { TrainedNames } from '../names/train.ts';
import { GraphFeatures, type GraphShape, graphDirections, graphWidth } from './graph-features.ts';

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

/** What was learnt, whatever graph it is used in. */
export interface Learned {
  names: TrainedNames;
  /** Their mean is the score. */
  forests: Forest[];
  calibration: Isotonic;
  /** How likely a name is bad that nothing but its letters is to be believed of. */
  nameCalibration: Isotonic;
  /** The share of bad among what it was taught with. */
  base: number;
}

/** What was learnt of names, and their place in a graph. */
export interface Ranker extends Learned {
  /** By row: what a name alone says. */
  lexical: Float32Array;
  /** Labels by node, as far as they are known. */
  labels: Labels;
  features: GraphFeatures;
}

/** Features of a row: the graph's, the name's own, the name's logit, and what the data brings. */
export function widthOf({ table, extra }: Rows): number {
  return graphWidth + table.width + 1 + (extra?.width ?? 0);
}

/** By feature: 1 where more of it never lowers a score, -1 where it never raises one, 0 where it may do either. */
export function directionsOf(rows: Rows): Int8Array {
  const directions = new Int8Array(widthOf(rows));
  directions.set(graphDirections);
  // What its letters say: by the n-grams alone, and by all that names tell.
  directions[graphWidth] = 1;
  directions[graphWidth + rows.table.width] = 1;
  return directions;
}

/** What was learnt, in a graph with some labels (by row: 1 bad, -1 good, 0 not told); `lexical` is what each name alone says. */
export function placed(
  learned: Learned,
  shape: GraphShape,
  rows: Rows,
  labels: Int8Array,
  lexical: Float32Array,
): Ranker {
  const known = Uint32Array.from(labels.keys()).filter((row) => labels[row] !== 0);
  const byNode = labelsByNode(shape, rows, labels, known);
  const features = new GraphFeatures(shape, byNode, valuesByNode(shape, rows, lexical), learned.base);
  return { ...learned, lexical, labels: byNode, features };
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
    valuesByNode(shape, rows, ranker.lexical),
    ranker.base,
  );
  return { ...ranker, features };
}

/** How likely a row is bad, calibrated on the mix that the ranker was taught with. */
export function probabilityOf({ calibration }: Ranker, logit: number): number {
  return calibrated(calibration, logit);
}

/** Writes what is known of a name without the graph. Its n-gram sums stand in the table. */
export function writeName(
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

/** Labels by node, of some rows alone. */
export function labelsByNode(
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

/** Values of rows by node; 0 for what is no row. */
export function valuesByNode({ graph }: GraphShape, { nodes }: Rows, values: Float32Array): Float32Array {
  const all = new Float32Array(graph.nodes.size);
  nodes.forEach((node, row) => {
    all[node] = values[row]!;
  });
  return all;
}
