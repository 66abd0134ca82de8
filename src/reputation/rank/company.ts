import { shareOfBad } from '../graph/aggregate.ts';
import type { Graph } from '../graph/graph.ts';
import { kindNumber, typeNumber } from '../graph/kinds.ts';
import { ownerAt } from '../graph/owners.ts';
import { logitOf } from '../learn/logistic.ts';
import { Carriers } from './carriers.ts';
import {
  type Gathering,
  gatheringAt,
  hereDays,
  type Look,
  leastBad,
  never,
  othersAt,
  some,
} from './gathering.ts';
import type { Seed } from './priors.ts';

/** One in a hundred of the names that are looked up is taken to be bad, as long as nothing else is known of it. */
export const baseRate = 0.01;
export const baseLogit = logitOf(baseRate);

/** How sure it must be that something is bad before others are judged by it. */
const leastWeight = 0.5;
/** The most that company counts for, in logits, and how much of it the second worst carrier adds. */
const most = 6;
const secondShare = 0.25;
/** Up to here neighbours alone bring a name: as `boughtLimit`. Beyond it, its letters must agree. */
const aloneLimit = logitOf(0.94) - baseLogit;
/** Where a young name is among bad ones alone, so many of them, it comes to this whatever its letters say: suspicious. */
const pure = { bad: 3, logit: logitOf(0.72) - baseLogit };
/** Days for which a domain is young. */
const youngDays = 30;

/** Who else is at a carrier of a name, without its own registered domain. */
export interface CompanyAt {
  carrier: number;
  /** The day on which the name came there. */
  day: number;
  /** Registered domains that are known to be bad and were there when the name came. */
  bad: number;
  others: number;
  /** What that makes a name there to be, in logits. */
  logit: number;
}

/** What is known of a name besides its company, in logits. */
export interface Known {
  /** All of it, with what its neighbours say. */
  all: number;
  /** The same without its neighbours. */
  own: number;
  /** What its letters say. */
  letters: number;
}

/**
 * What names are held to be for the company they keep: where several registered domains at an address, a name server, a mail exchanger,
 * a certificate or the target of an alias are known to be bad, the others there are suspect. It can only raise a score, and is not
 * passed on: a name that is suspect for its company makes nobody else suspect. It follows the graph and the seeds.
 */
export class Company {
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
  /** The first day of all: what was there then may have been there for long. */
  readonly #began: number;
  #edges: number;

  /** `owners` are those of the graph's nodes as far as they are known; what is `muted` says nothing of others. */
  constructor(
    graph: Graph,
    owners: Uint32Array,
    seeds: readonly Seed[],
    muted: ReadonlySet<number> = new Set(),
  ) {
    this.#graph = graph;
    this.#owners = owners;
    this.#muted = muted;
    this.#carriers = new Carriers(graph);
    this.#look = {
      ...{ graph, carriers: this.#carriers },
      ownerOf: (name) => this.#ownerOf(name),
      isBad: (name) => this.#isBad(name),
    };
    this.#edges = graph.log.size;
    let began = 0xffff;
    for (let node = 0; node < graph.nodes.size; node++) began = Math.min(began, graph.firstDay[node]!);
    this.#began = began;
    this.reseed(seeds);
  }

