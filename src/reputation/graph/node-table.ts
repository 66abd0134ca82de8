import { grown } from './growing.ts';

/** Numbers that a node has here. */
const width = 4;
/** Nodes that there can be: their numbers must fit in one array. */
export const nodeLimit = 0x3fff_ffff;
/** Edges of a node are counted up to here. */
const countLimit = 0xff;

/** The first and the last day in one number, of 16 bits each; what a day has beyond them is cut off, and never gets into the other. */
export const daySpan = (first: number, last: number) => (first & 0xffff) | (last << 16);

/**
 * What every answer asks of a node, in one record, so that it costs one place in memory: where its key ends, its kind, its flags, the days
 * on which it was seen, the latest of its new edges. By record: the end of its key, in words of the keys' bytes; its latest edge in the log + 1;
 * from the low bits up how many edges it has there (8), its flags (8), its kind (8), how many bytes of its key's last word are none (8); the first
 * and the last day (16 each).
 */
export class NodeTable {
  /** The records, one behind the other. */
  words: Uint32Array;

  constructor(words = new Uint32Array(width << 10)) {
    this.words = words;
  }

  /** Makes a record for the next node. `tag`: its kind, and above it the bytes that are none. */
  add(node: number, end: number, tag: number): void {
    const at = width * node;
    if (at >= this.words.length) this.words = grown(this.words, at + width);
    const { words } = this;
    words[at] = end;
    words[at + 1] = 0;
    words[at + 2] = tag << 16;
    words[at + 3] = 0;
  }

  /** Where a node's key starts, and where it ends, in words. */
  start(node: number): number {
    return node === 0 ? 0 : this.words[width * (node - 1)]!;
  }
  end(node: number): number {
    return this.words[width * node]!;
  }
  tag(node: number): number {
    return this.words[width * node + 2]! >>> 16;
  }
  kind(node: number): number {
    return (this.words[width * node + 2]! >>> 16) & 0xff;
  }

  flags(node: number): number {
    return (this.words[width * node + 2]! >>> 8) & 0xff;
  }
  setFlags(node: number, flags: number): void {
    const at = width * node + 2;
    this.words[at] = (this.words[at]! & 0xffff_00ff) | (flags << 8);
  }

  firstDay(node: number): number {
    return this.words[width * node + 3]! & 0xffff;
  }
  lastDay(node: number): number {
    return this.words[width * node + 3]! >>> 16;
  }
  setDays(node: number, first: number, last: number): void {
    this.words[width * node + 3] = daySpan(first, last);
  }

  /** A node's latest edge in the log + 1; 0 where it has none. */
  latest(node: number): number {
    return this.words[width * node + 1]!;
  }
  /** How many edges it has there, counted up to 255. */
  count(node: number): number {
    return this.words[width * node + 2]! & 0xff;
  }
  /** It has one more edge. Gives how many it has. */
  link(node: number, edge: number): number {
    const at = width * node + 1;
    const { words } = this;
    words[at] = edge + 1;
    const count = words[at + 1]! & 0xff;
    if (count < countLimit) words[at + 1]!++;
    return count + 1;
  }
  /** The log is another: none has an edge there. */
  unlink(nodes: number): void {
    const { words } = this;
    for (let at = 1; at < width * nodes; at += width) {
      words[at] = 0;
      words[at + 1]! &= 0xffff_ff00;
    }
  }

  /** Whether there are as many records as nodes, and their keys lie one behind the other in so many words. */
  sound(nodes: number, arena: number): boolean {
    const { words } = this;
    if (words.length !== width * nodes) return false;
    let before = 0;
    for (let at = 0; at < words.length; at += width) {
      const end = words[at]!;
      const none = words[at + 2]! >>> 24;
      if (end < before || none > (end === before ? 0 : 3)) return false;
      before = end;
    }
    return before <= arena;
  }

  /** The records of the first so many nodes. */
  records(nodes: number): Uint32Array {
    return this.words.subarray(0, width * nodes);
  }
}
