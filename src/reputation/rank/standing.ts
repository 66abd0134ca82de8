import { Traits } from '../behaviour/traits.ts';
import { believe } from '../graph/belief.ts';
import { type Graph, nodeFlags } from '../graph/graph.ts';
import { kindNumber, nodeKinds } from '../graph/kinds.ts';
import { pushed } from '../graph/push-from.ts';
import type { KnownHost } from '../known/known-hosts.ts';
import type { NameModel } from '../names/name-model.ts';
import { type GraphShape, shapeOf } from './graph-features.ts';
import { type Near, nearOf } from './near.ts';
import { classOf, type DomainScore, pointsOf } from './score.ts';

/** How sure a seed is at most, and how far a name alone may be believed, in logits. */
const seedLogit = 4;
const nameLogit = 2.5;
/** One in a hundred of the names that are looked up is taken to be bad, as long as nothing else is known of it. */
const baseLogit = Math.log(0.01 / 0.99);
/** Seeds, and steps of a path, that are told of a score. */
const told = { seeds: 5, steps: 6 };
/** Seeds that must agree before a family is named. */
const leastSeeds = 2;

/** Something that is known from elsewhere: a decoy, a list, a person. */
export interface Seed {
  node: number;
  /** From -1 (good, certain) to 1 (bad, certain). */
  weight: number;
  says: string;
  /** What it belongs to, where that was told. */
  family?: string;
}

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

/** Where every name that was asked for stands, by its letters, by what is known, and by what it is joined to. Nothing is taught. */
export class Standings {
  readonly #graph: Graph;
  readonly #shape: GraphShape;
  readonly #model: NameModel;
  readonly #seeds: Map<number, Seed>;
  readonly #prior: Float32Array;
  /** By name: the seeds that it hangs on, and what that is worth. */
  readonly #hangs = new Map<number, { seed: number; logit: number }[]>();
  readonly #belief: Float32Array;
  readonly #guests: ReadonlyMap<number, KnownHost>;
  readonly #traits: Traits;
  /** What names do, in logits: it counts for themselves alone. */
  readonly #own: Float32Array;

  /**
   * The graph's rows must hold all that it knows (`rebuild`). `lexical` remembers logits of names over calls; `guests` are names that are
   * wholly on known hosts (`KnownNodes`).
   */
  constructor(
    graph: Graph,
    model: NameModel,
    seeds: readonly Seed[],
    lexical = new Map<number, number>(),
    guests: ReadonlyMap<number, KnownHost> = new Map(),
  ) {
    this.#graph = graph;
    this.#model = model;
    this.#guests = guests;
    this.#shape = shapeOf(graph);
    // Who took a name over has nothing to do with what stood around it.
    for (const [name, { kind }] of guests) if (kind === 'sinkhole') this.#shape.scale[name] = 0;
    this.#seeds = new Map(seeds.map((seed) => [seed.node, seed]));
    const { size } = graph.nodes;
    this.#prior = new Float32Array(size);
    for (let node = 0; node < size; node++) {
      const seed = this.#seeds.get(node);
      this.#prior[node] = seedLogit * (seed?.weight ?? 0);
      if (graph.nodes.kind(node) === kindNumber.name) {
        let logit = lexical.get(node);
        if (logit === undefined) {
          logit = Math.max(-nameLogit, Math.min(nameLogit, model.logit(graph.nodes.text(node))));
          lexical.set(node, logit);
        }
        this.#prior[node]! += logit;
      }
    }
    this.#hang();
    this.#belief = believe(graph.layers, this.#shape.scale, this.#prior, this.#shape.eps);
    this.#traits = new Traits(this.#shape, guests, graph.builtOn);
    this.#own = new Float32Array(size);
    for (let node = 0; node < size; node++)
      if ((graph.flags[node]! & nodeFlags.asked) !== 0) this.#own[node] = this.#traits.logit(node);
  }

  /** What a name does, in logits: what its score has besides what it is believed to be. */
  own(node: number): number {
    return this.#own[node] ?? 0;
  }

