import { Traits } from '../behaviour/traits.ts';
import { type Graph, nodeFlags } from '../graph/graph.ts';
import { kindNumber } from '../graph/kinds.ts';
import type { KnownHost } from '../known/known-hosts.ts';
import type { NameModel } from '../names/name-model.ts';
import { type AskedBy, askedBy } from './asked-by.ts';
import { Believed, scoreAt } from './believed.ts';
import { Company } from './company.ts';
import { LiveBelief } from './live-belief.ts';
import { type Near, nearOf } from './near.ts';
import { Lexical, type Seed } from './priors.ts';
import { Ranking } from './ranking.ts';
import { classOf, type DomainScore, pointsOf } from './score.ts';
import { gatheredSays, type Path, whyOf } from './why.ts';

export interface Standing extends DomainScore {
  /** Days since the epoch. */
  firstDay: number;
  lastDay: number;
  paths: Path[];
  /** What most of what is known leads to, where at least two tell so. */
  family: string | null;
  /** Where it is wholly on hosts that have everybody's names: taken over, parked, or shared. */
  host: Pick<KnownHost, 'kind' | 'who'> | null;
  /** What the score would be without the address, the name server or the domain that matters most. */
  without: { what: string; score: number } | null;
  near: Near;
}

/** Where a name or an address stands, in short. */
interface Brief {
  score: number;
  class: DomainScore['class'];
  /** The sentence that says most of why. */
  reason: string;
  /** Of an address: how many of the domains there are known to be bad, where that makes the others suspect. */
  company?: string;
}

/** Names that may move before all is to be ranked anew. */
const movedLimit = 100_000;
/** Names that may be told of with each answer, besides those that were asked for; the others wait for the next one. */
const toldAtOnce = 16;

export interface Row {
  name: string;
  score: number;
  node: number;
}

/**
 * Where every name that was asked for stands, by its letters, by what is known, and by what it is joined to. Nothing is taught. All is
 * ranked once; what the graph learns later (`follow`) and what else is known (`reseed`) moves what it touches.
 */
export class Standings {
  readonly #graph: Graph;
  readonly #model: NameModel;
  readonly #live: LiveBelief;
  readonly #ranking: Ranking;
  readonly #guests: ReadonlyMap<number, KnownHost>;
  /** What names do: it counts for themselves alone. */
  readonly #traits: Traits;
  /** Whom they stand beside: the same. */
  readonly #company: Company;
  readonly #believed: Believed;
  /** Names that stand elsewhere than was told; in their order. */
  readonly #waiting = new Set<number>();

