import type { Graph } from '../graph/graph.ts';
import { grown } from '../graph/growing.ts';
import { kindNumber } from '../graph/kinds.ts';
import type { NameModel } from '../names/name-model.ts';
import { bounded, seedLogit } from './logits.ts';

/** What letters say of nodes, in logits, by the order in which the graph came to know them: kept from one ranking to the next. */
export class Lexical {
  #logits = new Float32Array(0);
  #size = 0;

  /** The logit of a node; `logit` says it of the next one that is not known yet. */
  at(node: number, logit: () => number): number {
    if (node < this.#size) return this.#logits[node]!;
    this.#logits = grown(this.#logits, node + 1);
    this.#size = node + 1;
    this.#logits[node] = logit();
    return this.#logits[node];
  }
}

/** Something that is known from elsewhere: a decoy, a list, a person. */
export interface Seed {
  node: number;
  /** From -1 (good, certain) to 1 (bad, certain). */
  weight: number;
  says: string;
  /** What it belongs to, where that was told. */
  family?: string;
}

/** A seed that a name hangs on, and what that is worth. */
export interface Hang {
  seed: number;
  logit: number;
}

/** What a node weighs. */
type ScaleOf = (node: number) => number;

/**
 * What each node is held to be by itself, in logits: by what is known of it, by its letters, and by what is known of what it hangs on. It
 * follows the graph: what has changed since is given by `changes`.
 */
export class Priors {
  readonly #graph: Graph;
  readonly #model: NameModel;
  readonly #lexical: Lexical;
  #values: Float32Array = new Float32Array(0);
  #known = 0;
  #seeds: Map<number, Seed>;
  readonly #hangs = new Map<number, Hang[]>();
  #changes: { node: number; change: number }[] = [];

  /** `scaleOf` says what a node weighs; `lexical` remembers logits of names over calls. */
  constructor(graph: Graph, model: NameModel, seeds: readonly Seed[], scaleOf: ScaleOf, lexical: Lexical) {
    this.#graph = graph;
    this.#model = model;
    this.#lexical = lexical;
    this.#seeds = new Map(seeds.map((seed) => [seed.node, seed]));
    this.grow();
    for (const { node, weight } of this.#seeds.values())
      if (node < this.#known) this.#values[node]! += seedLogit * weight;
    for (const { node } of this.#seeds.values()) this.hangOn(node, scaleOf);
    this.#changes = [];
  }

  /** By node. */
  get values(): Float32Array {
    return this.#values;
  }

  at(node: number): number {
    return this.#values[node] ?? 0;
  }

  seed(node: number): Seed | undefined {
    return this.#seeds.get(node);
  }

  /** What a node's letters alone say. */
  letters(node: number): number {
    const hung = this.hangs(node).reduce((sum, { logit }) => sum + logit, 0);
    return this.at(node) - seedLogit * (this.#seeds.get(node)?.weight ?? 0) - hung;
  }

  hangs(node: number): readonly Hang[] {
    return this.#hangs.get(node) ?? [];
  }

  /** What has changed since this was asked last. */
  changes(): readonly { node: number; change: number }[] {
    const changes = this.#changes;
    this.#changes = [];
    return changes;
  }

  /** Names that are new are held to be what their letters say. */
  grow(): void {
    const { nodes } = this.#graph;
    this.#values = grown(this.#values, nodes.size);
    for (; this.#known < nodes.size; this.#known++) {
      const node = this.#known;
      if (nodes.kind(node) !== kindNumber.name) continue;
      const logit = this.#lexical.at(node, () => bounded(this.#model.logit(nodes.text(node))));
      this.#move(node, logit);
    }
  }

  /** Of these seeds, how many say something else than was said before. */
  differing(seeds: readonly Seed[]): number {
    const now = new Set<number>();
    let count = 0;
    for (const { node, weight } of seeds) {
      now.add(node);
      if (this.#seeds.get(node)?.weight !== weight) count++;
    }
    for (const node of this.#seeds.keys()) if (!now.has(node)) count++;
    return count;
  }

  /** Other seeds than before: what differs is changed. */
  reseed(seeds: readonly Seed[], scaleOf: ScaleOf): void {
    const before = this.#seeds;
    this.#seeds = new Map(seeds.map((seed) => [seed.node, seed]));
    for (const node of new Set([...before.keys(), ...this.#seeds.keys()])) {
      const change = (this.#seeds.get(node)?.weight ?? 0) - (before.get(node)?.weight ?? 0);
      if (change === 0) continue;
      this.#move(node, seedLogit * change);
      this.hangOn(node, scaleOf);
      // What is known itself hangs on nothing.
      if (this.#graph.nodes.kind(node) === kindNumber.name)
        this.#graph.each(node, (carrier) => this.hang(node, carrier, scaleOf));
    }
  }

  /** What hangs on a node is held to be what that says now. */
  hangOn(carrier: number, scaleOf: ScaleOf): void {
    if (this.#carries(carrier)) this.#graph.each(carrier, (name) => this.hang(name, carrier, scaleOf));
  }

  /**
   * A name on an address that is known to be bad is more than its neighbour: what is known counts in full where it is alone there, and
   * less the more others there are.
   */
  hang(name: number, carrier: number, scaleOf: ScaleOf): void {
    if (this.#graph.nodes.kind(name) !== kindNumber.name || !this.#carries(carrier)) return;
    const seed = this.#seeds.has(name) ? undefined : this.#seeds.get(carrier);
    const logit = seed ? seedLogit * seed.weight * scaleOf(carrier) : 0;
    const all = this.#hangs.get(name);
    const before = all?.find((one) => one.seed === carrier);
    if (logit === (before?.logit ?? 0)) return;
    this.#move(name, logit - (before?.logit ?? 0));
    const others = all?.filter((one) => one !== before) ?? [];
    if (logit !== 0) others.push({ seed: carrier, logit });
    if (others.length > 0) this.#hangs.set(name, others);
    else this.#hangs.delete(name);
  }

  #carries(node: number): boolean {
    const kind = this.#graph.nodes.kind(node);
    return kind !== kindNumber.name && kind !== kindNumber.domain;
  }

  #move(node: number, change: number): void {
    if (node >= this.#known && node >= this.#values.length) return;
    this.#values[node]! += change;
    this.#changes.push({ node, change });
  }
}
