import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { systemClock } from '../kit/clock.ts';
import { silentLog } from '../kit/log.ts';
import { orderedUuidv7 } from '../kit/uuid.ts';
import { type Body, type Event, parseEvent } from '../model/event.ts';
import { Door } from './door.ts';
import type { Emulator } from './emulator.ts';
import { defaultLimits } from './limits.ts';
import { createPersona } from './personas.ts';
import { bodyOf } from './play.ts';
import { systemRandom } from './random.ts';

/** An emulator on a free port of loopback, for real clients to talk to. */
export interface Live {
  port: number;
  events: Event[];
  faults: unknown[];
  payloads: Map<string, Buffer>;
  /** The bodies of one kind so far. */
  told<K extends Body['kind']>(kind: K): Extract<Body, { kind: K }>[];
  close(): Promise<void>;
}

export async function serve(
  emulator: Emulator,
  { options = {}, seed = 'live' }: { options?: Record<string, unknown>; seed?: string } = {},
): Promise<Live> {
  const events: Event[] = [];
  const faults: unknown[] = [];
  const payloads = new Map<string, Buffer>();
  const door = new Door({
    sensor: 'live',
    persona: createPersona(seed),
    limits: defaultLimits,
    clock: systemClock,
    random: systemRandom(),
    nextId: orderedUuidv7(systemRandom()),
    log: silentLog,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, Math.min(ms, 200))),
    append: (event) => events.push(parseEvent(event)) > 0,
    keep(bytes) {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      payloads.set(sha256, Buffer.from(bytes));
      return { sha256, size: bytes.length };
    },
    fault: (_, error) => faults.push(error),
  });
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  door.open(server, emulator, emulator.options.parse(options));
  return {
    port: (server.address() as AddressInfo).port,
    events,
    faults,
    payloads,
    told: <K extends Body['kind']>(kind: K) =>
      events.map(bodyOf).filter((body): body is Extract<Body, { kind: K }> => body.kind === kind),
    close: () => door.close(),
  };
}
