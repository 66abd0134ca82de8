import type { FeedStore } from '../feeds/feed-store.ts';
import type { FeedEntry } from '../feeds/format.ts';
import { type Feed, heldEntries } from '../feeds/take-over.ts';
import { doubtOf, type Removed } from './false-positives.ts';
import { type Knowledge, keyOf } from './knowledge.ts';
import { type Met, metBy } from './met.ts';
import { learnReliability, type Reliability, type Weighed } from './reliability.ts';
import { found, hashOfEntry, TrackRecord } from './track-record.ts';

const dayMs = 86_400_000;
const findings = { 1: found.confirmed, '-1': found.doubted, 0: 0 } as const;

/** An entry with the feed that says so, and how far that one is to be believed (0–1). Hearsay: E0 by itself. */
export interface Believed {
  entry: FeedEntry;
  feed: string;
  weight: number;
}

type Known = Pick<Feed, 'name' | 'column'>;

/** Where the track records of feeds are kept. */
export interface Records {
  /** Null where there is none yet of this source, or it is damaged: then the feed begins anew. */
  read(name: string, identity: string): TrackRecord | null;
  write(name: string, identity: string, record: TrackRecord): void;
}

/**
 * How far each feed that is held is to be believed, by what it holds, by when it first had it, and by what was found out since, which is
 * kept in its record. Feeds of which there is no copy are left out. `met` are hosts that decoys met.
 */
export function reliabilityOf(
  store: FeedStore,
  feeds: readonly Known[],
  knowledge: Knowledge,
  records: Records,
  met: readonly Met[] = [],
): Reliability[] {
  const metOf = metBy(met);
  const held = feeds.flatMap((feed) => {
    const state = store.state(feed.name);
    if (!state) return [];
    const record = records.read(feed.name, state.source) ?? new TrackRecord();
    return [{ feed, state, record, whole: true }];
  });
  const made = learnReliability(
    held.map((one): Weighed => {
      const { feed, state, record } = one;
      let places = new Int32Array(0);
      return {
        name: feed.name,
        // Opened once it is its turn: one copy at a time is held.
        *entries() {
          const entries = heldEntries(store, feed, knowledge.now);
          if (entries) yield* entries;
          else one.whole = false;
        },
        past(keys) {
          if (!one.whole) return nothing;
          const hashes = Float64Array.from(keys, hashOfEntry);
          record.took(hashes, Math.floor((state.taken ?? knowledge.now) / dayMs));
          places = Int32Array.from(hashes, (hash) => record.placeOf(hash));
          return { since: Uint16Array.from(places, (place) => record.since(place) ?? 0), ...record.past() };
        },
        ...(met.length > 0 && { met: metOf() }),
        judged: (n, verdict) => record.find(places[n]!, findings[verdict]),
      };
    }),
    knowledge,
  );
  for (const { feed, state, record, whole } of held)
    if (whole) records.write(feed.name, state.source, record);
  return made.filter((_, n) => held[n]!.whole);
}
const nothing = { since: new Uint16Array(0), confirmed: 0, refuted: 0 };

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
