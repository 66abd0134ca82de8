import type { Graph } from '../graph/graph.ts';
import { typeNumber } from '../graph/kinds.ts';
import type { Class } from './score.ts';

/** How many names of a group are told. */
const most = 500;

/** What a group of clients asked for: each name was asked for by enough of it on one day. Days are counted since the epoch. */
export interface AskedBy {
  group: string;
  /** The worst first. */
  names: { name: string; score: number; class: Class; firstDay: number; lastDay: number }[];
  /** How many there are besides. */
  more: number;
}

/** Null where nothing is told of the group: no name was asked for by enough of it, or none within the time for which that is told. */
export function askedBy(
  graph: Graph,
  group: string,
  scoreOf: (name: number) => number,
  classOf: (name: string, score: number, node: number) => Class,
): AskedBy | null {
  const node = graph.find('client', group);
  if (node < 0) return null;
  const found: { other: number; score: number; firstDay: number; lastDay: number }[] = [];
  graph.each(node, (other, type, firstDay, lastDay) => {
    if (type === typeNumber.asked) found.push({ other, score: scoreOf(other), firstDay, lastDay });
  });
  if (found.length === 0) return null;
  found.sort((a, b) => b.score - a.score || a.other - b.other);
  const names = found.slice(0, most).map(({ other, score, firstDay, lastDay }) => {
    const name = graph.nodes.text(other);
    return { name, score, class: classOf(name, score, other), firstDay, lastDay };
  });
  return { group, names, more: found.length - names.length };
}
