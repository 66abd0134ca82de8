import { Aggregates, aggregateFeatures, aggregateWidth, carriers, type Labels } from '../graph/aggregate.ts';
import { believe, epsOf, scaleOf } from '../graph/belief.ts';
import type { Graph } from '../graph/graph.ts';
import { decay, edgeTypes, typeNumber } from '../graph/kinds.ts';
import { breadthOf, ownersOf } from '../graph/owners.ts';
import { passOver } from '../graph/pass-over.ts';
import { pushed } from '../graph/push-from.ts';
import { bounded, seedLogit } from './logits.ts';

/** Kinds of features of which more is worse, and of which more is better: nobody should be able to lower a score by what is bad. */
const worse = new Set([
  ...['belief from bad', 'share of belief', 'belief from bad, thinned', 'bad names under the domain'],
  ...['largest share of bad', 'second largest share of bad', 'smallest share of bad', 'mean share of bad'],
  ...[
    'pooled share',
    'bad at the largest',
    'carriers over a half',
    'largest mean of names',
    'largest of names',
  ],
]);
const better = new Set(['belief from good', 'good at the largest', 'good at the smallest']);

/** What an edge to an address weighs on its first days. */
const boughtWeight = edgeTypes[typeNumber.resolves]!.weight * decay(0);

/** Features of a name in the graph, in their order. */
export const graphFeatures = [
  'belief from bad',
  'bad names under the domain',
  'addresses, up to three',
  'addresses',
  'belief from good',
  'share of belief',
  'belief from bad, thinned',
  ...carriers.flatMap((carrier) => aggregateFeatures.map((feature) => `${carrier}: ${feature}`)),
] as const;
/** By feature: 1 where more of it is worse, -1 where it is better; 0 where either may be. */
export const graphDirections = Int8Array.from(graphFeatures, (feature) => {
  const kind = feature.slice(feature.indexOf(': ') < 0 ? 0 : feature.indexOf(': ') + 2);
  return worse.has(kind) ? 1 : better.has(kind) ? -1 : 0;
});
export const graphWidth = graphFeatures.length;
const ownFeatures = graphWidth - aggregateWidth;

/** What a graph is, whatever is known of its names: computed once. */
export interface GraphShape {
  graph: Graph;
  owners: Uint32Array;
  breadth: Uint32Array;
  scale: Float32Array;
  eps: number;
}

/** `pass`: over the graph's rows, where the caller has use for it as well. */
export function shapeOf(graph: Graph, pass = passOver(graph.layers, graph.nodes.size)): GraphShape {
  const owners = ownersOf(graph);
  const breadth = breadthOf(graph, owners);
  const scale = scaleOf(graph, breadth);
  return { graph, owners, breadth, scale, eps: epsOf(pass, scale) };
}

/** What the graph says of names, for one set of labels. */
export class GraphFeatures {
  readonly #shape: GraphShape;
  readonly #labels: Labels;
  readonly #bad: Float32Array;
  readonly #good: Float32Array;
  readonly #prior: Float32Array;
  readonly #aggregates: Aggregates;
  /** The belief asked for last: a name is written again and again while it is taught. */
  #last: { node: number; bad: number; good: number } | undefined;

  /**
   * `labels` and `lexical` (the logit of a name alone, 0 for what has no name) are by node; `base` is the share of bad among what is
   * labelled.
   */
  constructor(shape: GraphShape, labels: Labels, lexical: Float32Array, base: number) {
    this.#shape = shape;
    this.#labels = labels;
    const { graph, owners, scale, eps } = shape;
    this.#aggregates = new Aggregates(graph, owners, labels, lexical, base);
    this.#prior = priorOf(labels, lexical);
    const bad = this.#prior.map((value) => Math.max(0, value));
    const good = this.#prior.map((value) => Math.min(0, value));
    const pass = passOver(graph.layers, scale.length);
    this.#bad = believe(pass, scale, bad, eps);
    this.#good = believe(pass, scale, good, eps);
  }

  /**
   * Writes the features of a name at a place in a row, without what is known of its own registered domain. `bought` are addresses that it
   * is taken to have besides its own: what is believed there is added as far as one step leads.
   */
  write(node: number, row: Float32Array, at: number, bought: readonly number[] = []): void {
    const { graph, owners, scale, eps } = this.#shape;
    const owner = owners[node]!;
    let badNames = 0;
    graph.each(owner, (other, type) => {
      if (type === typeNumber.under && other !== node && this.#labels[other]! > 0) badNames++;
    });
    // Undone what its own edges thin out.
    const believed = this.belief(node);
    const own = scale[node]!;
    let bad = own === 0 ? 0 : believed.bad / own;
    let good = own === 0 ? 0 : believed.good / own;
    let addresses = bought.length;
    for (const ip of bought) {
      const share = eps * boughtWeight * scale[ip]!;
      bad += share * this.#bad[ip]!;
      good -= share * this.#good[ip]!;
    }
    graph.each(node, (_, type) => {
      if (type === typeNumber.resolves) addresses++;
    });
    row[at] = bad;
    row[at + 1] = badNames;
    row[at + 2] = Math.min(3, addresses);
    row[at + 3] = addresses;
    row[at + 4] = good;
    row[at + 5] = bad / (bad + good + 1e-6);
    row[at + 6] = bad / Math.sqrt(Math.max(8, addresses + 1));
    this.#aggregates.write(node, row, at + ownFeatures, bought);
  }

  /** What others make a name believed to be, from bad and from good evidence, without its own registered domain; in logits. */
  belief(node: number): { bad: number; good: number } {
    if (this.#last?.node !== node) {
      const own = this.#own(node, this.#shape.owners[node]!);
      this.#last = { node, bad: this.#bad[node]! - own.bad, good: own.good - this.#good[node]! };
    }
    return this.#last;
  }

  /** Whether a name is on hosts alone that too many others are on. */
  shared(node: number): boolean {
    const { graph, scale } = this.#shape;
    let hosts = 0;
    let own = 0;
    graph.each(node, (other, type) => {
      if (type !== typeNumber.resolves) return;
      hosts++;
      if (scale[other] !== 0) own++;
    });
    return hosts > 0 && own === 0;
  }

  /** What a name's own registered domain and its names put into its belief. */
  #own(node: number, owner: number): { bad: number; good: number } {
    const { graph } = this.#shape;
    let bad = 0;
    let good = 0;
    const take = (source: number, share: number) => {
      const prior = this.#prior[source]!;
      if (prior > 0) bad += share * prior;
      else good += share * prior;
    };
    const row = pushed(this.#shape, node);
    take(node, row.get(node) ?? 0);
    if (owner !== node) take(owner, row.get(owner) ?? 0);
    graph.each(owner, (other, type) => {
      if (type === typeNumber.under && other !== node) take(other, row.get(other) ?? 0);
    });
    return { bad, good };
  }
}

function priorOf(labels: Labels, lexical: Float32Array): Float32Array {
  const prior = new Float32Array(labels.length);
  for (let i = 0; i < prior.length; i++)
    prior[i] = labels[i] === 0 ? bounded(lexical[i]!) : seedLogit * labels[i]!;
  return prior;
}
