import { join } from 'node:path';
import type { Config } from './config.ts';
import { Audit, breaker, Decider, killSwitch, memoryFlag, type Stored } from './decision/index.ts';
import { FindingLedger } from './findings/index.ts';
import { type Clock, systemClock } from './kit/clock.ts';
import { createLog, type Log } from './kit/log.ts';
import { migrate } from './lake/index.ts';
import { startEnforcement } from './pipeline/enforcement.ts';
import { keepHouse } from './pipeline/house.ts';
import { createImports } from './pipeline/imports.ts';
import { startIngest } from './pipeline/ingest.ts';
import { createLive } from './pipeline/live.ts';
import { createLoader } from './pipeline/loader.ts';
import { openNeverBlock } from './pipeline/never-block.ts';
import { startSensor } from './pipeline/sensor.ts';
import { openStores } from './pipeline/stores.ts';
import { createVerdicts } from './pipeline/verdicts.ts';
import { warmEvents } from './pipeline/warm.ts';
import { packageFolder } from './version.ts';

export interface PipelineOptions {
  config: Config;
  /** The data directory; this process becomes its only owner. */
  data: string;
  /** False opens the stores alone, for commands on a system that is not running. */
  running: boolean;
  log?: Log;
  clock?: Clock;
}

/** The system, top to bottom: sensors → intake → lake and analysis → decision → enforcement and findings. */
export async function openPipeline(options: PipelineOptions) {
  const { config, data, running } = options;
  const log = options.log ?? createLog('caltrop');
  const clock = options.clock ?? systemClock;
  const now = () => clock.now();
  const stores = await openStores({ config, data, log });
  const { store, lake } = stores;
  await migrate(lake);

  const live = createLive();
  const loader = createLoader(lake, log);
  const audit = Audit.open(data, now(), (text) => log.error('an alarm of the audit', { alarm: text }));
  const stop = killSwitch(data);
  const breakerFlag = breaker(data);
  const neverBlock = await openNeverBlock({ config, stores, log, now });

  const stored = (await store.decisions({ limit: 100_000 })) as Stored[];
  const decider = new Decider(config.decision, {
    neverBlock,
    killSwitch: stop,
    breaker: breakerFlag,
    live: true,
  });
  decider.restore(stored.filter(({ decision }) => decision.mode === 'enforce' || decision.until > now()));
  const known = await store.signals({ since: now() - 86_400_000, limit: 100_000 });
  decider.restoreSignals(known.map(({ id }) => id));
  const ledger = new FindingLedger();
  ledger.restore((await store.findings({ since: now() - 86_400_000, limit: 50_000 })).reverse());

  const enforcement = await startEnforcement({
    config,
    data,
    running,
    log,
    clock,
    neverBlock,
    stop,
    stores,
    live,
    decider,
  });
  const common = { ledger, store, audit, live, log, now };
  const verdicts = createVerdicts({ ...common, decider, changed: enforcement.changed });

  const setup = {
    ...config.intake,
    rulesFolders: [packageFolder('rules'), ...(config.analysis.rules ? [config.analysis.rules] : [])],
    detectors: config.analysis.detectors,
  };
  const ingest = startIngest(
    {
      ...setup,
      run: 'live',
      journalFolder: join(data, 'journal', 'live'),
      rejectFile: join(data, 'rejects', 'live.jsonl'),
    },
    {
      log,
      sealed: (segment, overlaps) => loader.add(segment, overlaps, () => ingest.loaded(segment.token)),
      signals: (signals) => verdicts.add(signals),
      events: (events) => {
        for (const event of events) live.tell({ type: 'event', event });
      },
    },
  );
  ingest.warm(running ? await warmEvents(lake, now()) : []);
  await ingest.start();
  const sensor =
    running && config.sensor.enabled ? await startSensor({ config, data, ingest, log, clock }) : null;

  const imports = createImports({
    setup,
    folder: data,
    loader,
    log,
    now,
    live: verdicts,
    simulated: () =>
      createVerdicts({
        ...common,
        decider: new Decider(config.decision, {
          neverBlock,
          killSwitch: stop,
          breaker: memoryFlag(),
          live: false,
        }),
        changed() {},
      }),
  });
  const house = keepHouse({ config, stores, decider, verdicts, neverBlock, log, now, running });

  return {
    config,
    data,
    running,
    log,
    clock,
    ...stores,
    live,
    loader,
    audit,
    killSwitch: stop,
    breaker: breakerFlag,
    neverBlock,
    decider,
    verdicts,
    enforcement,
    ingest,
    sensor,
    imports,
    /** Resolves, with its cause, where a part fails that the system cannot do without: systemd then starts it anew. */
    failed: ingest.done.then(
      () => new Promise<unknown>(() => {}),
      (cause: unknown) => cause,
    ),
    /** Stops from the door inwards, so that all that was taken is stored. */
    async close(): Promise<void> {
      await sensor?.stop();
      house.stop();
      await ingest.stop();
      await verdicts.drain();
      await loader.drain(10_000);
      await loader.stop();
      await enforcement.close();
      audit.close();
      await stores.close();
    },
  };
}

export type Pipeline = Awaited<ReturnType<typeof openPipeline>>;
