/** Edges of one type and one age as compressed sparse rows, both directions: what joins `i` to others stands in its row, in ascending order. */
export interface Layer {
  /** Place in the table of edge types. */
  type: number;
  /** How old its edges are: place in the table of ages. */
  age: number;
  /** The coupling of one edge, in logits, before the ends' own weights. */
  weight: number;
  /** Where the row of node `i` begins in `cols`; one more than there are nodes. */
  rowPtr: Uint32Array;
  /** The other ends. */
  cols: Uint32Array;
}

/** Entries of one layer: 8 GiB of them, the safe size of an array here; and an index must fit in 32 bits with a sign. */
export const entryLimit = 2_147_483_647;

/** Calls back for each undirected edge; called twice, and must say the same both times. */
export type Edges = (edge: (a: number, b: number) => void) => void;

/** Memory that workers share. */
export function sharedUint32(length: number): Uint32Array {
  return new Uint32Array(new SharedArrayBuffer(length * 4));
}
export function sharedFloat32(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(length * 4));
}

/**
 * Rows from edges, without a list of them in between: counted once, placed once, then each row sorted. A loop is left out; an edge
 * that is named twice stands twice. Throws a `RangeError` over `entryLimit`.
 */
export function buildRows(nodes: number, edges: Edges): { rowPtr: Uint32Array; cols: Uint32Array } {
  const rowPtr = sharedUint32(nodes + 1);
  edges((a, b) => {
    if (a === b) return;
    rowPtr[a]!++;
    rowPtr[b]!++;
  });
  let total = 0;
  for (let i = 0; i < nodes; i++) {
    total += rowPtr[i]!;
    rowPtr[i] = total;
  }
  if (total > entryLimit) throw new RangeError(`a layer holds ${entryLimit} entries, not ${total}`);
  rowPtr[nodes] = total;
  const cols = sharedUint32(total);
  // Each row is filled from its end, so that `rowPtr` says where it begins once all is placed.
  edges((a, b) => {
    if (a === b) return;
    cols[--rowPtr[a]!] = b;
    cols[--rowPtr[b]!] = a;
  });
  for (let i = 0; i < nodes; i++) sortRow(cols, rowPtr[i]!, rowPtr[i + 1]!);
  return { rowPtr, cols };
}

/** Rows that are shorter are sorted by insertion: most are. */
const insertionLimit = 24;

export function sortRow(cols: Uint32Array, from: number, to: number): void {
  if (to - from > insertionLimit) {
    cols.subarray(from, to).sort();
    return;
  }
  for (let i = from + 1; i < to; i++) {
    const value = cols[i]!;
    let at = i;
    for (; at > from && cols[at - 1]! > value; at--) cols[at] = cols[at - 1]!;
    cols[at] = value;
  }
}

/** Where `b` stands in the row of `a`, or -1. */
export function findEdge({ rowPtr, cols }: Pick<Layer, 'rowPtr' | 'cols'>, a: number, b: number): number {
  let low = rowPtr[a]!;
  let high = rowPtr[a + 1]! - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const value = cols[middle]!;
    if (value === b) return middle;
    if (value < b) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
