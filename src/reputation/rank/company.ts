import { shareOfBad } from '../graph/aggregate.ts';
import type { Graph } from '../graph/graph.ts';
import { kindNumber } from '../graph/kinds.ts';
import { logitOf } from '../learn/logistic.ts';
import { baseLogit, baseRate } from './base-rate.ts';
import { leastBad, never, othersAt } from './gathering.ts';
import { Gatherings } from './gatherings.ts';
import type { Seed } from './priors.ts';

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
  readonly #gatherings: Gatherings;
  /** The first day of all, and others on which somebody began to look: what was first seen then may have been there for long. */
  readonly #first: number;
  #beginnings: ReadonlySet<number>;

  /**
   * `owners` are those of the graph's nodes as far as they are known; what is `muted` says nothing of others. `beginnings` are days on which somebody
   * began to look, or did so anew: the first day of all is one in any case.
   */
  constructor(
    graph: Graph,
    owners: Uint32Array,
    seeds: readonly Seed[],
    muted: ReadonlySet<number> = new Set(),
    beginnings: ReadonlySet<number> = new Set(),
  ) {
    this.#graph = graph;
    this.#gatherings = new Gatherings(graph, owners, muted);
    let began = 0xffff;
    for (let node = 0; node < graph.nodes.size; node++) began = Math.min(began, graph.firstDay(node));
    this.#first = began;
    this.#beginnings = beginnings;
    this.reseed(seeds);
  }

  /** Who else is at the carriers of a name, the worst first. */
  of(node: number): CompanyAt[] {
    if (this.#gatherings.size === 0 || this.#graph.nodes.kind(node) !== kindNumber.name) return [];
    // What is known itself is not judged by others.
    if (this.#gatherings.bad(node)) return [];
    const owner = this.#gatherings.ownerOf(node);
    const found = new Map<number, CompanyAt>();
    this.#gatherings.around(node, owner, (carrier, gathering, first) => {
      // What was there when somebody began to look may have been there before the bad ones.
      const { bad, others } = othersAt(gathering, owner, this.#came(first) ? first : -1);
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

  /** How many registered domains at a carrier are known to be bad, and how many others are there; null where that says nothing of them. */
  at(carrier: number): { bad: number; others: number } | null {
    const gathering = this.#gatherings.at(carrier);
    return gathering ? { bad: gathering.badDays.length, others: gathering.others } : null;
  }

  /** The bad domains that a name is judged by at a carrier, each by a name of it there, and what is known of that; at most `count`. */
  bad(node: number, { carrier, day }: CompanyAt, count: number): { name: number; seed: Seed | undefined }[] {
    const names: { name: number; seed: Seed | undefined }[] = [];
    const own = this.#gatherings.ownerOf(node);
    for (const [owner, { bad, name }] of this.#gatherings.at(carrier)?.guests ?? [])
      if (bad <= day && bad !== never && owner !== own && names.length < count)
        names.push({ name, seed: this.#gatherings.bad(name) ?? this.#gatherings.bad(owner) });
    return names;
  }

  /**
   * The graph has learnt new edges, and has seen again what it knew of the names that were `asked` for. Gives the names of which company
   * says something else.
   */
  follow(asked: Iterable<number> = []): Set<number> {
    return this.#gatherings.follow(asked);
  }

  /** Other seeds than before. Gives the names whose company is another. */
  reseed(seeds: readonly Seed[]): Set<number> {
    return this.#gatherings.reseed(seeds);
  }

  /** Somebody began to look on these days. */
  began(days: ReadonlySet<number>): void {
    this.#beginnings = days;
  }

  /** Whether what was first seen on a day came on it: whether somebody had looked before. */
  #came(day: number): boolean {
    return day > this.#first && !this.#beginnings.has(day);
  }

  #young(node: number): boolean {
    const first = this.#graph.firstDay(this.#gatherings.ownerOf(node));
    return this.#came(first) && this.#graph.builtOn - first <= youngDays;
  }
}
