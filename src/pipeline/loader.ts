import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sealed } from '../intake/index.ts';
import { type Log, sampled } from '../kit/log.ts';
import type { Lake } from '../lake/index.ts';

const retryMs = [200, 1_000, 5_000, 15_000];

/** Brings sealed segments into the lake, one after the other, and again until it takes them: the journal keeps them so long. */
export function createLoader(lake: Lake, log: Log) {
  const queue: { segment: Sealed; overlaps: boolean; loaded(): void }[] = [];
  let running: Promise<void> | null = null;
  let stopping = false;
  let failures = 0;
  let latest: unknown;
  const complain = sampled((count) =>
    log.error('the lake does not take a segment; the journal keeps it', { count, cause: latest }),
  );

  async function run(): Promise<void> {
    while (queue.length > 0 && !stopping) {
      const { segment, overlaps, loaded } = queue[0]!;
      if (!existsSync(segment.path)) {
        // An import that was given up took its journal along.
        log.warn('a segment is gone', { path: segment.path, rows: segment.rows });
        queue.shift();
        continue;
      }
      try {
        await lake.load({
          path: segment.path,
          token: segment.token,
          rows: segment.rows,
          ...(overlaps && { overlaps: { from: segment.from, to: segment.to } }),
        });
        failures = 0;
        queue.shift();
        loaded();
      } catch (cause) {
        latest = cause;
        complain();
        await sleep(retryMs[Math.min(failures++, retryMs.length - 1)], undefined, { ref: false });
      }
    }
    running = null;
  }

  return {
    add(segment: Sealed, overlaps: boolean, loaded: () => void): void {
      queue.push({ segment, overlaps, loaded });
      running ??= run();
    },
    get waiting(): number {
      return queue.length;
    },
    /** True while the lake refuses what it is given. */
    get failing(): boolean {
      return failures > 0;
    },
    /** Resolves once nothing waits, or the limit has passed. */
    async drain(limitMs: number): Promise<void> {
      const until = Date.now() + limitMs;
      while (queue.length > 0 && Date.now() < until) await sleep(20);
    },
    async stop(): Promise<void> {
      stopping = true;
      await running;
    },
  };
}

export type Loader = ReturnType<typeof createLoader>;
