import { join } from 'node:path';
import type { Config } from './config.ts';
import { openHub } from './fleet/index.ts';
import { type Clock, systemClock } from './kit/clock.ts';
import { createLog, type Log } from './kit/log.ts';
import { migrate } from './lake/index.ts';
import type { Signal } from './model/signal.ts';
import { openDomains } from './pipeline/domains/domains.ts';
import { watchDomains } from './pipeline/domains/findings.ts';
import { startEnforcement } from './pipeline/enforcement.ts';
import { decoysMet } from './pipeline/feed-met.ts';
import { startFeeding } from './pipeline/feeding.ts';
import { openFeeds } from './pipeline/feeds.ts';
import { keepHouse } from './pipeline/house.ts';
import { createImports } from './pipeline/imports.ts';
import { openJudgement } from './pipeline/judgement.ts';
import { createLive } from './pipeline/live.ts';
import { startLiveIntake } from './pipeline/live-intake.ts';
import { createLoader } from './pipeline/loader.ts';
import { createProfiles } from './pipeline/profiles.ts';
import { startOrders } from './pipeline/roles/orders.ts';
import { startStored } from './pipeline/roles/stored.ts';
import { openBus } from './pipeline/roles/topology.ts';
import { startSensor } from './pipeline/sensor.ts';
import { openStores, type Stores } from './pipeline/stores.ts';
import { listenTaps } from './pipeline/taps.ts';
import { createVerdicts } from './pipeline/verdicts.ts';
import { packageFolder } from './version.ts';

export interface PipelineOptions {
  config: Config;
  /** The data directory; this process becomes its only owner. */
  data: string;
  /** False opens the stores alone, for commands on a system that is not running. */
  running: boolean;
  /** True where events and signals come from the bus, and orders go to it: intake, analysis and enforcement are roles elsewhere. */
  distributed?: boolean;
  log?: Log;
  clock?: Clock;
}

/** Opens the system. Where it cannot be opened, nothing of it stays. */
export async function openPipeline(options: PipelineOptions) {
  const log = options.log ?? createLog('caltrop');
  const stores = await openStores({ ...options, log });
  try {
    return await wire({ distributed: false, ...options, log, clock: options.clock ?? systemClock }, stores);
  } catch (cause) {
    await stores.close().catch(() => {});
    throw cause;
  }
}

export type Pipeline = Awaited<ReturnType<typeof openPipeline>>;

