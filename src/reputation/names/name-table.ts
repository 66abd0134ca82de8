import type { Logistic } from '../learn/logistic.ts';
import { SparseRows } from '../learn/sparse-rows.ts';
import type { Table } from '../learn/table.ts';
import { columnGroups, NameColumns } from './columns.ts';
import { NameFeatures, nameFeatures } from './features.ts';
import { Impersonators } from './impersonation.ts';
import { type NameParts, partsOf } from './parts.ts';
import { Segmenter, type Words } from './words.ts';

/** Names as the learners see them: hashed columns, and a table of features of which the first await an n-gram model. */
export class NameTable implements Table {
  readonly parts: NameParts[];
  readonly width = nameFeatures.length;
  readonly values: Float32Array;
  readonly rows: SparseRows;
  readonly bits: number;
  readonly #ends: Uint32Array;

  /** `names` are normal names. */
  constructor(names: readonly string[], words: Words, bits: number, brands?: readonly (readonly string[])[]) {
    this.bits = bits;
    this.parts = names.map(partsOf);
    this.rows = new SparseRows(names.length);
    this.values = new Float32Array(names.length * this.width);
    this.#ends = new Uint32Array(names.length * columnGroups.length);
    const columns = new NameColumns(bits, new Segmenter(words));
    const features = new NameFeatures(new Segmenter(words), new Impersonators(brands));
    this.parts.forEach((parts, i) => {
      this.rows.push(columns.columns, columns.fill(parts));
      this.#ends.set(columns.ends, i * columnGroups.length);
      features.fill(parts, this.values, i * this.width);
    });
  }

  get length(): number {
    return this.parts.length;
  }

  /** Writes what an n-gram model says of a row into its first features: as a whole, then group by group. */
  putNgrams({ weights, bias }: Logistic, row: number, out = this.values, at = row * this.width): void {
    const start = this.rows.start(row);
    putNgramSums(
      { weights, bias, unit: 1 },
      this.rows.columns.subarray(start, this.rows.end(row)),
      this.#ends.subarray(row * columnGroups.length),
      out,
      at,
    );
  }

  /** Some rows as a table of their own. */
  pick(rows: Uint32Array): Table {
    const { width } = this;
    const values = new Float32Array(rows.length * width);
    rows.forEach((row, i) => {
      values.set(this.values.subarray(row * width, (row + 1) * width), i * width);
    });
    return { width, values };
  }
}

/** Sums of weights, group by group, into a row of features: first the logit, then what each group adds to it. */
export function putNgramSums(
  { weights, bias, unit }: { weights: Float32Array | Int8Array; bias: number; unit: number },
  columns: Uint32Array,
  ends: Uint32Array,
  out: Float32Array,
  at: number,
): void {
  const all = ends[columnGroups.length - 1]!;
  const scale = all > 0 ? unit / Math.sqrt(all) : 0;
  let total = bias;
  let k = 0;
  for (let group = 0; group < columnGroups.length; group++) {
    let sum = 0;
    for (const end = ends[group]!; k < end; k++) sum += weights[columns[k]!]!;
    out[at + 1 + group] = sum * scale;
    total += sum * scale;
  }
  out[at] = total;
}
