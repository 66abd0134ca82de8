import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeAtomic } from '../../kit/atomic-file.ts';
import { entryTypes } from './format.ts';

const time = z.number().int();
const counts = z.record(z.string().max(64), z.int().min(0));

/** What is known of a feed that was asked for at least once. */
export const feedStateSchema = z.strictObject({
  name: z.string().max(64),
  /** `identityOf` the feed as it was named: another source or format is another feed. */
  source: z.string().max(64),
  format: z.string().max(32),
  /** When the copy that is held was taken over, and when its source was last asked with success. Null: never. */
  taken: time.nullable(),
  checked: time.nullable(),
  /** SHA-256 of the copy's bytes: the name of its file. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  entries: z.int().min(0),
  types: z.partialRecord(z.enum(entryTypes), z.int().min(0)),
  /** How many parts of the copy gave no entry, by reason. */
  refused: counts,
  etag: z.string().max(256).optional(),
  lastModified: z.string().max(256).optional(),
  /** Why the latest copy was not taken over: the held one stays. */
  problem: z.strictObject({ time, says: z.string().max(512) }).nullable(),
});
export type FeedState = z.infer<typeof feedStateSchema>;

/**
 * The last good copy of each feed, and what is known of it: a folder for each. The state names its copy by hash, so that after
 * a crash there is the old pair or the new.
 */
export class FeedStore {
  readonly #folder: string;

  /** `folder` is of the feeds alone; it is made when something is written. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Null where the feed was never asked for, or its state cannot be read: it is fetched anew then. */
  state(name: string): FeedState | null {
    try {
      const text = readFileSync(join(this.#folder, name, 'state.json'), 'utf8');
      return feedStateSchema.parse(JSON.parse(text));
    } catch {
      return null;
    }
  }

  /** The copy that a state names, or null where it is gone or not the one that was kept. */
  copy({ name, sha256 }: FeedState): Buffer | null {
    if (sha256 === null) return null;
    try {
      const bytes = readFileSync(join(this.#folder, name, sha256));
      return hashOf(bytes) === sha256 ? bytes : null;
    } catch {
      return null;
    }
  }

  /** Keeps a state, and with it a new copy, where there is one. */
  keep(state: FeedState, copy?: Uint8Array): void {
    const folder = join(this.#folder, state.name);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (copy && state.sha256) writeAtomic(join(folder, state.sha256), copy);
    writeAtomic(join(folder, 'state.json'), `${JSON.stringify(state)}\n`);
    // Copies that no state names any more, and what a crash left half written.
    for (const file of readdirSync(folder))
      if (file !== 'state.json' && file !== state.sha256) rmSync(join(folder, file), { force: true });
  }
}

export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
