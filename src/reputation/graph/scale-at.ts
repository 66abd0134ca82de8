import { hubBreadth } from './belief.ts';
import { type Graph, nodeFlags } from './graph.ts';
import { kindNumber } from './kinds.ts';
import { breadthAt } from './owners.ts';

/** As in `scaleOf`. */
const leastBreadth = 8;

/** What one node weighs with the edges that it has now: as `scaleOf` would say of it. It looks at each of them. */
export function scaleAt(graph: Graph, node: number): number {
  const kind = graph.nodes.kind(node);
  const named = kind === kindNumber.name || kind === kindNumber.domain;
  const breadth = breadthAt(graph, node);
  if ((graph.flags[node]! & nodeFlags.hub) !== 0 || (!named && breadth > hubBreadth)) return 0;
  return 1 / Math.sqrt(Math.max(named ? leastBreadth : 1, breadth));
}
