import type { FeedEntry } from '../feeds/format.ts';
import type { Warning } from './warning-lists.ts';

type Thing = Pick<FeedEntry, 'type' | 'value'>;

/** What we know of names and addresses besides what feeds say. All of it is asked per entry, and all of it is local. */
export interface Knowledge {
  /** The warning list that names it. */
  warning?(entry: Thing): Warning | null;
  /** The place of a name's owned domain on a list of popular names, from 1. */
  popularity?(name: string): number | null;
  /** Why an address or a name is never to be blocked. */
  neverBlock?(entry: Thing): string | null;
  /** When a name was first seen, in milliseconds since the epoch. */
  firstSeen?(name: string): number | null;
  /** What later evidence showed: a sensor met it, or it was found to be harmless. */
  evidence?(entry: Thing): 'confirmed' | 'refuted' | null;
  /** The clock, in milliseconds since the epoch. */
  now: number;
}

/** Places on a list of popular names up to which a listing is likely a mistake by itself. */
export const popularPlaces = 10_000;
/** From which age on a popular name counts as old, in milliseconds. */
export const agedMs = 365 * 86_400_000;

export const keyOf = ({ type, value }: Thing): string => `${type} ${value}`;
