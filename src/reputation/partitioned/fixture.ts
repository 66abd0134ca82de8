import { seeded } from '../../kit/seeded.ts';
import { epsOf, scaleOf } from '../graph/belief.ts';
import { Graph } from '../graph/graph.ts';
import { breadthOf, ownersOf } from '../graph/owners.ts';

/** A made graph with layers of several types and ages, crowded hosts below the limit of a hub, and (from 1,600 names on) a hub. */
export function madeGraph(names: number, seed = 11) {
  const draw = seeded(seed);
  const graph = new Graph();
  const today = 200;
  for (let n = 0; n < names; n++) {
    const owner = graph.node('domain', `d${Math.floor(n / 2)}.example`, today);
    const name = graph.node('name', `h${n}.d${Math.floor(n / 2)}.example`, today);
    const day = today - Math.floor(draw() * 90);
    graph.join('under', name, owner, day);
    for (let times = 0; times < 3; times++)
      graph.join('resolves', name, graph.node('ip', `ip${Math.floor(draw() ** 3 * names)}`, today), day);
    graph.join('ns', owner, graph.node('ns', `ns${Math.floor(draw() ** 2 * 50)}`, today), day);
    // One address that most owners have a name at: a hub.
    if (draw() < 0.6) graph.join('resolves', name, graph.node('ip', 'crowded', today), day);
  }
  graph.rebuild(today);
  const scale = scaleOf(graph, breadthOf(graph, ownersOf(graph)));
  const prior = Float32Array.from({ length: graph.nodes.size }, () => (draw() < 0.3 ? draw() * 8 - 4 : 0));
  return { layers: graph.layers, scale, prior, eps: epsOf(graph.layers, scale) };
}
