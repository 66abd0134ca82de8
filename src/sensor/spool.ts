// One file format with its writer, reader and repair, which must agree on every byte.
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  write,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../kit/log.ts';
import type { Event } from '../model/event.ts';
import type { Limits } from './limits.ts';

/** What the spool hands on: whole lines of `{"seq":n,"event":{…}}`, the last of which has this number. */
export interface Batch {
  bytes: Buffer;
  last: number;
}

interface Chunk {
  path: string;
  first: number;
  /** The last number in it; first - 1 while it is empty. */
  last: number;
  size: number;
}

/** How long events wait for company before they go to disk, in milliseconds: the first after a while, and where many come. */
const gather = { firstMs: 1, busyMs: 8 };
/** How long a failed write waits before it is tried again, in milliseconds. */
const retryMs = 500;
const readSize = 256 * 1_024;

/**
 * Events on disk, numbered from 1 without gaps, until the intake has acknowledged them. Append-only files, each named
 * by its first number. What `onStored` announces survives `kill -9`; a torn last line is cut on the next start.
 */
export class Spool {
  readonly id: string;
  onStored: (batch: Batch) => void = () => {};
  readonly #dir: string;
  readonly #limits: Pick<Limits, 'spoolFile' | 'spoolBytes' | 'spoolPending'>;
  readonly #log: Log;
  readonly #chunks: Chunk[] = [];
  #file = -1;
  #next = 1;
  #stored = 0;
  #acknowledged = 0;
  #size = 0;
  #pending: string[] = [];
  #pendingSize = 0;
  #writing = false;
  #timer: NodeJS.Timeout | undefined;
  #failed = 0;
  #dropped = 0;
  #idle: (() => void)[] = [];

  constructor(dir: string, limits: Pick<Limits, 'spoolFile' | 'spoolBytes' | 'spoolPending'>, log: Log) {
    this.#dir = dir;
    this.#limits = limits;
    this.#log = log;
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    this.id = readId(join(dir, 'id'));
    this.#reopen();
  }

  /** The number of the last event that is on disk. */
  get stored(): number {
    return this.#stored;
  }

  /** The first number that can still be read. */
  get oldest(): number {
    return this.#chunks[0]!.first;
  }

  get acknowledged(): number {
    return this.#acknowledged;
  }

  get counters() {
    return {
      spoolBytes: this.#size,
      spooled: this.#stored - this.#acknowledged,
      spoolPending: this.#pendingSize,
      spoolFailures: this.#failed,
      eventsDropped: this.#dropped,
    };
  }

  /** True while there is no room to speak of: nobody new should be let in. The last tenth is for those who are in. */
  get full(): boolean {
    return (
      this.#size + this.#pendingSize > 0.9 * this.#limits.spoolBytes ||
      this.#pendingSize > 0.5 * this.#limits.spoolPending
    );
  }

