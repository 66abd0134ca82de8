import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { enrol, readHub } from './fleet/member/enrol.ts';
import { runMember } from './fleet/member/member.ts';
import { readMembership } from './fleet/member/membership.ts';
import { systemClock } from './kit/clock.ts';
import { Fault } from './kit/fault.ts';
import { createLog, type Log } from './kit/log.ts';
import { planSchema } from './sensor/plan.ts';
import { seedOf } from './sensor/seed.ts';
import { supervise } from './sensor/supervise.ts';
import { version } from './version.ts';

/** Runs the sensor of this machine as a member of its fleet. `data` holds its membership, seed, spool and payloads. */
function startMember(data: string, log: Log) {
  const membership = readMembership(data);
  const { name } = membership;
  const folder = join(data, 'sensor');
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  const member = runMember({
    ...{ folder: data, membership, version, log, payloads: join(folder, 'payloads') },
    now: () => systemClock.now(),
    async start(plan, onLink) {
      const handle = await supervise({
        ...planSchema.parse(plan),
        ...{ name, seed: seedOf(folder, name), onLink, log, clock: systemClock },
        pidFile: join(folder, 'pid'),
        spoolDir: join(folder, 'spool'),
        payloadDir: join(folder, 'payloads'),
      });
      return {
        status() {
          const { running, starts, services, isolation, counters } = handle.status;
          const layers = (['uid', 'network', 'permissions'] as const).filter((layer) => isolation[layer]);
          return { running, starts, services: services.length, isolation: [...layers], counters };
        },
        stop: () => handle.stop(),
      };
    },
  });
  return { name, ...member };
}

/** `enrol` and `run`, as the whole program and the folder that holds a sensor alone both offer them. */
export const memberVerbs = {
  async enrol(data: string, [hub, token]: string[]): Promise<string> {
    if (!hub || !token)
      throw new Fault('usage', 'Which hub, and with which token? caltrop fleet invite prints both.');
    const { name } = await enrol(data, readHub(hub), token);
    return `This is ${name} now. Next: caltrop sensor run.`;
  },

  async run(data: string): Promise<void> {
    // The sensor's own user passes through to its folder, and sees nothing: what else is here is closed.
    chmodSync(data, 0o711);
    const { stop } = startMember(data, createLog('caltrop'));
    await askedToEnd();
    await stop();
  },
};

/** Resolves when somebody asks the process to end, or nobody reads any more what it prints. */
export function askedToEnd(): Promise<void> {
  return new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
    process.stdout.once('error', () => resolve());
  });
}
