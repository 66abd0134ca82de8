import type { Body, Head } from '../model/event.ts';

/**
 * What a reader makes of a line: an event without the id and the arrival time, which the intake adds. Only Caltrop's own
 * events bring theirs. Readings of one session may share `src` and `dst`.
 */
export type Reading = Omit<Head, 'id' | 'arrived' | 'sensor'> &
  Partial<Pick<Head, 'id' | 'arrived' | 'sensor'>> &
  Body;

/** Why a line was refused: a constant, so that reasons can be counted. */
export class Reject extends Error {}

export interface ReaderContext {
  /** The name of the source that is read: a file's configured name, or its base name. Used where a line names no sensor. */
  source: string;
  /** The time of the run: what a log without a year or a zone is read against, in milliseconds since the epoch. */
  now: number;
}

/**
 * A log format. `start` makes a function for one source, which keeps what it needs between lines within bounds.
 * The function returns the events of a line (mostly one), or none where the line is well-formed but says nothing;
 * it throws `Reject` where the line is not of this format.
 */
export interface Reader {
  name: string;
  summary: string;
  /** The JSON field of text that names a line's source: large files of this format are read by several workers at once. */
  sourceField?: string;
  /** How many of these first lines (at most 50) look like this format, from 0 to 1. */
  sniff(lines: string[]): number;
  start(context: ReaderContext): (line: string) => Reading | Reading[] | null;
}

export function defineReader(reader: Reader): Reader {
  return reader;
}
