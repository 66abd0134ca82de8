/** A vector that comes in slices, each known by where it begins: whole once every slice has come. */
export class Gathered {
  readonly values: Float32Array;
  readonly #bounds: readonly number[];
  readonly #length: number;
  /** The number of the first slice of each part. */
  readonly #base: number[] = [0];
  readonly #has: Uint8Array;
  #missing: number;

  /** `bounds` as of the shares; parts are cut into slices of `length` numbers, the last one shorter. */
  constructor(bounds: readonly number[], length: number) {
    this.values = new Float32Array(bounds.at(-1)!);
    this.#bounds = bounds;
    this.#length = length;
    for (let part = 0; part + 1 < bounds.length; part++)
      this.#base.push(this.#base[part]! + Math.ceil((bounds[part + 1]! - bounds[part]!) / length));
    this.#missing = this.#base.at(-1)!;
    this.#has = new Uint8Array(this.#missing);
  }

  get whole(): boolean {
    return this.#missing === 0;
  }

  /** Takes a slice; one that has come before changes nothing. What is no slice of this vector is `refused`. */
  put(first: number, values: Float32Array): 'new' | 'double' | 'refused' {
    const bounds = this.#bounds;
    if (first >= this.values.length) return 'refused';
    let part = 0;
    while (bounds[part + 1]! <= first) part++;
    const place = (first - bounds[part]!) / this.#length;
    if (!Number.isInteger(place) || values.length !== Math.min(this.#length, bounds[part + 1]! - first))
      return 'refused';
    const number = this.#base[part]! + place;
    if (this.#has[number] === 1) return 'double';
    this.values.set(values, first);
    this.#has[number] = 1;
    this.#missing--;
    return 'new';
  }

  /** Forgets what has come: for the vector after the next. */
  clear(): void {
    this.#has.fill(0);
    this.#missing = this.#has.length;
  }
}
