import { grown } from './growing.ts';
import { drawHashKey, type HashKey, hashOf, KeyBatch } from './key-batch.ts';
import { NodeTable, nodeLimit } from './node-table.ts';
import { Slots } from './slots.ts';

/** Words of all keys: 8 GiB are what one array safely holds. */
const arenaLimit = 0x7fff_ffff;
/** Stands for the id of a key for which there is no room. */
export const noId = 0xffff_ffff;

/** What an interner was. */
export interface StoredKeys {
  arena: Uint32Array;
  table: NodeTable;
  count: number;
  /** By which keys are found, and the key of their hashes. Without them all are hashed anew. */
  found?: { slots: Uint32Array; key: HashKey };
}

/**
 * Keys → numbers from 0, in the order in which they came. Words in one arena and open addressing over it: no object for a key, and
 * no end at the 16.7 million of a `Map`. Ids never change and never leave.
 */
export class Interner {
  /** The texts of all keys, each in whole words. */
  arena: Uint32Array;
  /** What is known of each. */
  readonly table: NodeTable;
  readonly hashKey: HashKey;
  readonly #slots: Slots;
  #count = 0;
  readonly #one = new KeyBatch();
  /** By key of a batch: where what it may be starts. */
  #starts = new Uint32Array(1 << 8);

  /** `stored`: what these were; ids come out the same. */
  constructor(stored?: StoredKeys) {
    this.arena = stored?.arena ?? new Uint32Array(1 << 14);
    this.table = stored?.table ?? new NodeTable();
    this.#count = stored?.count ?? 0;
    this.hashKey = stored?.found?.key ?? drawHashKey();
    this.#slots = stored?.found ? new Slots(this.#count, stored.found.slots) : new Slots();
    if (stored?.found) return;
    const { table, hashKey, arena } = this;
    for (let id = 0; id < this.#count; id++)
      this.#slots.add(id, hashOf(hashKey, table.tag(id), arena, table.start(id), table.end(id)));
  }

  get size(): number {
    return this.#count;
  }

  /** Words of all keys. */
  get words(): number {
    return this.table.start(this.#count);
  }

  /** The table by which keys are found, to be stored. */
  get slots(): Uint32Array {
    return this.#slots.settled();
  }

  /**
   * The id of a kind (one byte) and a text of latin1 characters; a new one where it is new. -1 where a limit does not allow it: the
   * key is too long, or everything is full.
   */
  intern(kind: number, text: string): number {
    const id = this.#put(kind, text) ? this.#place(this.#one, 0) : noId;
    return id === noId ? -1 : id;
  }

  /** As `intern`, but -1 where it is not known. */
  find(kind: number, text: string): number {
    return this.#put(kind, text) ? this.#find(this.#one, 0) : -1;
  }

  /**
   * As `intern` for each key of a batch, `noId` for -1. Keys are numbered in their order. Each step is done for all of them before the
   * next one, so that many places of memory are waited for at a time: slots, records, words.
   */
  internAll(keys: KeyBatch, ids: Uint32Array): void {
    const { size, hashes } = keys;
    this.#starts = grown(this.#starts, size);
    const { table, arena } = this;
    const starts = this.#starts;
    this.#slots.firstAll(hashes, size, ids);
    for (let n = 0; n < size; n++) starts[n] = ids[n] === 0 ? 0 : table.start(ids[n]! - 1);
    for (let n = 0; n < size; n++) starts[n] = arena[starts[n]!]!;
    for (let n = 0; n < size; n++)
      ids[n] = ids[n] !== 0 && this.#is(ids[n]! - 1, keys, n) ? ids[n]! - 1 : noId;
    // What is not known, may have come with this very batch.
    for (let n = 0; n < size; n++) if (ids[n] === noId) ids[n] = this.#place(keys, n);
  }

  kind(id: number): number {
    return this.table.kind(id);
  }

  text(id: number): string {
    const { table, arena } = this;
    const from = 4 * table.start(id);
    const length = 4 * table.end(id) - from - (table.tag(id) >>> 8);
    return Buffer.from(arena.buffer, arena.byteOffset + from, length).toString('latin1');
  }

  #put(kind: number, text: string): boolean {
    this.#one.clear(this.hashKey);
    return this.#one.add(kind, text) === 0;
  }

  #find(keys: KeyBatch, n: number): number {
    const slots = this.#slots;
    let id = slots.first(keys.hashes[n]!);
    while (id >= 0 && !this.#is(id, keys, n)) id = slots.next();
    return id;
  }

  #place(keys: KeyBatch, n: number): number {
    const known = this.#find(keys, n);
    if (known >= 0) return known;
    const { words, ends, hashes, tags } = keys;
    const from = n === 0 ? 0 : ends[n - 1]!;
    const count = ends[n]! - from;
    const to = this.words;
    if (to + count > arenaLimit || this.#count >= nodeLimit) return noId;
    const id = this.#count++;
    if (to + count > this.arena.length) this.arena = grown(this.arena, to + count);
    const { arena } = this;
    for (let i = 0; i < count; i++) arena[to + i] = words[from + i]!;
    this.table.add(id, to + count, tags[n]!);
    this.#slots.add(id, hashes[n]!);
    return id;
  }

  #is(id: number, { words, ends, tags }: KeyBatch, n: number): boolean {
    const from = n === 0 ? 0 : ends[n - 1]!;
    const count = ends[n]! - from;
    const { arena, table } = this;
    const at = table.start(id);
    if (table.tag(id) !== tags[n] || table.end(id) - at !== count) return false;
    for (let i = 0; i < count; i++) if (arena[at + i] !== words[from + i]) return false;
    return true;
  }
}
