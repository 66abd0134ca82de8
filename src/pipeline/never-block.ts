import type { Config } from '../config.ts';
import { firstEntry, NeverBlock } from '../decision/index.ts';
import { Fault } from '../kit/fault.ts';
import type { Log } from '../kit/log.ts';
import type { Stores } from './stores.ts';

/** The never-block list over its store: read whole, often, and unavailable as soon as it cannot be read. */
export async function openNeverBlock(parts: {
  config: Config;
  stores: Pick<Stores, 'neverBlockStore' | 'fresh'>;
  log: Log;
  now(): number;
}) {
  const { config, stores, log, now } = parts;
  if (config.profile === 'lab') refusePublic(config);
  if (stores.fresh) await stores.neverBlockStore.add(firstEntry, now());
  let entries: unknown[] = [];
  let readAt = 0;
  const sessions = new Map<string, number>();
  const list = new NeverBlock(
    {
      list: () => ({ entries, readAt }),
      sessions: () => sessions.keys(),
    },
    { lab: { ...config.decision.lab, on: config.profile === 'lab' }, staleMs: config.decision.staleMs },
  );
  /** Reads the store anew. Where that fails the last reading stays, until it is stale and nothing is denied any more. */
  async function reload(): Promise<void> {
    try {
      entries = await stores.neverBlockStore.list();
      readAt = now();
    } catch (cause) {
      log.error('the never-block list cannot be read', { cause });
    }
    list.refresh(now());
  }
  await reload();
  return Object.assign(list, {
    reload,
    readAt: () => readAt,
    /** An address from which somebody administers this machine: not denied for the next hour. */
    session(address: string): void {
      if (sessions.size > 256) for (const [old, until] of sessions) if (until < now()) sessions.delete(old);
      sessions.set(address, now() + 3_600_000);
    },
  });
}

export type NeverBlockList = Awaited<ReturnType<typeof openNeverBlock>>;

function refusePublic(config: Config): void {
  const loopback = (host: string) => host.startsWith('127.') || host === '::1';
  const remedies = [
    ...config.sensor.bind.map((host, i) => [`sensor.bind.${i}`, host] as const),
    ...config.sensor.addresses.map(({ ip }, i) => [`sensor.addresses.${i}.ip`, ip] as const),
    ['server.host', config.server.host] as const,
  ]
    .filter(([, host]) => !loopback(host))
    .map(([path]) => ({
      path,
      expected: 'a loopback address under the lab profile',
      remedy: 'Use 127.0.0.0/8, or the standard profile.',
    }));
  if (remedies.length > 0) throw new Fault('config', 'The lab profile is for loopback only.', { remedies });
}
