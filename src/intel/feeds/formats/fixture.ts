import type { FeedEntry } from '../format.ts';
import { readFeed } from '../read-feed.ts';

export const now = Date.UTC(2026, 0, 31);

/** What a file is read as: its entries, and how often each reason was given. */
export function reading(
  text: string,
  format = 'auto',
  column?: string,
): [FeedEntry[], Record<string, number>, string] {
  const read = readFeed(Buffer.from(text), { format, now, column });
  return [[...read], read.refused, read.format.name];
}

/** Type and value of each entry, in one text. */
export const values = (entries: FeedEntry[]): string[] =>
  entries.map(({ type, value }) => `${type} ${value}`);