  /** Who else is at the carriers of a name, the worst first. */
  of(node: number): CompanyAt[] {
    if (this.#gatherings.size === 0 || this.#graph.nodes.kind(node) !== kindNumber.name) return [];
    // What is known itself is not judged by others.
    if (this.#bad.has(node)) return [];
    const owner = this.#ownerOf(node);
    const found = new Map<number, CompanyAt>();
    this.#around(node, owner, (carrier, gathering, first) => {
      // What was there on the first day may have been there before the bad ones.
      const { bad, others } = othersAt(gathering, owner, first > this.#began ? first : -1);
      if (bad < leastBad) return;
      const logit = Math.min(most, logitOf(shareOfBad(bad, others, baseRate)) - baseLogit);
      if (logit > (found.get(carrier)?.logit ?? 0))
        found.set(carrier, { carrier, day: first, bad, others, logit });
    });
    return [...found.values()].sort((a, b) => b.logit - a.logit || a.carrier - b.carrier);
  }

  /**
   * What company adds to a name's score, in logits, by carrier: of the worst and, less, of the second worst. `without` leaves one out. A name comes
   * to what is known of itself and its company say together, so that neither good neighbours lower that, nor bad ones count twice.
   */
  shares(node: number, known: Known, without = -1): { at: CompanyAt; logit: number }[] {
    let all = this.of(node);
    if (without >= 0) all = all.filter(({ carrier }) => carrier !== without);
    const [worst, second] = all;
    if (!worst) return [];
    const less = second ? secondShare * second.logit : 0;
    let goal = known.own + Math.min(most, worst.logit + less);
    const alone = all.find(({ bad, others }) => bad >= pure.bad && others === 0);
    const young = alone !== undefined && this.#young(node);
    if (young) goal = Math.max(goal, pure.logit);
    if (known.letters <= 0) goal = Math.min(goal, aloneLimit);
    const raise = goal - known.all;
    if (raise <= 0) return [];
    const first = young ? alone : worst;
    const other = first === worst ? second : worst;
    if (!other) return [{ at: first, logit: raise }];
    const part = (secondShare * other.logit) / (first.logit + secondShare * other.logit);
    return [
      { at: first, logit: raise * (1 - part) },
      { at: other, logit: raise * part },
    ];
  }

  /** What company adds to a name's score in all, in logits. */
  logit(node: number, known: Known, without = -1): number {
    return this.shares(node, known, without).reduce((sum, { logit }) => sum + logit, 0);
  }

  /** The bad domains that a name is judged by at a carrier, each by a name of it there, and what is known of that; at most `count`. */
  bad(node: number, { carrier, day }: CompanyAt, count: number): { name: number; seed: Seed | undefined }[] {
    const names: { name: number; seed: Seed | undefined }[] = [];
    const own = this.#ownerOf(node);
    for (const [owner, { bad, name }] of this.#gatherings.get(carrier)?.guests ?? [])
      if (bad <= day && bad !== never && owner !== own && names.length < count)
        names.push({ name, seed: this.#bad.get(name) ?? this.#bad.get(owner) });
    return names;
  }

  /** The graph has learnt new edges. Gives the names whose company is another. */
  follow(): Set<number> {
    const { log, nodes } = this.#graph;
    const [from, to] = [this.#edges, log.size];
    this.#edges = to;
    const moved = new Set<number>();
    const changed = new Set<number>();
    for (let at = from; at < to; at++) {
      if (log.types[at] !== typeNumber.under) continue;
      const [a, b] = [log.a[at]!, log.b[at]!];
      const [name, domain] = nodes.kind(a) === kindNumber.domain ? [b, a] : [a, b];
      const said = this.#wholly.get(domain);
      if (said) this.#say(name, said, changed);
    }
    for (let at = from; at < to; at++)
      for (const [name, carrier] of [
        [log.a[at]!, log.b[at]!],
        [log.b[at]!, log.a[at]!],
      ] as const) {
        if (!this.#carriers.carries(name, carrier, log.types[at]!)) continue;
        if (this.#isBad(name)) changed.add(carrier);
        const gathering = this.#gatherings.get(carrier);
        if (!gathering) continue;
        moved.add(name);
        if (!gathering.guests.get(this.#ownerOf(name))?.here) changed.add(carrier);
      }
    this.#gather(changed, moved);
    return moved;
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
    if (kind === kindNumber.name) this.#say(seed, change, changed);
    const owner = this.#ownerOf(seed);
    if (owner !== seed && nodes.text(owner) !== nodes.text(seed)) return;
    if (nodes.kind(owner) !== kindNumber.domain) return;
    this.#wholly.set(owner, (this.#wholly.get(owner) ?? 0) + change);
    this.#under(owner, (name) => {
      if (name !== seed) this.#say(name, change, changed);
    });
  }

  #say(name: number, change: number, changed: Set<number>): void {
    const before = this.#said.get(name) ?? 0;
    const said = before + change;
    if (said > 0) this.#said.set(name, said);
    else this.#said.delete(name);
    if (before > 0 === said > 0) return;
    some(this.#graph, name, (carrier, type) => {
      if (this.#carriers.carries(name, carrier, type)) changed.add(carrier);
    });
  }

  /** Looks at carriers anew, and gathers the names there of which that says something else. */
  #gather(carriers: ReadonlySet<number>, moved: Set<number>): void {
    for (const carrier of carriers) {
      const before = this.#gatherings.delete(carrier);
      const gathering = gatheringAt(carrier, this.#look);
      if (gathering) this.#gatherings.set(carrier, gathering);
      if (!gathering && !before) continue;
      const serves = this.#carriers.serves(carrier);
      some(this.#graph, carrier, (name, type) => {
        if (!this.#carriers.carries(name, carrier, type)) return;
        moved.add(name);
        if (!serves) return;
        const owner = this.#ownerOf(name);
        if (this.#graph.nodes.text(owner) !== this.#graph.nodes.text(name)) return;
        this.#apexes.set(owner, name);
        this.#under(owner, (one) => moved.add(one));
      });
    }
  }

  /** The carriers of a name at which several are known to be bad, and the day on which it came there. */
  #around(
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

  #under(domain: number, see: (name: number) => void): void {
    some(this.#graph, domain, (name, type) => {
      if (type === typeNumber.under) see(name);
    });
  }

  #isBad(name: number): boolean {
    return this.#said.has(name) && !this.#muted.has(name);
  }

  #young(node: number): boolean {
    const first = this.#graph.firstDay[this.#ownerOf(node)]!;
    return first > this.#began && this.#graph.builtOn - first <= youngDays;
  }

  #ownerOf(name: number): number {
    return this.#owners[name] ?? ownerAt(this.#graph, name);
  }
}
