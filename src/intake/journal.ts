import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { syncFolder } from '../kit/atomic-file.ts';

/** Bytes of positions that are kept of a segment without rows. */
const noteLimit = 1024 * 1024;

/** How far each source of events has been read: what makes delivery at least once into storage once. */
export type Positions = Record<string, number>;

/** A sealed segment: a file of rows that the lake loads as one block. */
export interface Sealed {
  path: string;
  token: string;
  rows: number;
  /** Earliest and latest event time, in milliseconds. */
  from: number;
  to: number;
}

/** One line of a segment's commit file, written after the rows that it speaks of. */
interface Commit {
  end: number;
  rows: number;
  crc: number;
  from: number;
  to: number;
  positions: Positions;
}

export interface JournalOptions {
  folder: string;
  /** Rows after which a segment is sealed, and how old its first row may become before, in milliseconds. */
  segmentRows: number;
  segmentBytes: number;
}

/**
 * Segments of RowBinary rows on disk, durable once `sync` returns. Each batch is followed by a commit line with its checksum
 * in a file beside: after a crash, what has no good commit line is cut off. Names tell the state: `N.open` is written to,
 * `N.rows` is sealed, `N.commits` stands beside either.
 */
export class Journal {
  readonly #options: JournalOptions;
  #number = 0;
  #rows = -1;
  #commits = -1;
  #end = 0;
  #count = 0;
  #from = Number.POSITIVE_INFINITY;
  #to = 0;
  #dirty = false;
  positions: Positions = {};
  /** Sealed before this start and not yet loaded, oldest first. */
  readonly recovered: Sealed[] = [];
  /** What recovery had to cut off, in bytes. */
  readonly cut: number = 0;

