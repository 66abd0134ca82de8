import { streamText } from 'hono/streaming';
import { z } from 'zod';
import { createCowrieWriter } from '../../intake/index.ts';
import { eventsSince } from '../../pipeline/session-events.ts';
import { query } from '../input.ts';
import type { Route } from './index.ts';

const exportQuery = z.strictObject({
  format: z.enum(['cowrie']).default('cowrie'),
  /** Event time from which on, in milliseconds since the epoch. */
  since: z.coerce.number().int().min(0).default(0),
});

/** Events in the words of others, one JSON object a line, as they come from the lake. */
export const exports: Route = (app, { lake, log }) => {
  app.get('/api/v1/export', (c) => {
    const { since } = query(c, exportQuery);
    const write = createCowrieWriter();
    return streamText(c, async (out) => {
      try {
        for await (const event of eventsSince(lake, { since, protocols: ['ssh', 'telnet'] })) {
          if (out.aborted) return;
          const lines = write(event);
          if (lines.length > 0) await out.write(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
        }
      } catch (error) {
        // What was sent is sent: the missing end says that it is not whole.
        log.error('an export failed', { cause: error });
        await out.writeln(JSON.stringify({ failed: 'The lake did not answer to the end.' }));
      }
    });
  });
};