  /** Numbers an event and puts it on its way to the disk. False, and counted, where there is no room at all. */
  append(event: Event): boolean {
    const line = `{"seq":${this.#next},"event":${JSON.stringify(event)}}\n`;
    if (
      this.#pendingSize + line.length > this.#limits.spoolPending ||
      this.#size + this.#pendingSize + line.length > this.#limits.spoolBytes
    ) {
      this.#dropped++;
      if (this.#dropped === 1 || this.#dropped % 1_000 === 0) {
        this.#log.error('The spool is full, an event is lost', { dropped: this.#dropped });
      }
      return false;
    }
    this.#next++;
    this.#pending.push(line);
    this.#pendingSize += line.length;
    if (!this.#writing && !this.#timer) this.#timer = setTimeout(() => this.#write(), gather.firstMs);
    return true;
  }

  /** The intake holds everything up to this number: files that hold nothing else are removed. */
  acknowledge(seq: number): void {
    if (seq <= this.#acknowledged) return;
    this.#acknowledged = Math.min(seq, this.#next - 1);
    while (this.#chunks.length > 1 && this.#chunks[0]!.last <= this.#acknowledged) {
      const chunk = this.#chunks.shift()!;
      this.#size -= chunk.size;
      rmSync(chunk.path, { force: true });
    }
  }

  /** The intake holds more than we do (this disk lost what it had not synced): number on from there. */
  skipTo(seq: number): void {
    if (seq < this.#next || this.#pending.length || this.#writing) return;
    this.#log.warn('The spool had lost events that the intake has', { from: this.#next, to: seq });
    this.#next = seq + 1;
    this.#stored = seq;
    this.#acknowledged = seq;
    for (const chunk of this.#chunks.splice(0)) rmSync(chunk.path, { force: true });
    closeSync(this.#file);
    this.#size = 0;
    this.#begin();
  }

  /** What is on disk after this number, in batches, up to what was stored when each was read. */
  async *readFrom(after: number): AsyncGenerator<Batch> {
    let seq = after;
    while (seq < this.#stored) {
      const chunk = this.#chunks.find(({ last }) => last > seq);
      if (!chunk) return;
      const file = await open(chunk.path, 'r').catch(() => null);
      if (!file) return;
      try {
        let at = 0;
        let left: Buffer = Buffer.alloc(0);
        while (at < chunk.size) {
          const piece = Buffer.allocUnsafe(Math.min(readSize, chunk.size - at));
          const { bytesRead } = await file.read(piece, 0, piece.length, at);
          if (bytesRead === 0) return;
          at += bytesRead;
          const all = Buffer.concat([left, piece.subarray(0, bytesRead)]);
          const end = all.lastIndexOf(10) + 1;
          left = all.subarray(end);
          if (end === 0) continue;
          const bytes = from(all.subarray(0, end), seq);
          if (bytes.length === 0) continue;
          seq = lastSeq(bytes);
          yield { bytes, last: seq };
        }
      } finally {
        await file.close();
      }
    }
  }

  /** Resolves when everything appended so far is on disk, or could not be put there. */
  async flush(): Promise<void> {
    if (!this.#writing && this.#pending.length === 0) return;
    const done = new Promise<void>((resolve) => this.#idle.push(resolve));
    if (!this.#writing) this.#write();
    await done;
  }

  async close(): Promise<void> {
    await this.flush();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    closeSync(this.#file);
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = this.#pending;
    if (lines.length === 0) return;
    this.#pending = [];
    this.#writing = true;
    const text = lines.join('');
    this.#attempt(Buffer.from(text), 0, this.#stored + lines.length, text.length);
  }

  #attempt(bytes: Buffer, from: number, last: number, counted: number): void {
    const chunk = this.#chunks.at(-1)!;
    // At a fixed place: what a failed write left behind is written over.
    write(this.#file, bytes, from, bytes.length - from, chunk.size + from, (error, written) => {
      if (error) {
        this.#failed++;
        if (this.#failed === 1 || this.#failed % 100 === 0) {
          this.#log.error('The spool cannot be written', { error, failures: this.#failed });
        }
        this.#finish();
        this.#timer = setTimeout(() => this.#attempt(bytes, from, last, counted), retryMs);
        this.#timer.unref();
        return;
      }
      if (from + written < bytes.length) return this.#attempt(bytes, from + written, last, counted);
      chunk.size += bytes.length;
      chunk.last = last;
      this.#size += bytes.length;
      this.#pendingSize -= counted;
      this.#stored = last;
      this.#writing = false;
      if (chunk.size >= this.#limits.spoolFile) this.#rotate();
      this.onStored({ bytes, last });
      if (this.#pending.length === 0) this.#finish();
      else if (this.#idle.length > 0) this.#write();
      else this.#timer = setTimeout(() => this.#write(), gather.busyMs);
    });
  }

  #finish(): void {
    for (const done of this.#idle.splice(0)) done();
  }

  #rotate(): void {
    closeSync(this.#file);
    this.#begin();
    this.acknowledge(this.#acknowledged);
  }

  #begin(): void {
    const path = join(this.#dir, `${String(this.#stored + 1).padStart(16, '0')}.jsonl`);
    this.#file = openSync(path, 'a+', 0o600);
    closeSync(this.#file);
    this.#file = openSync(path, 'r+');
    this.#chunks.push({ path, first: this.#stored + 1, last: this.#stored, size: 0 });
  }

  #reopen(): void {
    const names = readdirSync(this.#dir).filter((name) => /^\d{16}\.jsonl$/.test(name));
    names.sort();
    for (const name of names) {
      const path = join(this.#dir, name);
      this.#chunks.push({ path, first: Number(name.slice(0, 16)), last: 0, size: statSync(path).size });
    }
    for (const [i, chunk] of this.#chunks.entries()) {
      const after = this.#chunks[i + 1];
      if (after) chunk.last = after.first - 1;
      else this.#mend(chunk);
      this.#size += chunk.size;
    }
    const latest = this.#chunks.at(-1);
    if (!latest) {
      this.#begin();
      return;
    }
    this.#stored = latest.last;
    this.#next = latest.last + 1;
    this.#acknowledged = this.#chunks[0]!.first - 1;
    this.#file = openSync(latest.path, 'r+');
  }

  /** Cuts what follows the last whole line, and reads that line's number. */
  #mend(chunk: Chunk): void {
    const file = openSync(chunk.path, 'r+');
    try {
      const { size } = fstatSync(file);
      const bytes = Buffer.alloc(size);
      for (let at = 0; at < size; ) {
        const read = readSync(file, bytes, at, size - at, at);
        if (read === 0) break;
        at += read;
      }
      const good = wholeLines(bytes, chunk.first);
      if (good.size < size) {
        // By name: Node's permission model refuses to change a file by its descriptor.
        truncateSync(chunk.path, good.size);
        this.#log.warn('A torn end of the spool was cut', { bytes: size - good.size });
      }
      chunk.size = good.size;
      chunk.last = good.last;
    } finally {
      closeSync(file);
    }
  }
}

function readId(path: string): string {
  try {
    const id = readFileSync(path, 'utf8').trim();
    if (/^[0-9a-f]{32}$/.test(id)) return id;
  } catch {
    // The first start on this folder.
  }
  const id = randomBytes(16).toString('hex');
  writeFileSync(`${path}.tmp`, `${id}\n`, { mode: 0o600 });
  renameSync(`${path}.tmp`, path);
  return id;
}

const head = /^\{"seq":(\d+),/;

function seqAt(bytes: Buffer, at: number): number {
  return Number(head.exec(bytes.toString('latin1', at, at + 32))?.[1] ?? Number.NaN);
}

function wholeLines(bytes: Buffer, first: number): { size: number; last: number } {
  let size = 0;
  let last = first - 1;
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, size)) {
    if (seqAt(bytes, size) !== last + 1 || bytes[end - 1] !== 0x7d) break;
    last++;
    size = end + 1;
  }
  return { size, last };
}

/** The lines whose numbers come after `seq`. */
function from(lines: Buffer, seq: number): Buffer {
  let at = 0;
  while (at < lines.length && seqAt(lines, at) <= seq) at = lines.indexOf(10, at) + 1;
  return lines.subarray(at);
}

function lastSeq(lines: Buffer): number {
  return seqAt(lines, lines.lastIndexOf(10, lines.length - 2) + 1);
}
