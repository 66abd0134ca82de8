import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { appendFile, mkdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type Log, sampled } from '../kit/log.ts';
import type { Limits } from './limits.ts';

type RecordingLimits = Pick<Limits, 'recording' | 'recordingBytes' | 'recordings' | 'recordingPending'>;

/** Where the recording of a session lies in a store's folder. */
export function recordingPath(dir: string, session: string): string {
  return join(dir, session.slice(0, 2), session);
}

/**
 * Recordings of sessions, a file each, mode 0600, beside the payloads. Written behind the caller's back, in the order of the
 * calls; over the store's limits the oldest leaves first. What does not fit, or cannot be written, is counted.
 */
export class Recordings {
  readonly limits: RecordingLimits;
  readonly #dir: string;
  /** Session → size, oldest first. */
  readonly #index = new Map<string, number>();
  #size = 0;
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
    this.#complain = sampled((count) =>
      log.error('A recording cannot be kept', { error: this.#latest, count }),
    );
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    this.#load();
  }

  get counters() {
    return {
      recordings: this.#index.size,
      recordingBytes: this.#size,
      recordingsKept: this.#kept,
      recordingsLost: this.#lost,
      recordingsEvicted: this.#evicted,
      recordingBytesCut: this.#cut,
    };
  }

  /** Takes so many bytes of memory, where there are as many left. */
  reserve(bytes: number): boolean {
    if (this.#pending + bytes > this.limits.recordingPending) return false;
    this.#pending += bytes;
    return true;
  }

  release(bytes: number): void {
    this.#pending -= bytes;
  }

  /** Writes a chunk that was reserved with `held` bytes. What goes on with a recording that had to leave is let go. */
  append(session: string, bytes: Uint8Array, { held, first }: { held: number; first: boolean }): void {
    this.#writing = this.#writing.then(async () => {
      const path = recordingPath(this.#dir, session);
      try {
        if (!first && !this.#index.has(session)) throw new Error('its beginning is not there');
        await mkdir(join(path, '..'), { mode: 0o700, recursive: true });
        await appendFile(path, bytes, { mode: 0o600 });
        this.#index.set(session, (this.#index.get(session) ?? 0) + bytes.length);
        this.#size += bytes.length;
      } catch (error) {
        this.#lost++;
        this.#latest = error;
        this.#complain();
      }
      this.#pending -= held;
      await this.#evict();
    });
  }

  /** The session of a recording is over; so many bytes of it were not kept. */
  end(cut: number): void {
    this.#kept++;
    this.#cut += cut;
  }

  /** Resolves when everything handed over so far is on disk. */
  async flush(): Promise<void> {
    await this.#writing;
  }

  async #evict(): Promise<void> {
    for (const [session, size] of this.#index) {
      if (this.#size <= this.limits.recordingBytes && this.#index.size <= this.limits.recordings) return;
      this.#index.delete(session);
      this.#size -= size;
      this.#evicted++;
      await unlink(recordingPath(this.#dir, session)).catch(() => {});
    }
  }

  #load(): void {
    const found: { session: string; size: number; time: number }[] = [];
    const folders = readdirSync(this.#dir, { withFileTypes: true })
      .filter((one) => one.isDirectory() && /^[0-9a-f]{2}$/.test(one.name))
      .map((one) => one.name);
    for (const folder of folders)
      for (const name of readdirSync(join(this.#dir, folder))) {
        const path = join(this.#dir, folder, name);
        if (!/^[0-9a-f]{16}$/.test(name)) rmSync(path, { force: true });
        else {
          const { size, mtimeMs } = statSync(path);
          found.push({ session: name, size, time: mtimeMs });
        }
      }
    for (const { session, size } of found.sort((a, b) => a.time - b.time)) {
      this.#index.set(session, size);
      this.#size += size;
    }
  }
}
