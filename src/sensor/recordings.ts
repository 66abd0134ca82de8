import { mkdirSync, statSync } from 'node:fs';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type Log, sampled } from '../kit/log.ts';
import type { Limits } from './limits.ts';
import { entryHead, reelName, reelsIn, writeEntry } from './reel.ts';

type RecordingLimits = Pick<Limits, 'recording' | 'recordingBytes' | 'recordingReel' | 'recordingPending'>;

/** Entries are gathered for so long, or until a page is full: many sessions share one write. */
const gatherMs = 100;
const pageBytes = 64 * 1_024;

export interface Entry {
  session: Uint8Array;
  kind: number;
  ms: number;
}

/**
 * Recordings of all sessions, in reels that they share (`reel.ts`), mode 0600, beside the payloads. Written behind the caller's back,
 * in the order of the calls; over the store's bytes the oldest reel leaves first. What does not fit, or cannot be written, is counted.
 */
export class Recordings {
  readonly limits: RecordingLimits;
  readonly #dir: string;
  /** Number → size, oldest first. The last one is written to once `#file` is open. */
  readonly #reels = new Map<number, number>();
  #size = 0;
  #page: Buffer | undefined;
  #at = 0;
  #timer: NodeJS.Timeout | undefined;
  #file: FileHandle | undefined;
  #number: number;
  /** Bytes in memory: held back by sessions, in the page, and on their way to the disk. */
  #pending = 0;
  #writing: Promise<void> = Promise.resolve();
  #kept = 0;
  #lost = 0;
  #cut = 0;
  #evicted = 0;
  #latest: unknown;
  readonly #complain: () => void;

  constructor(dir: string, limits: RecordingLimits, log: Log) {
    this.#dir = dir;
    this.limits = limits;
    this.#complain = sampled(() =>
      log.error('Recordings cannot be kept', { error: this.#latest, bytesLost: this.#lost }),
    );
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    for (const number of reelsIn(dir)) this.#grow(number, statSync(join(dir, reelName(number))).size);
    this.#number = Math.max(0, ...this.#reels.keys());
  }

  get counters() {
    return {
      recordingBytes: this.#size,
      recordingReels: this.#reels.size,
      recordingReelsEvicted: this.#evicted,
      recordingsKept: this.#kept,
      recordingBytesCut: this.#cut,
      recordingBytesLost: this.#lost,
    };
  }

  /** Takes so many bytes of memory, where there are as many left. */
  hold(bytes: number): boolean {
    if (this.#pending + bytes > this.limits.recordingPending) return false;
    this.#pending += bytes;
    return true;
  }

  letGo(bytes: number): void {
    this.#pending -= bytes;
  }

  /** Keeps an entry; false where memory does not allow it. */
  add(entry: Entry, bytes: Uint8Array): boolean {
    const size = entryHead + bytes.length;
    if (!this.hold(size)) return false;
    if (this.#page && this.#at + size > this.#page.length) this.#send();
    this.#page ??= Buffer.allocUnsafeSlow(Math.max(pageBytes, size));
    this.#at = writeEntry(this.#page, this.#at, entry, bytes);
    this.#timer ??= setTimeout(() => this.#send(), gatherMs).unref();
    return true;
  }

  /** The session of a recording is over; `cut` is how many bytes of it were not kept. */
  end(entry: Entry, cut: Buffer): void {
    this.#kept++;
    this.#cut += cut.readDoubleLE(0);
    this.add(entry, cut);
  }

  /** Resolves when everything handed over so far is on disk. */
  async flush(): Promise<void> {
    this.#send();
    await this.#writing;
  }

  /** Flushes, and lets the file go. */
  async close(): Promise<void> {
    await this.flush();
    await this.#closeReel();
  }

  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const page = this.#page?.subarray(0, this.#at);
    this.#page = undefined;
    this.#at = 0;
    if (!page) return;
    this.#writing = this.#writing.then(async () => {
      try {
        await this.#write(page);
      } catch (error) {
        this.#latest = error;
        this.#lost += page.length;
        // What was written of the page has no end: nothing follows it in that file.
        await this.#closeReel();
        this.#complain();
      }
      this.#pending -= page.length;
    });
  }

  async #write(page: Buffer): Promise<void> {
    if (!this.#file) {
      this.#file = await open(join(this.#dir, reelName(++this.#number)), 'ax', 0o600);
      this.#grow(this.#number, 0);
    }
    await this.#file.writeFile(page);
    this.#grow(this.#number, page.length);
    if ((this.#reels.get(this.#number) ?? 0) >= this.limits.recordingReel) await this.#closeReel();
    await this.#evict();
  }

  async #closeReel(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close().catch(() => {});
  }

  #grow(number: number, bytes: number): void {
    this.#reels.set(number, (this.#reels.get(number) ?? 0) + bytes);
    this.#size += bytes;
  }

  async #evict(): Promise<void> {
    for (const [number, size] of this.#reels) {
      if (this.#size <= this.limits.recordingBytes || this.#reels.size === 1) return;
      this.#reels.delete(number);
      this.#size -= size;
      this.#evicted++;
      await unlink(join(this.#dir, reelName(number))).catch(() => {});
    }
  }
}
