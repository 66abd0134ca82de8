import { shareOfBad } from '../graph/aggregate.ts';
import { hubBreadth } from '../graph/belief.ts';
import type { Graph } from '../graph/graph.ts';
import { kindNumber, typeNumber } from '../graph/kinds.ts';
import { ownerAt } from '../graph/owners.ts';
import { logitOf } from '../learn/logistic.ts';
import { baseRate } from './base-rate.ts';
import { Carriers } from './carriers.ts';
import { enter, type Gathering, gatheringAt, hereDays, type Look, leastBad, some } from './gathering.ts';
import type { Seed } from './priors.ts';

/** How sure it must be that something is bad before others are judged by it. */
const leastWeight = 0.5;
/** How far what company says of a name may move before that is told, in logits: at most 0.4 points of score. */
const tolerance = 0.015;

/** What new edges did. */
interface Stirred {
  /** Carriers that are to be looked at anew. */
  changed: Set<number>;
  /** Carriers of which the names there are to be told. */
  stirred: Set<number>;
  /** Names whose company is another. */
  moved: Set<number>;
}

/** Who is together at carriers where several are known to be bad. It follows the graph and the seeds. */
export class Gatherings {
  readonly #graph: Graph;
  readonly #owners: Uint32Array;
  readonly #carriers: Carriers;
  readonly #muted: ReadonlySet<number>;
  readonly #look: Look;
  /** What is known to be bad; by name, how many of these say so of it; and the domains of which all names are bad. */
  #bad = new Map<number, Seed>();
  readonly #said = new Map<number, number>();
  readonly #wholly = new Map<number, number>();
  readonly #gatherings = new Map<number, Gathering>();
  /** By domain: the name that its name servers and mail exchangers are told of. */
  readonly #apexes = new Map<number, number>();
  #edges: number;

  /** `owners` are those of the graph's nodes as far as they are known; what is `muted` says nothing of others. */
  constructor(graph: Graph, owners: Uint32Array, muted: ReadonlySet<number>) {
    this.#graph = graph;
    this.#owners = owners;
    this.#muted = muted;
    this.#carriers = new Carriers(graph);
    this.#look = {
      ...{ graph, carriers: this.#carriers },
      ownerOf: (name) => this.ownerOf(name),
      isBad: (name) => this.#isBad(name),
    };
    this.#edges = graph.log.size;
  }

  /** How many there are. */
  get size(): number {
    return this.#gatherings.size;
  }

  at(carrier: number): Gathering | undefined {
    return this.#gatherings.get(carrier);
  }

  /** What is known of a node, where that is bad. */
  bad(node: number): Seed | undefined {
    return this.#bad.get(node);
  }

