import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { seeded } from '../src/kit/seeded.ts';
import { typeNumber } from '../src/reputation/graph/kinds.ts';
import { groupNumbers } from '../src/reputation/learn/bootstrap.ts';
import { ece, eceOfRight, type Scored } from '../src/reputation/learn/metrics.ts';
import { graphFeatures, shapeOf } from '../src/reputation/rank/graph-features.ts';
import { featuresOf, judge, widthOf } from '../src/reputation/rank/ranker.ts';
import { trainRanker } from '../src/reputation/rank/teach.ts';
import { packageFolder } from '../src/version.ts';
import type { Eval } from './eval.ts';
import { type Bars, figuresOf, missedOf } from './figures.ts';
import { rounded } from './labelled.ts';
import { type Labelled, readMdns } from './mdns.ts';

const folds = 4;
const bars: Bars = {
  auc: { least: 0.92 },
  over_names: { least: 0.05 },
  tpr_at_1pct: { least: 0.3 },
  precision_at_500: { least: 0.97 },
  ece: { most: 0.015 },
};
const worstShare = graphFeatures.indexOf('ip: largest share of bad');

/**
 * Names of a passive DNS graph, each fold scored by what was learnt from the three others: registered domains are never in both. Beside
 * it what is cheap: names alone, belief alone, the share of bad on one's addresses, how many there are.
 */
export const reputation: Eval = {
  name: 'reputation',
  summary: 'names in a graph: disjoint by registered domain; --data PATH of the mdns folder',
  async run({ data, say }) {
    const began = performance.now();
    const folder = folderOf(data);
    const labelled = readMdns(folder);
    const scores = scoreFolds(labelled, say);
    const test = Uint32Array.from(labelled.labels.keys()).filter(
      (row) => labelled.labels[row] !== 0 && labelled.folds[row]! < folds,
    );
    const labels = Uint8Array.from(test, (row) => (labelled.labels[row]! > 0 ? 1 : 0));
    const groups = groupNumbers(Array.from(test, (row) => labelled.rows.groups[row]!));
    const metrics: Record<string, number | null> = {};
    for (const [key, all] of Object.entries(scores)) {
      const scored: Scored = { scores: Float64Array.from(test, (row) => all[row]!), labels };
      if (key === 'probability') {
        metrics.ece = rounded(ece(scored));
        metrics.ece_of_right = rounded(eceOfRight(scored.scores, seeded(1)));
        metrics.ece_of_right_by_domain = rounded(eceOfRight(scored.scores, seeded(1), groups));
        continue;
      }
      Object.assign(metrics, figuresOf(scored, groups, key === 'score' ? '' : `${key}_`));
    }
    metrics.over_names = rounded((metrics.auc ?? Number.NaN) - (metrics.names_auc ?? Number.NaN));
    metrics.seconds = rounded((performance.now() - began) / 1_000, 1);
    const hash = createHash('sha256');
    for (const name of ['names_labels.tsv.gz', 'edges.tsv.gz']) hash.update(readFileSync(join(folder, name)));
    return {
      metrics,
      missed: missedOf(metrics, bars),
      params: { folds, names: test.length, bad: labels.reduce((sum, label) => sum + label, 0) },
      input: {
        sha256: hash.digest('hex'),
        rows_in: labelled.rowsIn,
        rows_stored: labelled.rowsIn,
        rejected: 0,
      },
    };
  },
};

export function folderOf(data: string | undefined): string {
  const root = data ?? process.env.CALTROP_TEST_DATA ?? packageFolder('../shared/data');
  return existsSync(join(root, 'mdns')) ? join(root, 'mdns') : root;
}

/** By row: the score of a model that was taught without its fold, and what the cheap ways say. */
function scoreFolds({ graph, rows, labels, folds: fold }: Labelled, say: (line: string) => void) {
  const shape = shapeOf(graph);
  const length = labels.length;
  const make = () => new Float64Array(length);
  const scores = {
    score: make(),
    probability: make(),
    names: make(),
    belief: make(),
    vote: make(),
    degree: make(),
  };
  const width = widthOf(rows);
  for (let one = 0; one < folds; one++) {
    const known = labels.map((label, row) => (fold[row] === one ? 0 : label));
    const ranker = trainRanker(shape, rows, known, (line) => say(`fold ${one + 1} of ${folds}: ${line}`));
    const features = new Float32Array(width);
    for (let row = 0; row < length; row++) {
      if (fold[row] !== one) continue;
      featuresOf(ranker, rows, row, features);
      const { logit, probability } = judge(ranker, rows, row, features);
      scores.score[row] = logit;
      scores.probability[row] = probability;
      scores.names[row] = ranker.lexical[row]!;
      const node = rows.nodes[row]!;
      const { bad, good } = ranker.features.belief(node);
      scores.belief[row] = bad - good;
      graph.each(node, (_, type) => {
        if (type === typeNumber.resolves) scores.degree[row]!++;
      });
      // The share of bad at the worst of its addresses.
      scores.vote[row] = Number.isNaN(features[worstShare]!) ? 0 : features[worstShare]!;
    }
  }
  return scores;
}
