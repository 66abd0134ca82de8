import type { Layer } from '../graph/layer.ts';

/** A graph as the kernel takes it. */
export interface Weighted {
  layers: readonly Layer[];
  scale: Float32Array;
  prior: Float32Array;
  eps: number;
}

/** Rows of a table as columns, whose type is in their name's place: `u32` or `f64`. */
export type Columns = (Uint32Array | Float64Array)[];

/** Rows of the table of nodes: id, scale, prior. */
export function* nodeRows({ scale, prior }: Weighted, perBatch: number): Generator<Columns> {
  for (let first = 0; first < scale.length; first += perBatch) {
    const end = Math.min(scale.length, first + perBatch);
    const ids = Uint32Array.from({ length: end - first }, (_, i) => first + i);
    yield [ids, Float64Array.from(scale.subarray(first, end)), Float64Array.from(prior.subarray(first, end))];
  }
}

/** Rows of the table of edges: src, dst, weight, in both directions. What has no weight is left out. */
export function* edgeRows({ layers, scale, eps }: Weighted, perBatch: number): Generator<Columns> {
  let src = new Uint32Array(perBatch);
  let dst = new Uint32Array(perBatch);
  let weights = new Float64Array(perBatch);
  let count = 0;
  for (const { rowPtr, cols, weight } of layers)
    for (let node = 0; node < scale.length; node++) {
      const own = eps * weight * scale[node]!;
      if (own === 0) continue;
      for (let at = rowPtr[node]!; at < rowPtr[node + 1]!; at++) {
        const all = own * scale[cols[at]!]!;
        if (all === 0) continue;
        src[count] = cols[at]!;
        dst[count] = node;
        weights[count++] = all;
        if (count < perBatch) continue;
        yield [src, dst, weights];
        src = new Uint32Array(perBatch);
        dst = new Uint32Array(perBatch);
        weights = new Float64Array(perBatch);
        count = 0;
      }
    }
  if (count > 0) yield [src.subarray(0, count), dst.subarray(0, count), weights.subarray(0, count)];
}

/** Rows as RowBinary (https://clickhouse.com/docs/interfaces/formats/RowBinary): for files that a cluster loads by itself. */
export function rowBinary(columns: Columns): Uint8Array {
  const rows = columns[0]?.length ?? 0;
  const width = columns.reduce((sum, { BYTES_PER_ELEMENT }) => sum + BYTES_PER_ELEMENT, 0);
  const bytes = new DataView(new ArrayBuffer(rows * width));
  for (let row = 0, at = 0; row < rows; row++)
    for (const column of columns) {
      if (column instanceof Uint32Array) bytes.setUint32(at, column[row]!, true);
      else bytes.setFloat64(at, column[row]!, true);
      at += column.BYTES_PER_ELEMENT;
    }
  return new Uint8Array(bytes.buffer);
}

/** Rows as the values of an INSERT. A number's shortest text is read back as the same number. */
export function values(columns: Columns): string {
  const rows: string[] = [];
  for (let row = 0; row < (columns[0]?.length ?? 0); row++)
    rows.push(`(${columns.map((column) => column[row]).join(',')})`);
  return rows.join(',');
}
