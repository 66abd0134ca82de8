import type { FeedEntry } from '../feeds/format.ts';
import { keyOf } from './knowledge.ts';

type Thing = Pick<FeedEntry, 'type' | 'value'>;

/** A typed array with room for one more place: itself, or one half as large again. */
function roomy<T extends Uint8Array | Uint16Array | Uint32Array>(array: T, place: number): T {
  if (place < array.length) return array;
  const made = new (array.constructor as new (length: number) => T)(Math.max(1_024, Math.ceil(place * 1.5)));
  made.set(array);
  return made;
}

/** Which feed holds which entry: a number for each such pair, in the order in which they were added, and what is known of it. */
export class Holdings {
  size = 0;
  feed = new Uint8Array(0);
  /** The day since when; 0 where that is not known. */
  since = new Uint16Array(0);
  met = new Uint8Array(0);
  /** Entries by their keys, the keys, and the last pair of each. */
  readonly #ids = new Map<string, number>();
  readonly #keys: string[] = [];
  readonly #entryLast: number[] = [];
  /** The pair that was added before for the same entry, and 1; 0 where there is none. */
  #before = new Uint32Array(0);
  #entry = new Uint32Array(0);

  /** The number of a new pair; -1 where the feed held the entry already. Feeds come one after the other. */
  add(entry: Thing, feed: number): number {
    const key = keyOf(entry);
    let id = this.#ids.get(key);
    if (id !== undefined && this.feed[this.#entryLast[id]!] === feed) return -1;
    const pair = this.size++;
    this.feed = roomy(this.feed, pair);
    this.since = roomy(this.since, pair);
    this.met = roomy(this.met, pair);
    this.#before = roomy(this.#before, pair);
    this.#entry = roomy(this.#entry, pair);
    if (id === undefined) {
      id = this.#keys.push(key) - 1;
      this.#ids.set(key, id);
      this.#before[pair] = 0;
    } else this.#before[pair] = this.#entryLast[id]! + 1;
    this.#entryLast[id] = pair;
    this.#entry[pair] = id;
    this.feed[pair] = feed;
    return pair;
  }

  /** The keys of the pairs from a number on. */
  keys(from: number): string[] {
    return Array.from({ length: this.size - from }, (_, n) => this.#keys[this.#entry[from + n]!]!);
  }

  entry(pair: number): Thing {
    const key = this.#keys[this.#entry[pair]!]!;
    const blank = key.indexOf(' ');
    return { type: key.slice(0, blank) as FeedEntry['type'], value: key.slice(blank + 1) };
  }

  /** The pairs of other feeds with the same entry. */
  others(pair: number): readonly number[] {
    const last = this.#entryLast[this.#entry[pair]!]!;
    if (last === pair && this.#before[pair] === 0) return none;
    const found: number[] = [];
    for (let next = last + 1; next > 0; next = this.#before[next - 1]!)
      if (next - 1 !== pair) found.push(next - 1);
    return found;
  }
}
const none: readonly number[] = [];
