import { rowCount, type Table } from './table.ts';

/** Bins of a feature beside the one for missing values, which is bin 0: a bin fits into a byte. */
export const binLimit = 255;

/** A table whose values are replaced by the numbers of their bins, column by column. */
export interface Binned {
  rows: number;
  width: number;
  bins: Uint8Array;
  /** For each feature the upper edges of its bins; the last bin has none. `value <= edges[b - 1]` puts a value into bin `b` or below. */
  edges: Float32Array[];
}

/** Cuts each feature into at most `limit` bins of about as many rows each, and at least one where all values are the same. */
export function bin(table: Table, limit = binLimit): Binned {
  const rows = rowCount(table);
  const { width, values } = table;
  const bins = new Uint8Array(rows * width);
  const edges: Float32Array[] = [];
  const column = new Float32Array(rows);
  for (let feature = 0; feature < width; feature++) {
    let present = 0;
    for (let row = 0; row < rows; row++) {
      const value = values[row * width + feature]!;
      if (!Number.isNaN(value)) column[present++] = value;
    }
    const cut = edgesOf(column.slice(0, present).sort(), Math.min(limit, binLimit));
    edges.push(cut);
    for (let row = 0; row < rows; row++)
      bins[feature * rows + row] = binOf(cut, values[row * width + feature]!);
  }
  return { rows, width, bins, edges };
}

function binOf(edges: Float32Array, value: number): number {
  if (Number.isNaN(value)) return 0;
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= edges[middle]!) high = middle;
    else low = middle + 1;
  }
  return low + 1;
}

/** Edges between different values of a sorted column, so placed that no bin holds more than its share where values allow it. */
function edgesOf(sorted: Float32Array, limit: number): Float32Array {
  let different = sorted.length > 0 ? 1 : 0;
  for (let i = 1; i < sorted.length; i++) if (sorted[i] !== sorted[i - 1]) different++;
  const edges: number[] = [];
  const share = different <= limit ? 0 : sorted.length / limit;
  let since = 0;
  for (let i = 1; i < sorted.length && edges.length < limit - 1; i++) {
    const low = sorted[i - 1]!;
    const high = sorted[i]!;
    if (low === high || i - since < share) continue;
    const middle = Math.fround((low + high) / 2);
    edges.push(middle >= high || !Number.isFinite(middle) ? low : middle);
    since = i;
  }
  return Float32Array.from(edges);
}