  constructor(options: JournalOptions) {
    this.#options = options;
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
    const names = readdirSync(options.folder);
    const numbers = names
      .flatMap((name) => (name.endsWith('.commits') ? [Number.parseInt(name, 10)] : []))
      .sort((a, b) => a - b);
    for (const number of numbers) {
      const commits = readCommits(this.#path(number, 'commits'));
      if (existsSync(this.#path(number, 'open'))) this.cut += this.#recover(number, commits);
      Object.assign(this.positions, commits.at(-1)?.positions);
      if (existsSync(this.#path(number, 'rows'))) this.recovered.push(this.#sealed(number, commits));
      this.#number = number;
    }
    for (const name of names) {
      const number = Number.parseInt(name, 10);
      if (name.endsWith('.open') && !numbers.includes(number))
        rmSync(join(options.folder, name), { force: true });
    }
  }

  get openRows(): number {
    return this.#count;
  }

  /** Appends one batch of whole rows, with the positions that hold once it is stored. Not durable before `sync`. Throws where the disk refuses, and has then written nothing. */
  append(bytes: Buffer, rows: number, from: number, to: number, positions: Positions): void {
    if (this.#rows < 0) this.#open();
    const commit: Commit = {
      end: this.#end + bytes.length,
      rows: this.#count + rows,
      crc: crc32(bytes),
      from: Math.min(this.#from, from),
      to: Math.max(this.#to, to),
      positions: { ...this.positions, ...positions },
    };
    const size = fstatSync(this.#commits).size;
    try {
      writeAll(this.#rows, bytes);
      writeAll(this.#commits, Buffer.from(`${JSON.stringify(commit)}\n`));
    } catch (cause) {
      // A full disk took a part: it is taken back, so that the batch can be written again.
      ftruncateSync(this.#rows, this.#end);
      ftruncateSync(this.#commits, size);
      throw cause;
    }
    this.#end = commit.end;
    this.#count = commit.rows;
    this.#from = commit.from;
    this.#to = commit.to;
    this.positions = commit.positions;
    this.#dirty = true;
  }

  /** Keeps positions that no rows came with. Not durable before `sync`. */
  note(positions: Positions): void {
    if (Object.entries(positions).every(([key, value]) => this.positions[key] === value)) return;
    if (this.#rows >= 0 && this.#count === 0 && fstatSync(this.#commits).size > noteLimit) this.#drop();
    if (this.#rows < 0) {
      this.positions = { ...this.positions, ...positions };
      this.#open();
      return;
    }
    this.append(Buffer.alloc(0), 0, Number.POSITIVE_INFINITY, 0, positions);
  }

  /** Gives up a segment that has no rows: the next begins with its positions. */
  #drop(): void {
    closeSync(this.#rows);
    closeSync(this.#commits);
    const number = this.#number;
    this.#open();
    rmSync(this.#path(number, 'open'), { force: true });
    rmSync(this.#path(number, 'commits'), { force: true });
  }

  /** Makes all that was appended durable. */
  sync(): void {
    if (!this.#dirty) return;
    fdatasyncSync(this.#rows);
    fdatasyncSync(this.#commits);
    this.#dirty = false;
  }

  get full(): boolean {
    return this.#count >= this.#options.segmentRows || this.#end >= this.#options.segmentBytes;
  }

  /** Closes the open segment for the lake; null where it holds nothing. */
  seal(): Sealed | null {
    if (this.#rows < 0 || this.#count === 0) return null;
    this.sync();
    closeSync(this.#rows);
    closeSync(this.#commits);
    this.#rows = -1;
    renameSync(this.#path(this.#number, 'open'), this.#path(this.#number, 'rows'));
    syncFolder(this.#options.folder);
    return this.#sealed(this.#number, readCommits(this.#path(this.#number, 'commits')));
  }

  /** Forgets a segment that the lake has stored. The newest commit file stays: it holds the positions. */
  loaded(sealed: Sealed): void {
    const number = Number.parseInt(sealed.path.slice(this.#options.folder.length + 1), 10);
    rmSync(sealed.path, { force: true });
    for (let older = number; older >= 0 && existsSync(this.#path(older, 'commits')); older--) {
      if (older < this.#number && !existsSync(this.#path(older, 'rows')))
        rmSync(this.#path(older, 'commits'), { force: true });
    }
  }

  close(): void {
    if (this.#rows < 0) return;
    this.sync();
    closeSync(this.#rows);
    closeSync(this.#commits);
    this.#rows = -1;
  }

  #open(): void {
    this.#number++;
    this.#rows = openSync(this.#path(this.#number, 'open'), 'a', 0o600);
    this.#commits = openSync(this.#path(this.#number, 'commits'), 'a', 0o600);
    this.#end = 0;
    this.#count = 0;
    this.#from = Number.POSITIVE_INFINITY;
    this.#to = 0;
    // Positions must not hang on a batch that may be torn: older commit files are removed from here on.
    const first: Commit = { end: 0, rows: 0, crc: 0, from: 0, to: 0, positions: this.positions };
    writeAll(this.#commits, Buffer.from(`${JSON.stringify(first)}\n`));
    fdatasyncSync(this.#commits);
    syncFolder(this.#options.folder);
  }

  /** Cuts an open segment after its last good batch and seals it. Returns how many bytes were cut. */
  #recover(number: number, commits: Commit[]): number {
    const path = this.#path(number, 'open');
    const bytes = readFileSync(path);
    let start = 0;
    let good = 0;
    for (const commit of commits) {
      if (commit.end > bytes.length || crc32(bytes.subarray(start, commit.end)) !== commit.crc) break;
      start = commit.end;
      good++;
    }
    commits.length = good;
    const file = openSync(path, 'r+');
    ftruncateSync(file, start);
    fdatasyncSync(file);
    closeSync(file);
    if (start === 0) {
      rmSync(path, { force: true });
      return bytes.length;
    }
    renameSync(path, this.#path(number, 'rows'));
    syncFolder(this.#options.folder);
    return bytes.length - start;
  }

  #sealed(number: number, commits: Commit[]): Sealed {
    const path = this.#path(number, 'rows');
    const size = statSync(path).size;
    const last = commits.findLast((commit) => commit.rows > 0 && commit.end <= size);
    if (!last) throw new Error('a sealed segment has no commit line');
    return {
      path,
      token: `${number}-${size}-${checksum(commits)}`,
      rows: last.rows,
      from: last.from,
      to: last.to,
    };
  }

  #path(number: number, ending: 'open' | 'rows' | 'commits'): string {
    return join(this.#options.folder, `${String(number).padStart(9, '0')}.${ending}`);
  }
}

/** Names the content: numbers start again where a folder is new, so a token must not rest on them alone. */
function checksum(commits: Commit[]): string {
  return createHash('sha256').update(JSON.stringify(commits)).digest('hex').slice(0, 32);
}

function readCommits(path: string): Commit[] {
  const commits: Commit[] = [];
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (line === '') continue;
    try {
      commits.push(JSON.parse(line) as Commit);
    } catch {
      break;
    }
  }
  return commits;
}

function writeAll(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}
