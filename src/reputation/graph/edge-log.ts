import { grown } from './growing.ts';
import { daySpan, type NodeTable } from './node-table.ts';
import { Slots } from './slots.ts';

/** Numbers that an edge has in the log: its ends, the next edge at each of them + 1, and the days (first, last; 16 bits each). */
const width = 5;
/** Edges that one log holds: their numbers must fit in one array. */
const edgeLimit = Math.floor(0x7fff_ffff / width);
/** Edges of a node up to which one is sought among them; between two nodes that have more, by its hash. */
const few = 32;

/**
 * Edges that came since the rows were built: each once, with the days on which it was first and last seen, and chained at both
 * ends, so that what is new at a node is found without a search. Most edges have an end that is new, or has few others: whether an edge is here
 * already is asked there, and a table is kept for the rest alone.
 */
export class EdgeLog {
  #edges = new Uint32Array(width << 10);
  #types = new Uint8Array(1 << 10);
  /** By node, where its chain begins. */
  readonly #nodes: NodeTable;
  /** The edges whose ends both have more than a few. */
  readonly #slots = new Slots();
  #count = 0;
  /** Counts what `add` has changed. */
  changed = 0;

  /** `nodes`: of those that it joins, none of which has an edge in a log. */
  constructor(nodes: NodeTable) {
    this.#nodes = nodes;
  }

  get size(): number {
    return this.#count;
  }

  /** The smaller one of an edge's ends. */
  a(edge: number): number {
    return this.#edges[width * edge]!;
  }
  b(edge: number): number {
    return this.#edges[width * edge + 1]!;
  }
  type(edge: number): number {
    return this.#types[edge]!;
  }
  firstDay(edge: number): number {
    return this.#edges[width * edge + 4]! & 0xffff;
  }
  lastDay(edge: number): number {
    return this.#edges[width * edge + 4]! >>> 16;
  }

  /** Adds an edge, `a` below `b`, or sees it again. Days are counted since the epoch. Gives its place, or -1 where the log is full. */
  add(type: number, a: number, b: number, day: number): number {
    const nodes = this.#nodes;
    const known = this.#find(type, a, b);
    if (known >= 0) {
      const first = this.firstDay(known);
      const last = this.lastDay(known);
      if (day >= first && day <= last) return known;
      this.#edges[width * known + 4] = daySpan(Math.min(day, first), Math.max(day, last));
      this.changed++;
      return known;
    }
    if (this.#count >= edgeLimit) return -1;
    const edge = this.#count++;
    this.changed++;
    const at = width * edge;
    if (at >= this.#edges.length) this.#edges = grown(this.#edges, at + width);
    if (edge >= this.#types.length) this.#types = grown(this.#types, edge + 1);
    const edges = this.#edges;
    edges[at] = a;
    edges[at + 1] = b;
    edges[at + 2] = nodes.latest(a);
    edges[at + 3] = nodes.latest(b);
    edges[at + 4] = daySpan(day, day);
    this.#types[edge] = type;
    const edgesA = nodes.link(a, edge);
    const edgesB = nodes.link(b, edge);
    if (edgesA > few && edgesB > few) this.#slots.add(edge, hashOf(type, a, b));
    // Who has more than a few from now on: its edges to others of that kind are sought by their hash.
    if (edgesA === few + 1) this.#widen(a, edge);
    if (edgesB === few + 1) this.#widen(b, edge);
    return edge;
  }

  /** Whether it has an edge, `a` below `b`. */
  has(type: number, a: number, b: number): boolean {
    return this.#find(type, a, b) >= 0;
  }

  /** Calls back with each neighbour of a node here, the latest first. */
  each(node: number, see: (other: number, type: number, lastDay: number, edge: number) => void): void {
    for (let edge = this.#nodes.latest(node) - 1; edge >= 0; edge = this.#next(edge, node))
      see(this.#other(edge, node), this.#types[edge]!, this.lastDay(edge), edge);
  }

  #find(type: number, a: number, b: number): number {
    const edgesA = this.#nodes.count(a);
    const edgesB = this.#nodes.count(b);
    if (Math.min(edgesA, edgesB) <= few)
      return edgesA < edgesB ? this.#findAt(a, b, type) : this.#findAt(b, a, type);
    const slots = this.#slots;
    for (let edge = slots.first(hashOf(type, a, b)); edge >= 0; edge = slots.next())
      if (this.a(edge) === a && this.b(edge) === b && this.#types[edge] === type) return edge;
    return -1;
  }

  #findAt(node: number, other: number, type: number): number {
    let edge = this.#nodes.latest(node) - 1;
    while (edge >= 0 && (this.#other(edge, node) !== other || this.#types[edge] !== type))
      edge = this.#next(edge, node);
    return edge;
  }

  #widen(node: number, latest: number): void {
    for (let edge = this.#next(latest, node); edge >= 0; edge = this.#next(edge, node))
      if (this.#nodes.count(this.#other(edge, node)) > few)
        this.#slots.add(edge, hashOf(this.#types[edge]!, this.a(edge), this.b(edge)));
  }

  #other(edge: number, node: number): number {
    const a = this.a(edge);
    return a === node ? this.b(edge) : a;
  }

  #next(edge: number, node: number): number {
    const at = width * edge;
    return this.#edges[this.#edges[at] === node ? at + 2 : at + 3]! - 1;
  }
}

function hashOf(type: number, a: number, b: number): number {
  let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(type + 1, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
