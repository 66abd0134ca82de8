import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Bus } from '../../bus/index.ts';
import type { Clock } from '../../kit/clock.ts';
import type { Log } from '../../kit/log.ts';
import {
  type PartWorker,
  partOf,
  partPath,
  type RunResult,
  readPart,
  runPartitioned,
  shareOut,
  startPartWorker,
  writePart,
} from '../../reputation/partitioned/index.ts';
import type { Weighted } from '../../reputation/sql/index.ts';

export interface SpreadParts {
  bus: Bus;
  /** Names of workers, as the configuration has them. */
  workers: readonly string[];
  /** A folder that this host and all workers see: parts are written there and taken away at the end. */
  folder: string;
  passes: number;
  clock: Clock;
  log: Log;
  say(line: string): void;
}

/** Spreads belief with workers on other hosts. Throws a `Fault` where none answers. */
export async function propagateSpread(
  { layers, scale, prior, eps }: Weighted,
  { bus, workers, folder, passes, clock, log, say }: SpreadParts,
): Promise<RunResult> {
  const run = randomUUID();
  const shares = shareOut(scale.length, workers.length);
  const paths = workers.map((_, part) => partPath(folder, run, part));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    for (const [part, path] of paths.entries()) {
      await writePart(partOf(shares, part, layers, scale, prior), path);
      say(`part ${part + 1} of ${paths.length} is written`);
    }
    return await runPartitioned({ run, bus, workers, graph: run, shares, eps, passes, clock, log });
  } finally {
    for (const path of paths) for (const one of [path, `${path}.tmp`]) await rm(one, { force: true });
  }
}

/** Takes part in runs under a name, until it is closed. */
export function startSpreadWorker(bus: Bus, name: string, folder: string, clock: Clock): Promise<PartWorker> {
  const load = async (graph: string, part: number) => readPart(partPath(folder, graph, part));
  return startPartWorker({ name, life: randomUUID(), bus, load, clock });
}
