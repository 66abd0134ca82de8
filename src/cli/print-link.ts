import { createInterface } from 'node:readline';
import type { Duplex, Writable } from 'node:stream';
import { printableJson } from '../kit/printable.ts';

/**
 * The intake's end of a sensor's link, for a sensor that runs alone: prints each event as a JSON line, and acknowledges it once it
 * has gone out. What was not acknowledged stays in the spool and comes again at the next start; ids tell which it was.
 */
export function printLink(stream: Duplex, out: Writable): void {
  stream.on('error', () => {});
  let greeted = false;
  let acknowledged = 0;
  let last = 0;
  createInterface({ input: stream }).on('line', (line) => {
    if (!greeted) {
      greeted = true;
      stream.write('{"have":0}\n');
      return;
    }
    const message = JSON.parse(line) as { seq: number; event: unknown };
    last = message.seq;
    out.write(`${printableJson(message.event)}\n`, (error) => {
      if (error || message.seq !== last || last === acknowledged) return;
      acknowledged = last;
      stream.write(`{"ack":${last}}\n`);
    });
  });
}
