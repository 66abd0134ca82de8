import { weightOf } from './belief.ts';
import type { Graph } from './graph.ts';
import { breadthAt } from './owners.ts';

/** What one node weighs with the edges that it has now: as `scaleOf` would say of it. It looks at each of them; `owners` are those of nodes as far as they are known. */
export function scaleAt(graph: Graph, node: number, owners?: Uint32Array): number {
  return weightOf(graph, node, breadthAt(graph, node, owners));
}
