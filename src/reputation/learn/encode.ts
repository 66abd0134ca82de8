import { type Forest, leaf } from './forest.ts';
import { type Isotonic, isotonicLimit } from './isotonic.ts';
import { wrong } from './model-file.ts';
import { explainDepthLimit } from './tree-shap.ts';

/** Nodes and trees of a forest that is read from a file, at most. */
export const forestLimits = { nodes: 1_000_000, trees: 10_000 };

/** Bytes of a forest: width, trees, nodes, base; roots; then a node's fields, column by column. */
export function encodeForest(forest: Forest): Buffer {
  const { width, base, roots, feature, threshold, left, missingLeft, value, cover } = forest;
  const head = Buffer.alloc(20);
  head.writeUInt32LE(width, 0);
  head.writeUInt32LE(roots.length, 4);
  head.writeUInt32LE(feature.length, 8);
  head.writeDoubleLE(base, 12);
  return Buffer.concat([
    head,
    ...[roots, left, threshold, value, cover, feature, missingLeft].map((array) => littleEnd(array)),
  ]);
}

/** A forest whose every walk ends: children stand after their parents, features are within the width, votes are numbers. */
export function decodeForest(bytes: Uint8Array): Forest {
  const take = reader(bytes);
  const head = take(20);
  const [width, trees, nodes] = [head.getUint32(0, true), head.getUint32(4, true), head.getUint32(8, true)];
  const base = head.getFloat64(12, true);
  if (width >= leaf || trees > forestLimits.trees || nodes > forestLimits.nodes || !Number.isFinite(base))
    throw wrong('a forest in it is over its limits');
  const words = (count: number) => {
    const view = take(4 * count);
    return Uint32Array.from({ length: count }, (_, i) => view.getUint32(4 * i, true));
  };
  const floats = (count: number) => {
    const view = take(4 * count);
    return Float32Array.from({ length: count }, (_, i) => view.getFloat32(4 * i, true));
  };
  const roots = words(trees);
  const left = words(nodes);
  const threshold = floats(nodes);
  const value = floats(nodes);
  const cover = floats(nodes);
  const asked = take(2 * nodes);
  const feature = Uint16Array.from({ length: nodes }, (_, i) => asked.getUint16(2 * i, true));
  const sides = take(nodes);
  const missingLeft = Uint8Array.from({ length: nodes }, (_, i) => sides.getUint8(i) & 1);
  take(-1);
  const depth = new Uint8Array(nodes);
  const parented = new Uint8Array(nodes);
  for (let node = 0; node < nodes; node++) {
    if (!Number.isFinite(value[node]!)) throw wrong('a vote in it is no number');
    if (feature[node] === leaf) continue;
    const child = left[node]!;
    if (feature[node]! >= width || child <= node || child + 1 >= nodes || Number.isNaN(threshold[node]!))
      throw wrong('a tree in it does not hang together');
    if (parented[child]! + parented[child + 1]! > 0) throw wrong('branches in it grow together');
    parented.fill(1, child, child + 2);
    const rows = cover[node]!;
    if (!(rows > 0 && Number.isFinite(rows) && cover[child]! > 0 && cover[child + 1]! > 0))
      throw wrong('a branch in it was reached by no row');
    if (Math.abs(cover[child]! + cover[child + 1]! - rows) > 1e-6 * rows)
      throw wrong('rows in it went astray');
    for (const one of [child, child + 1]) depth[one] = Math.max(depth[one]!, depth[node]! + 1);
    if (depth[child]! > explainDepthLimit) throw wrong('a tree in it is too deep');
  }
  for (const root of roots)
    if (root >= nodes || parented[root] === 1) throw wrong('a tree in it has no root');
  return { width, base, roots, feature, threshold, left, missingLeft, value, cover };
}

export function encodeIsotonic({ scores, probabilities }: Isotonic): Buffer {
  return Buffer.concat([littleEnd(scores), littleEnd(probabilities)]);
}

/** A calibration that rises. */
export function decodeIsotonic(bytes: Uint8Array): Isotonic {
  const steps = bytes.length / 16;
  if (!Number.isInteger(steps) || steps < 1 || steps > isotonicLimit)
    throw wrong('a calibration in it has no sound size');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const column = (from: number) =>
    Float64Array.from({ length: steps }, (_, i) => view.getFloat64(8 * (from + i), true));
  const [scores, probabilities] = [column(0), column(steps)];
  for (let i = 0; i < steps; i++) {
    const rises = i === 0 || (scores[i]! > scores[i - 1]! && probabilities[i]! >= probabilities[i - 1]!);
    if (!rises || !(probabilities[i]! >= 0 && probabilities[i]! <= 1) || Number.isNaN(scores[i]!))
      throw wrong('a calibration in it does not rise');
  }
  return { scores, probabilities };
}

/** The largest weight becomes 127, all others their share of it: a quarter of the room. */
export function quantised(weights: Float32Array): { bytes: Int8Array; unit: number } {
  let largest = 0;
  for (const weight of weights) largest = Math.max(largest, Math.abs(weight));
  const unit = largest > 0 ? Math.fround(largest / 127) : 1;
  return { bytes: Int8Array.from(weights, (weight) => Math.round(weight / unit)), unit };
}

function littleEnd(array: Uint32Array | Float32Array | Float64Array | Uint16Array | Uint8Array): Buffer {
  const { BYTES_PER_ELEMENT: size, byteOffset, byteLength } = array;
  const bytes = Buffer.from(Buffer.from(array.buffer, byteOffset, byteLength));
  const littleHere = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
  if (!littleHere && size > 1)
    for (let i = 0; i < bytes.length; i += size) bytes.subarray(i, i + size).reverse();
  return bytes;
}

/** Takes `count` bytes after those taken before; `take(-1)` says that there must be no more. */
function reader(bytes: Uint8Array): (count: number) => DataView {
  let at = 0;
  return (count) => {
    if (count < 0 ? at !== bytes.length : at + count > bytes.length)
      throw wrong('a forest in it is not whole');
    at += Math.max(0, count);
    return new DataView(bytes.buffer, bytes.byteOffset + at - Math.max(0, count), Math.max(0, count));
  };
}
