import { createHash } from 'node:crypto';
import { constants, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { mkdir, rename, unlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { payloadPath } from '../model/payload.ts';
import type { Limits } from './limits.ts';

const writeThrough = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_DSYNC;

type PayloadLimits = Pick<Limits, 'payload' | 'payloadBytes' | 'payloads' | 'payloadPending'>;

/**
 * What attackers left, by SHA-256, once each, mode 0600, never executable. Over the store's limits the one that was seen
 * least recently leaves first. Writes happen behind the caller's back; what cannot be written is counted.
 */
export class Payloads {
  readonly #dir: string;
  readonly #limits: PayloadLimits;
  readonly #clock: Clock;
  readonly #log: Log;
  /** Hash → size, least recently seen first. */
  readonly #index = new Map<string, number>();
  #size = 0;
  #pending = 0;
  #writing: Promise<void> = Promise.resolve();
  #kept = 0;
  #tooLarge = 0;
  #lost = 0;
  #evicted = 0;

  constructor(dir: string, limits: PayloadLimits, clock: Clock, log: Log) {
    this.#dir = dir;
    this.#limits = limits;
    this.#clock = clock;
    this.#log = log;
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    this.#load();
  }

  get counters() {
    return {
      payloads: this.#index.size,
      payloadBytes: this.#size,
      payloadsKept: this.#kept,
      payloadsTooLarge: this.#tooLarge,
      payloadsLost: this.#lost,
      payloadsEvicted: this.#evicted,
    };
  }

  /** Keeps a copy of these bytes. Over the limit of one payload only the hash and size are told. */
  keep(bytes: Uint8Array): { sha256: string; size: number } {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const told = { sha256, size: bytes.length };
    const known = this.#index.get(sha256);
    if (known !== undefined) {
      this.#index.delete(sha256);
      this.#index.set(sha256, known);
      const now = this.#clock.now() / 1_000;
      void utimes(payloadPath(this.#dir, sha256), now, now).catch(() => {});
    } else if (bytes.length > this.#limits.payload) this.#tooLarge++;
    else if (this.#pending + bytes.length > this.#limits.payloadPending) this.#lost++;
    else this.#add(sha256, Buffer.from(bytes));
    return told;
  }

  /** Resolves when everything kept so far is on disk. */
  async flush(): Promise<void> {
    await this.#writing;
  }

  #add(sha256: string, bytes: Buffer): void {
    this.#index.set(sha256, bytes.length);
    this.#size += bytes.length;
    this.#pending += bytes.length;
    this.#writing = this.#writing.then(async () => {
      const path = payloadPath(this.#dir, sha256);
      try {
        await mkdir(join(path, '..'), { mode: 0o700, recursive: true });
        // Written through: Node's permission model refuses fsync.
        await writeFile(`${path}.tmp`, bytes, { mode: 0o600, flag: writeThrough });
        await rename(`${path}.tmp`, path);
        this.#kept++;
      } catch (error) {
        this.#lost++;
        if (this.#lost === 1 || this.#lost % 100 === 0) {
          this.#log.error('A payload cannot be kept', { error, sha256, lost: this.#lost });
        }
        if (this.#index.delete(sha256)) this.#size -= bytes.length;
      }
      this.#pending -= bytes.length;
      await this.#evict();
    });
  }

  async #evict(): Promise<void> {
    for (const [sha256, size] of this.#index) {
      if (this.#size <= this.#limits.payloadBytes && this.#index.size <= this.#limits.payloads) return;
      this.#index.delete(sha256);
      this.#size -= size;
      this.#evicted++;
      await unlink(payloadPath(this.#dir, sha256)).catch(() => {});
    }
  }

  #load(): void {
    const found: { sha256: string; size: number; seen: number }[] = [];
    for (const folder of readdirSync(this.#dir).filter((name) => /^[0-9a-f]{2}$/.test(name))) {
      for (const name of readdirSync(join(this.#dir, folder))) {
        const path = join(this.#dir, folder, name);
        if (!/^[0-9a-f]{64}$/.test(name)) rmSync(path, { force: true });
        else {
          const { size, mtimeMs } = statSync(path);
          found.push({ sha256: name, size, seen: mtimeMs });
        }
      }
    }
    for (const { sha256, size } of found.sort((a, b) => a.seen - b.seen)) {
      this.#index.set(sha256, size);
      this.#size += size;
    }
  }
}
