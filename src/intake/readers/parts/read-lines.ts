import { type BodyOf, type Event, parseEvent } from '../../../model/event.ts';
import { type Reader, Reject } from '../../reader.ts';

/** Reads lines with one start of a reader, for tests: the answers and certificates that were made, and the reasons of what was refused. */
export function readLines(reader: Reader, lines: readonly string[], context = {}) {
  const read = reader.start({ source: 'test', now: () => Date.UTC(2026, 10, 23), ...context });
  const events: (Event & BodyOf<'answer'>)[] = [];
  const certificates: (Event & BodyOf<'certificate'>)[] = [];
  const refused: string[] = [];
  let silent = 0;
  for (const line of lines) {
    try {
      const made = read(line);
      if (made === null) silent++;
      for (const one of [made ?? []].flat()) {
        const whole = { id: '00000000-0000-8000-8000-000000000000', arrived: 0, sensor: 'test', ...one };
        const event = parseEvent(whole);
        if (event.kind === 'answer') events.push(event);
        else if (event.kind === 'certificate') certificates.push(event);
        else throw new TypeError(`an event of kind ${event.kind}`);
      }
    } catch (error) {
      if (!(error instanceof Reject)) throw error;
      refused.push(error.message);
    }
  }
  return { events, certificates, refused, silent };
}
