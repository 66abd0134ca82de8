import type { Body, Event } from '../../model/event.ts';
import { eventOf } from '../event-fixture.ts';
import { SessionBuilder } from './builder.ts';
import type { Session } from './session.ts';

export interface Given {
  protocol?: string;
  port?: number;
  src?: string;
  sensor?: string;
  session?: string;
  /** Time of the first event and milliseconds between events. */
  at?: number;
  gaps?: number | number[];
}

/** A closed session for tests: bodies, or lines for commands. */
export function sessionOf(acts: readonly (Body | string)[], given: Given = {}): Session {
  const {
    protocol = 'ssh',
    port = 22,
    src = '192.0.2.1',
    sensor = 'decoy-1',
    session = 's1',
    gaps = 10,
  } = given;
  let time = given.at ?? 1_750_000_000_000;
  const bodies: Body[] = acts.map((act) => (typeof act === 'string' ? { kind: 'command', input: act } : act));
  let made: Session | undefined;
  const builder = new SessionBuilder((one) => {
    made = one;
  });
  for (const [n, body] of bodies.entries()) {
    if (n > 0) time += Array.isArray(gaps) ? gaps[(n - 1) % gaps.length]! : gaps;
    builder.push(
      eventOf(body, {
        time,
        protocol,
        session,
        sensor,
        src: { ip: src, port: 40_000 },
        dst: { ip: '198.51.100.1', port },
      }) as Event,
    );
  }
  builder.end();
  return made!;
}
