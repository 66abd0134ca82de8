import type { Graph } from '../graph/graph.ts';
import { edgeTypes, kindNumber, nodeKinds } from '../graph/kinds.ts';

/** How many carriers of a name, groups of clients that asked for it, and names of each are told. */
const told = { carriers: 12, groups: 4, others: 6 };
/** Neighbours of one node that are looked at. */
const lookLimit = 4_096;

/** What stands around a name: itself first, what carries it and who asked for it, and the others there, the worst first. */
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
  const around = (one: number, limit: number, groups = false) => {
    const found: { other: number; type: number; firstDay: number; lastDay: number; by: number }[] = [];
    graph.each(one, (other, type, firstDay, lastDay) => {
      if (places.has(other) || found.length >= lookLimit) return;
      if ((nodes.kind(other) === kindNumber.client) !== groups) return;
      // Of groups nothing is believed: those first that asked last.
      found.push({ other, type, firstDay, lastDay, by: groups ? lastDay : belief(other) });
    });
    found.sort((a, b) => b.by - a.by || a.other - b.other);
    return found.slice(0, limit).map(({ other, type, firstDay, lastDay }) => {
      near.edges.push({ a: place(one), b: place(other), type: edgeTypes[type]!.name, firstDay, lastDay });
      return other;
    });
  };
  const ring = [...around(node, told.carriers), ...around(node, told.groups, true)];
  for (const carrier of ring) around(carrier, told.others);
  return near;
}
