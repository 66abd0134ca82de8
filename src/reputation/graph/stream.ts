import type { Graph, Neighbour } from './graph.ts';
import { growable, grown } from './growing.ts';
import { ageOf, decay, type EdgeType, edgeTypes, kindNumber, typeNumber } from './kinds.ts';

/** What a node may keep unsaid to its neighbours, relative to how much it is joined to. */
const tolerance = 1e-3;
/** From so many neighbours on, a node is not pushed at once: what it keeps is added when a neighbour is read. */
const lazyDegree = 1_024;
/** Edges that one update may walk; what is left waits for the next `drain`. */
const stepsAtOnce = 2_048;
/** Places at the front of the queue that may stand empty. */
const queueSlack = 65_536;
/** What a new name and a new carrier weigh until the next rebuild. */
const newName = 1 / Math.sqrt(8);
const newCarrier = 1;

/** A node whose neighbours are being told, over several calls. */
interface Telling {
  node: number;
  share: number;
  at: number;
}

/**
 * Beliefs that follow each new edge and label at once: residuals are pushed to where they matter (Zhang, Lofgren and Goel, arXiv
 * 1603.07796, for PageRank; the same holds for any `b = prior + eps W b` that converges). What a node weighs stays what it was until it is
 * told anew.
 */
export class BeliefStream {
  readonly #graph: Graph;
  readonly #eps: number;
  #scale: Float32Array;
  #belief: Float32Array;
  /** What a node's belief lacks, and what its neighbours were not told. */
  #rest: Float32Array;
  #degree: Uint32Array;
  #waits: Uint8Array;
  /** Nodes that have a weight of their own here. */
  #known: number;
  #queue: number[] = [];
  #head = 0;
  /** Nodes with very many neighbours that wait for `drain`. */
  #lazy: number[] = [];
  #telling: Telling | undefined;
  #steps = 0;
  /** Nodes whose belief the last update has changed: their scores are to be computed anew. */
  readonly touched: number[] = [];

  constructor(graph: Graph, scale: Float32Array, eps: number, belief: Float32Array) {
    this.#graph = graph;
    this.#eps = eps;
    const { size } = graph.nodes;
    this.#known = size;
    // They grow in their place: a copy of all would hold up the answer that comes just then.
    const floats = () => new Float32Array(growable(size * 4), 0, size);
    this.#scale = floats();
    this.#scale.set(scale);
    this.#belief = floats();
    this.#belief.set(belief);
    this.#rest = floats();
    this.#degree = new Uint32Array(growable(size * 4), 0, size);
    this.#waits = new Uint8Array(growable(size), 0, size);
    for (const { rowPtr, weight } of graph.layers)
      if (weight > 0)
        for (let i = 0; i + 1 < rowPtr.length; i++) this.#degree[i]! += rowPtr[i + 1]! - rowPtr[i]!;
  }

  /** A node's belief as it stands, with what its lazy neighbours have not told it yet. */
  value(node: number): number {
    if (node >= this.#belief.length) return 0;
    let value = this.#belief[node]! + this.#rest[node]!;
    const own = this.#eps * this.#scale[node]!;
    if (own === 0) return value;
    this.#graph.each(node, (other, _type, _first, _last, weight) => {
      if (this.#degree[other]! >= lazyDegree)
        value += own * weight * this.#scale[other]! * this.#rest[other]!;
    });
    return value;
  }

  /** By node, what it weighs. Has room for all that the graph knew at the last call. */
  get scale(): Float32Array {
    return this.#scale;
  }

  /** How many edges a node has that belief passes. */
  degree(node: number): number {
    return this.#degree[node] ?? 0;
  }

  /** Two nodes were joined: call it once the graph knows the edge, and before it knows another one. */
  joined(type: EdgeType, a: number, b: number): void {
    this.touched.length = 0;
    this.room();
    this.#join(edgeTypes[typeNumber[type]]!.weight * decay(0), a, b);
    this.#push(stepsAtOnce);
  }

  /**
   * What came at once: the places in the graph's log of edges that it knows now, what nodes are held to be by themselves, and what
   * they weigh. Nothing is told to neighbours in between, or what is told over a new edge would count twice.
   */
  changed(
    edges: { from: number; to: number },
    rescaled: readonly { node: number; scale: number }[],
    nudges: readonly { node: number; change: number }[],
  ): void {
    this.touched.length = 0;
    this.room();
    const { log, builtOn } = this.#graph;
    for (let at = edges.from; at < edges.to; at++) {
      const age = ageOf(Math.max(0, builtOn - log.lastDay(at)));
      this.#join(edgeTypes[log.type(at)]!.weight * decay(age), log.a(at), log.b(at));
    }
    for (const { node, scale } of rescaled) this.#rescale(node, scale);
    for (const { node, change } of nudges) this.#add(node, change);
    this.#push(stepsAtOnce);
  }

