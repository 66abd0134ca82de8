import { type Graph, nodeFlags } from '../graph/graph.ts';
import { ageOf, decay, kindNumber, typeNumber } from '../graph/kinds.ts';
import { ownerAt } from '../graph/owners.ts';
import type { KnownHost } from '../known/known-hosts.ts';

/** Something that a name does, and the logits that it adds to its own score. Never below 0: what a name does buys no good score. */
export interface Trait {
  says: string;
  logit: number;
}

/**
 * The most that each adds, in logits. With the letters' 2.5 all but a sinkhole stay below the threshold of what is malicious: that takes
 * what somebody else knows. Nobody else's score hangs on them, so that nobody is framed by them.
 */
const most = { burst: 3, missing: 1.5, flux: 1.5, spread: 0.75, fresh: 0.5, sinkhole: 2 };
/** Names in a burst that make it certain. */
const wholeBurst = 20;
/** What makes fast flux: so many addresses in so many blocks and, where they are known, networks, within days. */
const flux = { days: 1, addresses: 10, blocks: 8, networks: 5 };
/** A domain is fresh for so many days, where new ones were seen on `days` of the `before` days before that. */
const fresh = { days: 7, before: 30, seen: 7 };
/** Neighbours of one name that are looked at. */
const lookLimit = 4_096;

/** What is needed of a graph's shape. */
interface Shape {
  graph: Graph;
  owners: Uint32Array;
  breadth: Uint32Array;
  scale: Float32Array;
}

/** What names do, as the graph holds it: bursts of generated names, fast flux, freshness, sinkholes. Computed from it alone, as it stands on a day. */
export class Traits {
  readonly #shape: Shape;
  readonly #guests: ReadonlyMap<number, KnownHost>;
  readonly #today: number;
  /** By burst: the missing names in it. */
  readonly #missing = new Map<number, number>();
  /** Whether the graph is old enough to tell what is new. */
  readonly #settled: boolean;

  constructor(shape: Shape, guests: ReadonlyMap<number, KnownHost>, today: number) {
    this.#shape = shape;
    this.#guests = guests;
    this.#today = today;
    const { nodes } = shape.graph;
    const days = new Set<number>();
    for (let node = 0; node < shape.breadth.length; node++) {
      if (nodes.kind(node) !== kindNumber.domain) continue;
      const age = today - shape.graph.firstDay(node);
      if (age > fresh.days && age <= fresh.days + fresh.before) days.add(shape.graph.firstDay(node));
    }
    this.#settled = days.size >= fresh.seen;
  }

  /** Bursts have taken in these names. Gives all names of which that says more than before. */
  noted(nodes: readonly number[]): Set<number> {
    const { graph } = this.#shape;
    const moved = new Set(nodes);
    for (const node of nodes)
      graph.each(node, (burst, type) => {
        // From then on more of them say no more.
        if (type !== typeNumber.burst || (this.#missing.get(burst) ?? 0) >= wholeBurst) return;
        this.#missing.delete(burst);
        graph.each(burst, (name) => moved.add(name));
      });
    return moved;
  }

  /** What all traits of a name add to its score, in logits. */
  logit(node: number): number {
    const flags = this.#shape.graph.flags(node);
    const may = this.#settled || (flags & (nodeFlags.inBurst | nodeFlags.shortLived)) !== 0;
    return may || this.#guests.has(node) ? this.of(node).reduce((sum, { logit }) => sum + logit, 0) : 0;
  }

  of(node: number): Trait[] {
    const traits: Trait[] = [];
    this.#burst(node, traits);
    this.#flux(node, traits);
    this.#fresh(node, traits);
    const guest = this.#guests.get(node);
    if (guest?.kind === 'sinkhole')
      traits.push({ says: `it was taken over by a sinkhole (${guest.who})`, logit: most.sinkhole });
    return traits;
  }

  #burst(node: number, traits: Trait[]): void {
    const { graph } = this.#shape;
    if ((graph.flags(node) & nodeFlags.inBurst) === 0) return;
    let best: Trait | null = null;
    graph.each(node, (other, type, _first, last) => {
      if (type !== typeNumber.burst) return;
      const names = this.#missingIn(other);
      const cap = this.#exists(node) ? most.burst : most.missing;
      const logit = cap * Math.min(1, names / wholeBurst) * this.#faded(last);
      if (logit > (best?.logit ?? 0))
        best = {
          says: `it was asked for among ${names} generated names that do not exist, as ${graph.nodes.text(other)}`,
          logit,
        };
    });
    if (best) traits.push(best);
  }

  #flux(node: number, traits: Trait[]): void {
    const { graph, breadth, scale } = this.#shape;
    if ((graph.flags(node) & nodeFlags.shortLived) === 0) return;
    // Of a node that is newer than the shape nothing is known before it is looked at.
    if ((breadth[node] ?? flux.addresses) < flux.addresses) return;
    const since = graph.lastDay(node) - flux.days;
    const blocks = new Set<number>();
    const networks = new Set<number>();
    let addresses = 0;
    graph.each(node, (ip, type, _first, last) => {
      if (type !== typeNumber.resolves || last < since || addresses >= lookLimit) return;
      // A shared host is in many places for everybody.
      if (scale[ip] === 0) return;
      addresses++;
      graph.each(ip, (block, kind) => {
        if (kind !== typeNumber.subnet || blocks.has(block)) return;
        blocks.add(block);
        graph.each(block, (network, join) => {
          if (join === typeNumber.network) networks.add(network);
        });
      });
    });
    if (addresses < flux.addresses || blocks.size < flux.blocks) return;
    if (networks.size > 0 && networks.size < flux.networks) return;
    const where =
      networks.size > 0 ? `${blocks.size} blocks of ${networks.size} networks` : `${blocks.size} blocks`;
    traits.push({
      says: `its addresses change within minutes: ${addresses} in ${where} within two days`,
      logit: (networks.size > 0 ? most.flux : most.spread) * this.#faded(graph.lastDay(node)),
    });
  }

  #fresh(node: number, traits: Trait[]): void {
    if (!this.#settled) return;
    const { graph, owners } = this.#shape;
    const age = this.#today - graph.firstDay(owners[node] ?? ownerAt(graph, node));
    if (age < 0 || age >= fresh.days) return;
    traits.push({
      says: `its domain was first seen ${age === 0 ? 'today' : age === 1 ? 'yesterday' : `${age} days ago`}`,
      logit: most.fresh * (1 - age / fresh.days),
    });
  }

  #missingIn(burst: number): number {
    let names = this.#missing.get(burst);
    if (names !== undefined) return names;
    names = 0;
    this.#shape.graph.each(burst, (name) => {
      if (!this.#exists(name)) names!++;
    });
    this.#missing.set(burst, names);
    return names;
  }

  /** Whether a name was ever answered with something. */
  #exists(node: number): boolean {
    let exists = false;
    this.#shape.graph.each(node, (_other, type) => {
      exists ||= type === typeNumber.resolves || type === typeNumber.cname;
    });
    return exists;
  }

  #faded(day: number): number {
    return decay(ageOf(Math.max(0, this.#today - day))) / decay(0);
  }
}
