import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { ImportResult } from '../intake/index.ts';
import { Fault } from '../kit/fault.ts';
import type { Log } from '../kit/log.ts';
import { uuidv7 } from '../kit/uuid.ts';
import type { Domains } from './domains/domains.ts';
import { type Ingest, startIngest } from './ingest.ts';
import type { Loader } from './loader.ts';
import type { IngestSetup } from './messages.ts';
import type { Profiles } from './profiles.ts';
import type { Verdicts } from './verdicts.ts';

export interface ImportRequest {
  files: { path: string; format?: string; source?: string }[];
  /** True lets what is read decide as live traffic does; else it only ever simulates. */
  live: boolean;
}

export type ImportMessage =
  | { type: 'progress'; file: string; bytes: number; lines: number; events: number }
  | ({ type: 'imported' } & ImportResult)
  | { type: 'finished'; id: string; events: number; rejected: number; rejectFiles: string[] }
  /** Its sessions were looked at, which takes a while longer. */
  | { type: 'labelled'; sessions: number; labelled: number };

export interface ImportParts {
  setup: Omit<IngestSetup, 'run' | 'journalFolder' | 'rejectFile' | 'files' | 'now' | 'shard'>;
  folder: string;
  loader: Loader;
  log: Log;
  now(): number;
  live: Verdicts;
  /** Keeps what was read of each run. */
  record(run: { id: string; time: number; live: boolean }, results: ImportResult[]): Promise<void>;
  profiles: Pick<Profiles, 'begin' | 'label'>;
  domains: Pick<Domains, 'begin' | 'absorb' | 'heard'>;
  /** Verdicts of a new decider that only simulates, on event time. */
  simulated(): Verdicts;
}

/** Bytes from which on a second worker pays, and how many there are at the most. */
const shardBytes = 32 * 1024 * 1024;
const shardLimit = 2;

/** One import at a time: workers of its own, each with a journal of its own, through the whole pipeline. */
export function createImports(parts: ImportParts) {
  const { folder, loader, log, now } = parts;
  let busy = false;
  removeUnfinished(folder);

  async function* run(request: ImportRequest): AsyncGenerator<ImportMessage> {
    if (busy) throw new Fault('unavailable', 'Another import is running.');
    busy = true;
    const time = now();
    const id = uuidv7(time, (size) => randomBytes(size));
    const verdicts = request.live ? parts.live : parts.simulated();
    const queue: ImportMessage[] = [];
    let wake: (() => void) | undefined;
    const tell = (message: ImportMessage) => {
      // Progress only says how far it is: the latest replaces the one that nobody has read yet.
      if (message.type === 'progress' && queue.at(-1)?.type === 'progress') queue.pop();
      queue.push(message);
      wake?.();
    };
    const count = workersFor(request);
    const at = Array.from({ length: count }, () => ({ bytes: 0, events: 0 }));
    const found: ImportResult[][] = Array.from({ length: count }, () => []);
    const results: ImportResult[] = [];
    const rejectFile = (index: number) =>
      join(folder, 'rejects', index === 0 ? `${id}.jsonl` : `${id}.${index}.jsonl`);
    await parts.profiles.begin(id);
    parts.domains.begin(id);
    const workers: Ingest[] = at.map((mine, index) => {
      const ingest = startIngest(
        {
          ...parts.setup,
          run: id,
          journalFolder: join(folder, 'journal', `${id}.${index}`),
          rejectFile: rejectFile(index),
          files: request.files,
          now: time,
          ...(count > 1 && { shard: { index, count } }),
        },
        {
          log,
          sealed: (segment, overlaps) => loader.add(segment, overlaps, () => ingest.loaded(segment.token)),
          signals: (signals) => verdicts.add(signals),
          progress(message) {
            mine.bytes = message.bytes;
            mine.events = message.events;
            const bytes = Math.min(...at.map((one) => one.bytes));
            const events = at.reduce((sum, one) => sum + one.events, 0);
            tell({ type: 'progress', file: message.file, bytes, lines: message.lines, events });
          },
          imported(result) {
            found[index]!.push(result);
            const parts = found.map((list) => list[results.length]);
            if (!parts.every((one) => one !== undefined)) return;
            const whole = merge(parts);
            results.push(whole);
            for (const one of at) one.bytes = 0;
            tell({ type: 'imported', ...whole });
          },
        },
      );
      return ingest;
    });
    let ended = false;
    const done = Promise.all(workers.map((worker) => worker.done)).finally(() => {
      ended = true;
      wake?.();
    });
    done.catch(() => {});
    try {
      while (!ended || queue.length > 0) {
        const message = queue.shift();
        if (message) yield message;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
      await done;
      await verdicts.drain();
      await parts.record({ id, time, live: request.live }, results);
      const total = (key: 'events' | 'rejected') => results.reduce((sum, result) => sum + result[key], 0);
      const rejectFiles = at
        .map((_, index) => rejectFile(index))
        .filter((path) => statSync(path, { throwIfNoEntry: false }));
      yield { type: 'finished', id, events: total('events'), rejected: total('rejected'), rejectFiles };
      await parts.domains.absorb(id);
      const labelled = await parts.profiles.label(id);
      // Decoys may have been told of hosts.
      parts.domains.heard();
      yield { type: 'labelled', ...labelled };
    } finally {
      busy = false;
      await Promise.all(workers.map((worker) => worker.stop()));
      removeUnfinished(folder);
    }
  }

  return { run };
}

export type Imports = ReturnType<typeof createImports>;

function workersFor({ files }: ImportRequest): number {
  const bytes = files.reduce(
    (sum, { path }) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
  return bytes < shardBytes ? 1 : Math.min(shardLimit, availableParallelism());
}

/** What the workers found in one file. Each has seen all lines, and has read those of its own sources. */
function merge(parts: ImportResult[]): ImportResult {
  const sum = (key: 'events' | 'silent' | 'rejected') => parts.reduce((total, one) => total + one[key], 0);
  return { ...parts[0]!, events: sum('events'), silent: sum('silent'), rejected: sum('rejected') };
}

/** Journals of imports that did not finish: nobody was told that they were stored, and reading the files again is harmless. */
function removeUnfinished(folder: string): void {
  const journals = join(folder, 'journal');
  if (!statSync(journals, { throwIfNoEntry: false })) return;
  for (const name of readdirSync(journals)) {
    if (name !== 'live' && name.length > 36 && name[36] === '.')
      rmSync(join(journals, name), { recursive: true, force: true });
  }
}
