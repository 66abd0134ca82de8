import { parseEvent } from '../../model/event.ts';
import { defineReader, Reject } from '../reader.ts';
import { row, share } from './parts/fields.ts';

const notEvent = new Reject('not an event of the model');

/** Caltrop's own events, one JSON object a line. They bring their id and their arrival with them. */
export const caltrop = defineReader({
  name: 'caltrop',
  summary: "Caltrop's own events in JSON",

  sniff: (lines) =>
    share(
      lines,
      (line) => line.includes('"kind"') && line.includes('"handshake"') && line.includes('"decoy"'),
    ),

  start() {
    return (line) => {
      const fields = row(line);
      try {
        return parseEvent(fields);
      } catch {
        throw notEvent;
      }
    };
  },
});
