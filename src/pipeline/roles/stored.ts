import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Bus } from '../../bus/index.ts';
import type { Config } from '../../config.ts';
import { writeAtomic } from '../../kit/atomic-file.ts';
import type { Log } from '../../kit/log.ts';
import { type Lake, readRows } from '../../lake/index.ts';
import type { Signal } from '../../model/signal.ts';
import type { Live } from '../live.ts';
import type { SignalMessage } from './analyse.ts';
import { unpackRows } from './event-messages.ts';
import { eventsOf, readers, signals as signalsSubject } from './topology.ts';

export interface StoredParts {
  config: Config;
  data: string;
  bus: Bus;
  lake: Lake;
  live: Live;
  log: Log;
  /** The lake has taken events of these times. */
  loaded(span: { from: number; to: number }): void;
  signals(signals: Signal[], networks: Record<string, number>): void;
}

/** Events shown live, each second. */
const shownPerSecond = 5_000;

/** The other end of the bus: events into the lake and onto the live stream, signals to who decides. */
export async function startStored({ config, data, bus, lake, live, log, loaded, signals }: StoredParts) {
  const folder = join(data, 'journal', 'bus');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let events = 0;
  let shown = 0;
  let unshown = 0;
  let since = 0;

  for (let shard = 0; shard < config.bus.shards; shard++) {
    const path = join(folder, `${shard}.bin`);
    await bus.subscribe(eventsOf(shard), readers.store, async ({ id, data: message, again }) => {
      const { count, rows } = unpackRows(message);
      let from = Number.POSITIVE_INFINITY;
      let to = 0;
      const shownNow = [];
      if (Date.now() - since > 1_000) {
        since = Date.now();
        shown = 0;
      }
      for (const { event } of readRows(rows)) {
        from = Math.min(from, event.time);
        to = Math.max(to, event.time);
        if (again) continue;
        if (shown++ < shownPerSecond) shownNow.push(event);
        else unshown++;
      }
      writeAtomic(path, rows);
      // The lake drops a block that comes again under its token.
      const token = createHash('sha256').update(id).update(rows).digest('hex');
      await lake.load({ path, token, rows: count });
      events += count;
      loaded({ from, to });
      for (const event of shownNow) live.tell({ type: 'event', event });
    });
  }
  await bus.subscribe(signalsSubject, readers.decide, async ({ data: message }) => {
    const said = JSON.parse(Buffer.from(message).toString()) as SignalMessage;
    signals(said.signals, said.networks);
  });
  log.info('events come from the bus', { shards: config.bus.shards });
  return {
    counters: () => ({ events, rejected: 0, reasons: {}, waiting: 0, unshown, failing: null, faults: {} }),
  };
}
