import { grown } from './growing.ts';

const none = 0xffff_ffff;
/** Edges that one log holds: slots must stay below what an array holds. */
const edgeLimit = 0x7fff_fffe;

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
  /** By node: its latest edge. */
  #heads = new Uint32Array(1 << 10).fill(none);
  /** Two numbers a slot: edge + 1 or 0, and the edge's hash. */
  #slots = new Uint32Array(1 << 12);
  #count = 0;
  /** Counts what `add` has changed. */
  changed = 0;

  get size(): number {
    return this.#count;
  }

  /** Adds an edge or sees it again. Days are counted since the epoch. Gives its place, or -1 where the log is full. */
  add(type: number, a: number, b: number, day: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    const hash = hashOf(type, a, b);
    let slot = (hash << 1) & mask;
    for (let one = slots[slot]!; one !== 0; one = slots[slot]!) {
      const at = one - 1;
      if (slots[slot + 1] === hash && this.a[at] === a && this.b[at] === b && this.types[at] === type) {
        if (day > this.lastDay[at]!) this.lastDay[at] = day;
        else if (day < this.firstDay[at]!) this.firstDay[at] = day;
        else return at;
        this.changed++;
        return at;
      }
      slot = (slot + 2) & mask;
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
    this.#heads[a] = at;
    this.#nextB[at] = this.#heads[b]!;
    this.#heads[b] = at;
    slots[slot] = at + 1;
    slots[slot + 1] = hash;
    if (this.#count * 20 > slots.length * 6) this.#spread();
    return at;
  }

  /** Calls back with each neighbour of a node here, the latest first. */
  each(node: number, see: (other: number, type: number, lastDay: number, edge: number) => void): void {
    if (node >= this.#heads.length) return;
    for (let at = this.#heads[node]!; at !== none; ) {
      const here = this.a[at] === node;
      see(here ? this.b[at]! : this.a[at]!, this.types[at]!, this.lastDay[at]!, at);
      at = here ? this.#nextA[at]! : this.#nextB[at]!;
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
    const before = this.#heads.length;
    if (nodes > before) {
      this.#heads = grown(this.#heads, nodes);
      this.#heads.fill(none, before);
    }
  }

  #spread(): void {
    const old = this.#slots;
    const slots = new Uint32Array(old.length * 2);
    const mask = slots.length - 1;
    for (let at = 0; at < old.length; at += 2) {
      if (old[at] === 0) continue;
      let slot = (old[at + 1]! << 1) & mask;
      while (slots[slot] !== 0) slot = (slot + 2) & mask;
      slots[slot] = old[at]!;
      slots[slot + 1] = old[at + 1]!;
    }
    this.#slots = slots;
  }
}

function hashOf(type: number, a: number, b: number): number {
  let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(type + 1, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
