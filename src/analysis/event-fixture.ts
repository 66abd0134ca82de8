import { uuidv8 } from '../kit/uuid.ts';
import type { Body, Event, EventOf, Head, Kind } from '../model/event.ts';

let made = 0;

/** An event for tests: a proven connection from 192.0.2.1 to a telnet decoy, but for what is given. */
export function eventOf<K extends Kind>(
  body: Extract<Body, { kind: K }>,
  head: Partial<Head> = {},
): EventOf<K> {
  const time = head.time ?? 1_750_000_000_000;
  const digest = new Uint8Array(10);
  new DataView(digest.buffer).setUint32(6, ++made);
  const event: Head & Body = {
    id: uuidv8(time, digest),
    time,
    arrived: time,
    sensor: 'decoy-1',
    session: 's1',
    protocol: 'telnet',
    transport: 'tcp',
    src: { ip: '192.0.2.1', port: 40_000 },
    dst: { ip: '198.51.100.1', port: 23 },
    handshake: 'established',
    decoy: true,
    ...head,
    ...body,
  };
  return event as Event as EventOf<K>;
}
