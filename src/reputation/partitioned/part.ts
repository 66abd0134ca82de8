import { entryLimit, type Layer } from '../graph/layer.ts';
import { nodesOf, positionOf, type Shares } from './shares.ts';

/** The rows of one part: what `pass` needs to work out its nodes, given the vector of all. */
export interface Part {
  number: number;
  /** Nodes of the whole graph. */
  nodes: number;
  /** Its positions: from here to before `end`. */
  first: number;
  end: number;
  /** As the graph's own layers, in their order; a row for each of its nodes, other ends by position. */
  layers: Layer[];
  scale: Float32Array;
  prior: Float32Array;
}

/**
 * Cuts one part out of a graph. The entries of a row keep their order, so that sums round as they do on one machine. What has no weight
 * of its own (a hub) adds nothing to any sum: neither its row nor entries that name it are kept.
 */
export function partOf(
  shares: Shares,
  number: number,
  layers: readonly Layer[],
  scale: Float32Array,
  prior: Float32Array,
): Part {
  const first = shares.bounds[number]!;
  const end = shares.bounds[number + 1]!;
  const rows = end - first;
  const part: Part = {
    ...{ number, nodes: shares.nodes, first, end },
    layers: layers.map((layer) => cut(shares, number, layer, scale)),
    scale: new Float32Array(rows),
    prior: new Float32Array(rows),
  };
  let row = 0;
  for (const node of nodesOf(shares, number)) {
    part.scale[row] = scale[node]!;
    part.prior[row++] = prior[node]!;
  }
  return part;
}

function cut(shares: Shares, number: number, layer: Layer, scale: Float32Array): Layer {
  const { type, age, weight, rowPtr, cols } = layer;
  const counts = new Uint32Array(shares.bounds[number + 1]! - shares.bounds[number]! + 1);
  let row = 0;
  let total = 0;
  for (const node of nodesOf(shares, number)) {
    counts[row++] = total;
    if (scale[node] === 0) continue;
    for (let at = rowPtr[node]!; at < rowPtr[node + 1]!; at++) if (scale[cols[at]!] !== 0) total++;
  }
  counts[row] = total;
  if (total > entryLimit) throw new RangeError(`a layer of a part holds ${entryLimit} entries, not ${total}`);
  const kept = new Uint32Array(total);
  let next = 0;
  for (const node of nodesOf(shares, number)) {
    if (scale[node] === 0) continue;
    for (let at = rowPtr[node]!; at < rowPtr[node + 1]!; at++)
      if (scale[cols[at]!] !== 0) kept[next++] = positionOf(shares, cols[at]!);
  }
  return { type, age, weight, rowPtr: counts, cols: kept };
}
