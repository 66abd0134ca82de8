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

/** Edges of a node up to which one is sought among them; between two nodes that have more, by its hash. */
const few = 32;

/**
 * Edges that came since the rows were built: each once, with the days on which it was first and last seen, and chained at both
 * ends, so that what is new at a node is found without a search. Most edges have an end that is new, or has few others: whether an edge is here
 * already is asked there, and a table is kept for the rest alone.
 */
export class EdgeLog {
  a = new Uint32Array(1 << 10);
  b = new Uint32Array(1 << 10);
  types = new Uint8Array(1 << 10);
  firstDay = new Uint16Array(1 << 10);
  lastDay = new Uint16Array(1 << 10);
  #nextA = new Uint32Array(1 << 10);
  #nextB = new Uint32Array(1 << 10);
  /** By node, two numbers: its latest edge + 1, or 0, as chains have it; how many it has. */
  #heads = new Uint32Array(1 << 11);
  /** The edges whose ends both have more than a few. */
  readonly #slots = new Slots();
  #count = 0;
  /** What `near` has looked at. */
  #found = new Uint32Array(1 << 8);
  /** Counts what `add` has changed. */
  changed = 0;

  get size(): number {
    return this.#count;
  }

  /** Adds an edge or sees it again. Days are counted since the epoch. Gives its place, or -1 where the log is full. */
  add(type: number, a: number, b: number, day: number): number {
    this.#roomForNode(Math.max(a, b));
    const known = this.#find(type, a, b);
    if (known >= 0) {
      if (day > this.lastDay[known]!) this.lastDay[known] = day;
      else if (day < this.firstDay[known]!) this.firstDay[known] = day;
      else return known;
      this.changed++;
      return known;
    }
    if (this.#count >= edgeLimit) return -1;
    const at = this.#count++;
    this.changed++;
    this.#roomForEdge();
    this.a[at] = a;
    this.b[at] = b;
    this.types[at] = type;
    this.firstDay[at] = day;
    this.lastDay[at] = day;
    const heads = this.#heads;
    this.#nextA[at] = heads[2 * a]!;
    heads[2 * a] = at + 1;
    this.#nextB[at] = heads[2 * b]!;
    heads[2 * b] = at + 1;
    const edgesA = ++heads[2 * a + 1]!;
    const edgesB = ++heads[2 * b + 1]!;
    if (edgesA > few && edgesB > few) this.#slots.add(at, hashOf(type, a, b));
    // Who has more than a few from now on: its edges to others of that kind are sought by their hash.
    if (edgesA === few + 1) this.#widen(a, at);
    if (edgesB === few + 1) this.#widen(b, at);
    return at;
  }

  /** Brings near what adding these edges will ask for, many places of memory at a time. */
  near({ size, a, b }: EdgeBatch): void {
    this.#found = grown(this.#found, size);
    const found = this.#found;
    const heads = this.#heads;
    for (let n = 0; n < size; n++) found[n] = (heads[2 * a[n]!] ?? 0) ^ (heads[2 * b[n]!] ?? 0);
  }

  /** Calls back with each neighbour of a node here, the latest first. */
  each(node: number, see: (other: number, type: number, lastDay: number, edge: number) => void): void {
    if (2 * node >= this.#heads.length) return;
    for (let at = this.#heads[2 * node]! - 1; at >= 0; at = this.#next(at, node))
      see(this.#other(at, node), this.types[at]!, this.lastDay[at]!, at);
  }

  #find(type: number, a: number, b: number): number {
    const [edgesA, edgesB] = [this.#heads[2 * a + 1]!, this.#heads[2 * b + 1]!];
    if (Math.min(edgesA, edgesB) <= few)
      return edgesA < edgesB ? this.#findAt(a, b, type) : this.#findAt(b, a, type);
    const slots = this.#slots;
    for (let at = slots.first(hashOf(type, a, b)); at >= 0; at = slots.next())
      if (this.a[at] === a && this.b[at] === b && this.types[at] === type) return at;
    return -1;
  }

  #findAt(node: number, other: number, type: number): number {
    let at = this.#heads[2 * node]! - 1;
    while (at >= 0 && (this.#other(at, node) !== other || this.types[at] !== type)) at = this.#next(at, node);
    return at;
  }

  #widen(node: number, latest: number): void {
    for (let at = this.#next(latest, node); at >= 0; at = this.#next(at, node))
      if (this.#heads[2 * this.#other(at, node) + 1]! > few)
        this.#slots.add(at, hashOf(this.types[at]!, this.a[at]!, this.b[at]!));
  }

  #other(at: number, node: number): number {
    return this.a[at] === node ? this.b[at]! : this.a[at]!;
  }

  #next(at: number, node: number): number {
    return (this.a[at] === node ? this.#nextA[at]! : this.#nextB[at]!) - 1;
  }

  #roomForEdge(): void {
    const count = this.#count;
    if (count <= this.a.length) return;
    this.a = grown(this.a, count);
    this.b = grown(this.b, count);
    this.types = grown(this.types, count);
    this.firstDay = grown(this.firstDay, count);
    this.lastDay = grown(this.lastDay, count);
    this.#nextA = grown(this.#nextA, count);
    this.#nextB = grown(this.#nextB, count);
  }

  #roomForNode(node: number): void {
    if (2 * node + 2 > this.#heads.length) this.#heads = grown(this.#heads, 2 * node + 2);
  }
}

function hashOf(type: number, a: number, b: number): number {
  let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(type + 1, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
