import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const limits = {
  /** How far back is kept, in milliseconds, and how many bytes at the most: what a start shows its detectors again. */
  keptMs: 3_600_000,
  bytes: 512 * 1024 * 1024,
};

/** The messages of the last hour on disk, in the order in which they were handled: what detectors had in memory when they ended. */
export class Recall {
  readonly #folder: string;
  readonly #kept: { name: string; time: number; bytes: number }[];
  #bytes = 0;
  #next = 0;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#kept = readdirSync(folder)
      .filter((name) => /^\d+-\d{12}-[0-9a-f]{32}\.rows$/.test(name))
      .sort((a, b) => numberOf(a) - numberOf(b))
      .map((name) => ({ name, time: Number(name.split('-')[0]), bytes: statSync(join(folder, name)).size }));
    for (const { bytes } of this.#kept) this.#bytes += bytes;
    const last = this.#kept.at(-1);
    this.#next = last ? numberOf(last.name) + 1 : 0;
  }

  /** What is kept, oldest first, and by what each message is known again (`keyOf`). */
  *messages(): Generator<{ key: string; data: Buffer }> {
    for (const { name } of this.#kept)
      yield { key: name.slice(-37, -5), data: readFileSync(join(this.#folder, name)) };
  }

  /** Keeps a message that was handled at `now`, and lets go of what is too old or too much. */
  keep(key: string, data: Uint8Array, now: number): void {
    const name = `${now}-${String(this.#next++).padStart(12, '0')}-${key}.rows`;
    writeFileSync(join(this.#folder, name), data, { mode: 0o600 });
    this.#kept.push({ name, time: now, bytes: data.length });
    this.#bytes += data.length;
    while (this.#kept.length > 0) {
      const [first] = this.#kept;
      if (first!.time >= now - limits.keptMs && this.#bytes <= limits.bytes) return;
      rmSync(join(this.#folder, first!.name), { force: true });
      this.#bytes -= first!.bytes;
      this.#kept.shift();
    }
  }
}

/** What a message is known again by: its name on the bus as 32 hexadecimal digits. */
export function keyOf(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 32);
}

/** The number in a name: `TIME-NUMBER-KEY.rows`. */
function numberOf(name: string): number {
  return Number.parseInt(name.slice(name.indexOf('-') + 1), 10);
}
