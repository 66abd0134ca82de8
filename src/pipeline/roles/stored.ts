import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Bus, Message } from '../../bus/index.ts';
import type { Config } from '../../config.ts';
import { writeAtomic } from '../../kit/atomic-file.ts';
import type { Log } from '../../kit/log.ts';
import { type Lake, RowWriter, readRows } from '../../lake/index.ts';
import type { Event } from '../../model/event.ts';
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

  // One after the other, and numbered anew as they are stored: who reads the lake by these numbers misses nothing of another shard.
  const writer = new RowWriter('live', Date.now() * 1_000);
  const path = join(folder, 'rows.bin');
  async function store({ id, data: message, again }: Message): Promise<void> {
    let from = Number.POSITIVE_INFINITY;
    let to = 0;
    const shownNow: Event[] = [];
    if (Date.now() - since > 1_000) {
      since = Date.now();
      shown = 0;
    }
    writer.clear();
    for (const { event, origin } of readRows(unpackRows(message).rows)) {
      writer.write(event, () => origin);
      from = Math.min(from, event.time);
      to = Math.max(to, event.time);
      if (again) continue;
      if (shown++ < shownPerSecond) shownNow.push(event);
      else unshown++;
    }
    const { rows } = writer;
    writeAtomic(path, writer.take());
    // The lake drops a block that comes again under its token.
    await lake.load({ path, token: createHash('sha256').update(id).update(message).digest('hex'), rows });
    events += rows;
    loaded({ from, to });
    for (const event of shownNow) live.tell({ type: 'event', event });
  }
  let turn: Promise<void> = Promise.resolve();
  for (let shard = 0; shard < config.bus.shards; shard++) {
    await bus.subscribe(eventsOf(shard), readers.store, (message) => {
      const mine = turn.then(() => store(message));
      turn = mine.catch(() => {});
      return mine;
    });
  }
  await bus.subscribe(signalsSubject, readers.decide, async ({ data: message }) => {
    const said = JSON.parse(Buffer.from(message).toString()) as SignalMessage;
    signals(said.signals, said.networks);
  });
  log.info('events come from the bus', { shards: config.bus.shards });
  return {
    counters: () => ({
      events,
      rejected: 0,
      reasons: {},
      waiting: 0,
      unshown,
      failing: null,
      faults: {},
      unreadable: [],
    }),
  };
}