/** The system, top to bottom: sensor → intake → lake and analysis → decision → enforcement and findings. */
async function wire(options: Required<PipelineOptions>, stores: Stores) {
  const { config, data, running, distributed, log, clock } = options;
  const { store, lake } = stores;
  const now = () => clock.now();
  await migrate(lake);

  const live = createLive();
  const judgement = await openJudgement({ config, data, stores, log, now });
  const { decider, replayDecider, ledger, audit, networks, neverBlock, killSwitch } = judgement;
  const enforcement = await startEnforcement({
    ...{ config, data, running, log, clock, neverBlock, stores, audit, live, decider },
    stop: killSwitch,
  });
  const bus = running && distributed ? await openBus(config) : null;
  const orders = bus
    ? await startOrders({
        ...{ bus, log, now },
        hosts: config.bus.enforcers,
        standing: () => decider.standing(),
        rules: () => ({
          blocks: neverBlock.blocks(),
          readAt: neverBlock.readAt(),
          killed: killSwitch.engaged(),
        }),
        receipts: enforcement.keep,
        alarm: enforcement.alarm,
      })
    : null;
  const changed: typeof enforcement.changed = (...what) => {
    enforcement.changed(...what);
    orders?.changed(...what);
  };
  const common = { ledger, store, audit, live, log, now };
  const verdicts = createVerdicts({ ...common, decider, changed });

  const profiles = createProfiles({
    setup: { behaviours: [packageFolder('behaviours')], ours: config.server.hosts },
    ...{ lake, sessions: stores.sessions, ledger, live, log, now },
  });
  const domains = openDomains({
    ...{ data, lake, log, now },
    sessions: stores.sessions,
    ...{ feeds: config.feeds, neverBlock: () => neverBlock.blocks(), running },
    ...{ ...config.reputation, networks: config.intake.enrich },
  });
  const domainFindings = watchDomains({ domains, lake, store, ledger, live, log, now, running });
  const loader = createLoader(lake, log);
  const { detectors, rules } = config.analysis;
  const { segmentRows, segmentBytes, segmentAgeMs, enrich } = config.intake;
  const setup = {
    ...{ segmentRows, segmentBytes, segmentAgeMs, enrich },
    detectors,
    rulesFolders: [packageFolder('rules'), ...(rules ? [rules] : [])],
  };
  const take = (signals: Signal[], known: Record<string, number>) => {
    for (const [ip, asn] of Object.entries(known)) networks.set(ip, asn);
    verdicts.add(signals);
  };
  const loaded: typeof profiles.loaded = (span) => {
    profiles.loaded(span);
    domains.loaded(span);
  };
  const ingest =
    running && !bus
      ? await startLiveIntake({
          ...{ setup, data, lake, loader, live, log, loaded },
          config: config.intake,
          now: now(),
          signals: take,
        })
      : null;
  const stored = bus
    ? await startStored({ ...{ config, data, bus, lake, live, log, loaded }, signals: take })
    : null;
  const taps = ingest && (await listenTaps(config.intake.dnstap, ingest, log));
  const sensor =
    ingest && config.sensor.enabled
      ? await startSensor({
          config,
          data,
          link: (stream) => ingest.link(config.sensor.name, stream),
          log,
          clock,
        })
      : null;
  const hub =
    ingest && config.fleet.enabled
      ? await openHub({
          ...config.fleet,
          folder: join(data, 'fleet'),
          roster: stores.roster,
          link: (name, stream) => ingest.link(name, stream),
          log,
          now,
        })
      : null;
  if (running) {
    await profiles.start();
    domains.start();
  }
  const feeding = running
    ? startFeeding({ config: config.feeds, data, neverBlock: neverBlock.blocks() }, log, {
        met: decoysMet(stores.sessions),
      })
    : null;
  const imports = createImports({
    ...{ setup, loader, log, now, profiles, domains },
    folder: data,
    live: verdicts,
    record: (...imported) => store.recordImport(...imported),
    simulated: () => createVerdicts({ ...common, decider: replayDecider(), replay: true, changed() {} }),
  });
  const house = keepHouse({ config, stores, audit, decider, verdicts, neverBlock, log, now, running });

  return {
    ...options,
    ...stores,
    ...judgement,
    feeds: openFeeds({ config: config.feeds, data, now }),
    ...{
      live,
      loader,
      verdicts,
      profiles,
      domains,
      domainFindings,
      enforcement,
      ingest,
      taps,
      sensor,
      hub,
      imports,
      house,
    },
    /** What was taken in since the start; null where nothing is. */
    intakeCounters: () => ingest?.counters ?? stored?.counters() ?? null,
    /** Resolves, with its cause, where a part fails that the system cannot do without: systemd then starts it anew. */
    failed: new Promise<unknown>((resolve) => ingest?.done.catch(resolve)),
    /** Stops from the door inwards, so that all that was taken is stored. */
    async close(): Promise<void> {
      await sensor?.stop();
      await hub?.close();
      await taps?.close();
      house.stop();
      await feeding?.stop();
      await ingest?.stop();
      await orders?.close();
      await bus?.close();
      await verdicts.drain();
      await loader.drain(10_000);
      await loader.stop();
      await profiles.stop();
      await domainFindings.close();
      await domains.close();
      await enforcement.close();
      audit.close();
      await stores.close();
    },
  };
}
