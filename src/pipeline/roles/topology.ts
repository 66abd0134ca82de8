import { type Bus, openNatsBus, type Topology } from '../../bus/index.ts';
import type { Config } from '../../config.ts';
import { Fault } from '../../kit/fault.ts';

/** The subject of a shard's events: rows, as the journal has them. */
export const eventsOf = (shard: number) => `events.${shard}`;
/** What one host is to enforce. */
export const ordersOf = (host: string) => `orders.${host}`;
/** From those who analyse, and from those who enforce, to the one who decides. */
export const signals = 'signals';
export const reports = 'reports';
export const readers = { store: 'store', analyse: 'analyse', decide: 'decide', enforce: 'enforce' } as const;

export function topologyOf({ shards, enforcers }: Config['bus']): Topology {
  return Object.fromEntries([
    ...Array.from({ length: shards }, (_, i) => [eventsOf(i), [readers.store, readers.analyse]] as const),
    [signals, [readers.decide]],
    [reports, [readers.decide]],
    ...enforcers.map((host) => [ordersOf(host), [readers.enforce]] as const),
  ]);
}

/** Throws where the configuration names no bus. */
export function needBus({ bus }: Config): void {
  if (bus.servers.length === 0)
    throw new Fault('config', 'A role of its own needs a bus.', {
      remedies: [
        { path: 'bus.servers', expected: 'NATS servers with JetStream', remedy: 'Name them: [HOST:PORT].' },
      ],
    });
}

/** The bus that the configuration names. */
export async function openBus(config: Config, topology = topologyOf(config.bus)): Promise<Bus> {
  needBus(config);
  const { bus } = config;
  const { servers, user, password, token, tls, prefix } = bus;
  const login = token ? { token } : user && password ? { user, pass: password } : {};
  try {
    return await openNatsBus({ servers, ...login, ...(tls && { tls }) }, topology, { prefix });
  } catch (cause) {
    throw new Fault('unavailable', `The bus does not answer: ${(cause as Error).message}.`, { cause });
  }
}
