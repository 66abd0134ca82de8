import { seeded } from '../../kit/seeded.ts';
import { typeNumber } from '../graph/kinds.ts';
import type { BoostingOptions } from '../learn/boosting-options.ts';
import { fitCurve } from '../learn/curve.ts';
import type { Forest } from '../learn/forest.ts';
import { fitIsotonic } from '../learn/isotonic.ts';
import type { Scored } from '../learn/metrics.ts';
import { trainForests } from '../learn/train-forest.ts';
import { hashFold } from '../names/hash-fold.ts';
import { nameTraining, scoreNames, trainNames } from '../names/train.ts';
import { GraphFeatures, type GraphShape } from './graph-features.ts';
import {
  directionsOf,
  labelsByNode,
  logitOf,
  placed,
  type Ranker,
  type Rows,
  valuesByNode,
  widthOf,
  writeName,
} from './ranker.ts';

/** Parts that labelled names are cut into by registered domain, so that nothing is learnt from a row's own label. */
const parts = 5;
/** How a ranker is taught. */
export interface Teaching {
  /** Forests whose mean is the score. */
  votes: number;
  /** Each row is shown again with addresses bought among the good, once for each of these: one to so many. */
  rehearsals: readonly number[];
  /** Whether what is worse never lowers a score, and what is better never raises one. */
  directed: boolean;
  trees: Partial<BoostingOptions>;
}

/**
 * Found on inner splits of training data alone (`npm run eval -- tune-reputation`). Few and large trees: what is bad comes in small groups,
 * and a leaf must be able to hold one.
 */
export const teaching: Teaching = {
  votes: 5,
  rehearsals: [3, 10],
  directed: true,
  trees: {
    ...{ trees: 40, depth: 16, leaves: 128, shrinkage: 0.1, rowShare: 0.95, featureShare: 0.5 },
    ...{ minChildWeight: 1, bins: 32 },
  },
};

/** What the trees are taught with: the rows first, in their order, then those that an attacker altered. */
interface Lesson {
  width: number;
  values: Float32Array;
  labels: Uint8Array;
  monotone: Int8Array;
  /** The part that each belongs to. */
  parts: Uint8Array;
  /** How many of them are rows as they are. */
  plain: number;
}

export interface TaughtRanker extends Ranker {
  /** Each labelled row, scored by forests that were not taught with its registered domain. */
  heldOut: Scored;
}

/**
 * Teaches a ranker with the rows whose label is 1 (bad) or -1 (good). Each row is learnt from with features for which the labels of
 * its part were hidden, as they will be for names that nobody knows yet; and again as if addresses had been bought for it among good
 * neighbours, so that what can be bought is believed no further than it holds.
 */
