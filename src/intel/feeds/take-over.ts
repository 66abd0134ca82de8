import { setImmediate } from 'node:timers/promises';
import { type FeedState, type FeedStore, hashOf } from './feed-store.ts';
import { fetchFeed } from './fetch.ts';
import { FeedProblem } from './format.ts';
import { type FeedReading, readFeed } from './read-feed.ts';

/** A feed as the operator names it. */
export interface Feed {
  name: string;
  source: { path: string } | { url: string };
  /** A format's name, or `auto`. */
  format: string;
  column?: string | undefined;
}

/** By how much a feed may change at once before a person has to look. */
export interface DeltaGuard {
  /** The share of entries that may go, 0–1. */
  shrink: number;
  /** How many times as many there may be. */
  grow: number;
  /** Changes by fewer entries than this are never held back: small lists change by large shares. */
  few: number;
  /** The share of a file's parts that may be unreadable. */
  refused: number;
}
export const defaultGuard: DeltaGuard = { shrink: 0.5, grow: 3, few: 100, refused: 0.5 };

export interface TakeOverOptions {
  /** The clock, in milliseconds since the epoch. */
  now: number;
  guard?: DeltaGuard;
  /** Take a feed over although it changed by more than the guard lets pass: a person has looked. Never where it is empty. */
  accept?: boolean;
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** Entries that are read between two turns of the event loop. */
const stride = 5_000;

/** Asks for a feed and takes it over where it is good; else the last good copy stays, and the state says why. Never throws for what a feed does. */
export async function takeOver(store: FeedStore, feed: Feed, options: TakeOverOptions): Promise<FeedState> {
  const { now, guard = defaultGuard } = options;
  const source = identityOf(feed);
  const held = store.state(feed.name);
  // Another source is another feed: nothing of the old one says how large it should be.
  const before = held?.source === source ? held : null;
  const whole = before !== null && store.copy(before) !== null;
  const blank: FeedState = {
    ...{ name: feed.name, source, format: feed.format, taken: null, checked: null, sha256: null },
    ...{ entries: 0, types: {}, refused: {}, problem: null },
  };
  const state = before ?? blank;
  const done = (next: FeedState, copy?: Uint8Array) => {
    store.keep(next, copy);
    return next;
  };
  try {
    const { timeoutMs, signal } = options;
    const fetched = await fetchFeed({
      source: feed.source,
      ...(whole && !options.accept && { etag: before.etag, lastModified: before.lastModified }),
      ...(timeoutMs !== undefined && { timeoutMs }),
      signal,
    });
    if (fetched === 'not modified') return done({ ...state, checked: now, problem: null });
    const { bytes, etag, lastModified } = fetched;
    const read = readFeed(bytes, { format: feed.format, column: feed.column, now });
    for (const _ of read) if (read.entries % stride === 0) await setImmediate();
    refuseChange(read, whole ? before.entries : null, guard, options.accept === true);
    return done(
      {
        ...blank,
        ...{ format: read.format.name, taken: now, checked: now, sha256: hashOf(bytes) },
        ...{ entries: read.entries, types: read.counts, refused: { ...read.refused } },
        ...(etag !== undefined && { etag }),
        ...(lastModified !== undefined && { lastModified }),
      },
      bytes,
    );
  } catch (error) {
    if (!(error instanceof FeedProblem)) throw error;
    // We stopped, not the feed.
    if (options.signal?.aborted) return state;
    return done({ ...state, problem: { time: now, says: error.message } });
  }
}

/** Tells whether a feed is still the same: a hash, since URLs may hold keys. */
export function identityOf({ source, format, column }: Feed): string {
  return hashOf(Buffer.from(JSON.stringify([source, format, column ?? null])));
}

/** Throws where a feed is empty, mostly unreadable, or another size than before. */
function refuseChange(read: FeedReading, before: number | null, guard: DeltaGuard, accept: boolean): void {
  const { entries, rejected } = read;
  if (entries === 0) throw new FeedProblem('it is empty');
  if (accept) return;
  if (rejected > guard.refused * (entries + rejected))
    throw new FeedProblem(`most of it cannot be read: ${rejected} of ${entries + rejected} parts`);
  if (before === null || Math.abs(entries - before) < guard.few) return;
  if (entries < before * (1 - guard.shrink))
    throw new FeedProblem(`it shrank from ${before} entries to ${entries}`);
  if (entries > before * guard.grow) throw new FeedProblem(`it grew from ${before} entries to ${entries}`);
}

/** The entries of the copy that is held of a feed; null where there is none. */
export function heldEntries(
  store: FeedStore,
  feed: Pick<Feed, 'name' | 'column'>,
  now: number,
): FeedReading | null {
  const state = store.state(feed.name);
  const bytes = state && store.copy(state);
  return bytes ? readFeed(bytes, { format: state.format, column: feed.column, now }) : null;
}
