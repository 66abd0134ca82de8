import type { Layer } from './layer.ts';

/** What a pass reads and writes; all as long as there are nodes. */
export interface Vectors {
  /** What each node is held to be before its neighbours are asked, in logits. */
  prior: Float32Array;
  /** The node's own weight, falling with what it is joined to: `d^-1/2`; 0 for hubs. */
  scale: Float32Array;
  /** `scale` times belief, of the pass before. */
  from: Float32Array;
  /** The same, of this pass. */
  to: Float32Array;
}

/**
 * One pass of linearised belief propagation over some rows: `b_i = prior_i + eps * scale_i * sum_layer weight * sum_j scale_j b_j`
 * (Gatterbauer et al., "Linearized and single-pass belief propagation", PVLDB 8(5), 2015, with couplings that factorise, so that no
 * edge has a number of its own). Writes `scale_i * b_i`, which is what the next pass reads.
 */
export function pass(layers: readonly Layer[], vectors: Vectors, eps: number, first: number, end: number) {
  for (let at = first; at < end; at += block) passBlock(layers, vectors, eps, at, Math.min(end, at + block));
}

/** Rows whose sums stay in the processor's nearest cache while one layer after another is added. */
const block = 2_048;
const sums = new Float64Array(block);

function passBlock(
  layers: readonly Layer[],
  vectors: Vectors,
  eps: number,
  first: number,
  end: number,
): void {
  const { prior, scale, from, to } = vectors;
  const sum = sums;
  sum.fill(0);
  for (let n = 0; n < layers.length; n++) {
    const { rowPtr, cols, weight } = layers[n]!;
    if (rowPtr[first] === rowPtr[end]) continue;
    gather(rowPtr, cols, from, weight, sum, first, end);
  }
  for (let i = first; i < end; i++) {
    const own = scale[i]!;
    to[i] = own * (prior[i]! + eps * own * sum[i - first]!);
  }
}

function gather(
  rowPtr: Uint32Array,
  cols: Uint32Array,
  from: Float32Array,
  weight: number,
  sum: Float64Array,
  first: number,
  end: number,
): void {
  let at = rowPtr[first]! | 0;
  for (let i = first; i < end; i++) {
    const stop = rowPtr[i + 1]! | 0;
    let all = 0;
    for (; at < stop; at++) all += from[cols[at]!]!;
    sum[i - first]! += weight * all;
  }
}