  /**
   * A name on an address that is known to be bad is more than its neighbour: what is known counts in full where it is alone there, and
   * less the more others there are.
   */
  #hang(): void {
    const { scale } = this.#shape;
    const { nodes } = this.#graph;
    for (const { node: seed, weight } of this.#seeds.values()) {
      const kind = nodes.kind(seed);
      if (kind === kindNumber.name || kind === kindNumber.domain || scale[seed] === 0) continue;
      const logit = seedLogit * weight * scale[seed]!;
      this.#graph.each(seed, (name) => {
        if (nodes.kind(name) !== kindNumber.name || this.#seeds.has(name)) return;
        this.#hangs.set(name, [...(this.#hangs.get(name) ?? []), { seed, logit }]);
        this.#prior[name]! += logit;
      });
    }
  }

  /** All names that were asked for, the worst first. */
  ranked(): readonly { name: string; score: number; node: number }[] {
    this.#ranking ??= this.#rank();
    return this.#ranking;
  }
  #ranking: { name: string; score: number; node: number }[] | undefined;

  #rank(): { name: string; score: number; node: number }[] {
    const { nodes, flags } = this.#graph;
    const rows: { name: string; score: number; node: number }[] = [];
    for (let node = 0; node < this.#belief.length; node++)
      if ((flags[node]! & nodeFlags.asked) !== 0 && nodes.kind(node) === kindNumber.name)
        rows.push({ name: nodes.text(node), score: this.#score(node), node });
    return rows.sort((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1));
  }

  /** What its score says of a name, without the reasons. */
  classOf(name: string, score: number, node: number): DomainScore['class'] {
    return classOf(
      name,
      score / 100,
      Math.abs(this.#belief[node]! - this.#prior[node]!) > 0.5 || this.#seeds.has(node),
    );
  }

  /** Why a name stands where it stands; null where it was never seen. */
  show(name: string): Standing | null {
    const graph = this.#graph;
    const node = graph.find('name', name);
    if (node < 0 || node >= this.#belief.length) return null;
    const parents = new Map<number, number>();
    const families = new Map<string, { seeds: Set<number>; share: number }>();
    let known = 0;
    const blame = (seed: Seed, share: number) => {
      if (share <= 0) return;
      known += share;
      if (!seed.family) return;
      const one = families.get(seed.family) ?? { seeds: new Set(), share: 0 };
      families.set(seed.family, { seeds: one.seeds.add(seed.node), share: one.share + share });
    };
    const row = pushed(this.#shape, node, parents);
    const shares: { says: string; share: number }[] = [];
    const paths: Path[] = [];
    let others = 0;
    for (const [source, weight] of row) {
      const seed = this.#seeds.get(source);
      // A name that is known keeps its letters: they are told apart.
      const share = weight * (source === node ? seedLogit * (seed?.weight ?? 0) : this.#prior[source]!);
      if (seed) {
        blame(seed, share);
        shares.push({ says: `${this.#label(source)} ${seed.says}`, share });
        paths.push({ steps: this.#path(source, node, parents), says: seed.says, share });
      } else if (source !== node) others += share;
    }
    const own = row.get(node) ?? 0;
    let letters = this.#prior[node]! - seedLogit * (this.#seeds.get(node)?.weight ?? 0);
    for (const { seed, logit } of this.#hangs.get(node) ?? []) {
      letters -= logit;
      const { says } = this.#seeds.get(seed)!;
      blame(this.#seeds.get(seed)!, own * logit);
      shares.push({ says: `it is on ${this.#label(seed)}, which ${says}`, share: own * logit });
      paths.push({ steps: [this.#label(seed), this.#label(node)], says, share: own * logit });
    }
    shares.push(...this.#letters(name, own * letters));
    shares.push({ says: 'the names that it is joined to read like this', share: others });
    for (const { says, logit } of this.#traits.of(node)) shares.push({ says, share: logit });
    const [family] =
      [...families].find(([, one]) => one.seeds.size >= leastSeeds && one.share > known / 2) ?? [];
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
      family: family ?? null,
      host: guest ? { kind: guest.kind, who: guest.who } : null,
      without: this.#without(node),
      near: nearOf(graph, node, this.#belief, (one) => this.#score(one)),
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
    if (node < 0 || node >= this.#belief.length) return null;
    const score = scoreAt(this.#belief[node]!);
    const { nodes } = this.#graph;
    let worst = -1;
    let count = 0;
    this.#graph.each(node, (other) => {
      if (nodes.kind(other) !== kindNumber.name || other >= this.#belief.length) return;
      count++;
      if (worst < 0 || this.#belief[other]! > this.#belief[worst]!) worst = other;
    });
    const seed = this.#seeds.get(node);
    const names = count === 1 ? 'one name leads to it' : `${count} names lead to it, the worst`;
    const reason = seed
      ? `it ${seed.says}`
      : worst < 0
        ? 'no name that was asked for leads to it'
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
    const { scale, eps } = this.#shape;
    let most = 0;
    let what = -1;
    this.#graph.each(node, (other, _type, _first, _last, weight) => {
      const share = eps * weight * scale[node]! * scale[other]! * this.#belief[other]!;
      if (Math.abs(share) <= Math.abs(most)) return;
      most = share;
      what = other;
    });
    for (const { seed, logit } of this.#hangs.get(node) ?? []) {
      if (what !== seed && logit <= Math.abs(most)) continue;
      most = logit + (what === seed ? most : 0);
      what = seed;
    }
    if (what < 0) return null;
    return { what: this.#label(what), score: scoreAt(this.#belief[node]! + this.#own[node]! - most) };
  }

  #score(node: number): number {
    return scoreAt(this.#belief[node]! + this.#own[node]!);
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
