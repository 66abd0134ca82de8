import type { FeedStore } from '../feeds/feed-store.ts';
import type { FeedEntry } from '../feeds/format.ts';
import { type Feed, heldEntries } from '../feeds/take-over.ts';
import { doubtOf, type Removed } from './false-positives.ts';
import { type Knowledge, keyOf } from './knowledge.ts';
import { learnReliability, type Reliability } from './reliability.ts';

/** An entry with the feed that says so, and how far that one is to be believed (0–1). Hearsay: E0 by itself. */
export interface Believed {
  entry: FeedEntry;
  feed: string;
  weight: number;
}

type Known = Pick<Feed, 'name' | 'column'>;

/** How far each feed that is held is to be believed. Feeds of which there is no copy are left out. */
export function reliabilityOf(
  store: FeedStore,
  feeds: readonly Known[],
  knowledge: Knowledge,
): Reliability[] {
  const held = feeds.flatMap((feed) => {
    const entries = heldEntries(store, feed, knowledge.now);
    return entries ? [{ name: feed.name, entries }] : [];
  });
  return learnReliability(held, knowledge);
}

/**
 * The entries of all feeds that are held, without likely mistakes: what a ranker takes for seeds. `removed` hears of each
 * entry that was taken out, and why.
 */
export function* believedEntries(
  store: FeedStore,
  feeds: readonly Known[],
  reliability: readonly Reliability[],
  knowledge: Knowledge,
  removed: (one: Removed & { feed: string }) => void = () => {},
): Generator<Believed> {
  const known = new Map(reliability.map((one) => [one.name, one]));
  const holders = new Map<string, string[]>();
  for (const feed of feeds)
    for (const entry of heldEntries(store, feed, knowledge.now) ?? []) {
      const key = keyOf(entry);
      const by = holders.get(key);
      if (by) by.push(feed.name);
      else holders.set(key, [feed.name]);
    }
  for (const feed of feeds) {
    const own = known.get(feed.name);
    if (!own) continue;
    const copies = new Set([feed.name, ...own.copies]);
    for (const entry of heldEntries(store, feed, knowledge.now) ?? []) {
      const others = holders.get(keyOf(entry))!.filter((name) => !copies.has(name)).length;
      const why = doubtOf(entry, others, knowledge);
      if (why === null) yield { entry, feed: feed.name, weight: own.weight };
      else removed({ feed: feed.name, entry, why });
    }
  }
}
