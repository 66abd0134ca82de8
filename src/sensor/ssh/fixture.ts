import { createHash } from 'node:crypto';
import { type AddressInfo, createServer } from 'node:net';
import { systemClock } from '../../kit/clock.ts';
import { silentLog } from '../../kit/log.ts';
import { orderedUuidv7 } from '../../kit/uuid.ts';
import type { Event } from '../../model/event.ts';
import { Door } from '../door.ts';
import { ssh } from '../emulators/ssh.ts';
import { defaultLimits, type Limits } from '../limits.ts';
import { createPersona } from '../personas.ts';
import { systemRandom } from '../random.ts';

/** An SSH server of ours on loopback, for tests with real clients. */
export interface Served {
  port: number;
  events: Event[];
  payloads: Map<string, Buffer>;
  faults: unknown[];
  close(): Promise<void>;
}

/** Pauses below this, in milliseconds, are those of logins and the like: no test waits for them. */
const longPause = 5_000;

export interface ServeOptions {
  product?: string;
  seed?: string;
  limits?: Partial<Limits>;
  startups?: boolean;
  rekeyBytes?: number;
}

export async function serveSsh(options: ServeOptions = {}): Promise<Served> {
  const { seed = 'ssh test', limits = {}, ...given } = options;
  const events: Event[] = [];
  const payloads = new Map<string, Buffer>();
  const faults: unknown[] = [];
  const door = new Door({
    sensor: 'test',
    persona: createPersona(seed),
    limits: { ...defaultLimits, ...limits },
    clock: systemClock,
    random: systemRandom(),
    nextId: orderedUuidv7(systemRandom()),
    log: silentLog,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms < longPause ? 1 : ms).unref()),
    append: (event) => events.push(event) > 0,
    keep(bytes) {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      payloads.set(sha256, Buffer.from(bytes));
      return { sha256, size: bytes.length };
    },
    fault: (_, error) => faults.push(error),
  });
  const server = createServer({ pauseOnConnect: false });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  door.open(server, ssh, ssh.options.parse({ startups: false, ...given }));
  return {
    port: (server.address() as AddressInfo).port,
    events,
    payloads,
    faults,
    close: () => door.close(),
  };
}
