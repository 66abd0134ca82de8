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
  /** What a log without a year or a zone is read against, in milliseconds since the epoch: an import's start, or the clock. */
  now(): number;
  /** When the file was last written, in milliseconds since the epoch: the time of what has none of its own. */
  written?: number;
}

/** The events of one line or frame (mostly one), or none where it is well-formed but says nothing. Throws `Reject` where it is not of its format. */
export type Read<Piece> = (piece: Piece) => Reading | Reading[] | null;

interface Format {
  name: string;
  summary: string;
}

/**
 * A log of lines. `start` makes a function for one source, which keeps what it needs between lines within bounds.
 */
export interface Reader extends Format {
  /** The JSON field of text that names a line's source: large files of this format are read by several workers at once. */
  sourceField?: string;
  /** How many of these first lines (at most 50) look like this format, from 0 to 1. */
  sniff(lines: string[]): number;
  /** Lines at a file's head that say how to read what follows: shown again to who goes on in the middle of the file. */
  preamble?(line: string): boolean;
  start(context: ReaderContext): Read<string>;
}

/** A binary log, which brings its own way of cutting bytes into frames. What was said of `Reader` holds as well. */
export interface FrameReader extends Format {
  /** Whether a file that begins with these bytes is of this format. */
  begins(bytes: Buffer): boolean;
  cutter(): Cutter;
  start(context: ReaderContext): Read<Buffer>;
}

export type AnyReader = Reader | FrameReader;

/** Cuts a stream of chunks into pieces: lines, or frames. */
export interface Cutter {
  /** `each` gets the buffer and the piece's bounds; `refuse` is told why something was no piece, once for each. */
  cut(chunk: Buffer, each: Piece, refuse: (reason: Reject) => void): void;
  /** The stream has ended: tells of a last piece, or of what was cut off. */
  end(each: Piece, refuse: (reason: Reject) => void): void;
}

export type Piece = (bytes: Buffer, from: number, to: number) => void;

export const isBinary = (reader: AnyReader): reader is FrameReader => 'cutter' in reader;

export function defineReader(reader: Reader): Reader;
export function defineReader(reader: FrameReader): FrameReader;
export function defineReader(reader: AnyReader): AnyReader {
  return reader;
}
