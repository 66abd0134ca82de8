/** What a split may do, and what a child must weigh. */
export interface SplitRules {
  l2: number;
  minChildWeight: number;
  minGain: number;
  /** For each feature 1 (a higher value never lowers the logit), -1 (never raises it) or 0. */
  monotone: Int8Array;
}

export interface Split {
  gain: number;
  feature: number;
  /** The highest bin that goes left. */
  bin: number;
  missingLeft: boolean;
  leftGradient: number;
  leftHessian: number;
}

/** Bounds that the vote of a node must keep, so that monotone features stay so over the whole tree. */
export interface Bounds {
  low: number;
  high: number;
}

/** The vote that lowers the loss most, within its bounds (Chen and Guestrin 2016, equation 5). */
export function voteOf(gradient: number, hessian: number, l2: number, { low, high }: Bounds): number {
  return Math.min(high, Math.max(low, -gradient / (hessian + l2)));
}

/** How much the loss falls when a node votes `vote`. */
function gainOf(gradient: number, hessian: number, l2: number, vote: number): number {
  return -(gradient * vote + 0.5 * (hessian + l2) * vote * vote);
}

/**
 * The best split of a node by its histogram: for each feature 256 pairs of summed gradient and hessian, bin 0 for missing values.
 * Both directions are tried for those. Null where no split gains.
 */
export function bestSplit(
  histogram: Float64Array,
  features: readonly number[],
  binCounts: Uint16Array,
  gradient: number,
  hessian: number,
  bounds: Bounds,
  rules: SplitRules,
): Split | null {
  const { l2, minChildWeight, monotone } = rules;
  const whole = gainOf(gradient, hessian, l2, voteOf(gradient, hessian, l2, bounds));
  let best: Split | null = null;
  let bestGain = rules.minGain;
  for (const feature of features) {
    const from = feature * 512;
    const bins = binCounts[feature]!;
    const missingGradient = histogram[from]!;
    const missingHessian = histogram[from + 1]!;
    const anyMissing = missingHessian > 0;
    for (let side = 0; side < (anyMissing ? 2 : 1); side++) {
      let leftGradient = side === 1 ? missingGradient : 0;
      let leftHessian = side === 1 ? missingHessian : 0;
      // With missing values on the right, the last bin may be split off from them alone.
      const last = anyMissing && side === 0 ? bins : bins - 1;
      for (let b = 1; b <= last; b++) {
        leftGradient += histogram[from + 2 * b]!;
        leftHessian += histogram[from + 2 * b + 1]!;
        if (leftHessian < minChildWeight) continue;
        const rightHessian = hessian - leftHessian;
        if (rightHessian < minChildWeight) break;
        const rightGradient = gradient - leftGradient;
        const leftVote = voteOf(leftGradient, leftHessian, l2, bounds);
        const rightVote = voteOf(rightGradient, rightHessian, l2, bounds);
        if ((rightVote - leftVote) * monotone[feature]! < 0) continue;
        const gain =
          gainOf(leftGradient, leftHessian, l2, leftVote) +
          gainOf(rightGradient, rightHessian, l2, rightVote) -
          whole;
        if (gain <= bestGain) continue;
        bestGain = gain;
        best = { gain, feature, bin: b, missingLeft: side === 1, leftGradient, leftHessian };
      }
    }
  }
  return best;
}
