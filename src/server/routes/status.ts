import { statfsSync } from 'node:fs';
import { verifyAudit } from '../../decision/index.ts';
import { collect } from '../../lake/index.ts';
import type { Pipeline } from '../../pipeline.ts';
import { version } from '../../version.ts';
import type { Route } from './index.ts';

/** What runs, and what is wrong. */
export const status: Route = (app, pipeline) => {
  app.get('/api/v1/status', async (c) => c.json(await statusOf(pipeline)));
  app.get('/api/v1/audit', async (c) => c.json(await verifyAudit(pipeline.data)));
};

async function statusOf(pipeline: Pipeline) {
  const {
    config,
    data,
    clock,
    audit,
    lake,
    loader,
    sensor,
    decider,
    enforcement,
    neverBlock,
    killSwitch,
    breaker,
  } = pipeline;
  const now = clock.now();
  let events: number | null = null;
  let lakeFault: string | null = null;
  try {
    const rows = await collect<{ n: number }>(
      lake.rows({ sql: 'SELECT count() AS n FROM events', timeout: 5_000 }),
    );
    events = Number(rows[0]?.n ?? 0);
  } catch (error) {
    lakeFault = (error as Error).message;
  }
  const disk = statfsSync(data);
  const free = disk.bavail * disk.bsize;
  const counters = pipeline.intakeCounters();
  const fleet = (await pipeline.hub?.list()) ?? [];
  const lost = fleet.filter(({ state }) => state === 'lost');
  const troubles = [
    lost.length > 0 &&
      `${lost.length === 1 ? 'A sensor of the fleet is' : `${lost.length} sensors of the fleet are`} not connected: ${lost
        .slice(0, 5)
        .map(({ name }) => name)
        .join(', ')}.`,
    lakeFault && 'The lake does not answer; events wait in the journal.',
    counters?.failing &&
      `The journal cannot be written, and sensors keep what they have: ${counters.failing}`,
    counters &&
      counters.unreadable.length > 0 &&
      `Not there, or cannot be read: ${counters.unreadable.slice(0, 5).join(', ')}.`,
    pipeline.profiles.counters.failing && 'What sessions are cannot be stored; it is tried again.',
    pipeline.verdicts.failing && 'Decisions cannot be stored, and are not enforced.',
    loader.failing && 'The lake refuses what it is given; events wait in the journal.',
    pipeline.house.stateOver &&
      'The state takes more disk than it may, and all that is left of it must stay: give it more (state.diskBytes).',
    audit.overBudget && 'The audit takes more disk than it may, and all of it is too young to go.',
    free < 1024 ** 3 && 'Less than 1 GiB of disk is free.',
    neverBlock.fault(now) && `Nothing is denied: never-block is unavailable (${neverBlock.fault(now)}).`,
    killSwitch.engaged() && 'The kill switch is set: nothing is denied.',
    breaker.engaged() && 'The breaker is open: nothing new is denied until a person resets it.',
    sensor && !sensor.status.running && 'The sensor is not running.',
    sensor && sensor.status.counters.full === true && 'The spool of the sensor is full: it accepts nothing.',
  ].filter((one): one is string => typeof one === 'string');
  return {
    version,
    now,
    running: pipeline.running,
    profile: config.profile,
    mode: config.decision.mode,
    troubles,
    sensor: sensor ? { name: config.sensor.name, ...sensor.status } : null,
    fleet: fleet.map(({ plan: _, ...member }) => member),
    ...(pipeline.hub ? { fleetPayloads: pipeline.hub.counters } : {}),
    intake: counters,
    /** The port where resolvers may bring dnstap over TCP. */
    dnstapPort: pipeline.taps?.port ?? null,
    sessions: pipeline.profiles.counters,
    domains: pipeline.domains.counters,
    lake: { events, waiting: loader.waiting, embedded: !config.lake.url, fault: lakeFault },
    state: { embedded: !config.state.url },
    decisions: {
      standing: decider.standing().length,
      enforced: decider.standing().filter(({ mode }) => mode === 'enforce').length,
    },
    enforcers: enforcement.names,
    neverBlock: { entries: neverBlock.entries().length, readAt: neverBlock.readAt() },
    killSwitch: {
      set: killSwitch.engaged(),
      emptied: killSwitch.engaged() ? enforcement.emptied : null,
      note: killSwitch.note(),
    },
    breaker: { open: breaker.engaged(), note: breaker.note() },
    disk: { free },
  };
}