export function trainRanker(
  shape: GraphShape,
  rows: Rows,
  labels: Int8Array,
  say = (_: string) => {},
  options: Teaching = teaching,
): TaughtRanker {
  const { rehearsals } = options;
  const { table } = rows;
  const known = Uint32Array.from(labels.keys()).filter((row) => labels[row] !== 0);
  const bad = Uint8Array.from(labels, (label) => (label > 0 ? 1 : 0));
  const part = Uint8Array.from(rows.groups, (group) => hashFold(group, parts));
  const base = known.reduce((sum, row) => sum + bad[row]!, 0) / known.length;
  const width = widthOf(rows);
  const copies = 1 + rehearsals.length;
  const lesson: Lesson = {
    width,
    values: new Float32Array(copies * known.length * width),
    labels: new Uint8Array(copies * known.length),
    monotone: options.directed ? directionsOf(rows) : new Int8Array(width),
    parts: new Uint8Array(copies * known.length),
    plain: known.length,
  };
  known.forEach((row, n) => {
    for (let copy = 0; copy < copies; copy++) {
      lesson.labels[copy * known.length + n] = bad[row]!;
      lesson.parts[copy * known.length + n] = part[row]!;
    }
  });

  say('what names alone say');
  const lexical = new Float32Array(table.length);
  const hidden = (row: number) => hashFold(`inner ${rows.groups[row]}`, nameTraining.folds);
  const names = trainNames(table, bad, known, hidden);
  const others = Uint32Array.from(labels.keys()).filter((row) => labels[row] === 0);
  put(lexical, others, scoreNames(names, table, others));
  for (let one = 0; one < parts; one++) {
    const held = known.filter((row) => part[row] === one);
    const seen = known.filter((row) => part[row] !== one);
    put(lexical, held, scoreNames(trainNames(table, bad, seen, hidden), table, held));
    known.forEach((row, n) => {
      if (part[row] === one) writeName(rows, lexical, row, lesson.values, n * width);
    });
  }

  say('what the graph says');
  for (let copy = 1; copy < copies; copy++)
    lesson.values.copyWithin(copy * known.length * width, 0, known.length * width);
  for (let one = 0; one < parts; one++) {
    const seeds = known.filter((row) => part[row] !== one);
    const features = new GraphFeatures(
      shape,
      labelsByNode(shape, rows, labels, seeds),
      valuesByNode(shape, rows, lexical),
      base,
    );
    const market = addressesOf(
      shape,
      rows,
      seeds.filter((row) => labels[row]! < 0),
    );
    const draw = seeded(`rehearsal ${one}`);
    known.forEach((row, n) => {
      if (part[row] !== one) return;
      features.write(rows.nodes[row]!, lesson.values, n * width);
      rehearsals.forEach((most, copy) => {
        const at = ((copy + 1) * known.length + n) * width;
        features.write(
          rows.nodes[row]!,
          lesson.values,
          at,
          bought(market, 1 + Math.floor(draw() * most), draw),
        );
      });
    });
  }

  say('what both together say');
  const forests = forestsOf(lesson, options, () => true);
  const heldOut = heldOutScores(lesson, options);
  const learned = {
    ...{ names, forests, base },
    calibration: fitCurve(heldOut.scores, heldOut.labels),
    nameCalibration: fitIsotonic(
      Float64Array.from(known, (row) => lexical[row]!),
      heldOut.labels,
    ),
  };
  return { ...placed(learned, shape, rows, labels, lexical), heldOut };
}

/** The addresses of some rows, each once. */
function addressesOf({ graph }: GraphShape, { nodes }: Rows, some: Uint32Array): number[] {
  const found = new Set<number>();
  for (const row of some)
    graph.each(nodes[row]!, (other, type) => {
      if (type === typeNumber.resolves) found.add(other);
    });
  return [...found];
}

function bought(market: readonly number[], count: number, draw: () => number): number[] {
  return market.length === 0
    ? []
    : Array.from({ length: count }, () => market[Math.floor(draw() * market.length)]!);
}

function forestsOf(lesson: Lesson, { votes, trees }: Teaching, keep: (n: number) => boolean): Forest[] {
  const { width, monotone } = lesson;
  const kept = Uint32Array.from(lesson.labels.keys()).filter(keep);
  const values = new Float32Array(kept.length * width);
  kept.forEach((n, at) => {
    values.set(lesson.values.subarray(n * width, (n + 1) * width), at * width);
  });
  const labels = Uint8Array.from(kept, (n) => lesson.labels[n]!);
  return trainForests({ width, values }, labels, { ...trees, monotone }, votes);
}

/** Each row as it is, scored by forests that were taught with the other parts. */
function heldOutScores(lesson: Lesson, options: Teaching): Scored {
  const { width, values, plain } = lesson;
  const scores = new Float64Array(plain);
  for (let one = 0; one < parts; one++) {
    const forests = forestsOf(lesson, options, (n) => lesson.parts[n] !== one);
    for (let n = 0; n < plain; n++)
      if (lesson.parts[n] === one) scores[n] = logitOf({ forests }, values, n * width);
  }
  return { scores, labels: lesson.labels.slice(0, plain) };
}

function put(into: Float32Array, rows: Uint32Array, values: Float64Array): void {
  rows.forEach((row, n) => {
    into[row] = values[n]!;
  });
}
