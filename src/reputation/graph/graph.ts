import { buildLayers, columnsOf, type DatedLayer } from './dated-layer.ts';
import { EdgeLog } from './edge-log.ts';
import { Interner, noId } from './interner.ts';
import type { Changes } from './journal.ts';
import type { KeyBatch } from './key-batch.ts';
import { ageOf, decay, type EdgeType, edgeTypes, kindNumber, type NodeKind, typeNumber } from './kinds.ts';
import { findEdge } from './layer.ts';
import type { NodeTable } from './node-table.ts';

/** What a node is besides its edges. */
export const nodeFlags = {
  /** Joins too many who have nothing to do with each other: a shared host, a public service, a sinkhole. Belief does not pass it. */
  hub: 1,
  /** Somebody looked it up: it wants a score. */
  asked: 2,
  /** An address of it was told with a time to live of minutes. */
  shortLived: 4,
  /** It is in a burst of generated names. */
  inBurst: 8,
  /** It was told to be an alias of another name (RFC 1034 §3.6.2). */
  alias: 16,
  /** A certificate that was made for strangers: it stays a hub. */
  shared: 32,
} as const;

export type Neighbour = (
  other: number,
  type: number,
  firstDay: number,
  lastDay: number,
  weight: number,
) => void;

/** Names, addresses and what joins them: rows that were built, and what has come since. Days are counted since the epoch. */
export class Graph {
  readonly nodes: Interner;
  layers: DatedLayer[];
  /** Nodes that the layers have rows for. */
  rows: number;
  log: EdgeLog;
  /** The day that the layers' ages are counted from. */
  builtOn: number;
  /** Keys and edges that no limit had room for. */
  refused = 0;
  /** Is told of everything that changes. */
  changes: Changes | undefined;
  readonly #table: NodeTable;

  constructor(
    stored: { nodes: Interner; layers: DatedLayer[]; rows: number; builtOn: number } = {
      ...{ nodes: new Interner(), layers: [], rows: 0, builtOn: 0 },
    },
  ) {
    this.nodes = stored.nodes;
    this.#table = stored.nodes.table;
    this.layers = stored.layers;
    this.rows = stored.rows;
    this.builtOn = stored.builtOn;
    this.log = new EdgeLog(this.#table);
  }

  /** The node of a kind and a text, made where it is new; -1 where there is no room for it. */
  node(kind: NodeKind, text: string, day: number): number {
    const before = this.nodes.size;
    const id = this.nodes.intern(kindNumber[kind], text);
    if (id < 0) {
      this.refused++;
      return id;
    }
    if (this.nodes.size > before) this.#born(id, kindNumber[kind], text, day);
    else this.seen(id, day);
    return id;
  }

  /**
   * As `node` for each key of a batch, on its day; `noId` for -1. `born` is told which were new, by their place there. Ids are given
   * in the batch's order.
   */
  nodeAll(keys: KeyBatch, days: Uint16Array, ids: Uint32Array, born: (n: number) => void): void {
    let next = this.nodes.size;
    this.nodes.internAll(keys, ids);
    for (let n = 0; n < keys.size; n++) {
      const id = ids[n]!;
      if (id === noId) this.refused++;
      else if (id === next) {
        next++;
        this.#born(id, this.nodes.kind(id), keys.texts[n]!, days[n]!);
        born(n);
      } else this.seen(id, days[n]!);
    }
  }

  #born(id: number, kind: number, text: string, day: number): void {
    this.#table.setDays(id, day, day);
    this.changes?.node(kind, text, day);
  }

  /** The days on which a node was first and last seen. */
  firstDay(id: number): number {
    return this.#table.firstDay(id);
  }
  lastDay(id: number): number {
    return this.#table.lastDay(id);
  }

  /** A node was seen on a day. */
  seen(id: number, day: number): void {
    const first = this.#table.firstDay(id);
    const last = this.#table.lastDay(id);
    if (day >= first && day <= last) return;
    this.#table.setDays(id, Math.min(first, day), Math.max(last, day));
    this.changes?.seen(id, day);
  }

  /** What `nodeFlags` a node has. */
  flags(id: number): number {
    return this.#table.flags(id);
  }

