import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { duplexPair } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../kit/clock.ts';
import { silentLog } from '../kit/log.ts';
import { orderedUuidv7 } from '../kit/uuid.ts';
import { type Body, type Event, parseEvent } from '../model/event.ts';
import { Door } from './door.ts';
import type { Emulator } from './emulator.ts';
import { defaultLimits, type Limits } from './limits.ts';
import type { Persona } from './persona.ts';
import { createPersona } from './personas.ts';
import { bodyOf } from './play.ts';
import { systemRandom } from './random.ts';
import type { Recordings } from './recordings.ts';
import type { Surroundings } from './session.ts';
import { Courier } from './udp/courier.ts';
import { DatagramDoor } from './udp/door.ts';

/** An emulator on a port of loopback, for tests with real clients. Its events are checked as they come. */
export interface Served {
  /** Where it listens on TCP, and on UDP; 0 where it does not. */
  port: number;
  udpPort: number;
  events: Event[];
  payloads: Map<string, Buffer>;
  faults: unknown[];
  /** The bodies of one kind so far. */
  told<K extends Body['kind']>(kind: K): Extract<Body, { kind: K }>[];
  close(): Promise<void>;
}

export interface Surrounding {
  seed?: string;
  /** The machine; one of the seed's where it is left out. */
  persona?: Persona;
  /** What kind the seed's machine is. */
  kind?: string;
  limits?: Partial<Limits>;
  recordings?: Recordings;
  sleep?(ms: number): Promise<void>;
}

export async function serve(
  emulator: Emulator,
  options: Record<string, unknown> = {},
  around: Surrounding = {},
): Promise<Served> {
  const events: Event[] = [];
  const faults: unknown[] = [];
  const payloads = new Map<string, Buffer>();
  const random = systemRandom();
  const surroundings: Surroundings = {
    sensor: 'lab',
    persona: around.persona ?? createPersona(around.seed ?? 'lab', around.kind),
    limits: { ...defaultLimits, perSource: 256, ...around.limits },
    clock: systemClock,
    random,
    nextId: orderedUuidv7(random),
    log: silentLog,
    sleep: around.sleep ?? ((ms) => sleep(ms)),
    append: (event) => events.push(parseEvent(event)) > 0,
    keep(bytes) {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      payloads.set(sha256, Buffer.from(bytes));
      return { sha256, size: bytes.length };
    },
    ...(around.recordings && { recordings: around.recordings }),
    fault: (_, error) => faults.push(error),
  };
  const door = new Door(surroundings);
  const datagramDoor = new DatagramDoor(surroundings);
  const checked = emulator.options.parse(options) as Record<string, unknown>;
  const server = createServer({ allowHalfOpen: true });
  if (emulator.session) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    door.open(server, { emulator, options: checked });
  }
  const courier = new Courier(surroundings.limits, systemClock, silentLog);
  let udpPort = 0;
  if (emulator.datagram) {
    udpPort = await courier.bind(0, { host: '127.0.0.1', port: 0 }, emulator.port);
    const [outside, inside] = duplexPair();
    courier.attach(outside);
    const at = { ip: '127.0.0.1', port: udpPort };
    datagramDoor.open(inside, [{ emulator, options: checked, around: surroundings, at }]);
  }
  return {
    port: emulator.session ? (server.address() as AddressInfo).port : 0,
    udpPort,
    events,
    payloads,
    faults,
    told: <K extends Body['kind']>(kind: K) =>
      events.map(bodyOf).filter((body): body is Extract<Body, { kind: K }> => body.kind === kind),
    async close() {
      courier.close();
      datagramDoor.close();
      await door.close();
    },
  };
}
