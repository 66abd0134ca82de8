import { entryLimit, type Layer, sharedUint32 } from './layer.ts';

/** Nodes of one part: what belongs to them while one is at work fits in a processor's second cache, and a place takes 15 bits. */
export const partBits = 15;
export const partSize = 1 << partBits;
/** Bytes of one piece of memory: no place needs the highest bit of 32. */
export const shardLimit = 0x8000_0000;
/** Bytes that are kept free at the front of a piece for each worker: numbers of one part, and two sums of each. */
const scratchBytes = partSize * (4 + 8);
const pageBytes = 65_536;

/** Where the workings of one worker lie in a shard's memory. */
export const scratchOf = (worker: number) => ({
  z: worker * scratchBytes,
  sum: worker * scratchBytes + partSize * 4,
});

/**
 * The rows of layers once more, cut into parts by both ends (partition-centric processing: Lakhotia, Kannan and Prasanna, arXiv
 * 1709.07122). A pass writes what each node says once for each part that listens, and then adds it up part by part: both read and write
 * memory in sequence, where a walk over rows waits for a place that nobody can foresee at each entry. Numbers are added in the same
 * order as there, so that they come out the same to the last bit.
 */
export interface Blocks {
  nodes: number;
  parts: number;
  entries: number;
  /** Parts of targets that lie in one piece of memory each. */
  shards: Shard[];
}

export interface Shard {
  /** The first part of targets here, and the one behind the last. */
  first: number;
  end: number;
  memory: WebAssembly.Memory;
  layers: LayerBlocks[];
}

/** One layer's entries whose targets lie in a shard. Bins are numbered by target's part, then by source's part. */
export interface LayerBlocks {
  weight: number;
  /** Byte at which the sources, their numbers and the targets begin. */
  sources: number;
  values: number;
  targets: number;
  /** By source's part: its first source, and its first number. One more than there are parts. */
  runs: Uint32Array;
  /** By bin of the whole layer: its first number in this shard. */
  valueStart: Uint32Array;
  /** By bin of the whole layer: its first target in the layer. One more than there are bins. */
  targetStart: Uint32Array;
}

/** By bin of a layer: how many numbers its sources send, and how many targets they have. */
export interface Counts {
  values: Uint32Array;
  targets: Uint32Array;
}

export const partsOf = (nodes: number) => Math.ceil(nodes / partSize);

export function emptyCounts(nodes: number): Counts {
  const bins = partsOf(nodes) ** 2;
  return { values: sharedUint32(bins), targets: sharedUint32(bins + 1) };
}

/**
 * Lays out blocks for layers that were counted, in pieces of at most so many bytes; `counts` become places. Throws a `RangeError` where
 * one part does not fit.
 */
export function layOut(
  nodes: number,
  layers: readonly Layer[],
  counts: readonly Counts[],
  workers: number,
  limit = shardLimit,
): Blocks {
  const parts = partsOf(nodes);
  const shards: Shard[] = [];
  const bytesOf = (target: number) => {
    let bytes = 0;
    for (const { values, targets } of counts)
      for (let bin = target * parts; bin < (target + 1) * parts; bin++)
        bytes += values[bin]! * 6 + targets[bin]! * 2;
    return bytes;
  };
  const sizes = Array.from({ length: parts }, (_, target) => bytesOf(target));
  for (const { targets } of counts) runningSum(targets);
  for (let first = 0; first < parts; ) {
    let bytes = workers * scratchBytes + layers.length * 3 * 64;
    let end = first;
    while (end < parts && bytes + sizes[end]! <= limit) bytes += sizes[end++]!;
    if (end === first)
      throw new RangeError(`a part of ${partSize} nodes has more edges than ${limit} bytes hold`);
    shards.push(shardOf({ first, end, parts, workers }, layers, counts));
    first = end;
  }
  const entries = layers.reduce((sum, { cols }) => sum + cols.length, 0);
  return { nodes, parts, entries, shards };
}

function shardOf(
  { first, end, parts, workers }: { first: number; end: number; parts: number; workers: number },
  layers: readonly Layer[],
  counts: readonly Counts[],
): Shard {
  let bytes = workers * scratchBytes;
  const take = (size: number) => {
    const at = bytes;
    bytes = Math.ceil((at + size) / 64) * 64;
    return at;
  };
  const placed = layers.map(({ weight }, n): LayerBlocks => {
    const { values, targets } = counts[n]!;
    const runs = sharedUint32(parts + 1);
    for (let bin = first * parts; bin < end * parts; bin++) runs[(bin % parts) + 1]! += values[bin]!;
    for (let part = 0; part < parts; part++) runs[part + 1]! += runs[part]!;
    // A source's part has its numbers in one run, bin after bin, so that it is written in one go.
    const next = runs.slice();
    for (let bin = first * parts; bin < end * parts; bin++) {
      const count = values[bin]!;
      values[bin] = next[bin % parts]!;
      next[bin % parts]! += count;
    }
    return {
      weight,
      sources: take(runs[parts]! * 2),
      values: take(runs[parts]! * 4),
      targets: take((targets[end * parts]! - targets[first * parts]!) * 2),
      ...{ runs, valueStart: values, targetStart: targets },
    };
  });
  const pages = Math.ceil(bytes / pageBytes);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  return { first, end, memory, layers: placed };
}

function runningSum(counts: Uint32Array): void {
  let total = 0;
  for (let at = 0; at < counts.length; at++) {
    const count = counts[at]!;
    counts[at] = total;
    total += count;
  }
  if (total > entryLimit) throw new RangeError(`a layer holds ${entryLimit} entries, not ${total}`);
}