  #join(weight: number, a: number, b: number): void {
    if (weight === 0) return;
    const share = this.#eps * weight * this.#scale[a]! * this.#scale[b]!;
    this.#degree[a]!++;
    this.#degree[b]!++;
    // What an end has not told its neighbours yet is told to this one with the others.
    this.#add(a, share * this.#belief[b]!);
    this.#add(b, share * this.#belief[a]!);
  }

  #rescale(node: number, scale: number): void {
    const change = this.#eps * (scale - this.#scale[node]!);
    this.#scale[node] = scale;
    let own = 0;
    this.#graph.each(node, (other, _type, _first, _last, weight) => {
      const share = change * weight * this.#scale[other]!;
      own += share * this.#belief[other]!;
      this.#add(other, share * this.#belief[node]!);
    });
    this.#add(node, own);
  }

  /** What a node is held to be by itself has changed by so much. */
  nudged(node: number, change: number): void {
    this.touched.length = 0;
    this.room();
    this.#add(node, change);
    this.#push(stepsAtOnce);
  }

  /** Goes on with what waits, lazy nodes as well, over about so many edges. True where nothing is left. */
  drain(steps: number): boolean {
    this.touched.length = 0;
    this.#push(steps);
    const end = this.#steps + steps;
    while ((this.#telling || this.#lazy.length > 0) && this.#steps < end) {
      this.#telling ??= this.#begin(this.#lazy.pop()!);
      this.#goOn(this.#telling, end - this.#steps);
      this.#push(end - this.#steps);
    }
    return !this.#telling && this.#head === this.#queue.length && this.#lazy.length === 0;
  }

  #begin(node: number): Telling {
    this.#waits[node] = 0;
    const rest = this.#rest[node]!;
    this.#rest[node] = 0;
    this.#belief[node]! += rest;
    this.touched.push(node);
    return { node, share: this.#eps * this.#scale[node]! * rest, at: 0 };
  }

  /** Tells some more of the neighbours of one that has very many. */
  #goOn(telling: Telling, steps: number): void {
    const { node, share } = telling;
    const see: Neighbour = (other, _type, _first, _last, weight) => {
      if (weight === 0) return;
      this.#steps++;
      this.#add(other, share * weight * this.#scale[other]!);
    };
    telling.at = this.#graph.eachFrom(node, telling.at, steps, see);
    if (telling.at >= 0) return;
    this.#graph.eachNew(node, see);
    this.#telling = undefined;
  }

  /** Takes note of nodes that are new; they are believed to be nothing. */
  room(): void {
    const { size } = this.#graph.nodes;
    if (size > this.#belief.length) {
      this.#belief = grown(this.#belief, size);
      this.#rest = grown(this.#rest, size);
      this.#scale = grown(this.#scale, size);
      this.#degree = grown(this.#degree, size);
      this.#waits = grown(this.#waits, size);
    }
    const { nodes } = this.#graph;
    for (; this.#known < size; this.#known++) {
      const kind = nodes.kind(this.#known);
      this.#scale[this.#known] =
        kind === kindNumber.name || kind === kindNumber.domain ? newName : newCarrier;
    }
  }

  #add(node: number, change: number): void {
    if (change === 0) return;
    const rest = this.#rest[node]! + change;
    this.#rest[node] = rest;
    if (this.#waits[node] === 1 || Math.abs(rest) <= tolerance) return;
    this.#waits[node] = 1;
    if (this.#degree[node]! >= lazyDegree) this.#lazy.push(node);
    else this.#queue.push(node);
  }

  #push(limit: number): void {
    const end = this.#steps + limit;
    while (this.#head < this.#queue.length && this.#steps < end) this.#tell(this.#queue[this.#head++]!);
    if (this.#head === this.#queue.length) this.#queue = [];
    else if (this.#head > queueSlack) this.#queue = this.#queue.slice(this.#head);
    else return;
    this.#head = 0;
  }

  /** Tells a node's neighbours what it has not told them yet. */
  #tell(node: number): void {
    this.#waits[node] = 0;
    const rest = this.#rest[node]!;
    this.#rest[node] = 0;
    this.#belief[node]! += rest;
    this.touched.push(node);
    const own = this.#eps * this.#scale[node]! * rest;
    if (own === 0) return;
    this.#graph.each(node, (other, _type, _first, _last, weight) => {
      if (weight === 0) return;
      this.#steps++;
      this.#add(other, own * weight * this.#scale[other]!);
    });
  }
}
