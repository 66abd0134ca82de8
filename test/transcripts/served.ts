import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { systemClock } from '../../src/kit/clock.ts';
import { silentLog } from '../../src/kit/log.ts';
import { orderedUuidv7 } from '../../src/kit/uuid.ts';
import { type Event, parseEvent } from '../../src/model/event.ts';
import { Door } from '../../src/sensor/door.ts';
import type { Emulator } from '../../src/sensor/emulator.ts';
import { defaultLimits } from '../../src/sensor/limits.ts';
import { createPersona } from '../../src/sensor/personas.ts';
import { systemRandom } from '../../src/sensor/random.ts';

/** An emulator on a port of loopback, for real clients. */
export interface Served {
  port: number;
  events: Event[];
  payloads: Map<string, Buffer>;
  faults: unknown[];
  close(): Promise<void>;
}

export async function serve(emulator: Emulator, options: Record<string, unknown> = {}): Promise<Served> {
  const events: Event[] = [];
  const faults: unknown[] = [];
  const payloads = new Map<string, Buffer>();
  const door = new Door({
    sensor: 'lab',
    persona: createPersona('lab'),
    limits: { ...defaultLimits, perSource: 256 },
    clock: systemClock,
    random: systemRandom(),
    nextId: orderedUuidv7(systemRandom()),
    log: silentLog,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    append: (event) => events.push(parseEvent(event)) > 0,
    keep(bytes) {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      payloads.set(sha256, Buffer.from(bytes));
      return { sha256, size: bytes.length };
    },
    fault: (_, error) => faults.push(error),
  });
  const server = createServer({ allowHalfOpen: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  door.open(server, emulator, emulator.options.parse(options) as Record<string, unknown>);
  return {
    port: (server.address() as AddressInfo).port,
    events,
    payloads,
    faults,
    close: () => door.close(),
  };
}
