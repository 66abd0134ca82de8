import { Fault } from '../src/kit/fault.ts';
import { seeded } from '../src/kit/seeded.ts';
import { dial, type Tally } from './clients/connection.ts';
import type { Ground, Service } from './scenario.ts';
import { isLoopback } from './target.ts';

export interface GroundOptions {
  /** A checked target: the only address that is ever connected to. */
  host: string;
  ports: Readonly<Partial<Record<Service, number>>>;
  count: number;
  /** Decides who takes part and what each does. */
  seed: string;
  say(text: string): void;
  signal: AbortSignal | undefined;
}

/** Where a scenario takes place: hands out its machines, and keeps the tally. */
export function createGround(options: GroundOptions) {
  const { host, ports, count, seed, say, signal } = options;
  const tally: Tally = { connections: 0, refused: 0, sent: 0, received: 0 };
  const roles = new Map<string, string>();
  const addresses = sourceAddresses(host, seed);
  const ground: Ground = {
    count,
    offers: (service) => ports[service] !== undefined,
    say,
    source(role) {
      const from = addresses.next().value;
      // Beyond 127.0.0.0/8 this machine has one address towards itself, and all have to share it.
      const address = from ?? host;
      roles.set(address, role);
      const draw = seeded(`${seed}\n${role}\n${address}`);
      return {
        address,
        draw,
        async dial(service) {
          const port = ports[service];
          if (port === undefined) throw new Fault('usage', `No port is known for ${service}.`);
          return signal?.aborted ? null : dial({ host, port, from, signal }, tally);
        },
      };
    },
  };
  return { ground, tally, roles };
}

/** Addresses of 127.0.0.0/8 in a random order without repeats, but none of 127.0.0.0/16: people use those. */
function* sourceAddresses(host: string, seed: string): Generator<string, undefined> {
  if (!isLoopback(host) || host.includes(':')) return undefined;
  const draw = seeded(`${seed}\naddresses`);
  const given = new Set<string>();
  for (;;) {
    const part = (from: number, below: number) => from + Math.floor(draw() * (below - from));
    const address = `127.${part(1, 255)}.${part(0, 256)}.${part(1, 255)}`;
    if (given.has(address)) continue;
    given.add(address);
    yield address;
  }
}
