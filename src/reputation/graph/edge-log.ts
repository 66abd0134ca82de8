import { grown } from './growing.ts';
import { Slots } from './slots.ts';

/** Edges that one log holds: slots must stay below what an array holds. */
const edgeLimit = 0x7fff_fffe;

/** Edges that are added together. */
export class EdgeBatch {
  types = new Uint8Array(1 << 8);
  a = new Uint32Array(1 << 8);
  b = new Uint32Array(1 << 8);
  days = new Uint16Array(1 << 8);
  size = 0;

  add(type: number, a: number, b: number, day: number): void {
    const n = this.size++;
    if (n >= this.a.length) {
      this.types = grown(this.types, n + 1);
      this.a = grown(this.a, n + 1);
      this.b = grown(this.b, n + 1);
      this.days = grown(this.days, n + 1);
    }
    this.types[n] = type;
    this.a[n] = Math.min(a, b);
    this.b[n] = Math.max(a, b);
    this.days[n] = day;
  }
}

/**
 * Edges that came since the rows were built: each once, with the days on which it was first and last seen, and chained at both
 * ends, so that what is new at a node is found without a search.
 */
export class EdgeLog {
  a = new Uint32Array(1 << 10);
  b = new Uint32Array(1 << 10);
  types = new Uint8Array(1 << 10);
  firstDay = new Uint16Array(1 << 10);
  lastDay = new Uint16Array(1 << 10);
  #nextA = new Uint32Array(1 << 10);
  #nextB = new Uint32Array(1 << 10);
  /** By node: its latest edge + 1, or 0. So are the chains. */
  #heads = new Uint32Array(1 << 10);
  readonly #slots = new Slots();
  #count = 0;
  /** What `near` has looked at. */
  #hashes = new Uint32Array(1 << 8);
  #found = new Uint32Array(1 << 8);
  /** Counts what `add` has changed. */
  changed = 0;

  get size(): number {
    return this.#count;
  }

  /** Adds an edge or sees it again. Days are counted since the epoch. Gives its place, or -1 where the log is full. */
  add(type: number, a: number, b: number, day: number): number {
    const slots = this.#slots;
    const hash = hashOf(type, a, b);
    for (let at = slots.first(hash); at >= 0; at = slots.next()) {
      if (this.a[at] !== a || this.b[at] !== b || this.types[at] !== type) continue;
      if (day > this.lastDay[at]!) this.lastDay[at] = day;
      else if (day < this.firstDay[at]!) this.firstDay[at] = day;
      else return at;
      this.changed++;
      return at;
    }
    if (this.#count >= edgeLimit) return -1;
    const at = this.#count++;
    this.changed++;
    this.#room(Math.max(a, b) + 1);
    this.a[at] = a;
    this.b[at] = b;
    this.types[at] = type;
    this.firstDay[at] = day;
    this.lastDay[at] = day;
    this.#nextA[at] = this.#heads[a]!;
    this.#heads[a] = at + 1;
    this.#nextB[at] = this.#heads[b]!;
    this.#heads[b] = at + 1;
    slots.add(at, hash);
    return at;
  }

  /** Brings near what adding these edges will ask for, many places of memory at a time. */
  near({ size, types, a, b }: EdgeBatch): void {
    this.#hashes = grown(this.#hashes, size);
    this.#found = grown(this.#found, size);
    const hashes = this.#hashes;
    const found = this.#found;
    const heads = this.#heads;
    for (let n = 0; n < size; n++) hashes[n] = hashOf(types[n]!, a[n]!, b[n]!);
    this.#slots.near(hashes, size, found);
    for (let n = 0; n < size; n++) found[n] = found[n] === 0 ? 0 : this.a[found[n]! - 1]!;
    for (let n = 0; n < size; n++) found[n] = (heads[a[n]!] ?? 0) ^ (heads[b[n]!] ?? 0);
  }

  /** Calls back with each neighbour of a node here, the latest first. */
  each(node: number, see: (other: number, type: number, lastDay: number, edge: number) => void): void {
    if (node >= this.#heads.length) return;
    for (let at = this.#heads[node]! - 1; at >= 0; ) {
      const here = this.a[at] === node;
      see(here ? this.b[at]! : this.a[at]!, this.types[at]!, this.lastDay[at]!, at);
      at = (here ? this.#nextA[at]! : this.#nextB[at]!) - 1;
    }
  }

  #room(nodes: number): void {
    const count = this.#count;
    if (count > this.a.length) {
      this.a = grown(this.a, count);
      this.b = grown(this.b, count);
      this.types = grown(this.types, count);
      this.firstDay = grown(this.firstDay, count);
      this.lastDay = grown(this.lastDay, count);
      this.#nextA = grown(this.#nextA, count);
      this.#nextB = grown(this.#nextB, count);
    }
    if (nodes > this.#heads.length) this.#heads = grown(this.#heads, nodes);
  }
}

function hashOf(type: number, a: number, b: number): number {
  let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(type + 1, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
