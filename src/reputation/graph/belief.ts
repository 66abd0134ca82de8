import type { DatedLayer } from './dated-layer.ts';
import { type Graph, nodeFlags } from './graph.ts';
import { kindNumber } from './kinds.ts';
import { sharedFloat32 } from './layer.ts';
import { type Pass, passOver } from './pass-over.ts';
import { seekRadius } from './radius.ts';

/** Registered domains at a node from which on belief does not pass it: a shared host tells nothing of its guests. */
export const hubBreadth = 500;
/** A name counts as joined to so many at least: each record it adds would thin out what it says. */
const leastBreadth = 8;
/** How much of the most that converges is used; the error after n passes is below this to the power of n. */
const damping = 0.7;
/** Couplings are never taken for more than they are: in a graph of a few edges nearly everything would converge. */
const mostEps = 1;
const usualPasses = 10;

/** `d^-1/2` by node, 0 for hubs. */
export function scaleOf(graph: Graph, breadth: Uint32Array): Float32Array {
  const scale = sharedFloat32(breadth.length);
  for (let node = 0; node < breadth.length; node++) {
    scale[node] = weightOf(graph, node, breadth[node]!);
  }
  return scale;
}

/** What one node weighs at a breadth. */
export function weightOf(graph: Graph, node: number, breadth: number): number {
  const kind = graph.nodes.kind(node);
  const named = kind === kindNumber.name || kind === kindNumber.domain;
  if ((graph.flags(node) & nodeFlags.hub) !== 0 || (!named && breadth > hubBreadth)) return 0;
  return 1 / Math.sqrt(Math.max(named ? leastBreadth : 1, breadth));
}

/** Passes over a graph, or the rows that they are to go over: who asks for several things makes them once (`passOver`). */
type Passes = Pass | readonly DatedLayer[];

const passesOf = (passes: Passes, nodes: number): Pass =>
  typeof passes === 'function' ? passes : passOver(passes, nodes);

/** The largest eigenvalue of the weights: `eps` is taken from it, so that the series converges. 0 where there is no edge. */
export function radiusOf(passes: Passes, scale: Float32Array): number {
  const nodes = scale.length;
  const pass = passesOf(passes, nodes);
  const prior = new Float32Array(nodes);
  const search = seekRadius(scale, new Float32Array(nodes), new Float32Array(nodes));
  for (;;) {
    const { done, value } = search.next();
    if (done) return value;
    pass({ ...value, prior, scale }, 1);
  }
}

/** How strongly neighbours count: so that the series converges. */
export function epsOf(passes: Passes, scale: Float32Array): number {
  const radius = radiusOf(passes, scale);
  return radius === 0 ? 0 : Math.min(mostEps, damping / radius);
}

/** What every node is believed to be, in logits: its prior, and what its neighbours make of it. */
export function believe(
  passes: Passes,
  scale: Float32Array,
  prior: Float32Array,
  eps: number,
  count = usualPasses,
): Float32Array {
  const nodes = scale.length;
  let from: Float32Array = new Float32Array(nodes);
  let to: Float32Array = new Float32Array(nodes);
  for (let i = 0; i < nodes; i++) from[i] = scale[i]! * prior[i]!;
  const pass = passesOf(passes, nodes);
  for (let n = 0; n < count; n++) {
    pass({ prior, scale, from, to }, eps);
    [from, to] = [to, from];
  }
  // A hub takes part in nothing, and is believed to be what its prior says.
  for (let i = 0; i < nodes; i++) to[i] = scale[i] === 0 ? prior[i]! : from[i]! / scale[i]!;
  return to;
}
