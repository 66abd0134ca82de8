import { grown } from './growing.ts';

/** Bytes of one key, of all keys, and keys: an offset must fit in 32 bits, and one id is kept for "none". */
const keyLimit = 1_024;
const arenaLimit = 0xffff_ffff;
const idLimit = 0xffff_fffe;

/**
 * Keys → numbers from 0, in the order in which they came. Bytes in one arena and open addressing over it: no object for a key, and
 * no end at the 16.7 million of a `Map`. Ids never change and never leave.
 */
export class Interner {
  arena: Uint8Array;
  /** Where each key ends. */
  ends: Uint32Array;
  /** Two numbers a slot: id + 1 (0 where nothing stands), and the key's hash, so that a look at a slot costs one place in memory. */
  slots: Uint32Array;
  #count = 0;
  readonly #scratch = new Uint8Array(keyLimit);
  #length = 0;

  /** `stored`: what these were; ids come out the same. Without `slots` all keys are hashed anew. */
  constructor(stored?: { arena: Uint8Array; ends: Uint32Array; count: number; slots?: Uint32Array }) {
    this.arena = stored?.arena ?? new Uint8Array(1 << 16);
    this.ends = stored?.ends ?? new Uint32Array(1 << 12);
    this.#count = stored?.count ?? 0;
    this.slots = stored?.slots ?? new Uint32Array(slotsFor(this.#count));
    if (stored?.slots) return;
    for (let id = 0; id < this.#count; id++)
      place(this.slots, id, hashOf(this.arena, this.#start(id), this.ends[id]!));
  }

  get size(): number {
    return this.#count;
  }

  /** Bytes of all keys. */
  get bytes(): number {
    return this.#start(this.#count);
  }

  /**
   * The id of a kind (one byte) and a text of latin1 characters; a new one where it is new. -1 where a limit does not allow it: the
   * key is too long, or everything is full.
   */
  intern(kind: number, text: string): number {
    return this.#put(kind, text) ? this.#id(true) : -1;
  }

  /** As `intern`, but -1 where it is not known. */
  find(kind: number, text: string): number {
    return this.#put(kind, text) ? this.#id(false) : -1;
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
    const { length } = text;
    if (length >= keyLimit) return false;
    const scratch = this.#scratch;
    scratch[0] = kind;
    for (let i = 0; i < length; i++) scratch[i + 1] = text.charCodeAt(i);
    this.#length = length + 1;
    return true;
  }

  #id(add: boolean): number {
    const scratch = this.#scratch;
    const length = this.#length;
    const hash = hashOf(scratch, 0, length);
    const slots = this.slots;
    const mask = slots.length - 1;
    let at = (hash << 1) & mask;
    for (let one = slots[at]!; one !== 0; one = slots[at]!) {
      if (slots[at + 1] === hash && this.#equals(one - 1, scratch, length)) return one - 1;
      at = (at + 2) & mask;
    }
    if (!add) return -1;
    const from = this.bytes;
    if (from + length > arenaLimit || this.#count >= idLimit) return -1;
    const id = this.#count++;
    this.arena = grown(this.arena, from + length);
    this.ends = grown(this.ends, this.#count);
    const { arena } = this;
    for (let i = 0; i < length; i++) arena[from + i] = scratch[i]!;
    this.ends[id] = from + length;
    slots[at] = id + 1;
    slots[at + 1] = hash;
    if (this.#count * 20 > slots.length * 7) this.#spread();
    return id;
  }

  #equals(id: number, bytes: Uint8Array, length: number): boolean {
    const { arena } = this;
    const from = this.#start(id);
    if (this.ends[id]! - from !== length) return false;
    for (let i = 0; i < length; i++) if (arena[from + i] !== bytes[i]) return false;
    return true;
  }

  #spread(): void {
    const old = this.slots;
    const slots = new Uint32Array(slotsFor(this.#count));
    for (let at = 0; at < old.length; at += 2) if (old[at] !== 0) place(slots, old[at]! - 1, old[at + 1]!);
    this.slots = slots;
  }
}

/** Numbers that a table for so many keys has: between a third and seven tenths of its slots are taken. */
function slotsFor(count: number): number {
  let size = 1 << 14;
  while (count * 20 > size * 6) size *= 2;
  return size;
}

function place(slots: Uint32Array, id: number, hash: number): void {
  const mask = slots.length - 1;
  let at = (hash << 1) & mask;
  while (slots[at] !== 0) at = (at + 2) & mask;
  slots[at] = id + 1;
  slots[at + 1] = hash;
}

/** FNV-1a with a last mix, so that its low bits are as good as its high ones. */
function hashOf(bytes: Uint8Array, from: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = from; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
