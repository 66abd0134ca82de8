import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bus } from '../../bus/index.ts';
import type { Config } from '../../config.ts';
import { openHub } from '../../fleet/index.ts';
import type { Sealed } from '../../intake/index.ts';
import type { Clock } from '../../kit/clock.ts';
import { type Log, sampled } from '../../kit/log.ts';
import { createRoster, lockFolder, openDatabase } from '../../state/index.ts';
import { startIngest } from '../ingest.ts';
import { startSensor } from '../sensor.ts';
import { followOf, listenTaps } from '../taps.ts';
import { packRows } from './event-messages.ts';
import { eventsOf } from './topology.ts';

const retryMs = 1_000;

/** Takes in what sensors send, here or in the fleet, and hands it to the bus: durable in the journal first, and kept until the bus has it. */
export async function startIntakeRole(parts: {
  config: Config;
  data: string;
  bus: Bus;
  log: Log;
  clock: Clock;
}) {
  const { config, data, bus, log, clock } = parts;
  // Others may pass through (the sensor's user, to its own folder), and see nothing.
  mkdirSync(data, { recursive: true, mode: 0o711 });
  const release = lockFolder(data);
  let latest: unknown;
  const complain = sampled((count) =>
    log.error('the bus does not take events; the journal keeps them', { count, cause: latest }),
  );
  let stopping = false;
  let work: Promise<void> = Promise.resolve();

  async function publish(segment: Sealed): Promise<void> {
    const rows = await readFile(segment.path);
    for (const { shard, part, data: message } of packRows(rows, config.bus.shards)) {
      for (;;) {
        if (stopping) return;
        try {
          await bus.publish(eventsOf(shard), `${segment.token}/${shard}/${part}`, message);
          break;
        } catch (cause) {
          latest = cause;
          complain();
          await sleep(retryMs, undefined, { ref: false });
        }
      }
    }
    ingest.loaded(segment.token);
  }

  const { segmentRows, segmentBytes, segmentAgeMs, enrich } = config.intake;
  const ingest = startIngest(
    {
      ...{ segmentRows, segmentBytes, segmentAgeMs, enrich },
      ...followOf(config.intake),
      analyse: false,
      detectors: {},
      rulesFolders: [],
      run: 'live',
      journalFolder: join(data, 'journal', 'live'),
      rejectFile: join(data, 'rejects', 'live.jsonl'),
    },
    {
      log,
      sealed(segment) {
        work = work
          .then(() => publish(segment))
          .catch((cause: unknown) => {
            log.error('a segment could not be handed over; the next start tries again', {
              path: segment.path,
              cause,
            });
          });
      },
      signals() {},
    },
  );
  await ingest.start();
  const state = config.fleet.enabled
    ? await openDatabase(config.state.url ? { url: config.state.url } : { folder: join(data, 'state') })
    : null;
  const hub = state
    ? await openHub({
        ...config.fleet,
        folder: join(data, 'fleet'),
        roster: createRoster(state),
        link: (name, stream) => ingest.link(name, stream),
        log,
        now: () => clock.now(),
      })
    : null;
  const taps = await listenTaps(config.intake.dnstap, ingest, log);
  const sensor = config.sensor.enabled
    ? await startSensor({
        config,
        data,
        link: (stream) => ingest.link(config.sensor.name, stream),
        log,
        clock,
      })
    : null;
  return {
    sensor,
    hub,
    failed: ingest.done.then(
      () => new Promise<never>(() => {}),
      (cause: unknown) => cause,
    ),
    async close(): Promise<void> {
      await sensor?.stop();
      await hub?.close();
      await taps.close();
      await ingest.stop();
      stopping = true;
      await work;
      await state?.destroy();
      release();
    },
  };
}
