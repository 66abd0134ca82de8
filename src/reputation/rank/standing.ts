import { Traits } from '../behaviour/traits.ts';
import { type Graph, nodeFlags } from '../graph/graph.ts';
import { kindNumber, nodeKinds } from '../graph/kinds.ts';
import { pushed } from '../graph/push-from.ts';
import type { KnownHost } from '../known/known-hosts.ts';
import type { NameModel } from '../names/name-model.ts';
import { Blame } from './family.ts';
import { LiveBelief } from './live-belief.ts';
import { type Near, nearOf } from './near.ts';
import { Lexical, type Seed, seedLogit } from './priors.ts';
import { Ranking } from './ranking.ts';
import { classOf, type DomainScore, pointsOf } from './score.ts';

/** One in a hundred of the names that are looked up is taken to be bad, as long as nothing else is known of it. */
const baseLogit = Math.log(0.01 / 0.99);
/** Seeds, and steps of a path, that are told of a score. */
const told = { seeds: 5, steps: 6 };

export interface Path {
  /** From the seed to the name, as it is written. */
  steps: string[];
  says: string;
  /** Logits that it adds. */
  share: number;
}

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

/** Names that may move before all is to be ranked anew. */
const movedLimit = 100_000;

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

  /**
   * The graph's rows must hold all that it knows (`rebuild`). `lexical` remembers logits of names over calls; `guests` are names that are
   * wholly on known hosts (`KnownNodes`).
   */
  constructor(
    graph: Graph,
    model: NameModel,
    seeds: readonly Seed[],
    lexical = new Lexical(),
    guests: ReadonlyMap<number, KnownHost> = new Map(),
  ) {
    this.#graph = graph;
    this.#model = model;
    this.#guests = guests;
    // Who took a name over has nothing to do with what stood around it.
    const taken = [...guests].filter(([, { kind }]) => kind === 'sinkhole').map(([name]) => name);
    this.#live = new LiveBelief(graph, model, seeds, lexical, new Set(taken));
    this.#traits = new Traits(this.#live.began, guests, graph.builtOn);
    this.#ranking = new Ranking(graph.nodes.size, (node) =>
      this.#asked(node) ? this.#score(node) : undefined,
    );
  }

  #asked(node: number): boolean {
    const { nodes, flags } = this.#graph;
    return (flags[node]! & nodeFlags.asked) !== 0 && nodes.kind(node) === kindNumber.name;
  }

  #score(node: number): number {
    return scoreAt(this.#live.value(node) + this.#traits.logit(node));
  }

  /** True once so much is new that all is to be ranked anew. */
  get due(): boolean {
    return this.#live.due || this.#ranking.moved > movedLimit;
  }

  /**
   * The graph has taken in answers, to questions for these names: what this touches moves, and of what `noted` names do, more is known.
   * Gives the names that were asked for and stand elsewhere than before, or for the first time.
   */
  follow(names: Iterable<string> = [], noted: readonly number[] = []): Row[] {
    const moved = this.#live.follow();
    // All will be ranked anew: what comes until then is not ranked at all.
    if (this.due) return [];
    for (const node of this.#traits.noted(noted)) moved.add(node);
    for (const name of names) {
      const node = this.#graph.find('name', name);
      if (node >= 0 && !this.#ranking.has(node)) moved.add(node);
    }
    return this.#move(moved);
  }

  /** Other seeds than before. Null where so much differs that all is to be ranked anew instead. */
  reseed(seeds: readonly Seed[]): Row[] | null {
    const moved = this.#live.reseed(seeds);
    return moved && this.#move(moved);
  }

  #move(moved: ReadonlySet<number>): Row[] {
    const rows: Row[] = [];
    for (const node of moved) {
      if (!this.#asked(node)) continue;
      const row = { name: this.#graph.nodes.text(node), score: this.#score(node), node };
      this.#ranking.move(node, row.score);
      rows.push(row);
    }
    return rows;
  }

  /** All names that were asked for, or those with `match` in them, the worst first. Nothing may move meanwhile. */
  *ranked(match = ''): Generator<Row> {
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
    return classOf(
      name,
      score / 100,
      Math.abs(this.#live.value(node) - this.#live.priors.at(node)) > 0.5 ||
        this.#live.priors.seed(node) !== undefined,
    );
  }

  /** Why a name stands where it stands; null where it was never seen. */
  show(name: string): Standing | null {
    const graph = this.#graph;
    const node = graph.find('name', name);
    if (node < 0) return null;
    const parents = new Map<number, number>();
    const blame = new Blame();
    const row = pushed(this.#live.shape(), node, parents);
    const shares: { says: string; share: number }[] = [];
    const paths: Path[] = [];
    let others = 0;
    for (const [source, weight] of row) {
      const seed = this.#live.priors.seed(source);
      // A name that is known keeps its letters: they are told apart.
      const share =
        weight * (source === node ? seedLogit * (seed?.weight ?? 0) : this.#live.priors.at(source));
      if (seed) {
        blame.add(seed, share);
        shares.push({ says: `${this.#label(source)} ${seed.says}`, share });
        paths.push({ steps: this.#path(source, node, parents), says: seed.says, share });
      } else if (source !== node) others += share;
    }
    const own = row.get(node) ?? 0;
    let letters = this.#live.priors.at(node) - seedLogit * (this.#live.priors.seed(node)?.weight ?? 0);
    for (const { seed, logit } of this.#live.priors.hangs(node)) {
      letters -= logit;
      const { says } = this.#live.priors.seed(seed)!;
      blame.add(this.#live.priors.seed(seed)!, own * logit);
      shares.push({ says: `it is on ${this.#label(seed)}, which ${says}`, share: own * logit });
      paths.push({ steps: [this.#label(seed), this.#label(node)], says, share: own * logit });
    }
    shares.push(...this.#letters(name, own * letters));
    shares.push({ says: 'the names that it is joined to read like this', share: others });
    for (const { says, logit } of this.#traits.of(node)) shares.push({ says, share: logit });
    const guest = this.#guests.get(node);
    const score = this.#score(node);
    const base = scoreAt(0);
    return {
      ...{ name, score, base, reasons: pointsOf(base, score, shares) },
      class: this.classOf(name, score, node),
      confidence: Math.abs(2 * (score / 100) - 1),
      firstDay: graph.firstDay[node]!,
      lastDay: graph.lastDay[node]!,
      paths: paths.sort((a, b) => Math.abs(b.share) - Math.abs(a.share)).slice(0, told.seeds),
      family: blame.family(),
      host: guest ? { kind: guest.kind, who: guest.who } : null,
      without: this.#without(node),
      near: nearOf(
        graph,
        node,
        (one) => this.#live.value(one),
        (one) => this.#score(one),
      ),
    };
  }

  /** Where a name stands, and the sentence that says most of why; null where it was never seen. */
  brief(name: string): { score: number; class: DomainScore['class']; reason: string } | null {
    const shown = this.show(name);
    return shown && { score: shown.score, class: shown.class, reason: shown.reasons[0]?.says ?? '' };
  }

  /** The same of an address: what it is believed to be by what is known of it and of the names on it. */
  address(ip: string): { score: number; class: DomainScore['class']; reason: string } | null {
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
    return { score, class: this.classOf(ip, score, node), reason };
  }

  /** What a name alone says, sentence by sentence, as parts of what it counts for here. */
  #letters(name: string, share: number): { says: string; share: number }[] {
    const scored = this.#model.nameScore(name);
    if (!scored || share === 0) return [];
    const { reasons } = scored.reasons();
    // Only those that speak for the same side explain it; the others were outweighed.
    const same = reasons.filter((one) => one.share * share > 0).slice(0, 3);
    const all = same.reduce((sum, one) => sum + one.share, 0);
    if (all === 0) return [{ says: 'its letters', share }];
    return same.map((one) => ({ says: one.says, share: (share * one.share) / all }));
  }

  /** The first-order loss of the neighbour that adds most. */
  #without(node: number): { what: string; score: number } | null {
    const { scale, eps } = this.#live.shape();
    let most = 0;
    let what = -1;
    this.#graph.each(node, (other, _type, _first, _last, weight) => {
      const share = eps * weight * scale[node]! * scale[other]! * this.#live.value(other);
      if (Math.abs(share) <= Math.abs(most)) return;
      most = share;
      what = other;
    });
    for (const { seed, logit } of this.#live.priors.hangs(node)) {
      if (what !== seed && logit <= Math.abs(most)) continue;
      most = logit + (what === seed ? most : 0);
      what = seed;
    }
    if (what < 0) return null;
    return {
      what: this.#label(what),
      score: scoreAt(this.#live.value(node) + this.#traits.logit(node) - most),
    };
  }

  #path(seed: number, node: number, parents: ReadonlyMap<number, number>): string[] {
    const steps = [this.#label(seed)];
    for (let at = seed; at !== node && steps.length < told.steps; ) {
      const next = parents.get(at);
      if (next === undefined) break;
      steps.push(this.#label(next));
      at = next;
    }
    return steps;
  }

  #label(node: number): string {
    const kind = nodeKinds[this.#graph.nodes.kind(node)];
    const text = this.#graph.nodes.text(node);
    return kind === 'name' || kind === 'ip' || kind === 'net' ? text : `${kind} ${text}`;
  }
}

function scoreAt(belief: number): number {
  return 100 / (1 + Math.exp(-(baseLogit + belief)));
}
