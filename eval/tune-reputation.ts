import { seeded } from '../src/kit/seeded.ts';
import { auc, ece, eceOfRight, precisionAt, type Scored, tprAtFpr } from '../src/reputation/learn/metrics.ts';
import { type GraphShape, shapeOf } from '../src/reputation/rank/graph-features.ts';
import { featuresOf, judge, moved, type Ranker, type Rows, widthOf } from '../src/reputation/rank/ranker.ts';
import { type Teaching, teaching, trainRanker } from '../src/reputation/rank/teach.ts';
import { buyNeighbours, hostsOf } from './attacks.ts';
import type { Eval } from './eval.ts';
import { rounded } from './labelled.ts';
import { type DatedEdge, readMdns } from './mdns.ts';
import { folderOf } from './reputation.ts';

const folds = [0, 1, 2, 3];
/** Of what `eval reputation` scores, its precision is that of this share. */
const shareOf500 = 500 / 6_060;

/** What is compared: one thing changed at a time. */
const settings: Record<string, Teaching> = {
  chosen: teaching,
  small_trees: {
    ...teaching,
    trees: {
      ...{ trees: 150, depth: 6, leaves: 16, shrinkage: 0.1, rowShare: 0.5, featureShare: 0.3 },
      ...{ minChildWeight: 8, bins: 32 },
    },
  },
  larger_trees: {
    ...teaching,
    trees: { ...teaching.trees, trees: 30, depth: 24, leaves: 256, minChildWeight: 0.3 },
  },
  bins_64: { ...teaching, trees: { ...teaching.trees, bins: 64 } },
  undirected: { ...teaching, directed: false },
  unrehearsed: { ...teaching, rehearsals: [] },
};

/** What a ranker makes of names that it was not taught with, by row. */
interface Judged {
  logits: Map<number, number>;
  probabilities: Map<number, number>;
}

/**
 * How settings of the ranker compare inside the training folds of `eval reputation`: each outer fold is left aside, and each of the three
 * others is scored by what was learnt from the two that remain. Means over the outer folds. With `--full` all settings, else the chosen one.
 */
export const tuneReputation: Eval = {
  name: 'tune-reputation',
  summary: 'settings of the ranker on inner splits of the training folds; --data PATH of the mdns folder',
  async run({ data, full, say }) {
    const folder = folderOf(data);
    let edges: readonly DatedEdge[] = [];
    const mdns = readMdns(folder, (all) => {
      edges = all;
      return all;
    });
    const { labels, folds: fold, ids, rows } = mdns;
    const shape = shapeOf(mdns.graph);
    const named = (keep: (row: number) => boolean) => ids.filter((_, row) => keep(row));
    const metrics: Record<string, number | null> = {};
    for (const [name, options] of Object.entries(settings).slice(0, full ? undefined : 1)) {
      // By outer fold: as it is and under attack.
      const clean = folds.map(none);
      const attacked = folds.map(none);
      for (const [a, b] of pairsOf(folds)) {
        const taught = (row: number) => fold[row] === a || fold[row] === b;
        const known = labels.map((label, row) => (taught(row) ? label : 0));
        const ranker = trainRanker(shape, rows, known, () => {}, options);
        const hosts = hostsOf(edges, new Set(named((row) => known[row]! < 0)));
        const buyers = named((row) => !taught(row) && fold[row]! < folds.length && labels[row]! > 0);
        const bought = readMdns(
          folder,
          (all) => buyNeighbours(all, buyers, hosts, 10, seeded(`${a} ${b}`)),
          rows,
        );
        const test = Array.from(labels.keys()).filter(
          (row) => labels[row] !== 0 && !taught(row) && fold[row]! < folds.length,
        );
        const others = folds.filter((one) => one !== a && one !== b);
        const put = (into: Judged[], by: Ranker, among: Rows) =>
          judged(by, among, test).forEach(({ logit, probability }, n) => {
            const outer = into[others.find((one) => one !== fold[test[n]!])!]!;
            outer.logits.set(test[n]!, logit);
            outer.probabilities.set(test[n]!, probability);
          });
        put(clean, ranker, rows);
        const after: GraphShape = shapeOf(bought.graph);
        put(attacked, moved(ranker, after, bought.rows), bought.rows);
        say(`${name}: learnt from folds ${a} and ${b}`);
      }
      Object.assign(
        metrics,
        keyed(name, meansOf(clean, labels)),
        keyed(`${name}_10_benign`, meansOf(attacked, labels)),
      );
      say(JSON.stringify(keyed(name, meansOf(clean, labels))));
    }
    return { metrics, params: { share_of_500: rounded(shareOf500) }, input: null };
  },
};

/** Each two of a list. */
export function pairsOf(list: readonly number[]): [number, number][] {
  return list.flatMap((a, n) => list.slice(n + 1).map((b): [number, number] => [a, b]));
}

function none(): Judged {
  return { logits: new Map(), probabilities: new Map() };
}

function judged(ranker: Ranker, rows: Rows, some: readonly number[]) {
  const features = new Float32Array(widthOf(rows));
  return some.map((row) => {
    featuresOf(ranker, rows, row, features);
    return judge(ranker, rows, row, features);
  });
}

/**
 * Means over the outer folds. An inner split has good names too few for a rate at 1 % that could be told as a figure: it is there to
 * compare settings by.
 */
function meansOf(all: readonly Judged[], labels: Int8Array): Record<string, number> {
  const mean = (figure: (one: Judged) => number | null) =>
    all.reduce((sum, one) => sum + (figure(one) ?? Number.NaN), 0) / all.length;
  const ranked = (figure: (one: Scored) => number | null) =>
    mean(({ logits }) => figure(sampleOf(logits, labels)));
  const stated = (figure: (one: Scored) => number | null) =>
    mean(({ probabilities }) => figure(sampleOf(probabilities, labels)));
  return {
    auc: ranked(auc),
    tpr_at_1pct: ranked((one) => tprAtFpr(one, 0.01, undefined, 1)),
    tpr_at_2pct: ranked((one) => tprAtFpr(one, 0.02, undefined, 1)),
    precision_at_500: ranked((one) => precisionAt(one, Math.round(shareOf500 * one.labels.length))),
    ece: stated(ece),
    ece_of_right: stated(({ scores }) => eceOfRight(scores, seeded(1))),
  };
}

function keyed(name: string, figures: Record<string, number>): Record<string, number | null> {
  return Object.fromEntries(
    Object.entries(figures).map(([key, value]) => [`${name}_${key}`, rounded(value)]),
  );
}

function sampleOf(scores: ReadonlyMap<number, number>, labels: Int8Array): Scored {
  return {
    scores: Float64Array.from(scores.values()),
    labels: Uint8Array.from(scores.keys(), (row) => (labels[row]! > 0 ? 1 : 0)),
  };
}