  /**
   * The graph's rows must hold all that it knows (`rebuild`). `lexical` remembers logits of names over calls; `guests` are names that are
   * wholly on known hosts (`KnownNodes`); `beginnings` are days on which somebody began to look (`Company`).
   */
  constructor(
    graph: Graph,
    model: NameModel,
    seeds: readonly Seed[],
    lexical = new Lexical(),
    guests: ReadonlyMap<number, KnownHost> = new Map(),
    beginnings: ReadonlySet<number> = new Set(),
  ) {
    this.#graph = graph;
    this.#model = model;
    this.#guests = guests;
    // Who took a name over has nothing to do with what stood around it.
    const taken = [...guests].filter(([, { kind }]) => kind === 'sinkhole').map(([name]) => name);
    const muted = new Set(taken);
    this.#live = new LiveBelief(graph, model, seeds, lexical, muted);
    this.#traits = new Traits(this.#live.began, guests, graph.builtOn);
    this.#company = new Company(graph, this.#live.began.owners, seeds, muted, beginnings);
    this.#believed = new Believed(this.#live, this.#traits, this.#company);
    this.#ranking = new Ranking(graph.nodes.size, (node) =>
      this.#asked(node) ? this.#score(node) : undefined,
    );
  }

  #asked(node: number): boolean {
    const { nodes } = this.#graph;
    return (this.#graph.flags(node) & nodeFlags.asked) !== 0 && nodes.kind(node) === kindNumber.name;
  }

  #score(node: number): number {
    return scoreAt(this.#believed.logit(node));
  }

  /** Somebody began to look on these days: from then on that is minded. What was told before is told anew once all is ranked. */
  began(days: ReadonlySet<number>): void {
    this.#company.began(days);
  }

  /** True once so much is new that all is to be ranked anew. */
  get due(): boolean {
    return this.#live.due || this.#ranking.moved > movedLimit;
  }

  /**
   * The graph has taken in answers, to questions for these names: what this touches moves, and of what `noted` names do, more is known.
   * Gives the names that were asked for and stand elsewhere than before, or for the first time; where many do, the others with the next
   * call, so that no answer waits for all who share an address.
   */
  follow(names: readonly string[] = [], noted: readonly number[] = []): Row[] {
    const moved = this.#live.follow();
    // All will be ranked anew: what comes until then is not ranked at all.
    if (this.due) return [];
    const asked = new Set<number>();
    for (const name of names) {
      const node = this.#graph.find('name', name);
      if (node >= 0 && this.#asked(node)) asked.add(node);
    }
    for (const node of this.#company.follow(asked)) moved.add(node);
    for (const node of this.#traits.noted(noted)) moved.add(node);
    const now = new Set<number>();
    for (const node of asked) if (moved.has(node) || !this.#ranking.has(node)) now.add(node);
    this.#wait(moved);
    const most = now.size + toldAtOnce * Math.max(1, names.length);
    for (const node of this.#waiting) {
      if (now.size >= most) break;
      now.add(node);
    }
    return this.#move(now);
  }

  /** Other seeds than before. Null where so much differs that all is to be ranked anew instead. Gives all that have moved. */
  reseed(seeds: readonly Seed[]): Row[] | null {
    const moved = this.#live.reseed(seeds);
    if (!moved) return null;
    this.#wait(moved);
    this.#wait(this.#company.follow());
    this.#wait(this.#company.reseed(seeds));
    return this.#move(this.#waiting);
  }

  #wait(moved: ReadonlySet<number>): void {
    for (const node of moved) if (this.#asked(node)) this.#waiting.add(node);
  }

  #move(moved: ReadonlySet<number>): Row[] {
    const rows: Row[] = [];
    for (const node of moved) {
      this.#waiting.delete(node);
      const row = { name: this.#graph.nodes.text(node), score: this.#score(node), node };
      this.#ranking.move(node, row.score);
      rows.push(row);
    }
    return rows;
  }

  /** All names that were asked for, or those with `match` in them, the worst first. Nothing may move meanwhile. */
  *ranked(match = ''): Generator<Row> {
    // Those that wait to be told of have their place already.
    for (const node of this.#waiting) this.#ranking.move(node, this.#score(node));
    for (const node of this.#ranking.nodes()) {
      const name = this.#graph.nodes.text(node);
      if (name.includes(match)) yield { name, score: this.#score(node), node };
    }
  }

  /** Where a name that was asked for stands; null for others. */
  row(name: string): Row | null {
    const node = this.#graph.find('name', name);
    return node >= 0 && this.#ranking.has(node) ? { name, score: this.#score(node), node } : null;
  }

  /** What its score says of a name, without the reasons. */
  classOf(name: string, score: number, node: number): DomainScore['class'] {
    return classOf(name, score / 100, this.#believed.evident(node));
  }

  /** Why a name stands where it stands; null where it was never seen. */
  show(name: string): Standing | null {
    const graph = this.#graph;
    const node = graph.find('name', name);
    if (node < 0) return null;
    const guest = this.#guests.get(node);
    const score = this.#score(node);
    const base = scoreAt(0);
    const parts = { live: this.#live, traits: this.#traits, company: this.#company };
    const { shares, paths, family, without } = whyOf(
      { graph, model: this.#model, ...parts, believed: this.#believed },
      node,
    );
    return {
      ...{ name, score, base, reasons: pointsOf(base, score, shares) },
      class: this.classOf(name, score, node),
      confidence: Math.abs(2 * (score / 100) - 1),
      firstDay: graph.firstDay(node),
      lastDay: graph.lastDay(node),
      ...{ paths, family, without },
      host: guest ? { kind: guest.kind, who: guest.who } : null,
      near: nearOf(
        graph,
        node,
        (one) => this.#live.value(one),
        (one) => this.#score(one),
      ),
    };
  }

  /** What a group of clients asked for, the worst first; null where it is not told of. */
  group(text: string): AskedBy | null {
    return askedBy(
      this.#graph,
      text,
      (name) => this.#score(name),
      (...one) => this.classOf(...one),
    );
  }

  /** Where a name stands, and the sentence that says most of why; null where it was never seen. */
  brief(name: string): Brief | null {
    const shown = this.show(name);
    return shown && { score: shown.score, class: shown.class, reason: shown.reasons[0]?.says ?? '' };
  }

  /** The same of an address: what it is believed to be by what is known of it and of the names on it. */
  address(ip: string): Brief | null {
    const node = this.#graph.find('ip', ip);
    if (node < 0) return null;
    const score = this.#score(node);
    const { nodes } = this.#graph;
    let worst = -1;
    let count = 0;
    this.#graph.each(node, (other) => {
      if (nodes.kind(other) !== kindNumber.name) return;
      count++;
      if (worst < 0 || this.#live.value(other) > this.#live.value(worst)) worst = other;
    });
    const seed = this.#live.priors.seed(node);
    // Some decoy may have seen it; that says nothing of it.
    if (!seed && worst < 0) return null;
    const names = count === 1 ? 'one name leads to it' : `${count} names lead to it, the worst`;
    const reason = seed
      ? `it ${seed.says}`
      : `${names} ${nodes.text(worst)}, ${this.#score(worst).toFixed(0)} of 100`;
    const gathered = this.#company.at(node);
    return {
      ...{ score, class: this.classOf(ip, score, node), reason },
      ...(gathered && { company: gatheredSays(gathered) }),
    };
  }
}
