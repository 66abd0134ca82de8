import { grown } from './growing.ts';
import { hashOf, KeyBatch } from './key-batch.ts';
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
  /** Without them all keys are hashed anew. */
  slots?: Uint32Array;
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
  readonly #slots: Slots;
  #count = 0;
  readonly #one = new KeyBatch();
  /** What `#near` has looked at. */
  #found = new Uint32Array(1 << 8);

  /** `stored`: what these were; ids come out the same. */
  constructor(stored?: StoredKeys) {
    this.arena = stored?.arena ?? new Uint32Array(1 << 14);
    this.table = stored?.table ?? new NodeTable();
    this.#count = stored?.count ?? 0;
    this.#slots = stored?.slots ? new Slots(this.#count, stored.slots) : new Slots();
    if (stored?.slots) return;
    const { table } = this;
    for (let id = 0; id < this.#count; id++)
      this.#slots.add(id, hashOf(table.tag(id), this.arena, table.start(id), table.end(id)));
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

  /** As `intern` for each key of a batch, `noId` for -1. Keys are numbered in their order. */
  internAll(keys: KeyBatch, ids: Uint32Array): void {
    this.#near(keys);
    for (let n = 0; n < keys.size; n++) ids[n] = this.#place(keys, n);
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
    this.#one.clear();
    return this.#one.add(kind, text) === 0;
  }

  /** Brings near what will be asked for, many places of memory at a time: first slots, then records, then words. */
  #near({ size, hashes }: KeyBatch): void {
    if (size < 2) return;
    this.#found = grown(this.#found, size);
    const { table, arena } = this;
    const found = this.#found;
    this.#slots.near(hashes, size, found);
    for (let n = 0; n < size; n++) found[n] = found[n]! < 2 ? 0 : table.start(found[n]! - 1);
    for (let n = 0; n < size; n++) found[n] = arena[found[n]!]!;
  }

  #find({ words, ends, hashes, tags }: KeyBatch, n: number): number {
    const from = n === 0 ? 0 : ends[n - 1]!;
    const count = ends[n]! - from;
    const tag = tags[n]!;
    const slots = this.#slots;
    let id = slots.first(hashes[n]!);
    while (id >= 0 && !this.#equals(id, tag, words, from, count)) id = slots.next();
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

  #equals(id: number, tag: number, words: Uint32Array, from: number, count: number): boolean {
    const { arena, table } = this;
    const at = table.start(id);
    if (table.tag(id) !== tag || table.end(id) - at !== count) return false;
    for (let i = 0; i < count; i++) if (arena[at + i] !== words[from + i]) return false;
    return true;
  }
}
