/**
 * Values by IPv4 address, as the points where the value changes: 8 bytes a point, and a table of where each /16 begins, so
 * that a look-up searches only the points of one.
 */
export class Ranges4 {
  #starts: Uint32Array = new Uint32Array(1_024);
  #values: Uint32Array = new Uint32Array(1_024);
  #first: Uint32Array = new Uint32Array(65_537);
  readonly #sweep = new Sweep<number>(
    (address) => address + 1,
    (start, value) => {
      if (start > 0xffff_ffff) return;
      if (this.#size > 0 && this.#starts[this.#size - 1] === start) this.#size--;
      if (this.#size === this.#starts.length) {
        this.#starts = grown(this.#starts, this.#size * 2);
        this.#values = grown(this.#values, this.#size * 2);
      }
      this.#starts[this.#size] = start;
      this.#values[this.#size++] = value;
    },
  );
  #size = 0;

  /** Adds a range, both ends within it. Starts do not descend; where ranges overlap, the one that ends first counts. */
  add(start: number, end: number, value: number): void {
    this.#sweep.add(start, end, value);
  }

  /** Call once, after the last range. */
  seal(): void {
    this.#sweep.end();
    this.#starts = this.#starts.slice(0, this.#size);
    this.#values = this.#values.slice(0, this.#size);
    // first[h]: how many points lie below h·2^16.
    let at = 0;
    for (let half = 0; half <= 65_536; half++) {
      while (at < this.#size && this.#starts[at]! < half * 65_536) at++;
      this.#first[half] = at;
    }
  }

  /** All that a sealed table consists of, to be written to a file and given to `restore`. */
  arrays(): Uint32Array[] {
    return [this.#starts, this.#values, this.#first];
  }

  restore([starts, values, first]: Uint32Array[]): void {
    if (!starts || values?.length !== starts.length || first?.length !== 65_537)
      throw new RangeError('these are not the arrays of a table of IPv4 ranges');
    this.#starts = starts;
    this.#values = values;
    this.#first = first;
    this.#size = starts.length;
  }

  /** The value at an address, an unsigned 32-bit number; 0 where no range holds it. */
  get(address: number): number {
    const half = address >>> 16;
    // The last point at or below the address may lie in an earlier /16.
    let low = this.#first[half]! - 1;
    let high = this.#first[half + 1]! - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= address) low = middle;
      else high = middle - 1;
    }
    return low >= 0 ? this.#values[low]! : 0;
  }
}

const halves = new DataView(new ArrayBuffer(16));

/** Values by IPv6 address, as the points where the value changes: 20 bytes a point, found by binary search. */
export class Ranges6 {
  #starts: Uint32Array = new Uint32Array(4 * 1_024);
  #values: Uint32Array = new Uint32Array(1_024);
  readonly #sweep = new Sweep<bigint>(
    (address) => address + 1n,
    (start, value) => {
      if (start >= 1n << 128n) return;
      if (this.#size > 0 && this.#last === start) this.#size--;
      this.#last = start;
      if (this.#size === this.#values.length) {
        this.#starts = grown(this.#starts, this.#size * 8);
        this.#values = grown(this.#values, this.#size * 2);
      }
      const at = this.#size * 4;
      // A store keeps the low 64 bits.
      halves.setBigUint64(0, start >> 64n);
      halves.setBigUint64(8, start);
      for (let i = 0; i < 4; i++) this.#starts[at + i] = halves.getUint32(4 * i);
      this.#values[this.#size++] = value;
    },
  );
  #size = 0;
  #last = -1n;

  /** Adds a range, both ends within it. Starts do not descend; where ranges overlap, the one that ends first counts. */
  add(start: bigint, end: bigint, value: number): void {
    this.#sweep.add(start, end, value);
  }

  seal(): void {
    this.#sweep.end();
    this.#starts = this.#starts.slice(0, this.#size * 4);
    this.#values = this.#values.slice(0, this.#size);
  }

  /** As `Ranges4.arrays`. */
  arrays(): Uint32Array[] {
    return [this.#starts, this.#values];
  }

  restore([starts, values]: Uint32Array[]): void {
    if (!starts || !values || starts.length !== values.length * 4)
      throw new RangeError('these are not the arrays of a table of IPv6 ranges');
    this.#starts = starts;
    this.#values = values;
    this.#size = values.length;
  }

  /** The value at an address, given as four 32-bit words; 0 where no range holds it. */
  get(a: number, b: number, c: number, d: number): number {
    const starts = this.#starts;
    let low = -1;
    let high = this.#size - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const at = middle * 4;
      const order = starts[at]! - a || starts[at + 1]! - b || starts[at + 2]! - c || starts[at + 3]! - d;
      if (order <= 0) low = middle;
      else high = middle - 1;
    }
    return low >= 0 ? this.#values[low]! : 0;
  }
}

/** Turns ranges in the order of their starts, which may overlap, into the points where the value that counts changes. */
class Sweep<Address extends number | bigint> {
  /** The ranges that the sweep is in, the one that ends first at the end. */
  readonly #open: { end: Address; value: number }[] = [];
  readonly #after: (address: Address) => Address;
  /** May be told one point twice: the later value counts. */
  readonly #point: (start: Address, value: number) => void;
  #at: Address | undefined;

  constructor(after: (address: Address) => Address, point: (start: Address, value: number) => void) {
    this.#after = after;
    this.#point = point;
  }

  add(start: Address, end: Address, value: number): void {
    if (end < start || (this.#at !== undefined && start < this.#at))
      throw new RangeError('ranges must ascend');
    this.#at = start;
    this.#close((open) => open < start);
    let place = this.#open.length;
    while (place > 0 && this.#open[place - 1]!.end < end) place--;
    this.#open.splice(place, 0, { end, value });
    this.#point(start, this.#open.at(-1)!.value);
  }

  end(): void {
    this.#close(() => true);
  }

  #close(over: (end: Address) => boolean): void {
    for (let top = this.#open.at(-1); top !== undefined && over(top.end); top = this.#open.at(-1)) {
      this.#open.pop();
      this.#point(this.#after(top.end), this.#open.at(-1)?.value ?? 0);
    }
  }
}

function grown(from: Uint32Array, length: number): Uint32Array<ArrayBuffer> {
  const to = new Uint32Array(length);
  to.set(from);
  return to;
}
