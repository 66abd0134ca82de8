import type { FeedsOptions } from '../intel/index.ts';
import type { Graph } from '../reputation/graph/graph.ts';
import type { Seed } from '../reputation/rank/standing.ts';
import { hostOfEntry } from './entry-host.ts';
import { openFeeds } from './feeds.ts';

/** A feed that is believed less is not heard. */
const leastBelieved = 0.3;

export interface Listed {
  /** What was read: as long as this is the same, so is what lists say. */
  stamp: string;
  seeds: Map<number, Seed>;
}

interface Lists {
  feeds: FeedsOptions;
  data: string;
  neverBlock: readonly string[];
  now: number;
}

/** What lists say of what the graph knows, as far as they are believed. Read anew once one of them was taken anew, or the graph has grown. */
export function listedHosts(
  { feeds: config, data, neverBlock, now }: Lists,
  graph: Graph,
  before: Listed,
): Listed {
  const feeds = openFeeds({ config, data, neverBlock, now: () => now });
  const stamp = JSON.stringify([feeds.list().map(({ name, taken }) => [name, taken]), graph.nodes.size]);
  if (stamp === before.stamp) return before;
  const seeds = new Map<number, Seed>();
  for (const { entry, feed, weight } of feeds.believed()) {
    if (weight < leastBelieved) continue;
    const host = hostOfEntry(entry);
    if (host === null) continue;
    for (const node of [graph.find('name', host), graph.find('domain', host), graph.find('ip', host)])
      if (node >= 0 && (seeds.get(node)?.weight ?? 0) < weight)
        seeds.set(node, {
          ...{ node, weight, says: `is on the list ${feed}` },
          ...(entry.family !== undefined && { family: entry.family }),
        });
  }
  return { stamp, seeds };
}
