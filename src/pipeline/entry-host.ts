import type { FeedEntry } from '../intel/index.ts';

/** What an entry of a list blames; null for what has no place in the graph. */
export function hostOfEntry({ type, value }: FeedEntry): string | null {
  if (type === 'domain' || type === 'ip') return value;
  if (type === 'url') return hostOf(value);
  return type === 'ip:port' ? value.replace(/:\d+$/, '').replace(/^\[|\]$/g, '') : null;
}

/** The host of a URL; null where it is none. */
export function hostOf(url: string): string | null {
  try {
    return new URL(url).hostname || null;
  } catch {
    return null;
  }
}
