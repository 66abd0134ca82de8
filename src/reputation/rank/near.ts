import type { Graph } from '../graph/graph.ts';
import { edgeTypes, nodeKinds } from '../graph/kinds.ts';

/** How many carriers of a name, and names of each, are told. */
const told = { carriers: 12, others: 6 };

/** What stands around a name: itself first, what carries it, and the others there, the worst first. */
export interface Near {
  nodes: { label: string; kind: string; score: number | null }[];
  /** Places in `nodes`, and what joins them. */
  edges: { a: number; b: number; type: string; firstDay: number; lastDay: number }[];
}

/** What stands within two steps of a name, those first that are believed to be worst. */
export function nearOf(
  graph: Graph,
  node: number,
  belief: (node: number) => number,
  scoreOf: (node: number) => number,
): Near {
  const places = new Map<number, number>();
  const near: Near = { nodes: [], edges: [] };
  const { nodes } = graph;
  const place = (one: number) => {
    const known = places.get(one);
    if (known !== undefined) return known;
    const kind = nodeKinds[nodes.kind(one)]!;
    places.set(one, near.nodes.length);
    near.nodes.push({
      ...{ label: nodes.text(one), kind },
      score: kind === 'name' ? scoreOf(one) : null,
    });
    return near.nodes.length - 1;
  };
  place(node);
  const around = (one: number, limit: number) => {
    const found: { other: number; type: number; firstDay: number; lastDay: number; by: number }[] = [];
    graph.each(one, (other, type, firstDay, lastDay) => {
      if (!places.has(other) && found.length < 4_096)
        found.push({ other, type, firstDay, lastDay, by: belief(other) });
    });
    found.sort((a, b) => b.by - a.by || a.other - b.other);
    return found.slice(0, limit).map(({ other, type, firstDay, lastDay }) => {
      near.edges.push({ a: place(one), b: place(other), type: edgeTypes[type]!.name, firstDay, lastDay });
      return other;
    });
  };
  for (const carrier of around(node, told.carriers)) around(carrier, told.others);
  return near;
}
