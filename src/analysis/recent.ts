/**
 * A map of what was seen lately, for the hot path: never more than `limit` entries, and none that was not seen for twice `keepMs`
 * of event time, in two generations. What is read or written counts as seen; when the younger generation has half the limit, or
 * is `keepMs` old, the older one is forgotten as a whole. So a hit costs one look-up, where an exact order of use costs a
 * removal and an insertion, and memory follows what goes on, not all that ever went on.
 */
export class Recent<V> {
  #young = new Map<string, V>();
  #old = new Map<string, V>();
  readonly #half: number;
  readonly #keepMs: number;
  /** When the younger generation began, in event time. */
  #since = Number.NEGATIVE_INFINITY;
  /** How many entries the limit has pushed out so far. */
  evicted = 0;

  /** What was seen is there for `keepMs` at the least, but for the limit. */
  constructor(limit: number, keepMs: number) {
    if (!(limit >= 1)) throw new RangeError(`a bound must be positive, not ${limit}`);
    this.#half = Math.max(1, Math.floor(limit / 2));
    this.#keepMs = keepMs;
  }

  /** Never above the limit, but for a limit of 1, which keeps 2. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }

  /** `time` is that of the event which asks. */
  get(key: string, time: number): V | undefined {
    if (time - this.#since > this.#keepMs) this.#age(time);
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
      this.#turn();
    }
    this.#young.set(key, value);
  }

  #age(time: number): void {
    if (this.size > 0) this.#turn();
    this.#since = time;
  }

  #turn(): void {
    this.#old = this.#young;
    this.#young = new Map();
  }
}
