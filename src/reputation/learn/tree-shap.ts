import { type Forest, leaf } from './forest.ts';

/** Deepest tree that can be explained; the trainer grows none as deep by far. */
export const explainDepthLimit = 64;

/**
 * What each feature adds to a forest's logit: exact Shapley values of the trees, branches that a feature is left out of weighed by
 * what the training rows that went each way weigh (TreeSHAP: Lundberg, Erion and Lee 2018, algorithm 2). `out` receives one value a
 * feature; answers what the logit is before any feature is known. Both together are the logit.
 */
export function explainForest(forest: Forest, row: Float32Array, out: Float64Array, at = 0): number {
  out.fill(0);
  const walk = new Walk(forest, row, at, out);
  let expected = forest.base;
  for (const root of forest.roots) {
    expected += expectation(forest, root, 0);
    walk.tree(root);
  }
  return expected;
}

function expectation(forest: Forest, node: number, depth: number): number {
  if (depth > explainDepthLimit) throw new RangeError('a tree is too deep to explain');
  if (forest.feature[node] === leaf) return forest.value[node]!;
  const left = forest.left[node]!;
  const share = coverShare(forest, left, node);
  return (
    share * expectation(forest, left, depth + 1) + (1 - share) * expectation(forest, left + 1, depth + 1)
  );
}

/** The share of a node's rows that went to its left child. A node that no row reached sends half each way. */
function coverShare({ cover }: Forest, left: number, node: number): number {
  return cover[node]! > 0 ? cover[left]! / cover[node]! : 0.5;
}

/** The path of features from the root: of each the share of subsets that pass without (`zero`) and with it (`one`). */
class Walk {
  readonly #forest: Forest;
  readonly #row: Float32Array;
  readonly #at: number;
  readonly #out: Float64Array;
  // Each level has its own stretch of these, one longer than the last: 0 + 1 + 2 + … entries.
  readonly #features = new Int32Array(((explainDepthLimit + 2) * (explainDepthLimit + 3)) / 2);
  readonly #zeros = new Float64Array(this.#features.length);
  readonly #ones = new Float64Array(this.#features.length);
  readonly #weights = new Float64Array(this.#features.length);

  constructor(forest: Forest, row: Float32Array, at: number, out: Float64Array) {
    this.#forest = forest;
    this.#row = row;
    this.#at = at;
    this.#out = out;
  }

  tree(root: number): void {
    this.#visit(root, 0, 0, 0, 1, 1, -1);
  }

  /** `parent` is where the path above lies, `length` how many entries it has. */
  #visit(
    node: number,
    parent: number,
    length: number,
    depth: number,
    zero: number,
    one: number,
    feature: number,
  ): void {
    if (depth > explainDepthLimit) throw new RangeError('a tree is too deep to explain');
    const path = parent + length;
    this.#copy(parent, path, length);
    this.#extend(path, length, zero, one, feature);
    const forest = this.#forest;
    const asked = forest.feature[node]!;
    if (asked === leaf) {
      const value = forest.value[node]!;
      const cold = this.#coldShare(path, length);
      for (let i = 1; i <= length; i++) {
        const entry = path + i;
        const one = this.#ones[entry]!;
        const share = one === 0 ? cold : this.#unwoundSum(path, length, i) * (one - this.#zeros[entry]!);
        this.#out[this.#features[entry]!]! += share * value;
      }
      return;
    }
    const x = this.#row[this.#at + asked]!;
    const goesLeft = x <= forest.threshold[node]! || (Number.isNaN(x) && forest.missingLeft[node] === 1);
    const left = forest.left[node]!;
    const share = coverShare(forest, left, node);
    const hot = goesLeft ? left : left + 1;
    const cold = goesLeft ? left + 1 : left;
    const hotShare = goesLeft ? share : 1 - share;
    let incomingZero = 1;
    let incomingOne = 1;
    let longest = length + 1;
    for (let i = 1; i <= length; i++) {
      if (this.#features[path + i] !== asked) continue;
      incomingZero = this.#zeros[path + i]!;
      incomingOne = this.#ones[path + i]!;
      this.#unwind(path, length, i);
      longest = length;
      break;
    }
    this.#visit(hot, path, longest, depth + 1, incomingZero * hotShare, incomingOne, asked);
    this.#visit(cold, path, longest, depth + 1, incomingZero * (1 - hotShare), 0, asked);
  }

  #copy(from: number, to: number, length: number): void {
    const [features, zeros, ones, weights] = [this.#features, this.#zeros, this.#ones, this.#weights];
    // A few entries: a call that moves them costs more than moving them.
    for (let i = 0; i < length; i++) {
      features[to + i] = features[from + i]!;
      zeros[to + i] = zeros[from + i]!;
      ones[to + i] = ones[from + i]!;
      weights[to + i] = weights[from + i]!;
    }
  }

  #extend(path: number, length: number, zero: number, one: number, feature: number): void {
    this.#features[path + length] = feature;
    this.#zeros[path + length] = zero;
    this.#ones[path + length] = one;
    const weights = this.#weights;
    weights[path + length] = length === 0 ? 1 : 0;
    for (let i = length - 1; i >= 0; i--) {
      const here = weights[path + i]!;
      weights[path + i + 1]! += (one * here * (i + 1)) / (length + 1);
      weights[path + i] = (zero * here * (length - i)) / (length + 1);
    }
  }

  #unwind(path: number, length: number, index: number): void {
    const one = this.#ones[path + index]!;
    const zero = this.#zeros[path + index]!;
    const weights = this.#weights;
    let next = weights[path + length]!;
    for (let i = length - 1; i >= 0; i--) {
      const here = weights[path + i]!;
      if (one !== 0) {
        weights[path + i] = (next * (length + 1)) / ((i + 1) * one);
        next = here - (weights[path + i]! * zero * (length - i)) / (length + 1);
      } else weights[path + i] = (here * (length + 1)) / (zero * (length - i));
    }
    for (let i = index; i < length; i++) {
      this.#features[path + i] = this.#features[path + i + 1]!;
      this.#zeros[path + i] = this.#zeros[path + i + 1]!;
      this.#ones[path + i] = this.#ones[path + i + 1]!;
    }
  }

  /** What each feature that the row goes another way by takes from a leaf's vote: `unwoundSum` times its share, which cancels out. */
  #coldShare(path: number, length: number): number {
    const weights = this.#weights;
    let total = 0;
    for (let i = length - 1; i >= 0; i--) total += weights[path + i]! / (length - i);
    return -total * (length + 1);
  }

  /** Of a feature that the row goes this way by. */
  #unwoundSum(path: number, length: number, index: number): number {
    const one = this.#ones[path + index]!;
    const zero = this.#zeros[path + index]!;
    const weights = this.#weights;
    let next = weights[path + length]!;
    let total = 0;
    for (let i = length - 1; i >= 0; i--) {
      const weight = (next * (length + 1)) / ((i + 1) * one);
      total += weight;
      next = weights[path + i]! - (weight * zero * (length - i)) / (length + 1);
    }
    return total;
  }
}
