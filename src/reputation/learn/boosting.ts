import { seeded } from '../../kit/seeded.ts';
import type { Binned } from './bins.ts';
import type { BoostingOptions } from './boosting-options.ts';
import { type Forest, leaf } from './forest.ts';
import { logitOf, sigmoid } from './logistic.ts';
import { type Bounds, bestSplit, type Split, voteOf } from './split.ts';

/** A leaf that may still be split: its rows lie from `from` to before `to` in the order. */
interface Open {
  node: number;
  from: number;
  to: number;
  depth: number;
  gradient: number;
  hessian: number;
  bounds: Bounds;
  histogram: Float64Array;
  split: Split | null;
}

/**
 * Boosted trees for a yes or no (log-loss, second order: Friedman 2001, Chen and Guestrin 2016) over histograms, grown best leaf first.
 */
export class Boosting {
  readonly #data: Binned;
  readonly #labels: Uint8Array;
  readonly #costs: Float32Array | undefined;
  readonly #options: BoostingOptions & { monotone: Int8Array };
  readonly #binCounts: Uint16Array;
  readonly #gradients: Float64Array;
  readonly #hessians: Float64Array;
  /** The same in the order of a leaf's rows. */
  readonly #near: { gradients: Float64Array; hessians: Float64Array };
  /** Row numbers; each open leaf owns a stretch. */
  readonly #order: Uint32Array;
  readonly #aside: Uint32Array;
  readonly #spare: Float64Array[] = [];
  #features: number[] = [];
  readonly #made = {
    feature: [] as number[],
    threshold: [] as number[],
    left: [] as number[],
    missingLeft: [] as number[],
    value: [] as number[],
    cover: [] as number[],
    /** The highest bin that goes left: how training rows find their leaf. */
    bin: [] as number[],
  };

  constructor(data: Binned, labels: Uint8Array, options: BoostingOptions, costs: Float32Array | undefined) {
    this.#data = data;
    this.#labels = labels;
    this.#costs = costs;
    this.#options = { ...options, monotone: options.monotone ?? new Int8Array(data.width) };
    this.#binCounts = Uint16Array.from(data.edges, (edges) => edges.length + 1);
    this.#gradients = new Float64Array(data.rows);
    this.#hessians = new Float64Array(data.rows);
    this.#near = { gradients: new Float64Array(data.rows), hessians: new Float64Array(data.rows) };
    this.#order = new Uint32Array(data.rows);
    this.#aside = new Uint32Array(data.rows);
  }

  run(): Forest {
    const { rows, width } = this.#data;
    const { trees, seed, rowShare, featureShare } = this.#options;
    const draw = seeded(seed);
    const base = this.#base();
    const logits = new Float64Array(rows).fill(base);
    const roots: number[] = [];
    for (let tree = 0; tree < trees; tree++) {
      this.#slopes(logits);
      let sampled = 0;
      for (let row = 0; row < rows; row++)
        if (rowShare >= 1 || draw() < rowShare) this.#order[sampled++] = row;
      this.#features = [];
      for (let feature = 0; feature < width; feature++)
        if (this.#binCounts[feature]! > 0 && (featureShare >= 1 || draw() < featureShare))
          this.#features.push(feature);
      const root = this.#grow(sampled);
      roots.push(root);
      this.#vote(root, logits);
    }
    const { feature, threshold, left, missingLeft, value, cover } = this.#made;
    return {
      width,
      base,
      roots: Uint32Array.from(roots),
      feature: Uint16Array.from(feature),
      threshold: Float32Array.from(threshold),
      left: Uint32Array.from(left),
      missingLeft: Uint8Array.from(missingLeft),
      value: Float32Array.from(value),
      cover: Float32Array.from(cover),
    };
  }

  #base(): number {
    let yes = 1;
    let all = 2;
    for (let row = 0; row < this.#data.rows; row++) {
      const cost = this.#costs ? this.#costs[row]! : 1;
      all += cost;
      yes += cost * this.#labels[row]!;
    }
    return Math.fround(logitOf(yes / all));
  }

  #slopes(logits: Float64Array): void {
    for (let row = 0; row < logits.length; row++) {
      const p = sigmoid(logits[row]!);
      const cost = this.#costs ? this.#costs[row]! : 1;
      this.#gradients[row] = cost * (p - this.#labels[row]!);
      this.#hessians[row] = cost * Math.max(1e-6, p * (1 - p));
    }
  }

  /** Grows a tree over the first `count` rows of the order; answers its root. */
  #grow(count: number): number {
    const { leaves, l2, shrinkage } = this.#options;
    const root = this.#node();
    const first = this.#open(
      root,
      0,
      count,
      0,
      { low: -Infinity, high: Infinity },
      this.#histogram(0, count),
    );
    const open = [first];
    for (let made = 1; made < leaves; made++) {
      let best: Open | undefined;
      for (const one of open) if (one.split && (!best?.split || one.split.gain > best.split.gain)) best = one;
      if (!best?.split) break;
      open.splice(open.indexOf(best), 1, ...this.#divide(best, best.split));
    }
    for (const one of open) {
      this.#made.value[one.node] = Math.fround(shrinkage * voteOf(one.gradient, one.hessian, l2, one.bounds));
      this.#spare.push(one.histogram);
    }
    return root;
  }

  #node(): number {
    const { feature, threshold, left, missingLeft, value, cover, bin: bins } = this.#made;
    feature.push(leaf);
    for (const list of [threshold, left, missingLeft, value, cover, bins]) list.push(0);
    return feature.length - 1;
  }

  #open(
    node: number,
    from: number,
    to: number,
    depth: number,
    bounds: Bounds,
    histogram: Float64Array,
  ): Open {
    let gradient = 0;
    let hessian = 0;
    let cover = 0;
    for (let i = from; i < to; i++) {
      const row = this.#order[i]!;
      gradient += this.#gradients[row]!;
      hessian += this.#hessians[row]!;
      cover += this.#costs ? this.#costs[row]! : 1;
    }
    this.#made.cover[node] = cover;
    const split =
      depth < this.#options.depth
        ? bestSplit(histogram, this.#features, this.#binCounts, gradient, hessian, bounds, this.#options)
        : null;
    return { node, from, to, depth, gradient, hessian, bounds, histogram, split };
  }

  #divide(parent: Open, split: Split): [Open, Open] {
    const { feature, bin: last, missingLeft } = split;
    const middle = this.#partition(parent, split);
    const left = this.#node();
    const right = this.#node();
    const made = this.#made;
    const edges = this.#data.edges[feature]!;
    made.feature[parent.node] = feature;
    // The last bin has no edge: what is left of it is all that is not missing.
    made.threshold[parent.node] = last <= edges.length ? edges[last - 1]! : Infinity;
    made.bin[parent.node] = last;
    made.left[parent.node] = left;
    made.missingLeft[parent.node] = missingLeft ? 1 : 0;
    const smallerLeft = middle - parent.from < parent.to - middle;
    const small = smallerLeft ? this.#histogram(parent.from, middle) : this.#histogram(middle, parent.to);
    const large = parent.histogram;
    for (const one of this.#features) {
      const end = one * 512 + this.#slots(one);
      for (let i = one * 512; i < end; i++) large[i] = large[i]! - small[i]!;
    }
    const [low, high] = this.#childBounds(parent, split);
    const depth = parent.depth + 1;
    return [
      this.#open(left, parent.from, middle, depth, low, smallerLeft ? small : large),
      this.#open(right, middle, parent.to, depth, high, smallerLeft ? large : small),
    ];
  }

  /** Where a feature is monotone, neither side may vote beyond the middle of both. */
  #childBounds({ gradient, hessian, bounds }: Open, split: Split): [Bounds, Bounds] {
    const direction = this.#options.monotone[split.feature]!;
    if (direction === 0) return [bounds, bounds];
    const { l2 } = this.#options;
    const middle =
      (voteOf(split.leftGradient, split.leftHessian, l2, bounds) +
        voteOf(gradient - split.leftGradient, hessian - split.leftHessian, l2, bounds)) /
      2;
    const below = { low: bounds.low, high: middle };
    const above = { low: middle, high: bounds.high };
    return direction > 0 ? [below, above] : [above, below];
  }

  /** Puts the rows that go left first, in their order; answers where the others begin. */
  #partition({ from, to }: Open, { feature, bin: last, missingLeft }: Split): number {
    const column = feature * this.#data.rows;
    const { bins } = this.#data;
    let left = from;
    let right = 0;
    for (let i = from; i < to; i++) {
      const row = this.#order[i]!;
      const b = bins[column + row]!;
      if (b === 0 ? missingLeft : b <= last) this.#order[left++] = row;
      else this.#aside[right++] = row;
    }
    this.#order.set(this.#aside.subarray(0, right), left);
    return left;
  }

  #histogram(from: number, to: number): Float64Array {
    const { rows, width, bins } = this.#data;
    const histogram = this.#spare.pop() ?? new Float64Array(width * 512);
    const order = this.#order;
    const gradients = this.#near.gradients;
    const hessians = this.#near.hessians;
    // Side by side once, for all features.
    for (let i = from; i < to; i++) {
      gradients[i] = this.#gradients[order[i]!]!;
      hessians[i] = this.#hessians[order[i]!]!;
    }
    for (const feature of this.#features) {
      const column = feature * rows;
      const at = feature * 512;
      // Of other features nobody asks: what is left there of another tree does no harm.
      histogram.fill(0, at, at + this.#slots(feature));
      for (let i = from; i < to; i++) {
        const slot = at + 2 * bins[column + order[i]!]!;
        histogram[slot] = histogram[slot]! + gradients[i]!;
        histogram[slot + 1] = histogram[slot + 1]! + hessians[i]!;
      }
    }
    return histogram;
  }

  /** Places that a feature has in a histogram: a pair for each bin, and one for what is missing. */
  #slots(feature: number): number {
    return 2 * (this.#binCounts[feature]! + 1);
  }

  /** Adds a new tree's vote to every row's logit, also of those that it has not seen. */
  #vote(root: number, logits: Float64Array): void {
    const { feature, bin: lastBin, left, missingLeft, value } = this.#made;
    const { rows, bins } = this.#data;
    for (let row = 0; row < rows; row++) {
      let node = root;
      for (let asked = feature[node]!; asked !== leaf; asked = feature[node]!) {
        const b = bins[asked * rows + row]!;
        node = left[node]! + ((b === 0 ? missingLeft[node] === 1 : b <= lastBin[node]!) ? 0 : 1);
      }
      logits[row] = logits[row]! + value[node]!;
    }
  }
}