  /** Adds flags to a node's. */
  mark(id: number, flags: number): void {
    const before = this.#table.flags(id);
    const all = before | flags;
    if (all === before) return;
    this.#table.setFlags(id, all);
    this.changes?.flags(id, flags);
  }

  /** Takes flags from a node. That is not stored: who did it does it again after a restart. */
  unmark(id: number, flags: number): void {
    this.#table.setFlags(id, this.#table.flags(id) & ~flags);
  }

  find(kind: NodeKind, text: string): number {
    return this.nodes.find(kindNumber[kind], text);
  }

  /** Joins two nodes, or sees them joined again. True where that is new. */
  join(type: EdgeType, a: number, b: number, day: number): boolean {
    return a >= 0 && b >= 0 && this.joinAs(typeNumber[type], a, b, day);
  }

  /** As `join`, for a type's number, and nodes that there are. */
  joinAs(type: number, a: number, b: number, day: number): boolean {
    if (a === b) return false;
    return a < b ? this.#join(type, a, b, day) : this.#join(type, b, a, day);
  }

  #join(number: number, low: number, high: number, day: number): boolean {
    if (high < this.rows) {
      for (const layer of this.layers) {
        if (layer.type !== number) continue;
        const at = findEdge(layer, low, high);
        if (at < 0) continue;
        if (touch(layer, at, day)) {
          touch(layer, findEdge(layer, high, low), day);
          this.changes?.edge(number, low, high, day);
        }
        return false;
      }
    }
    const { log } = this;
    const before = log.size;
    const { changed } = log;
    if (log.add(number, low, high, day) < 0) this.refused++;
    else if (log.changed > changed) this.changes?.edge(number, low, high, day);
    return log.size > before;
  }

  /** Calls back with each neighbour of a node, and what an edge to it weighs before the ends' own scale. */
  each(node: number, see: Neighbour): void {
    if (node < this.rows)
      for (const layer of this.layers)
        for (let at = layer.rowPtr[node]!; at < layer.rowPtr[node + 1]!; at++)
          see(layer.cols[at]!, layer.type, layer.firstDay[at]!, layer.lastDay[at]!, layer.weight);
    this.eachNew(node, see);
  }

  /**
   * As `each`, for `count` of a node's edges in the rows from the `from`th on, without those that no belief passes. Gives where to go
   * on; -1 once only the log is left.
   */
  eachFrom(node: number, from: number, count: number, see: Neighbour): number {
    if (node >= this.rows) return -1;
    let before = 0;
    for (const layer of this.layers) {
      if (layer.weight === 0) continue;
      const first = layer.rowPtr[node]!;
      const size = layer.rowPtr[node + 1]! - first;
      const end = Math.min(size, from + count - before);
      for (let at = Math.max(0, from - before); at < end; at++) {
        const entry = first + at;
        see(layer.cols[entry]!, layer.type, layer.firstDay[entry]!, layer.lastDay[entry]!, layer.weight);
      }
      before += size;
      if (before > from + count) return from + count;
    }
    return -1;
  }

  /** As `each`, for what came since the rows were built. */
  eachNew(node: number, see: Neighbour): void {
    const { log } = this;
    log.each(node, (other, type, lastDay, edge) =>
      see(
        other,
        type,
        log.firstDay(edge),
        lastDay,
        edgeTypes[type]!.weight * decay(ageOf(Math.max(0, this.builtOn - lastDay))),
      ),
    );
  }

  /** How many edges there are. */
  get edges(): number {
    return this.layers.reduce((sum, { cols }) => sum + cols.length / 2, this.log.size);
  }

  /** Builds the rows anew with all that has come since, as they stand on a day. */
  rebuild(today: number): void {
    const rows = this.nodes.size;
    this.layers = buildLayers(rows, columnsOf(this.layers, this.log, today), today);
    this.rows = rows;
    this.builtOn = today;
    this.#table.unlink(rows);
    this.log = new EdgeLog(this.#table);
  }
}

/** Whether seeing an edge on a day says anything new. */
function touch({ firstDay, lastDay }: DatedLayer, at: number, day: number): boolean {
  if (day > lastDay[at]!) lastDay[at] = day;
  else if (day < firstDay[at]!) firstDay[at] = day;
  else return false;
  return true;
}
