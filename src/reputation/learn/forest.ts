/**
 * Trees that vote on a logit, all nodes in flat arrays. A node's children stand at `left` and `left + 1`; a leaf has `feature`
 * `leaf` and its vote in `value`. A value at or below `threshold` goes left, a missing one where `missingLeft` says.
 */
export interface Forest {
  width: number;
  /** The logit before any tree has voted. */
  base: number;
  roots: Uint32Array;
  feature: Uint16Array;
  threshold: Float32Array;
  left: Uint32Array;
  missingLeft: Uint8Array;
  value: Float32Array;
  /** What the training rows that came by weigh together: what TreeSHAP weighs branches by. */
  cover: Float32Array;
}

/** Stands in `feature` for a node that asks nothing. */
export const leaf = 0xffff;

/** The logit of a row that begins at `at`. */
export function forestScore(forest: Forest, row: Float32Array, at = 0): number {
  const { roots, feature, threshold, left, missingLeft, value } = forest;
  let sum = forest.base;
  for (let tree = 0; tree < roots.length; tree++) {
    let node = roots[tree]!;
    for (let asked = feature[node]!; asked !== leaf; asked = feature[node]!) {
      const x = row[at + asked]!;
      const goesLeft = x <= threshold[node]! || (Number.isNaN(x) && missingLeft[node] === 1);
      node = left[node]! + (goesLeft ? 0 : 1);
    }
    sum += value[node]!;
  }
  return sum;
}

/** The same forest in memory that threads share, so that none is copied when it is handed to one. */
export function sharedForest(forest: Forest): Forest {
  return {
    ...forest,
    roots: inShared(forest.roots, Uint32Array),
    feature: inShared(forest.feature, Uint16Array),
    threshold: inShared(forest.threshold, Float32Array),
    left: inShared(forest.left, Uint32Array),
    missingLeft: inShared(forest.missingLeft, Uint8Array),
    value: inShared(forest.value, Float32Array),
    cover: inShared(forest.cover, Float32Array),
  };
}

function inShared<A extends { set(from: A): void; readonly byteLength: number }>(
  from: A,
  kind: new (buffer: SharedArrayBuffer) => A,
): A {
  const copy = new kind(new SharedArrayBuffer(from.byteLength));
  copy.set(from);
  return copy;
}
