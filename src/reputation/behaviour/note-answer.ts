import { type Graph, nodeFlags } from '../graph/graph.ts';
import type { Seen } from './answer.ts';
import type { NxdomainBursts } from './nxdomain-bursts.ts';

/** What is looked at in an answer besides its records. */
export interface Asked extends Seen {
  /** `NOERROR`, `NXDOMAIN`, …; left out where nobody told. */
  rcode?: string;
  /** Who asked. It is not kept. */
  client: string;
}

/**
 * Notes in the graph which names belong to a burst of generated names. Call it once `observe` has taken the answer in. Gives the nodes
 * of the names that the graph did not know it of.
 */
export function noteAnswer(
  graph: Graph,
  bursts: NxdomainBursts,
  { time, name, rcode, client }: Asked,
  day: number,
): number[] {
  const burst =
    rcode === 'NXDOMAIN'
      ? bursts.missing({ time, name }, client)
      : rcode === undefined || rcode === 'NOERROR'
        ? bursts.found({ time, name }, client)
        : null;
  if (burst === null) return [];
  const family = graph.node('burst', burst.first, day);
  return burst.names.flatMap((one) => {
    const node = graph.find('name', one);
    if (node < 0 || !graph.join('burst', node, family, day)) return [];
    graph.mark(node, nodeFlags.inBurst);
    return [node];
  });
}
