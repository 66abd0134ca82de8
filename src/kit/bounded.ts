/**
 * A map that never holds more than `limit` entries: the least recently used one leaves first.
 * Reading and writing an entry both count as use. `onEvict` learns of each entry that the limit pushed out.
 */
export class Bounded<K, V> {
  readonly #entries = new Map<K, V>();
  /**
   * Stands behind the last entry that was pushed out. A fresh iterator would walk over the holes of all removed ones each
   * time: at 100,000 entries that costs 75 µs an entry.
   */
  readonly #oldest = this.#entries.entries();
  readonly #limit: number;
  readonly #onEvict: ((key: K, value: V) => void) | undefined;
  /** How many entries the limit has pushed out so far. */
  evicted = 0;

  constructor(limit: number, onEvict?: (key: K, value: V) => void) {
    if (!(limit > 0)) throw new RangeError(`a bound must be positive, not ${limit}`);
    this.#limit = limit;
    this.#onEvict = onEvict;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: K): V | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  /** Reads without counting as use. */
  peek(key: K): V | undefined {
    return this.#entries.get(key);
  }

  has(key: K): boolean {
    return this.#entries.has(key);
  }

  set(key: K, value: V): this {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size > this.#limit) {
      const [oldest, old] = this.#oldest.next().value!;
      this.#entries.delete(oldest);
      this.evicted++;
      this.#onEvict?.(oldest, old);
    }
    return this;
  }

  delete(key: K): boolean {
    return this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }

  entries(): IterableIterator<[K, V]> {
    return this.#entries.entries();
  }

  values(): IterableIterator<V> {
    return this.#entries.values();
  }
}
