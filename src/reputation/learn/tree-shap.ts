import { type Forest, leaf } from './forest.ts';
import { gauss, type Quadrature } from './quadrature.ts';

/** Deepest tree that can be explained; the trainer grows none as deep by far. */
export const explainDepthLimit = 64;

/**
 * What each feature adds to a forest's logit: exact Shapley values of the trees, branches that a feature is left out of weighed by
 * what the training rows that went each way weigh (as TreeSHAP: Lundberg, Erion and Lee 2018). `out` receives one value a
 * feature; answers what the logit is before any feature is known. Both together are the logit.
 *
 * A Shapley value is the integral over t from 0 to 1 of what the feature adds where each other one is known with probability t (Owen, "Multilinear
 * extensions of games", 1972). Of one leaf that is a product over the features on its way, `z + t (o - z)` each, with the share `z` of rows
 * that go this way, and `o` 1 where the row does: a polynomial, so that a few points give the integral exactly, and all leaves below a
 * node are summed up point by point. It takes time with nodes and depth, where TreeSHAP takes it with nodes and the square of depth.
 */
export function explainForest(forest: Forest, row: Float32Array, out: Float64Array, at = 0): number {
  out.fill(0);
  const { expected, quadrature, depth } = knownOf(forest);
  const walk = new Walk(forest, row, at, out, quadrature, depth);
  for (const root of forest.roots) walk.visit(root, 0);
  return expected;
}

interface Known {
  expected: number;
  depth: number;
  quadrature: Quadrature;
}

/** What is the same for all rows. */
const known = new WeakMap<Forest, Known>();

function knownOf(forest: Forest): Known {
  const before = known.get(forest);
  if (before) return before;
  let expected = forest.base;
  let depth = 0;
  const visit = (node: number, at: number, share: number) => {
    if (at > explainDepthLimit) throw new RangeError('a tree is too deep to explain');
    depth = Math.max(depth, at);
    const left = forest.left[node]!;
    if (forest.feature[node] === leaf) expected += share * forest.value[node]!;
    else {
      const goesLeft = coverShare(forest, left, node);
      visit(left, at + 1, share * goesLeft);
      visit(left + 1, at + 1, share * (1 - goesLeft));
    }
  };
  for (const root of forest.roots) visit(root, 0, 1);
  // Without the feature itself the polynomial of a leaf has a degree below the depth.
  const made = { expected, depth, quadrature: gauss(Math.max(1, Math.ceil(depth / 2))) };
  known.set(forest, made);
  return made;
}

/** The share of a node's rows that went to its left child. A node that no row reached sends half each way. */
function coverShare({ cover }: Forest, left: number, node: number): number {
  return cover[node]! > 0 ? cover[left]! / cover[node]! : 0.5;
}

class Walk {
  readonly #forest: Forest;
  readonly #row: Float32Array;
  readonly #at: number;
  readonly #out: Float64Array;
  readonly #points: Float64Array;
  readonly #weights: Float64Array;
  /** By level and point: the product over the features on the way there; and its sum over the leaves below, each times its vote. */
  readonly #product: Float64Array;
  readonly #sum: Float64Array;
  /** By feature: the share of rows that go this way (`z`), and whether the row does (`o`). 1 and 1 says nothing. */
  readonly #share: Float64Array;
  readonly #goes: Float64Array;

  constructor(
    forest: Forest,
    row: Float32Array,
    at: number,
    out: Float64Array,
    { points, weights }: Quadrature,
    depth: number,
  ) {
    this.#forest = forest;
    this.#row = row;
    this.#at = at;
    this.#out = out;
    this.#points = points;
    this.#weights = weights;
    this.#product = new Float64Array((depth + 1) * points.length).fill(1);
    this.#sum = new Float64Array((depth + 1) * points.length);
    this.#share = new Float64Array(forest.width).fill(1);
    this.#goes = new Float64Array(forest.width).fill(1);
  }

  visit(node: number, level: number): void {
    const { feature, value, left, threshold, missingLeft } = this.#forest;
    const count = this.#points.length;
    const here = level * count;
    const asked = feature[node]!;
    if (asked === leaf) {
      const vote = value[node]!;
      for (let k = 0; k < count; k++) this.#sum[here + k] = vote * this.#product[here + k]!;
      return;
    }
    const first = left[node]!;
    const x = this.#row[this.#at + asked]!;
    const goesLeft = x <= threshold[node]! || (Number.isNaN(x) && missingLeft[node] === 1);
    const share = coverShare(this.#forest, first, node);
    this.#sum.fill(0, here, here + count);
    this.#descend(first, level, asked, share, goesLeft);
    this.#descend(first + 1, level, asked, 1 - share, !goesLeft);
  }

  #descend(child: number, level: number, asked: number, part: number, goes: boolean): void {
    const shareAbove = this.#share[asked]!;
    const goesAbove = this.#goes[asked]!;
    const share = shareAbove * part;
    const going = goes ? goesAbove : 0;
    // Nobody comes there, whatever is known.
    if (share === 0 && going === 0) return;
    const [points, product, sum] = [this.#points, this.#product, this.#sum];
    const count = points.length;
    const here = level * count;
    const below = here + count;
    for (let k = 0; k < count; k++)
      product[below + k] =
        (product[here + k]! * (share + points[k]! * (going - share))) /
        (shareAbove + points[k]! * (goesAbove - shareAbove));
    this.#share[asked] = share;
    this.#goes[asked] = going;
    this.visit(child, level + 1);
    this.#share[asked] = shareAbove;
    this.#goes[asked] = goesAbove;
    let added = 0;
    for (let k = 0; k < count; k++) {
      const t = points[k]!;
      const leaves = sum[below + k]!;
      sum[here + k]! += leaves;
      // What the node above that asks for the same feature will say of these leaves is taken back.
      added +=
        this.#weights[k]! *
        leaves *
        ((going - share) / (share + t * (going - share)) -
          (goesAbove - shareAbove) / (shareAbove + t * (goesAbove - shareAbove)));
    }
    this.#out[asked]! += added;
  }
}
