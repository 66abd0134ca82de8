/** Rows of column numbers, one after another in one array (CSR without values): what a text learner is taught from. */
export class SparseRows {
  #columns: Uint32Array;
  #ends: Uint32Array;
  #used = 0;
  #rows = 0;

  constructor(rows = 1024) {
    this.#ends = new Uint32Array(Math.max(1, rows));
    this.#columns = new Uint32Array(this.#ends.length * 64);
  }

  get length(): number {
    return this.#rows;
  }

  /** The columns of all rows; row `i` lies from `start(i)` to before `end(i)`. Valid until the next `push`. */
  get columns(): Uint32Array {
    return this.#columns;
  }

  start(row: number): number {
    return row === 0 ? 0 : this.#ends[row - 1]!;
  }

  end(row: number): number {
    return this.#ends[row]!;
  }

  /** Adds the first `count` of `columns` as a row. */
  push(columns: Uint32Array, count = columns.length): void {
    if (this.#rows === this.#ends.length) this.#ends = grown(this.#ends, this.#rows + 1);
    if (this.#used + count > this.#columns.length) this.#columns = grown(this.#columns, this.#used + count);
    this.#columns.set(columns.subarray(0, count), this.#used);
    this.#used += count;
    this.#ends[this.#rows++] = this.#used;
  }
}

function grown(array: Uint32Array, least: number): Uint32Array {
  const larger = new Uint32Array(Math.max(least, array.length * 2));
  larger.set(array);
  return larger;
}
