/** Nodes that stay together: four cache lines of a vector, so that names met together are still read together. */
const blockBits = 6;
const blockNodes = 1 << blockBits;
export const partLimit = 1_024;

/**
 * How nodes are shared out. Blocks of consecutive nodes go to parts by a hash of their number, and are then lined up part by part:
 * the place of a node in that order is its position. A part is one run of positions, so that what it says of its nodes is one piece of
 * every vector, and nobody needs a table of 4 bytes a node to place it. Blocks by hash, since the oldest nodes have the longest
 * rows: cut by number alone, the first part would have most of the work.
 */
export interface Shares {
  nodes: number;
  /** Where each part begins, by position; one more than there are parts. */
  bounds: number[];
  /** The position at which each block of nodes begins. */
  starts: Uint32Array;
}

/** The same nodes and parts give the same shares on every machine. Throws a `RangeError` for more parts than `partLimit`. */
export function shareOut(nodes: number, parts: number): Shares {
  if (!(parts >= 1 && parts <= partLimit))
    throw new RangeError(`there are 1 to ${partLimit} parts, not ${parts}`);
  const blocks = Math.ceil(nodes / blockNodes);
  const sizes = new Array<number>(parts).fill(0);
  const sizeOf = (block: number) => Math.min(blockNodes, nodes - block * blockNodes);
  for (let block = 0; block < blocks; block++) sizes[mixed(block) % parts]! += sizeOf(block);
  const bounds = [0];
  for (const size of sizes) bounds.push(bounds.at(-1)! + size);
  const next = bounds.slice();
  const starts = new Uint32Array(blocks);
  for (let block = 0; block < blocks; block++) {
    const part = mixed(block) % parts;
    starts[block] = next[part]!;
    next[part]! += sizeOf(block);
  }
  return { nodes, bounds, starts };
}

export function positionOf({ starts }: Shares, node: number): number {
  return starts[node >>> blockBits]! + (node & (blockNodes - 1));
}

/** The nodes of a part in the order of their positions. */
export function* nodesOf({ nodes, bounds }: Shares, part: number): Generator<number> {
  const blocks = Math.ceil(nodes / blockNodes);
  const parts = bounds.length - 1;
  for (let block = 0; block < blocks; block++) {
    if (mixed(block) % parts !== part) continue;
    const end = Math.min(nodes, (block + 1) * blockNodes);
    for (let node = block * blockNodes; node < end; node++) yield node;
  }
}

/** The finaliser of MurmurHash3 (Appleby, public domain): each bit of the number moves every bit of the hash. */
function mixed(number: number): number {
  let hash = number;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
