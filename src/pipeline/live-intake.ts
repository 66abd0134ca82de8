import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { Log } from '../kit/log.ts';
import type { Lake } from '../lake/index.ts';
import type { Signal } from '../model/signal.ts';
import { type Ingest, startIngest } from './ingest.ts';
import type { Live } from './live.ts';
import type { Loader } from './loader.ts';
import type { IngestSetup } from './messages.ts';
import { followOf } from './taps.ts';
import { warmEvents } from './warm.ts';

export interface LiveIntakeParts {
  config: Config['intake'];
  setup: Omit<IngestSetup, 'run' | 'journalFolder' | 'rejectFile' | 'files' | 'now'>;
  data: string;
  lake: Lake;
  loader: Loader;
  live: Live;
  log: Log;
  now: number;
  /** The lake has taken events of these times. */
  loaded(span: { from: number; to: number }): void;
  signals(signals: Signal[], networks: Record<string, number>): void;
}

/** Starts the worker that takes in what sensors and resolvers send and what followed files gain, after showing its detectors what they had seen before a restart. */
export async function startLiveIntake(parts: LiveIntakeParts): Promise<Ingest> {
  const { config, setup, data, lake, loader, live, log, now, signals, loaded } = parts;
  const ingest = startIngest(
    {
      ...setup,
      ...followOf(config),
      run: 'live',
      journalFolder: join(data, 'journal', 'live'),
      rejectFile: join(data, 'rejects', 'live.jsonl'),
    },
    {
      log,
      sealed: (segment, overlaps) =>
        loader.add(segment, overlaps, () => {
          ingest.loaded(segment.token);
          loaded(segment);
        }),
      signals,
      events: (events) => {
        for (const event of events) live.tell({ type: 'event', event });
      },
    },
  );
  const { events, lastSeq } = await warmEvents(lake, now);
  ingest.warm(events, lastSeq);
  await ingest.start();
  return ingest;
}
