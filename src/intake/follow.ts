import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { Event } from '../model/event.ts';
import { Feed } from './feed.ts';
import type { Intake } from './intake.ts';
import type { Positions } from './journal.ts';
import { lineLimit } from './lines.ts';
import type { Reader } from './reader.ts';
import type { Rejects } from './rejects.ts';
import { after, inodeOf, rotated } from './rotated.ts';

export interface FollowParts {
  path: string;
  reader: Reader;
  /** What the source is called in events. */
  source: string;
  /** Where a file is begun that was never read before. */
  from: 'start' | 'end';
  intake: Pick<Intake, 'take'>;
  rejects: Pick<Rejects, 'add'>;
  /** How far files are in the journal. */
  positions: Positions;
  now(): number;
  taken?(event: Event): void;
  bug?(error: unknown): void;
  /** How long a file that was rotated away may stay silent before it counts as ended, in milliseconds. */
  graceMs?: number;
}

const limits = {
  /** Bytes of one reading; a line that is longer is passed over. */
  chunk: lineLimit,
  /** Bytes at a file's head that it is known again by, and in which lines that say how to read the others are looked for. */
  head: 1_024,
  preamble: 16 * 1_024,
  graceMs: 5_000,
  /** Lines remembered, to tell equal ones apart (`Identity`): half a megabyte a file. */
  remembered: 1 << 16,
};
/** What is read lies here until it is taken, which is at once. */
const scratch = Buffer.allocUnsafeSlow(limits.chunk);

/** A file that is open, and how far it was read: up to the end of a line. */
interface Open {
  file: number;
  inode: number;
  at: number;
  /** Bytes of a line over the limit that were passed over, from `at` on; 0 where there is none. */
  passed: number;
  head: { size: number; crc: number };
  feed: Feed;
}

/**
 * A log file that is read on as it grows, also over restarts, where it was renamed (what is left of the old one is read first,
 * then those between that are not compressed) and where it was cut to nothing. Nothing is read twice, and nothing is lost but what
 * was cut off before it was read. Bounded: one reading a call, and no more held than a line.
 */
export class Followed {
  readonly #parts: FollowParts;
  #open: Open | null = null;
  /** Since when the open file stands elsewhere, or nowhere, and was silent. */
  #leftAt = 0;
  #first = true;
  /** How often it was begun anew: ids of equal lines differ by it. */
  #turns = 0;

  constructor(parts: FollowParts) {
    this.#parts = parts;
  }

  get path(): string {
    return this.#parts.path;
  }

  /** Whether there is a file to read. */
  get reading(): boolean {
    return this.#open !== null;
  }

