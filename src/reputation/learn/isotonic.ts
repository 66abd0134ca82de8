/**
 * A rising step function from scores to probabilities: up to and with `scores[i]` it says `probabilities[i]`. Below the first score it
 * says the first, above the last the last: what lies outside of what was seen is never more certain than what was seen.
 */
export interface Isotonic {
  scores: Float64Array;
  probabilities: Float64Array;
}

/** Steps that a calibration may hold when it is read from a file. */
export const isotonicLimit = 65_536;

/**
 * Isotonic regression by pooling adjacent violators (Ayer et al. 1955). Equal scores are one point. Each end is drawn in by one made-up
 * row of the other label, so that no probability is 0 or 1 (Platt 1999, section 2.2, does the same for his sigmoid).
 * `costs` weighs rows (1 where absent). At least one row is needed.
 */
export function fitIsotonic(scores: Float64Array, labels: Uint8Array, costs?: Float32Array): Isotonic {
  if (scores.length === 0 || scores.length !== labels.length)
    throw new RangeError('a calibration needs as many labels as scores, and one at least');
  const order = Uint32Array.from(scores, (_, i) => i).sort((a, b) => scores[a]! - scores[b]! || a - b);
  const ends: number[] = [];
  const yes: number[] = [];
  const all: number[] = [];
  order.forEach((row, i) => {
    const score = scores[row]!;
    if (Number.isNaN(score)) throw new RangeError('a score that is no number cannot be calibrated');
    const cost = costs ? costs[row]! : 1;
    if (i === 0 || score !== ends.at(-1)) {
      ends.push(score);
      yes.push(0);
      all.push(0);
    }
    yes[yes.length - 1]! += cost * labels[row]!;
    all[all.length - 1]! += cost;
  });
  all[0]! += 1;
  yes[0]! += 1;
  all[all.length - 1]! += 1;
  // Blocks that have been pooled stand in the first `blocks` places.
  let blocks = 0;
  for (let i = 0; i < ends.length; i++) {
    ends[blocks] = ends[i]!;
    yes[blocks] = yes[i]!;
    all[blocks] = all[i]!;
    blocks++;
    while (blocks > 1 && yes[blocks - 2]! * all[blocks - 1]! >= yes[blocks - 1]! * all[blocks - 2]!) {
      yes[blocks - 2]! += yes[blocks - 1]!;
      all[blocks - 2]! += all[blocks - 1]!;
      ends[blocks - 2] = ends[blocks - 1]!;
      blocks--;
    }
  }
  return {
    scores: Float64Array.from(ends.slice(0, blocks)),
    probabilities: Float64Array.from(yes.slice(0, blocks), (sum, i) => sum / all[i]!),
  };
}

/** The probability of a score; of NaN, NaN. */
export function calibrated({ scores, probabilities }: Isotonic, score: number): number {
  if (Number.isNaN(score)) return Number.NaN;
  let low = 0;
  let high = scores.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (score <= scores[middle]!) high = middle;
    else low = middle + 1;
  }
  return probabilities[low]!;
}