  /** The carriers of a name at which several are known to be bad, and the day on which it came there. */
  around(
    node: number,
    owner: number,
    see: (carrier: number, gathering: Gathering, first: number) => void,
  ): void {
    const since = this.#graph.builtOn - hereDays;
    const look = (name: number, own: boolean) =>
      some(this.#graph, name, (carrier, type, first, last) => {
        const gathering = this.#gatherings.get(carrier);
        if (!gathering || last < since || !this.#carriers.carries(name, carrier, type)) return;
        if (own || this.#carriers.serves(carrier)) see(carrier, gathering, first);
      });
    look(node, true);
    const apex = this.#apexes.get(owner);
    if (apex !== undefined && apex !== node) look(apex, false);
  }

  /**
   * The graph has learnt new edges, and has seen again what it knew of the names that were `asked` for. Gives the names whose company is
   * another, by more than `tolerance`.
   */
  follow(asked: Iterable<number>): Set<number> {
    const { log, nodes } = this.#graph;
    const [from, to] = [this.#edges, log.size];
    this.#edges = to;
    const moved = new Set<number>();
    const seen: Stirred = { changed: new Set(), stirred: new Set(), moved };
    for (let at = from; at < to; at++) {
      if (log.type(at) !== typeNumber.under) continue;
      const [a, b] = [log.a(at), log.b(at)];
      const [name, domain] = nodes.kind(a) === kindNumber.domain ? [b, a] : [a, b];
      const said = this.#wholly.get(domain);
      if (said)
        this.#say(name, said, (carrier, first, last) => this.#comes(name, carrier, first, last, seen));
    }
    for (let at = from; at < to; at++)
      for (const [name, carrier] of [
        [log.a(at), log.b(at)],
        [log.b(at), log.a(at)],
      ] as const)
        if (this.#carriers.carries(name, carrier, log.type(at)))
          this.#comes(name, carrier, log.firstDay(at), log.lastDay(at), seen);
    if (this.#gatherings.size > 0)
      for (const name of asked)
        some(this.#graph, name, (carrier, type, first, last) => {
          if (this.#carriers.carries(name, carrier, type)) this.#enter(name, carrier, first, last, seen);
        });
    for (const carrier of seen.stirred) if (!seen.changed.has(carrier)) this.#tell(carrier, moved);
    this.#gather(seen.changed, moved);
    return moved;
  }

  /** A name comes to a carrier, or comes to be known to be bad there. */
  #comes(name: number, carrier: number, first: number, last: number, seen: Stirred): void {
    if (!this.#gatherings.has(carrier)) {
      if (this.#isBad(name)) seen.changed.add(carrier);
      return;
    }
    this.#enter(name, carrier, first, last, seen);
    if (this.#carriers.serves(carrier)) this.#serve(name, seen.moved);
  }

  /** A name is at a carrier that has a gathering. Who else is there is not counted anew for it. */
  #enter(name: number, carrier: number, first: number, last: number, seen: Stirred): void {
    const gathering = this.#gatherings.get(carrier);
    if (!gathering) return;
    seen.moved.add(name);
    const here = last >= this.#graph.builtOn - hereDays;
    const bad = this.#isBad(name);
    const other = enter(gathering, this.ownerOf(name), { name, first, here, bad });
    if (gathering.guests.size > hubBreadth) seen.changed.add(carrier);
    else if (other || apart(gathering.others, gathering.toldOthers) > tolerance) seen.stirred.add(carrier);
  }

  /** Other seeds than before. Gives the names whose company is another. */
  reseed(seeds: readonly Seed[]): Set<number> {
    const before = this.#bad;
    const now = new Map<number, Seed>();
    for (const seed of seeds)
      if (seed.weight >= leastWeight && !this.#muted.has(seed.node)) now.set(seed.node, seed);
    this.#bad = now;
    const moved = new Set<number>();
    const changed = new Set<number>();
    for (const node of before.keys()) if (!now.has(node)) this.#sayOf(node, -1, changed, moved);
    for (const node of now.keys()) if (!before.has(node)) this.#sayOf(node, 1, changed, moved);
    this.#gather(changed, moved);
    return moved;
  }

  /** One more seed says that its names are bad, or one less. What names a domain, or the name that it is, names all under it. */
  #sayOf(seed: number, change: number, changed: Set<number>, moved: Set<number>): void {
    const { nodes } = this.#graph;
    const kind = nodes.kind(seed);
    if (kind !== kindNumber.name && kind !== kindNumber.domain) return;
    moved.add(seed);
    const see = (carrier: number) => changed.add(carrier);
    if (kind === kindNumber.name) this.#say(seed, change, see);
    const owner = this.ownerOf(seed);
    if (owner !== seed && nodes.text(owner) !== nodes.text(seed)) return;
    if (nodes.kind(owner) !== kindNumber.domain) return;
    this.#wholly.set(owner, (this.#wholly.get(owner) ?? 0) + change);
    this.#under(owner, (name) => {
      if (name !== seed) this.#say(name, change, see);
    });
  }

  /** `see` is told of each carrier of the name, where it is known to be bad only now, or is so no more. */
  #say(name: number, change: number, see: (carrier: number, first: number, last: number) => void): void {
    const before = this.#said.get(name) ?? 0;
    const said = before + change;
    if (said > 0) this.#said.set(name, said);
    else this.#said.delete(name);
    if (before > 0 === said > 0) return;
    some(this.#graph, name, (carrier, type, first, last) => {
      if (this.#carriers.carries(name, carrier, type)) see(carrier, first, last);
    });
  }

  /** Looks at carriers anew, and gathers the names there of which that says something else. */
  #gather(carriers: ReadonlySet<number>, moved: Set<number>): void {
    for (const carrier of carriers) {
      const before = this.#gatherings.delete(carrier);
      const gathering = gatheringAt(carrier, this.#look);
      if (gathering) this.#gatherings.set(carrier, gathering);
      if (gathering || before) this.#tell(carrier, moved);
    }
  }

  /** Gathers the names at a carrier: of them, who is there says something else. */
  #tell(carrier: number, moved: Set<number>): void {
    const gathering = this.#gatherings.get(carrier);
    if (gathering) gathering.toldOthers = gathering.others;
    const serves = this.#carriers.serves(carrier);
    some(this.#graph, carrier, (name, type) => {
      if (!this.#carriers.carries(name, carrier, type)) return;
      moved.add(name);
      if (serves) this.#serve(name, moved);
    });
  }

  /** A name server or a mail exchanger is told of for a name: where that is all of a domain, it is so for all names of it. */
  #serve(name: number, moved: Set<number>): void {
    const owner = this.ownerOf(name);
    if (this.#graph.nodes.text(owner) !== this.#graph.nodes.text(name)) return;
    this.#apexes.set(owner, name);
    this.#under(owner, (one) => moved.add(one));
  }

  #under(domain: number, see: (name: number) => void): void {
    some(this.#graph, domain, (name, type) => {
      if (type === typeNumber.under) see(name);
    });
  }

  #isBad(name: number): boolean {
    return this.#said.has(name) && !this.#muted.has(name);
  }

  /** The registered domain of a name, or what stands for it. */
  ownerOf(name: number): number {
    return this.#owners[name] ?? ownerAt(this.#graph, name);
  }
}

/** How far two counts of others make what company says lie apart at most, in logits: for a name that is one of them. */
function apart(now: number, before: number): number {
  const logit = (others: number) => logitOf(shareOfBad(leastBad, Math.max(0, others - 1), baseRate));
  return now === before ? 0 : Math.abs(logit(now) - logit(before));
}
