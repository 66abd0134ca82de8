/** Kinds of value that a list can name. A name stands for all names under it, too. */
export const entryTypes = ['domain', 'ip', 'ip:port', 'cidr', 'url', 'hash'] as const;
export type EntryType = (typeof entryTypes)[number];

/** One thing that a list holds to be bad. `value` is in the one spelling that is used inside. */
export interface FeedEntry {
  type: EntryType;
  value: string;
  /** What the list says that it belongs to, safe to be shown. */
  family?: string;
  /** When the list's authors first and last saw it, in milliseconds since the epoch. */
  first?: number;
  last?: number;
  /** What else the list says of it, safe to be shown. */
  note?: string;
}

/** Why a part of a file gave no entry: constants, so that they can be counted. */
export type Refusal =
  | 'no name, address, URL or hash'
  | 'a single label'
  | 'a pattern of names'
  | 'a block that is too wide'
  | 'a URL of another scheme'
  | 'too long'
  | 'quotes without an end'
  | 'no such column'
  | 'not of this form'
  | 'withdrawn by its author'
  | 'no longer valid'
  | 'not meant for detection'
  | 'a kind that is not used'
  | 'a pattern of several conditions'
  | 'a pattern that cannot be read'
  | 'named before'
  | 'over the limit of entries'
  | 'over the limit of lines';

/** Why a file as a whole cannot be taken for a feed. */
export class FeedProblem extends Error {}

export type Found = FeedEntry | { refused: Refusal };

export interface FormatOptions {
  /** The column with the value, by its title or its number from 1 (CSV). Found by its usual titles where not given. */
  column?: string;
  /** The clock, in milliseconds since the epoch: whether an entry is still valid. */
  now: number;
}

/** A format that lists of bad names and addresses come in. */
export interface FeedFormat {
  name: string;
  summary: string;
  /** How much a file that begins like this looks like it, from 0 to 1. At most 64 KiB are shown. */
  sniff(head: string): number;
  /** The entries of a file in its order, and why what is none is none. Throws `FeedProblem` where the whole is not of this format. */
  read(text: string, options: FormatOptions): Iterable<Found>;
}

export function defineFormat(format: FeedFormat): FeedFormat {
  return format;
}