  /** What the journal is to keep with the next commit. */
  get positions(): Positions {
    const open = this.#open;
    // Also of a file that is not there yet: what then appears is read from its start.
    const seen = { [this.#key('seen')]: 1 };
    if (!open) return seen;
    const { inode, at, head } = open;
    return {
      ...seen,
      [this.#key('inode')]: inode,
      [this.#key('at')]: at,
      [this.#key('headSize')]: head.size,
      [this.#key('headCrc')]: head.crc,
    };
  }

  /** Reads what has come, at most one chunk. True where there was anything. Throws what the system says of a file that cannot be read. */
  read(): boolean {
    const open = this.#open;
    if (!open) {
      this.#open = this.#begin();
      return this.#open !== null;
    }
    const stat = fstatSync(open.file);
    if (stat.size < open.at + open.passed || !isKnown(open.file, open.head)) {
      this.#restart(open);
      return true;
    }
    const from = open.at + open.passed;
    const size = readSync(open.file, scratch, 0, limits.chunk, from);
    const bytes = scratch.subarray(0, size);
    if (size > 0 && this.#take(open, bytes)) {
      this.#leftAt = 0;
      return true;
    }
    return this.#moveOn(open, bytes);
  }

  close(): void {
    if (this.#open) closeSync(this.#open.file);
    this.#open = null;
  }

  /** Takes the whole lines of a chunk; false where there is none yet. */
  #take(open: Open, bytes: Buffer): boolean {
    const end = bytes.lastIndexOf(10) + 1;
    if (end === 0 && bytes.length < limits.chunk) return false;
    if (open.passed > 0 || end === 0) {
      const first = bytes.indexOf(10) + 1;
      if (open.passed === 0) this.#refuse(open);
      open.passed += first === 0 ? bytes.length : first;
      if (first === 0) return true;
      // Only now: who stops within such a line comes back to its beginning.
      open.at += open.passed;
      open.passed = 0;
    } else {
      open.feed.bytes(bytes.subarray(0, end));
      open.at += end;
    }
    this.#remember(open);
    return true;
  }

  #refuse(open: Open): void {
    this.#parts.rejects.add(this.#parts.source, open.feed.pieces, 'the line is over its limit', '');
  }

  /** At the end of an open file: goes on to the next where this one was rotated away. `rest` is a line without an end. */
  #moveOn(open: Open, rest: Buffer): boolean {
    const { path, now, graceMs = limits.graceMs } = this.#parts;
    const there = statSync(path, { throwIfNoEntry: false });
    if (!there?.isFile() || inodeOf(there) === open.inode) {
      this.#leftAt = 0;
      return false;
    }
    const next = after(path, open.inode);
    // Who writes may hold the old one open for a while after it was renamed.
    if (next === path) {
      if (this.#leftAt === 0) this.#leftAt = now();
      if (now() - this.#leftAt < graceMs) return false;
    }
    if (rest.length > 0 && open.passed === 0) {
      open.feed.bytes(Buffer.concat([rest, Buffer.of(10)]));
      open.at += rest.length;
    }
    this.#leftAt = 0;
    const file = openSync(next, 'r');
    closeSync(open.file);
    this.#open = this.#opened(file, 0);
    return true;
  }

  /** Opens what is to be read first: where it stopped before, at the end of a file that is new to us, or at its start. */
  #begin(): Open | null {
    const { path, source, positions, from, rejects } = this.#parts;
    const first = this.#first;
    const inode = first ? positions[this.#key('inode')] : undefined;
    const resumed = inode === undefined ? null : this.#resume(inode);
    let open = resumed;
    // What appears from now on is all new.
    if (!open && statSync(path, { throwIfNoEntry: false })?.isFile()) {
      const file = openSync(path, 'r');
      const fresh = first && positions[this.#key('seen')] === undefined && from === 'end';
      open = this.#opened(file, fresh ? this.#lastLine(file) : 0);
    }
    if (inode !== undefined && !resumed)
      rejects.add(source, 0, 'a rotated file is gone: what was not read of it is lost', '');
    // Not before: who was refused a file comes back to where he was.
    this.#first = false;
    return open;
  }

  /** Where it stopped before; null where that file is not there any more, or only one with the same number. */
  #resume(inode: number): Open | null {
    const { path, positions } = this.#parts;
    const current = statSync(path, { throwIfNoEntry: false });
    const same = current?.isFile() && inodeOf(current) === inode;
    const found = same ? path : rotated(path).find((one) => one.inode === inode)?.path;
    if (found === undefined) return null;
    const file = openSync(found, 'r');
    const head = { size: positions[this.#key('headSize')] ?? 0, crc: positions[this.#key('headCrc')] ?? 0 };
    if (!isKnown(file, head)) {
      closeSync(file);
      return null;
    }
    return this.#opened(file, positions[this.#key('at')] ?? 0);
  }

  /** Where the last line begins that has no end yet. */
  #lastLine(file: number): number {
    const { size } = fstatSync(file);
    const start = Math.max(0, size - limits.chunk);
    const read = readSync(file, scratch, 0, limits.chunk, start);
    return start + scratch.subarray(0, read).lastIndexOf(10) + 1;
  }

  #opened(file: number, at: number): Open {
    const { reader, source, intake, rejects, now, taken, bug, path } = this.#parts;
    const stat = fstatSync(file);
    const inode = inodeOf(stat);
    const feed = new Feed({
      remembered: limits.remembered,
      ...{ reader, source, intake, rejects, now, ...(taken && { taken }), ...(bug && { bug }) },
      identity: `${source}\n${path}\n${inode}\n${at}\n${at === 0 ? stat.birthtimeMs : 0}\n${this.#turns++}`,
    });
    const open = { file, inode, at, passed: 0, head: { size: 0, crc: 0 }, feed };
    if (at > 0) this.#preamble(open);
    this.#remember(open);
    return open;
  }

  /** Shows the reader the lines at the head that say how to read the others. */
  #preamble({ file, feed, at }: Open): void {
    const { reader } = this.#parts;
    if (!reader.preamble) return;
    const size = readSync(file, scratch, 0, Math.min(limits.preamble, at), 0);
    for (const line of scratch.toString('utf8', 0, size).split(/\r?\n/)) {
      if (!reader.preamble(line)) break;
      feed.again(line);
    }
  }

  /** The same file, cut to nothing and written anew. */
  #restart(open: Open): void {
    this.#open = this.#opened(open.file, 0);
  }

  #remember(open: Open): void {
    const size = Math.min(limits.head, open.at);
    if (size !== open.head.size) open.head = { size, crc: headCrc(open.file, size) };
  }

  #key(what: string): string {
    return `follow ${this.#parts.path} ${what}`;
  }
}

/** Whether a file still begins as it did when it was read. */
const isKnown = (file: number, { size, crc }: Open['head']): boolean => headCrc(file, size) === crc;

/** Of the first bytes; of a file that has fewer, something else. */
function headCrc(file: number, size: number): number {
  if (size === 0) return 0;
  const head = Buffer.alloc(size + 1);
  return crc32(head.subarray(0, readSync(file, head, 0, size, 0)));
}
