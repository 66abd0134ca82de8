import { ownedDomain, registeredDomain } from '../../model/registered-domain.ts';
import { carriers } from '../graph/aggregate.ts';
import type { Forest } from '../learn/forest.ts';
import { explainForest } from '../learn/tree-shap.ts';
import { nameFeatures, saysOf } from '../names/features.ts';
import { graphFeatures, graphWidth } from './graph-features.ts';
import { featuresOf, judge, probabilityOf, type Ranker, type Rows, widthOf } from './ranker.ts';

/** What a domain is held to be. */
export const classes = ['Malicious', 'Suspicious', 'Abused', 'Benign', 'Unknown'] as const;
export type Class = (typeof classes)[number];

/** Why: a sentence, and the points of the score that it makes up. */
export interface Reason {
  says: string;
  points: number;
}

export interface DomainScore {
  name: string;
  /** 0 (good) to 100 (bad): the calibrated probability in percent. */
  score: number;
  class: Class;
  /** How far the probability is from not knowing, 0 to 1. */
  confidence: number;
  /** Points before anything is known; with all reasons' they sum to the score. */
  base: number;
  reasons: Reason[];
}

/** From which probability on a name is bad, may be bad, and is good. */
const sure = { malicious: 0.95, suspicious: 0.7, benign: 0.15 };
/** Reasons that are told one by one; the rest is summed up. */
const told = 8;

const graphSays: Record<string, string> = {
  'belief from bad': 'what it is joined to was seen with bad names',
  'bad names under the domain': 'other names of its domain are known to be bad',
  'addresses, up to three': 'how many addresses it has',
  addresses: 'how many addresses it has',
  'belief from good': 'what it is joined to was seen with good names',
  'share of belief': 'what it is joined to was seen with bad and with good names',
  'belief from bad, thinned': 'what it is joined to was seen with bad names',
};
const carrierSays: Record<(typeof carriers)[number], string> = {
  ip: 'other domains on its addresses',
  net: 'other domains in the networks of its addresses',
  asn: 'other domains of those who run its networks',
  ns: 'other domains with its name servers',
  certificate: 'other domains with its certificate',
  similar: 'names that look like it',
};

/** How a probability reads as a class. Under a suffix where strangers let to strangers, the name is abused, and its apex is not to blame. */
export function classOf(name: string, probability: number, evidence: boolean): Class {
  if (probability <= sure.benign) return 'Benign';
  if (probability < sure.suspicious) return 'Unknown';
  const owned = ownedDomain(name);
  if (owned !== null && owned !== registeredDomain(name)) return 'Abused';
  return probability >= sure.malicious && evidence ? 'Malicious' : 'Suspicious';
}

/**
 * Shares of a logit as points of a score: each in proportion, so that with `base` they sum to `score`. The largest are told, the others
 * summed up in one.
 */
export function pointsOf(
  base: number,
  score: number,
  shares: readonly { says: string; share: number }[],
): Reason[] {
  const all = shares.reduce((sum, { share }) => sum + share, 0);
  const unit = Math.abs(all) < 1e-9 ? 0 : (score - base) / all;
  const bySentence = new Map<string, number>();
  for (const { says, share } of shares) bySentence.set(says, (bySentence.get(says) ?? 0) + share);
  const ranked = [...bySentence]
    .map(([says, share]) => ({ says, points: share * unit }))
    .sort((a, b) => Math.abs(b.points) - Math.abs(a.points) || (a.says < b.says ? -1 : 1));
  const rest = ranked.slice(told).reduce((sum, { points }) => sum + points, 0);
  const listed = ranked.slice(0, told);
  if (ranked.length > told) listed.push({ says: 'all else', points: rest });
  return listed;
}

/**
 * What each feature adds to the logit of a row of features that begins at `at`, on the mean of the forests, by exact Shapley values of their
 * trees: into `shares` from there on. Gives the logit before any feature is known.
 */
export function explainRow(
  forests: readonly Forest[],
  features: Float32Array,
  shares: Float64Array,
  at = 0,
): number {
  const { width } = forests[0]!;
  const one = new Float64Array(width);
  let start = 0;
  shares.fill(0, at, at + width);
  for (const forest of forests) {
    start += explainForest(forest, features, one, at) / forests.length;
    for (let n = 0; n < width; n++) shares[at + n]! += one[n]! / forests.length;
  }
  return start;
}

/** Scores a row of names that the ranker was not taught with, with reasons by exact Shapley values of its trees. */
export function scoreRow(ranker: Ranker, rows: Rows, row: number): DomainScore {
  const features = new Float32Array(widthOf(rows));
  featuresOf(ranker, rows, row, features);
  const shares = new Float64Array(features.length);
  const start = explainRow(ranker.forests, features, shares);
  return scoreBy(ranker, rows, row, features, { start, shares });
}

/** As `scoreRow`, where a row's features are known and what each of them adds. */
export function scoreBy(
  ranker: Ranker,
  rows: Rows,
  row: number,
  features: Float32Array,
  { start, shares }: { start: number; shares: Float64Array },
): DomainScore {
  const { probability, gated } = judge(ranker, rows, row, features);
  const name = rows.table.parts[row]!.name;
  const base = 100 * probabilityOf(ranker, start);
  const score = 100 * probability;
  // On shared hosts alone only its letters count.
  if (gated) shares.fill(0, 0, graphWidth);
  const reasons = pointsOf(
    base,
    score,
    Array.from(shares, (share, n) => ({ says: saysOfFeature(n, features, rows), share })),
  );
  // What is known of its carriers, not of its name.
  const evidence = shares.subarray(0, graphWidth).reduce((sum, share) => sum + share, 0) > 0.5;
  return {
    ...{ name, score, base, reasons },
    class: classOf(name, probability, evidence),
    confidence: Math.abs(2 * probability - 1),
  };
}

function saysOfFeature(n: number, features: Float32Array, { table, extra }: Rows): string {
  if (n < graphWidth) {
    const key = graphFeatures[n]!;
    const carrier = carriers.find((one) => key.startsWith(`${one}: `));
    return carrier ? carrierSays[carrier] : (graphSays[key] ?? key);
  }
  const own = n - graphWidth;
  if (own < table.width) {
    const none = { own: null, found: null, part: null, mixedScript: false, idn: false };
    return saysOf(nameFeatures[own]!, features[n]!, none);
  }
  if (own === table.width)
    return `its name alone reads like that of a ${features[n]! > 0 ? 'bad' : 'good'} one`;
  return extra ? `what the data brings (${own - table.width} of ${extra.width})` : '';
}
