import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { seeded } from '../src/kit/seeded.ts';
import { auc } from '../src/reputation/learn/metrics.ts';
import { shapeOf } from '../src/reputation/rank/graph-features.ts';
import { featuresOf, judge, moved, type Ranker, type Rows, widthOf } from '../src/reputation/rank/ranker.ts';
import { trainRanker } from '../src/reputation/rank/teach.ts';
import { buyNeighbours, frame, hostsOf, moveTo } from './attacks.ts';
import type { Eval } from './eval.ts';
import { type Bars, missedOf } from './figures.ts';
import { rounded } from './labelled.ts';
import { type DatedEdge, type Labelled, readMdns } from './mdns.ts';
import { folderOf } from './reputation.ts';

const folds = 4;
/** Benign addresses that each bad domain buys, victims that are framed in each fold, and bad names that are pointed at one. */
const bought = 10;
const victims = 100;
const framers = 30;
const threshold = 0.95;
const bars: Bars = {
  auc_loss_10_benign: { most: 0.01 },
  shared_move_over_names: { least: 0 },
  framed_crossings: { most: 0 },
};

/**
 * What attackers can do to the graph of `eval reputation`, without the model being taught anew: bad names buy benign neighbours, move
 * to one shared host, or are pointed at the address of somebody good.
 */
export const adversarial: Eval = {
  name: 'adversarial',
  summary:
    'the same graph under attack: bought neighbours, shared hosting, framed victims; --data PATH of the mdns folder',
  async run({ data, say }) {
    const began = performance.now();
    const folder = folderOf(data);
    let resolves: readonly DatedEdge[] = [];
    const clean = readMdns(folder, (edges) => {
      resolves = edges;
      return edges;
    });
    const shape = shapeOf(clean.graph);
    const { labels, folds: fold, ids } = clean;
    const length = labels.length;
    const make = () => new Float64Array(length);
    const logits = { clean: make(), bought: make(), shared: make(), names: make() };
    let [framed, crossings, crossedBefore] = [0, 0, 0];
    for (let one = 0; one < folds; one++) {
      const known = labels.map((label, row) => (fold[row] === one ? 0 : label));
      const ranker = trainRanker(shape, clean.rows, known, (line) =>
        say(`fold ${one + 1} of ${folds}: ${line}`),
      );
      const test = Array.from(labels.keys()).filter((row) => fold[row] === one && labels[row] !== 0);
      const bad = test.filter((row) => labels[row]! > 0);
      const draw = seeded(`adversarial ${one}`);
      const score = (graph: Labelled, rows: readonly number[]) =>
        judged(moved(ranker, shapeOf(graph.graph), graph.rows), graph.rows, rows);
      const put = (into: Float64Array, graph: Labelled) =>
        score(graph, test).forEach(({ logit }, n) => {
          into[test[n]!] = logit;
        });
      put(logits.clean, clean);
      for (const row of test) logits.names[row] = ranker.lexical[row]!;
      const hosts = hostsOf(resolves, new Set(ids.filter((_, row) => known[row]! < 0)));
      const altered = (change: (edges: DatedEdge[]) => DatedEdge[]) => readMdns(folder, change, clean.rows);
      const named = (some: readonly number[]) => some.map((row) => ids[row]!);
      put(
        logits.bought,
        altered((edges) => buyNeighbours(edges, named(bad), hosts, bought, draw)),
      );
      put(
        logits.shared,
        altered((edges) => moveTo(edges, new Set(named(bad)), hosts.at(-1)!)),
      );
      const good = test.filter((row) => labels[row]! < 0);
      const chosen = good.filter((_, n) => n % Math.ceil(good.length / victims) === 0);
      const villains = named(Array.from(known.keys()).filter((row) => known[row]! > 0));
      const before = score(clean, chosen);
      const after = score(
        altered((edges) => frame(edges, named(chosen), villains, framers, draw)),
        chosen,
      );
      chosen.forEach((_, n) => {
        framed++;
        if (before[n]!.probability >= threshold) crossedBefore++;
        else if (after[n]!.probability >= threshold) crossings++;
      });
    }
    const rows = Array.from(labels.keys()).filter((row) => labels[row] !== 0 && fold[row]! < folds);
    const area = (all: Float64Array) =>
      auc({
        scores: Float64Array.from(rows, (row) => all[row]!),
        labels: Uint8Array.from(rows, (row) => (labels[row]! > 0 ? 1 : 0)),
      })!;
    const hash = createHash('sha256');
    for (const name of ['names_labels.tsv.gz', 'edges.tsv.gz']) hash.update(readFileSync(join(folder, name)));
    const metrics = {
      auc: rounded(area(logits.clean)),
      auc_10_benign: rounded(area(logits.bought)),
      auc_loss_10_benign: rounded(area(logits.clean) - area(logits.bought)),
      shared_move_auc: rounded(area(logits.shared)),
      names_only_auc: rounded(area(logits.names)),
      framed_crossings: crossings,
      framed,
      framed_over_before: crossedBefore,
      shared_move_over_names: rounded(area(logits.shared) - area(logits.names)),
      seconds: rounded((performance.now() - began) / 1_000, 1),
    };
    return {
      metrics,
      missed: missedOf(metrics, bars),
      params: { folds, bought, victims, framers, threshold },
      input: { sha256: hash.digest('hex'), rows_in: clean.rowsIn, rows_stored: clean.rowsIn, rejected: 0 },
    };
  },
};

function judged(ranker: Ranker, rows: Rows, some: readonly number[]) {
  const features = new Float32Array(widthOf(rows));
  return some.map((row) => {
    featuresOf(ranker, rows, row, features);
    return judge(ranker, rows, row, features);
  });
}
