import type { FeedEntry } from '../feeds/format.ts';
import { agedMs, type Knowledge, popularPlaces } from './knowledge.ts';

/** An entry that was taken out of a feed, and the sentence that says why. */
export interface Removed {
  entry: FeedEntry;
  why: string;
}

/** Feeds besides this one that must hold a popular name before it is believed of it. */
const corroboration = 2;

/**
 * Why an entry of a third party's feed is likely a mistake, or null where nothing says so. `others` is how many other feeds hold
 * it, copies of this one not counted.
 */
export function doubtOf(entry: FeedEntry, others: number, knowledge: Knowledge): string | null {
  const kept = knowledge.neverBlock?.(entry);
  if (kept) return `Never-block holds it: ${kept}.`;
  const warning = knowledge.warning?.(entry);
  if (warning?.context === false) return `The warning list ${warning.list} names it.`;
  if (knowledge.evidence?.(entry) === 'refuted') return 'Evidence of our own refuted it.';
  if (entry.type !== 'domain' || others >= corroboration) return null;
  const place = knowledge.popularity?.(entry.value) ?? null;
  if (place === null) return null;
  const said = others === 0 ? 'no other feed lists it' : 'only one other feed lists it';
  if (place <= popularPlaces) return `It is popular (place ${place}), and ${said}.`;
  const first = knowledge.firstSeen?.(entry.value) ?? null;
  if (others === 0 && first !== null && knowledge.now - first >= agedMs)
    return `It is known (place ${place}) and was first seen on ${new Date(first).toISOString().slice(0, 10)}, and ${said}.`;
  return null;
}

/** Sorts a feed's entries into those that stay and those that are likely mistakes. `removed` hears of each of these. */
export function* withoutFalsePositives(
  entries: Iterable<FeedEntry>,
  others: (entry: FeedEntry) => number,
  knowledge: Knowledge,
  removed: (one: Removed) => void,
): Generator<FeedEntry> {
  for (const entry of entries) {
    const why = doubtOf(entry, others(entry), knowledge);
    if (why === null) yield entry;
    else removed({ entry, why });
  }
}
