/** Negatives that a false-positive rate needs before a figure at it means anything: so many false positives at least. */
export const falsePositivesLeast = 30;

/** What a figure is taken from: scores (higher is worse), labels of 0 or 1, and how often each row counts (1 where absent). */
export interface Scored {
  scores: Float64Array;
  labels: Uint8Array;
  counts?: Uint32Array | undefined;
}

/** Rows by falling score. A bootstrap sorts once and counts often. */
export function ranking(scores: Float64Array): Uint32Array {
  return Uint32Array.from(scores, (_, i) => i).sort((a, b) => scores[b]! - scores[a]! || a - b);
}

/** Area under the ROC curve: how often a bad row scores above a good one, ties half. Null without both kinds. */
export function auc({ scores, labels, counts }: Scored, order = ranking(scores)): number | null {
  let below = 0;
  let good = 0;
  let bad = 0;
  for (let i = 0; i < order.length; ) {
    let tiedGood = 0;
    let tiedBad = 0;
    const score = scores[order[i]!]!;
    for (; i < order.length && scores[order[i]!] === score; i++) {
      const row = order[i]!;
      const count = counts ? counts[row]! : 1;
      if (labels[row] === 1) tiedBad += count;
      else tiedGood += count;
    }
    below += tiedGood * (bad + tiedBad / 2);
    good += tiedGood;
    bad += tiedBad;
  }
  return good === 0 || bad === 0 ? null : below / (good * bad);
}

/**
 * The share of bad rows found at the lowest threshold whose false-positive rate is at most `rate`. Null (refused) with fewer than
 * `least` ÷ rate good rows: a threshold set by fewer than thirty of them is chance.
 */
export function tprAtFpr(
  { scores, labels, counts }: Scored,
  rate: number,
  order = ranking(scores),
  least = falsePositivesLeast,
): number | null {
  let good = 0;
  let bad = 0;
  for (let i = 0; i < labels.length; i++) {
    const count = counts ? counts[i]! : 1;
    if (labels[i] === 1) bad += count;
    else good += count;
  }
  if (bad === 0 || good < least / rate) return null;
  let wrong = 0;
  let found = 0;
  let best = 0;
  for (let i = 0; i < order.length; ) {
    const score = scores[order[i]!]!;
    for (; i < order.length && scores[order[i]!] === score; i++) {
      const row = order[i]!;
      const count = counts ? counts[row]! : 1;
      if (labels[row] === 1) found += count;
      else wrong += count;
    }
    if (wrong > rate * good) break;
    best = found;
  }
  return best / bad;
}

/** The share of bad rows among the `k` of highest score; ties in the order given. Null with fewer than `k` rows. */
export function precisionAt(
  { scores, labels, counts }: Scored,
  k: number,
  order = ranking(scores),
): number | null {
  let seen = 0;
  let bad = 0;
  for (let i = 0; i < order.length && seen < k; i++) {
    const row = order[i]!;
    const count = Math.min(k - seen, counts ? counts[row]! : 1);
    seen += count;
    bad += count * labels[row]!;
  }
  return seen < k ? null : bad / k;
}

/** Mean square of how far probabilities lie from labels (Brier 1950). */
export function brier({ scores: probabilities, labels, counts }: Scored): number | null {
  let sum = 0;
  let all = 0;
  for (let i = 0; i < labels.length; i++) {
    const count = counts ? counts[i]! : 1;
    sum += count * (probabilities[i]! - labels[i]!) ** 2;
    all += count;
  }
  return all === 0 ? null : sum / all;
}

/** Expected calibration error over bins of equal width: how far stated probabilities lie from what came true, by bin weight. */
export function ece({ scores: probabilities, labels, counts }: Scored, bins = 15): number | null {
  const stated = new Float64Array(bins);
  const true_ = new Float64Array(bins);
  let all = 0;
  for (let i = 0; i < labels.length; i++) {
    const count = counts ? counts[i]! : 1;
    const p = probabilities[i]!;
    const b = Math.min(bins - 1, Math.max(0, Math.floor(p * bins)));
    stated[b]! += count * p;
    true_[b]! += count * labels[i]!;
    all += count;
  }
  if (all === 0) return null;
  let sum = 0;
  for (let b = 0; b < bins; b++) sum += Math.abs(stated[b]! - true_[b]!);
  return sum / all;
}

/**
 * The calibration error that a sample of this size shows where every stated probability is right: the mean over labels drawn by them. An
 * error of about as much says nothing against a model. Rows of one of `groups` share their luck, as names of one registered domain do, which
 * nearly always are of one kind: fewer draws, and more error by chance.
 */
export function eceOfRight(
  probabilities: Float64Array,
  draw: () => number,
  groups: Uint32Array = Uint32Array.from(probabilities.keys()),
  rounds = 200,
): number | null {
  const labels = new Uint8Array(probabilities.length);
  const luck = new Float64Array(groups.reduce((most, group) => Math.max(most, group + 1), 0));
  let sum = 0;
  for (let round = 0; round < rounds; round++) {
    for (let group = 0; group < luck.length; group++) luck[group] = draw();
    for (let i = 0; i < labels.length; i++) labels[i] = luck[groups[i]!]! < probabilities[i]! ? 1 : 0;
    const error = ece({ scores: probabilities, labels });
    if (error === null) return null;
    sum += error;
  }
  return sum / rounds;
}
