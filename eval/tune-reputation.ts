import { seeded } from '../src/kit/seeded.ts';
import { auc, precisionAt, type Scored, tprAtFpr } from '../src/reputation/learn/metrics.ts';
import { type GraphShape, shapeOf } from '../src/reputation/rank/graph-features.ts';
import { featuresOf, judge, moved, type Ranker, type Rows, widthOf } from '../src/reputation/rank/ranker.ts';
import { type Teaching, teaching, trainRanker } from '../src/reputation/rank/teach.ts';
import { buyNeighbours, hostsOf } from './attacks.ts';
import type { Eval } from './eval.ts';
import { rounded } from './labelled.ts';
import { type DatedEdge, readMdns } from './mdns.ts';
import { folderOf } from './reputation.ts';

const folds = [0, 1, 2, 3];
/** Scored names of an inner split are about 4,500, and good ones too few for a rate at 1 %. */
const rate = 0.02;

/** What is compared: one thing changed at a time. */
const settings: Record<string, Teaching> = {
  chosen: teaching,
  bins_255: { ...teaching, trees: { ...teaching.trees, bins: 255 } },
  undirected: { ...teaching, directed: false },
  unrehearsed: { ...teaching, rehearsals: [] },
  shallow: { ...teaching, trees: { ...teaching.trees, depth: 4, leaves: 8 } },
};

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
      // By outer fold and row: the score, as it is and under attack.
      const clean = folds.map(() => new Map<number, number>());
      const attacked = folds.map(() => new Map<number, number>());
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
        const put = (into: Map<number, number>[], by: Ranker, among: Rows) =>
          scored(by, among, test).forEach((logit, n) => {
            const outer = others.find((one) => one !== fold[test[n]!])!;
            into[outer]!.set(test[n]!, logit);
          });
        put(clean, ranker, rows);
        const after: GraphShape = shapeOf(bought.graph);
        put(attacked, moved(ranker, after, bought.rows), bought.rows);
        say(`${name}: learnt from folds ${a} and ${b}`);
      }
      const mean = (figure: (one: Scored) => number | null, all = clean) =>
        all.reduce((sum, one) => sum + (figure(sampleOf(one, labels)) ?? Number.NaN), 0) / all.length;
      metrics[`${name}_auc`] = rounded(mean(auc));
      metrics[`${name}_tpr_at_2pct`] = rounded(mean((one) => tprAtFpr(one, rate)));
      metrics[`${name}_precision_at_500`] = rounded(mean((one) => precisionAt(one, 500)));
      metrics[`${name}_auc_loss_10_benign`] = rounded(mean(auc) - mean(auc, attacked));
      say(`${name}: AUC ${metrics[`${name}_auc`]}, precision at 500 ${metrics[`${name}_precision_at_500`]}`);
    }
    return { metrics, params: { rate }, input: null };
  },
};

/** Each two of a list. */
export function pairsOf(list: readonly number[]): [number, number][] {
  return list.flatMap((a, n) => list.slice(n + 1).map((b): [number, number] => [a, b]));
}

function scored(ranker: Ranker, rows: Rows, some: readonly number[]): number[] {
  const features = new Float32Array(widthOf(rows));
  return some.map((row) => {
    featuresOf(ranker, rows, row, features);
    return judge(ranker, rows, row, features).logit;
  });
}

function sampleOf(scores: ReadonlyMap<number, number>, labels: Int8Array): Scored {
  return {
    scores: Float64Array.from(scores.values()),
    labels: Uint8Array.from(scores.keys(), (row) => (labels[row]! > 0 ? 1 : 0)),
  };
}
