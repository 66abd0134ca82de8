import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { seeded } from '../src/kit/seeded.ts';
import { auc } from '../src/reputation/learn/metrics.ts';
import { shapeOf } from '../src/reputation/rank/graph-features.ts';
import {
  featuresOf,
  judge,
  moved,
  type Ranker,
  type Rows,
  trainRanker,
  widthOf,
} from '../src/reputation/rank/ranker.ts';
import type { Eval } from './eval.ts';
import { rounded } from './labelled.ts';
import { type DatedEdge, type Labelled, readMdns } from './mdns.ts';
import { folderOf } from './reputation.ts';

const folds = 4;
/** Benign addresses that each bad domain buys, victims that are framed in each fold, and bad names that are pointed at one. */
const bought = 10;
const victims = 100;
const framers = 30;
const threshold = 0.95;
/** Attacks begin after what is known: a day later than all edges of the data. */
const later = 20_001;

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
    const clean = readMdns(folder);
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
      const hosts = benignHosts(folder, clean, known);
      const altered = (change: (edges: DatedEdge[]) => DatedEdge[]) => readMdns(folder, change, clean.rows);
      put(
        logits.bought,
        altered((edges) => [
          ...edges,
          ...bad.flatMap((row) =>
            Array.from({ length: bought }, () => ({
              ...{ name: ids[row]!, day: later },
              ip: hosts[Math.floor(draw() * hosts.length)]!,
            })),
          ),
        ]),
      );
      const moving = new Set(bad.map((row) => ids[row]!));
      const shared = hosts.at(-1)!;
      put(
        logits.shared,
        altered((edges) => [
          ...edges.filter(({ name }) => !moving.has(name)),
          ...[...moving].map((name) => ({ name, ip: shared, day: later })),
        ]),
      );
      const good = test.filter((row) => labels[row]! < 0);
      const chosen = good.filter((_, n) => n % Math.ceil(good.length / victims) === 0);
      const villains = Array.from(known.keys()).filter((row) => known[row]! > 0);
      const before = score(clean, chosen);
      const after = score(
        altered((edges) => {
          const home = new Map(edges.map(({ name, ip }) => [name, ip]));
          return [
            ...edges,
            ...chosen.flatMap((row): DatedEdge[] => {
              const ip = home.get(ids[row]!);
              if (ip === undefined) return [];
              return Array.from({ length: framers }, () => ({
                ...{ ip, day: later },
                name: ids[villains[Math.floor(draw() * villains.length)]!]!,
              }));
            }),
          ];
        }),
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
    return {
      metrics: {
        auc: rounded(area(logits.clean)),
        auc_10_benign: rounded(area(logits.bought)),
        auc_loss_10_benign: rounded(area(logits.clean) - area(logits.bought)),
        shared_move_auc: rounded(area(logits.shared)),
        names_only_auc: rounded(area(logits.names)),
        framed_crossings: crossings,
        framed,
        framed_over_before: crossedBefore,
        seconds: rounded((performance.now() - began) / 1_000, 1),
      },
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

/** Addresses of names that are known to be good, the most crowded last. */
function benignHosts(folder: string, { ids, rows }: Labelled, known: Int8Array): string[] {
  const good = new Set(ids.filter((_, row) => known[row]! < 0));
  const counts = new Map<string, number>();
  readMdns(
    folder,
    (edges) => {
      for (const { name, ip } of edges) if (good.has(name)) counts.set(ip, (counts.get(ip) ?? 0) + 1);
      return edges;
    },
    rows,
  );
  return [...counts].sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1)).map(([ip]) => ip);
}
