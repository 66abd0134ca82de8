/**
 * A map of what was seen lately, for the hot path: never more than `limit` entries, in two generations. What is read or
 * written counts as seen; when the younger generation has half the limit, the older one is forgotten as a whole. So a hit
 * costs one look-up, where an exact order of use costs a removal and an insertion.
 */
export class Recent<V> {
  #young = new Map<string, V>();
  #old = new Map<string, V>();
  readonly #half: number;
  /** How many entries the limit has pushed out so far. */
  evicted = 0;

  constructor(limit: number) {
    if (!(limit >= 1)) throw new RangeError(`a bound must be positive, not ${limit}`);
    this.#half = Math.max(1, Math.floor(limit / 2));
  }

  /** Never above the limit, but for a limit of 1, which keeps 2. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }

  get(key: string): V | undefined {
    const value = this.#young.get(key);
    if (value !== undefined || this.#old.size === 0) return value;
    const older = this.#old.get(key);
    if (older === undefined) return undefined;
    this.#old.delete(key);
    this.#put(key, older);
    return older;
  }

  has(key: string): boolean {
    return this.#young.has(key) || this.#old.has(key);
  }

  set(key: string, value: V): void {
    if (this.#young.has(key)) {
      this.#young.set(key, value);
      return;
    }
    this.#old.delete(key);
    this.#put(key, value);
  }

  delete(key: string): boolean {
    return this.#young.delete(key) || this.#old.delete(key);
  }

  #put(key: string, value: V): void {
    if (this.#young.size >= this.#half) {
      this.evicted += this.#old.size;
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }
}
