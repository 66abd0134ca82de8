import { grown } from './growing.ts';
import { hashOf, KeyBatch } from './key-batch.ts';
import { Slots } from './slots.ts';

/** Bytes of all keys, and keys: an offset must fit in 32 bits, and one id is kept for "none". */
const arenaLimit = 0xffff_ffff;
const idLimit = 0xffff_fffe;
/** Stands for the id of a key for which there is no room. */
export const noId = 0xffff_ffff;

/**
 * Keys → numbers from 0, in the order in which they came. Bytes in one arena and open addressing over it: no object for a key, and
 * no end at the 16.7 million of a `Map`. Ids never change and never leave.
 */
export class Interner {
  arena: Uint8Array;
  /** Where each key ends. */
  ends: Uint32Array;
  readonly #slots: Slots;
  #count = 0;
  readonly #one = new KeyBatch();
  /** What `#near` has looked at. */
  #found = new Uint32Array(1 << 8);

  /** `stored`: what these were; ids come out the same. Without `slots` all keys are hashed anew. */
  constructor(stored?: { arena: Uint8Array; ends: Uint32Array; count: number; slots?: Uint32Array }) {
    this.arena = stored?.arena ?? new Uint8Array(1 << 16);
    this.ends = stored?.ends ?? new Uint32Array(1 << 12);
    this.#count = stored?.count ?? 0;
    this.#slots = stored?.slots ? new Slots(this.#count, stored.slots) : new Slots();
    if (stored?.slots) return;
    for (let id = 0; id < this.#count; id++)
      this.#slots.add(id, hashOf(this.arena, this.#start(id), this.ends[id]!));
  }

  get size(): number {
    return this.#count;
  }

  /** Bytes of all keys. */
  get bytes(): number {
    return this.#start(this.#count);
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
    return this.arena[this.#start(id)]!;
  }

  text(id: number): string {
    const from = this.#start(id) + 1;
    const { buffer, byteOffset } = this.arena;
    return Buffer.from(buffer, byteOffset + from, this.ends[id]! - from).toString('latin1');
  }

  #start(id: number): number {
    return id === 0 ? 0 : this.ends[id - 1]!;
  }

  #put(kind: number, text: string): boolean {
    this.#one.clear();
    return this.#one.add(kind, text) === 0;
  }

  /** Brings near what will be asked for, many places of memory at a time: first slots, then ends, then bytes. */
  #near({ size, hashes }: KeyBatch): void {
    if (size < 2) return;
    this.#found = grown(this.#found, size);
    const { ends, arena } = this;
    const found = this.#found;
    this.#slots.near(hashes, size, found);
    for (let n = 0; n < size; n++) found[n] = found[n]! < 2 ? 0 : ends[found[n]! - 2]!;
    for (let n = 0; n < size; n++) found[n] = arena[found[n]!]!;
  }

  #find({ bytes, ends, hashes }: KeyBatch, n: number): number {
    const from = n === 0 ? 0 : ends[n - 1]!;
    const length = ends[n]! - from;
    const slots = this.#slots;
    let id = slots.first(hashes[n]!);
    while (id >= 0 && !this.#equals(id, bytes, from, length)) id = slots.next();
    return id;
  }

  #place(keys: KeyBatch, n: number): number {
    const known = this.#find(keys, n);
    if (known >= 0) return known;
    const { bytes, ends, hashes } = keys;
    const from = n === 0 ? 0 : ends[n - 1]!;
    const length = ends[n]! - from;
    const to = this.bytes;
    if (to + length > arenaLimit || this.#count >= idLimit) return noId;
    const id = this.#count++;
    if (to + length > this.arena.length) this.arena = grown(this.arena, to + length);
    if (id >= this.ends.length) this.ends = grown(this.ends, id + 1);
    const { arena } = this;
    for (let i = 0; i < length; i++) arena[to + i] = bytes[from + i]!;
    this.ends[id] = to + length;
    this.#slots.add(id, hashes[n]!);
    return id;
  }

  #equals(id: number, bytes: Uint8Array, from: number, length: number): boolean {
    const { arena } = this;
    const at = this.#start(id);
    if (this.ends[id]! - at !== length) return false;
    for (let i = 0; i < length; i++) if (arena[at + i] !== bytes[from + i]) return false;
    return true;
  }
}
