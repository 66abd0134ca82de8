import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { mkdir, open, rename, rm, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { payloadLimit, payloadPath } from '../model/payload.ts';

export interface PayloadLimits {
  /** One payload, all of them, and how many. */
  size: number;
  bytes: number;
  count: number;
  /** What one sensor may bring in a day. */
  perSensorDay: number;
}

export const payloadLimits: PayloadLimits = {
  size: payloadLimit,
  bytes: 5 * 1_073_741_824,
  count: 200_000,
  perSensorDay: 536_870_912,
};

const day = 86_400_000;

/** Why a payload is not wanted: it is here, it is too large, or its sensor has brought enough for today. */
export type Unwanted = 'have' | 'large' | 'later';

/**
 * Payloads of the sensors of a fleet, by SHA-256: only what has the hash that it is named by stays. Of what broke off on the way, the
 * beginning is kept, one for each sensor. Over the limits the one that came first leaves first.
 */
export class PayloadStore {
  readonly #folder: string;
  readonly #limits: PayloadLimits;
  readonly #now: () => number;
  /** Hash → size, oldest first. */
  readonly #index = new Map<string, number>();
  #size = 0;
  readonly #brought = new Map<string, { day: number; bytes: number }>();
  readonly counters = { payloadsTaken: 0, payloadsBroken: 0, payloadsPutOff: 0, payloadsEvicted: 0 };

  constructor(folder: string, now: () => number, limits: PayloadLimits = payloadLimits) {
    this.#folder = folder;
    this.#limits = limits;
    this.#now = now;
    mkdirSync(join(folder, 'partial'), { recursive: true, mode: 0o700 });
    this.#load();
  }

  get count(): number {
    return this.#index.size;
  }

  /** How much of a payload of this sensor is here already, in bytes, or why it is not wanted. */
  async wants(sensor: string, sha256: string, size: number): Promise<number | Unwanted> {
    if (this.#index.has(sha256)) return 'have';
    if (size > this.#limits.size) return 'large';
    if (this.#today(sensor).bytes + size > this.#limits.perSensorDay) {
      this.counters.payloadsPutOff++;
      return 'later';
    }
    for (const name of readdirSync(join(this.#folder, 'partial')))
      if (name.startsWith(`${sensor} `) && name !== this.#partialName(sensor, sha256))
        await rm(join(this.#folder, 'partial', name), { force: true });
    const found = await stat(this.#partial(sensor, sha256)).catch(() => undefined);
    return found && found.size < size ? found.size : 0;
  }

  /** A file that takes a payload's bytes from this one on. */
  async taking(sensor: string, sha256: string, from: number) {
    const file = await open(this.#partial(sensor, sha256), from > 0 ? 'r+' : 'w', 0o600);
    let at = from;
    return {
      write: async (bytes: Uint8Array) => {
        await file.write(bytes, 0, bytes.length, at);
        at += bytes.length;
        this.#today(sensor).bytes += bytes.length;
      },
      close: () => file.close(),
    };
  }

  /** Takes what has come whole, where it has the hash; false, and it is gone, where it has not. */
  async settle(sensor: string, sha256: string, size: number): Promise<boolean> {
    const partial = this.#partial(sensor, sha256);
    const hash = createHash('sha256');
    for await (const piece of createReadStream(partial)) hash.update(piece as Buffer);
    if (hash.digest('hex') !== sha256 || (await stat(partial)).size !== size) {
      this.counters.payloadsBroken++;
      await rm(partial, { force: true });
      return false;
    }
    const path = payloadPath(this.#folder, sha256);
    await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
    await rename(partial, path);
    if (!this.#index.has(sha256)) {
      this.#index.set(sha256, size);
      this.#size += size;
    }
    this.counters.payloadsTaken++;
    await this.#evict();
    return true;
  }

  async #evict(): Promise<void> {
    for (const [sha256, size] of this.#index) {
      if (this.#size <= this.#limits.bytes && this.#index.size <= this.#limits.count) return;
      this.#index.delete(sha256);
      this.#size -= size;
      this.counters.payloadsEvicted++;
      await unlink(payloadPath(this.#folder, sha256)).catch(() => {});
    }
  }

  #today(sensor: string): { day: number; bytes: number } {
    const today = Math.floor(this.#now() / day);
    let known = this.#brought.get(sensor);
    if (known?.day !== today) {
      known = { day: today, bytes: 0 };
      this.#brought.set(sensor, known);
    }
    return known;
  }

  #partialName(sensor: string, sha256: string): string {
    return `${sensor} ${sha256}`;
  }

  #partial(sensor: string, sha256: string): string {
    return join(this.#folder, 'partial', this.#partialName(sensor, sha256));
  }

  #load(): void {
    const found: { sha256: string; size: number; at: number }[] = [];
    for (const folder of readdirSync(this.#folder).filter((name) => /^[0-9a-f]{2}$/.test(name)))
      for (const name of readdirSync(join(this.#folder, folder))) {
        const path = join(this.#folder, folder, name);
        if (!/^[0-9a-f]{64}$/.test(name)) rmSync(path, { force: true });
        else {
          const { size, mtimeMs } = statSync(path);
          found.push({ sha256: name, size, at: mtimeMs });
        }
      }
    for (const { sha256, size } of found.sort((a, b) => a.at - b.at)) {
      this.#index.set(sha256, size);
      this.#size += size;
    }
  }
}
