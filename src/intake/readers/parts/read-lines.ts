import { type BodyOf, type Event, parseEvent } from '../../../model/event.ts';
import { type Reader, Reject } from '../../reader.ts';

/** Reads lines with one start of a reader, for tests: the DNS events that were made, and the reasons of what was refused. */
export function readLines(reader: Reader, lines: readonly string[], context = {}) {
  const read = reader.start({ source: 'test', now: () => Date.UTC(2026, 10, 23), ...context });
  const events: (Event & BodyOf<'answer'>)[] = [];
  const refused: string[] = [];
  let silent = 0;
  for (const line of lines) {
    try {
      const made = read(line);
      if (made === null) silent++;
      for (const one of [made ?? []].flat()) {
        const whole = { id: '00000000-0000-8000-8000-000000000000', arrived: 0, sensor: 'test', ...one };
        const event = parseEvent(whole);
        if (event.kind !== 'answer') throw new TypeError(`an event of kind ${event.kind}`);
        events.push(event);
      }
    } catch (error) {
      if (!(error instanceof Reject)) throw error;
      refused.push(error.message);
    }
  }
  return { events, refused, silent };
}
