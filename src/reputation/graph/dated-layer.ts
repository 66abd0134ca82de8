import type { EdgeLog } from './edge-log.ts';
import { ageOf, decay, edgeTypes } from './kinds.ts';
import { entryLimit, type Layer, sharedUint32 } from './layer.ts';

/** A layer whose edges know when they were first and last seen (days since the epoch), by entry. */
export interface DatedLayer extends Layer {
  firstDay: Uint16Array;
  lastDay: Uint16Array;
}

/** Edges as columns: each once, with the smaller node in `a`. */
export interface EdgeColumns {
  count: number;
  a: Uint32Array;
  b: Uint32Array;
  types: Uint8Array;
  firstDay: Uint16Array;
  lastDay: Uint16Array;
}

const shared16 = (length: number) => new Uint16Array(new SharedArrayBuffer(length * 2));

/** Layers of all types and ages among these edges, as they stand on a day. */
export function buildLayers(nodes: number, edges: EdgeColumns, today: number): DatedLayer[] {
  const order = sorted(nodes, edges);
  const layers = new Map<number, DatedLayer>();
  const keyOf = (at: number) => edges.types[at]! * 8 + ageOf(Math.max(0, today - edges.lastDay[at]!));
  for (let n = 0; n < edges.count; n++) {
    const key = keyOf(n);
    let layer = layers.get(key);
    if (!layer) {
      layer = empty(nodes, key);
      layers.set(key, layer);
    }
    layer.rowPtr[edges.a[n]! + 1]!++;
    layer.rowPtr[edges.b[n]! + 1]!++;
  }
  const next = new Map<number, Uint32Array>();
  for (const [key, layer] of layers) {
    const { rowPtr } = layer;
    let total = 0;
    for (let i = 1; i <= nodes; i++) {
      total += rowPtr[i]!;
      rowPtr[i] = total;
    }
    if (total > entryLimit) throw new RangeError(`a layer holds ${entryLimit} entries, not ${total}`);
    layer.cols = sharedUint32(total);
    layer.firstDay = shared16(total);
    layer.lastDay = shared16(total);
    next.set(key, rowPtr.slice());
  }
  // In ascending order of (a, b) each row fills in ascending order too: first all that are smaller than it, then all that are larger.
  for (let n = 0; n < edges.count; n++) {
    const at = order[n]!;
    const key = keyOf(at);
    const layer = layers.get(key)!;
    const free = next.get(key)!;
    const a = edges.a[at]!;
    const b = edges.b[at]!;
    for (const [row, col] of [
      [a, b],
      [b, a],
    ] as const) {
      const entry = free[row]!++;
      layer.cols[entry] = col;
      layer.firstDay[entry] = edges.firstDay[at]!;
      layer.lastDay[entry] = edges.lastDay[at]!;
    }
  }
  return [...layers].sort(([one], [other]) => one - other).map(([, layer]) => layer);
}

function empty(nodes: number, key: number): DatedLayer {
  const type = key >> 3;
  const age = key & 7;
  return {
    type,
    age,
    weight: edgeTypes[type]!.weight * decay(age),
    rowPtr: sharedUint32(nodes + 1),
    cols: sharedUint32(0),
    firstDay: shared16(0),
    lastDay: shared16(0),
  };
}

/** Places of the edges in ascending order of (a, b): two counting sorts, by `b` and then by `a`. */
function sorted(nodes: number, { count, a, b }: EdgeColumns): Uint32Array {
  let order = new Uint32Array(count);
  for (let n = 0; n < count; n++) order[n] = n;
  for (const key of [b, a]) {
    const from = new Uint32Array(nodes + 1);
    for (let n = 0; n < count; n++) from[key[n]! + 1]!++;
    for (let i = 1; i <= nodes; i++) from[i]! += from[i - 1]!;
    const next = new Uint32Array(count);
    for (let n = 0; n < count; n++) next[from[key[order[n]!]!]!++] = order[n]!;
    order = next;
  }
  return order;
}

/** The edges of layers and of a log as columns, without those that are kept no longer than until a day. */
export function columnsOf(layers: readonly DatedLayer[], log: EdgeLog, today: number): EdgeColumns {
  let count = log.size;
  for (const { cols } of layers) count += cols.length / 2;
  const all: EdgeColumns = {
    count: 0,
    a: new Uint32Array(count),
    b: new Uint32Array(count),
    types: new Uint8Array(count),
    firstDay: new Uint16Array(count),
    lastDay: new Uint16Array(count),
  };
  const kept = edgeTypes.map(({ keptDays = Number.POSITIVE_INFINITY }) => keptDays);
  const add = (type: number, a: number, b: number, first: number, last: number) => {
    if (today - last > kept[type]!) return;
    const at = all.count++;
    all.types[at] = type;
    all.a[at] = a;
    all.b[at] = b;
    all.firstDay[at] = first;
    all.lastDay[at] = last;
  };
  for (const { type, rowPtr, cols, firstDay, lastDay } of layers)
    for (let row = 0; row + 1 < rowPtr.length; row++)
      for (let at = rowPtr[row]!; at < rowPtr[row + 1]!; at++)
        if (cols[at]! > row) add(type, row, cols[at]!, firstDay[at]!, lastDay[at]!);
  for (let edge = 0; edge < log.size; edge++)
    add(log.type(edge), log.a(edge), log.b(edge), log.firstDay(edge), log.lastDay(edge));
  return all;
}
