import type { Event } from '../model/event.ts';
import { Identity } from './identity.ts';
import { complete, type Intake } from './intake.ts';
import { LineCutter } from './lines.ts';
import { type AnyReader, type Cutter, isBinary, type Read, type Reading, Reject } from './reader.ts';
import type { Rejects } from './rejects.ts';

export interface FeedParts {
  reader: AnyReader;
  /** What the source is called in events. */
  source: string;
  /** What ids are made from besides the pieces; the source's name where not given. */
  identity?: string;
  /** How many pieces are remembered for it (`Identity`). */
  remembered?: number;
  intake: Pick<Intake, 'take'>;
  rejects: Pick<Rejects, 'add'>;
  /** The time of arrival, in milliseconds since the epoch. */
  now(): number;
  /** When a file was last written. */
  written?: number;
  /** Where several read the same: whether a piece is ours. What cannot be cut is the first one's to tell of. */
  mine?: { piece(bytes: Buffer, from: number, to: number): boolean; first: boolean };
  taken?(event: Event): void;
  /** Where given, a bug of ours costs the piece that it was met in, and no more: what is live goes on. */
  bug?(error: unknown): void;
}

const bugReason = 'Caltrop failed on it: this is a bug';

/** The way of one source's bytes through its reader into the intake: cut, read, named, taken or refused, and counted. */
export class Feed {
  readonly #parts: FeedParts;
  readonly #identity: Identity;
  readonly #cutter: Cutter;
  readonly #read: (bytes: Buffer, from: number, to: number) => ReturnType<Read<string>>;
  /** Pieces that came, and those of them that are well-formed but hold no event. */
  pieces = 0;
  silent = 0;

  constructor(parts: FeedParts) {
    const { reader, source, now, written } = parts;
    this.#parts = parts;
    this.#identity = new Identity(parts.identity ?? source, parts.remembered);
    const context = { source, now, ...(written !== undefined && { written }) };
    if (isBinary(reader)) {
      const read = reader.start(context);
      this.#read = (bytes, from, to) => read(bytes.subarray(from, to));
      this.#cutter = reader.cutter();
    } else {
      const read = reader.start(context);
      this.#read = (bytes, from, to) => read(bytes.toString('utf8', from, to));
      this.#cutter = new LineCutter();
    }
  }

  bytes(chunk: Buffer): void {
    this.#cutter.cut(chunk, this.#each, this.#refuse);
  }

  /** The source has ended. */
  end(): void {
    this.#cutter.end(this.#each, this.#refuse);
  }

  /** Shows the reader a line that was taken before. */
  again(line: string): void {
    try {
      const bytes = Buffer.from(line);
      this.#read(bytes, 0, bytes.length);
    } catch (error) {
      if (!(error instanceof Reject)) throw error;
    }
  }

  readonly #refuse = (reason: Reject): void => {
    this.pieces++;
    const { rejects, source, mine } = this.#parts;
    if (mine?.first !== false) rejects.add(source, this.pieces, reason.message, '');
  };

  readonly #each = (bytes: Buffer, from: number, to: number): void => {
    this.pieces++;
    const { mine } = this.#parts;
    if (mine && !mine.piece(bytes, from, to)) return;
    if (from === to) {
      this.silent++;
      return;
    }
    try {
      const reading = this.#read(bytes, from, to);
      if (reading === null) {
        this.silent++;
        return;
      }
      this.#identity.line(bytes, from, to);
      if (!Array.isArray(reading)) this.#take(reading, 0, bytes, from, to);
      else for (let i = 0; i < reading.length; i++) this.#take(reading[i]!, i, bytes, from, to);
    } catch (error) {
      const { rejects, source, bug } = this.#parts;
      if (!(error instanceof Reject)) {
        if (!bug) throw error;
        bug(error);
      }
      const reason = error instanceof Reject ? error.message : bugReason;
      rejects.add(source, this.pieces, reason, bytes.toString('latin1', from, to));
    }
  };

  #take(reading: Reading, index: number, bytes: Buffer, from: number, to: number): void {
    const { intake, now, source, taken } = this.#parts;
    this.#identity.name(reading.time, index);
    const event = complete(reading, '', now(), source);
    intake.take(event, { id: this.#identity, bytes, from, to });
    if (!taken) return;
    if (event.id === '') event.id = this.#identity.text();
    taken(event);
  }
}
