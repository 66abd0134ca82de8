import { type ExplainKernel, explainKernelOver } from './explain-kernel.ts';
import { type Forest, leaf } from './forest.ts';
import { gauss } from './quadrature.ts';

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
 * node are summed up point by point. It takes time with nodes and features on a way, where TreeSHAP takes it with nodes and the square of
 * depth.
 */
export function explainForest(forest: Forest, row: Float32Array, out: Float64Array, at = 0): number {
  out.fill(0);
  const { expected, walk } = knownOf(forest);
  walk.explain(row, at, out);
  return expected;
}

interface Known {
  expected: number;
  walk: Walk;
}

/** What is the same for all rows. */
const known = new WeakMap<Forest, Known>();

function knownOf(forest: Forest): Known {
  const before = known.get(forest);
  if (before) return before;
  const { expected, ...paths } = pathsOf(forest);
  const made = { expected, walk: new Walk(forest, paths) };
  known.set(forest, made);
  return made;
}

interface Paths {
  /** By node: the share of its parent's rows that come to it; and what those above that ask for the same feature let through. */
  part: Float64Array;
  above: Float64Array;
  /** By tree: the most features on a way to a leaf. */
  features: number[];
  depth: number;
}

function pathsOf(forest: Forest): Paths & { expected: number } {
  const { feature, left, roots, value } = forest;
  const part = new Float64Array(feature.length).fill(1);
  const above = new Float64Array(feature.length).fill(1);
  const shares = new Float64Array(forest.width).fill(1);
  const asks = new Uint8Array(forest.width);
  let expected = forest.base;
  let depth = 0;
  const visit = (node: number, level: number, before: number, share: number): number => {
    if (level > explainDepthLimit) throw new RangeError('a tree is too deep to explain');
    depth = Math.max(depth, level);
    const asked = feature[node]!;
    if (asked === leaf) {
      expected += share * value[node]!;
      return before;
    }
    const first = left[node]!;
    part[first] = coverShare(forest, first, node);
    part[first + 1] = 1 - part[first];
    above[node] = shares[asked]!;
    const features = before + (asks[asked]! === 0 ? 1 : 0);
    asks[asked]!++;
    const most = [first, first + 1].map((child) => {
      shares[asked] = above[node]! * part[child]!;
      return visit(child, level + 1, features, share * part[child]!);
    });
    shares[asked] = above[node];
    asks[asked]!--;
    return Math.max(...most);
  };
  const features = Array.from(roots, (root) => visit(root, 0, 0, 1));
  return { expected, part, above, features, depth };
}

/** The share of a node's rows that went to its left child. A node that no row reached sends half each way. */
function coverShare({ cover }: Forest, left: number, node: number): number {
  return cover[node]! > 0 ? cover[left]! / cover[node]! : 0.5;
}

const nodeBytes = 32;
const pageBytes = 65_536;
/** As an address is too large for a forest, it stands for what is no feature. */
const noFeature = 0xffff_ffff;

/** How many points give the integral exactly: without the feature itself the polynomial of a leaf has a degree below the features on its way. */
const pointsFor = (features: number) => Math.max(2, 2 * Math.ceil(features / 4));

/** A forest as `explain.wat` has it, and room for one walk: 32 bytes a node, and little besides. */
class Walk {
  readonly #kernel: ExplainKernel;
  readonly #width: number;
  /** Places of the row, the sums by feature, and whether the row goes this way by feature; of ones, and room. */
  readonly #places: { row: number; out: number; goes: number; ones: number; free: number };
  readonly #trees: { root: number; bytes: number; points: number; weights: number }[] = [];
  readonly #row: Float32Array;
  readonly #out: Float64Array;

  constructor(forest: Forest, { part, above, features, depth }: Paths) {
    const { feature, threshold, left, missingLeft, value, roots, width } = forest;
    const counts = features.map(pointsFor);
    const most = Math.max(2, ...counts);
    let end = 0;
    const take = (bytes: number) => {
      const from = end;
      end += 16 * Math.ceil(bytes / 16);
      return from;
    };
    take(feature.length * nodeBytes);
    const quadratures = new Map([...new Set(counts)].map((count) => [count, take(16 * count)]));
    this.#places = {
      ...{ row: take(4 * width), out: take(8 * width), goes: take(4 * width) },
      ...{ ones: take(8 * most), free: take(8 * most * (3 * depth + 4)) },
    };
    const pages = Math.ceil(end / pageBytes);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    const { buffer } = memory;
    const view = new DataView(buffer);
    for (let node = 0; node < feature.length; node++) {
      const at = node * nodeBytes;
      const ends = feature[node] === leaf;
      view.setUint32(at, ends ? noFeature : feature[node]!, true);
      view.setFloat32(at + 4, threshold[node]!, true);
      view.setUint32(at + 8, left[node]! * nodeBytes, true);
      view.setUint32(at + 12, missingLeft[node]!, true);
      view.setFloat64(at + 16, ends ? value[node]! : above[node]!, true);
      view.setFloat64(at + 24, part[node]!, true);
    }
    for (const [count, at] of quadratures) {
      const { points, weights } = gauss(count);
      new Float64Array(buffer, at, count).set(points);
      new Float64Array(buffer, at + 8 * count, count).set(weights);
    }
    roots.forEach((root, n) => {
      if (feature[root] === leaf) return;
      const bytes = 8 * counts[n]!;
      const points = quadratures.get(counts[n]!)!;
      this.#trees.push({ root: root * nodeBytes, bytes, points, weights: points + bytes });
    });
    new Uint32Array(buffer, this.#places.goes, width).fill(1);
    new Float64Array(buffer, this.#places.ones, most).fill(1);
    this.#width = width;
    this.#row = new Float32Array(buffer, this.#places.row, width);
    this.#out = new Float64Array(buffer, this.#places.out, width);
    this.#kernel = explainKernelOver(memory);
  }

  explain(row: Float32Array, at: number, out: Float64Array): void {
    this.#row.set(row.subarray(at, at + this.#width));
    this.#out.fill(0);
    const { row: from, out: to, goes, ones, free } = this.#places;
    for (const { root, bytes, points, weights } of this.#trees)
      this.#kernel.explain(root, bytes, points, weights, from, to, goes, ones, free);
    out.set(this.#out);
  }
}
