import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ImportResult } from '../intake/index.ts';
import { Fault } from '../kit/fault.ts';
import type { Log } from '../kit/log.ts';
import { uuidv7 } from '../kit/uuid.ts';
import { startIngest } from './ingest.ts';
import type { Loader } from './loader.ts';
import type { IngestSetup } from './messages.ts';
import type { Verdicts } from './verdicts.ts';

export interface ImportRequest {
  files: { path: string; format?: string; source?: string }[];
  /** True lets what is read decide as live traffic does; else it only ever simulates. */
  live: boolean;
}

export type ImportMessage =
  | { type: 'progress'; file: string; bytes: number; lines: number; events: number }
  | ({ type: 'imported' } & ImportResult)
  | { type: 'finished'; id: string; events: number; rejected: number; rejectFile: string | null };

export interface ImportParts {
  setup: Omit<IngestSetup, 'run' | 'journalFolder' | 'rejectFile' | 'files' | 'now'>;
  folder: string;
  loader: Loader;
  log: Log;
  now(): number;
  live: Verdicts;
  /** Keeps what was read of each run. */
  record(run: { id: string; time: number; live: boolean }, results: ImportResult[]): Promise<void>;
  /** Verdicts of a new decider that only simulates, on event time. */
  simulated(): Verdicts;
}

/** One import at a time: each is a worker of its own, with a journal of its own, through the whole pipeline. */
export function createImports(parts: ImportParts) {
  let busy = false;

  async function* run(request: ImportRequest): AsyncGenerator<ImportMessage> {
    if (busy) throw new Fault('unavailable', 'Another import is running.');
    busy = true;
    const id = uuidv7(parts.now(), (size) => randomBytes(size));
    const journalFolder = join(parts.folder, 'journal', id);
    const rejectFile = join(parts.folder, 'rejects', `${id}.jsonl`);
    const verdicts = request.live ? parts.live : parts.simulated();
    const queue: ImportMessage[] = [];
    let wake: (() => void) | undefined;
    const tell = (message: ImportMessage) => {
      // Progress only says how far it is: the latest replaces the one that nobody has read yet.
      if (message.type === 'progress' && queue.at(-1)?.type === 'progress') queue.pop();
      queue.push(message);
      wake?.();
    };
    const results: ImportResult[] = [];
    let events = 0;
    let rejected = 0;
    const ingest = startIngest(
      { ...parts.setup, run: id, journalFolder, rejectFile, files: request.files, now: parts.now() },
      {
        log: parts.log,
        sealed: (segment, overlaps) =>
          parts.loader.add(segment, overlaps, () => ingest.loaded(segment.token)),
        signals: (signals) => verdicts.add(signals),
        progress: (at) => tell({ type: 'progress', ...at }),
        imported(result) {
          results.push(result);
          events += result.events;
          rejected += result.rejected;
          tell({ type: 'imported', ...result });
        },
      },
    );
    let ended = false;
    const done = ingest.done.finally(() => {
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
      await parts.record({ id, time: parts.now(), live: request.live }, results);
      rmSync(journalFolder, { recursive: true, force: true });
      yield { type: 'finished', id, events, rejected, rejectFile: rejected > 0 ? rejectFile : null };
    } finally {
      busy = false;
      if (!ended) await ingest.stop();
    }
  }

  return { run };
}

export type Imports = ReturnType<typeof createImports>;
