import { believe, hubBreadth } from '../graph/belief.ts';
import type { Graph } from '../graph/graph.ts';
import { edgeTypes } from '../graph/kinds.ts';
import { passOver } from '../graph/pass-over.ts';
import { scaleAt } from '../graph/scale-at.ts';
import { BeliefStream } from '../graph/stream.ts';
import type { NameModel } from '../names/name-model.ts';
import { type GraphShape, shapeOf } from './graph-features.ts';
import { type Lexical, Priors, type Seed } from './priors.ts';

const limits = {
  /** Edges of a node up to which what it weighs follows each new one; a wider one waits for the next ranking. */
  rescaled: 512,
  /** How far what it weighs has to move, relatively. */
  rescale: 0.02,
  /** How far it can have moved, by the number of new edges, before it is looked at. */
  looked: 0.01,
  /** New edges, or this share of all, from which on nothing is followed any more: all is to be believed anew. */
  edges: 20_000,
  share: 0.1,
  /** Seeds that may differ from those before. */
  reseeded: 1_000,
  /** Edges that are walked after each change and for each new edge, for what was left to wait. */
  drain: 4_096,
};

/** Whether belief passes edges of a type. */
const passes = (type: number) => edgeTypes[type]!.weight > 0;

/**
 * What every node of a graph is believed to be, in logits: all at once to begin with, and then moved by what the graph learns and by
 * what else is known of it. What new edges change in what their ends weigh is followed where those are narrow, so that a whole new run says nearly the same.
 */
export class LiveBelief {
  readonly #graph: Graph;
  readonly priors: Priors;
  readonly #stream: BeliefStream;
  readonly #eps: number;
  /** What the graph was when all was believed. */
  readonly began: GraphShape;
  readonly #muted: ReadonlySet<number>;
  /** What of the graph was followed: its nodes, and the edges of its log. */
  #nodes: number;
  #edges: number;
  /** Edges that belief passed then, those that came since, and the place in the log up to which these were counted. */
  readonly #edgesThen: number;
  #more = 0;
  #counted: number;
  /** By node, how many more edges may come before what it weighs is looked at: that takes a walk over all. */
  readonly #spare = new Map<number, number>();

  /**
   * The graph's rows must hold all that it knows (`rebuild`). `lexical` remembers logits of names over calls. Nothing passes what is
   * `muted`.
   */
  constructor(
    graph: Graph,
    model: NameModel,
    seeds: readonly Seed[],
    lexical: Lexical,
    muted: ReadonlySet<number> = new Set(),
  ) {
    this.#graph = graph;
    this.#muted = muted;
    const pass = passOver(graph.layers, graph.nodes.size);
    this.began = shapeOf(graph, pass);
    const { scale, eps } = this.began;
    for (const node of muted) scale[node] = 0;
    this.#eps = eps;
    this.#nodes = graph.nodes.size;
    this.#edges = graph.log.size;
    this.#edgesThen = graph.layers.reduce(
      (sum, { weight, cols }) => sum + (weight > 0 ? cols.length / 2 : 0),
      0,
    );
    this.#counted = this.#edges;
    this.priors = new Priors(graph, model, seeds, (node) => scale[node]!, lexical);
    const prior = this.priors.values.subarray(0, this.#nodes);
    this.#stream = new BeliefStream(graph, scale, eps, believe(pass, scale, prior, eps));
  }

  value(node: number): number {
    return this.#stream.value(node);
  }

  /** What the graph is, for all that it knows now. */
  shape(): { graph: Graph; scale: Float32Array; eps: number } {
    this.#stream.room();
    return { graph: this.#graph, scale: this.#stream.scale, eps: this.#eps };
  }

  /** True once so much is new that all is to be believed anew; what comes then is not followed any more. */
  get due(): boolean {
    const { log } = this.#graph;
    for (; this.#counted < log.size; this.#counted++) if (passes(log.type(this.#counted))) this.#more++;
    return this.#more > Math.max(limits.edges, limits.share * this.#edgesThen);
  }

  /** The graph has learnt something: what that touches moves. Gives the nodes that are new or are believed to be something else. */
  follow(): Set<number> {
    const { nodes, log } = this.#graph;
    const [from, to] = [this.#edges, log.size];
    this.#edges = to;
    const moved = new Set<number>();
    for (; this.#nodes < nodes.size; this.#nodes++) moved.add(this.#nodes);
    this.#stream.room();
    this.priors.grow();
    if (this.due) {
      this.priors.changes();
      return moved;
    }
    const rescaled = this.#rescaled(from, to);
    const scales = new Map(rescaled.map(({ node, scale }) => [node, scale]));
    const scaleOf = (node: number) => scales.get(node) ?? this.#stream.scale[node]!;
    let edges = 0;
    for (let at = from; at < to; at++) {
      if (!passes(log.type(at))) continue;
      edges++;
      this.priors.hang(log.a(at), log.b(at), scaleOf);
      this.priors.hang(log.b(at), log.a(at), scaleOf);
    }
    for (const { node } of rescaled) if (this.priors.seed(node)) this.priors.hangOn(node, scaleOf);
    this.#stream.changed({ from, to }, rescaled, this.priors.changes());
    return this.#settle(moved, edges);
  }

  /** Other seeds than before. Null where so much differs that all is to be believed anew instead: then nothing is changed. */
  reseed(seeds: readonly Seed[]): Set<number> | null {
    if (this.priors.differing(seeds) > limits.reseeded) return null;
    const moved = this.follow();
    this.priors.reseed(seeds, (node) => this.#stream.scale[node]!);
    this.#stream.changed({ from: 0, to: 0 }, [], this.priors.changes());
    return this.#settle(moved, 0);
  }

  /** Ends of new edges that weigh something else with them. */
  #rescaled(from: number, to: number): { node: number; scale: number }[] {
    const { log } = this.#graph;
    const ends = new Map<number, number>();
    for (let at = from; at < to; at++) {
      if (!passes(log.type(at))) continue;
      for (const end of [log.a(at), log.b(at)]) ends.set(end, (ends.get(end) ?? 0) + 1);
    }
    const found: { node: number; scale: number }[] = [];
    for (const [node, edges] of ends) {
      if (this.#muted.has(node) || this.#stream.degree(node) > limits.rescaled) continue;
      const spare = (this.#spare.get(node) ?? 0) - edges;
      this.#spare.set(node, spare);
      if (spare >= 0) continue;
      const scale = scaleAt(this.#graph, node, this.began.owners);
      this.#spareAt(node, scale);
      const before = this.#stream.scale[node]!;
      if (Math.abs(scale - before) > limits.rescale * before) found.push({ node, scale });
    }
    return found;
  }

  /** Sets down how many more edges can hardly move what a node weighs; close to what makes a hub of it each one counts. */
  #spareAt(node: number, scale: number): void {
    const breadth = scale > 0 ? 1 / scale ** 2 : 0;
    const spare = Math.floor(Math.min(2 * breadth * limits.looked, hubBreadth - breadth));
    if (spare > 0) this.#spare.set(node, spare);
    else this.#spare.delete(node);
  }

  #settle(moved: Set<number>, edges: number): Set<number> {
    for (const node of this.#stream.touched) moved.add(node);
    this.#stream.drain(limits.drain * Math.max(1, edges));
    for (const node of this.#stream.touched) moved.add(node);
    return moved;
  }
}
