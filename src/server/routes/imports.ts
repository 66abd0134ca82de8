import { streamText } from 'hono/streaming';
import { z } from 'zod';
import { readers } from '../../intake/index.ts';
import { Fault } from '../../kit/fault.ts';
import { json } from '../input.ts';
import type { Route } from './index.ts';

const names = readers.map(({ name }) => name);
const body = z.strictObject({
  files: z
    .array(
      z.strictObject({
        path: z.string().min(1).max(4_096),
        format: z.enum(names as [string, ...string[]]).optional(),
        source: z.string().min(1).max(64).optional(),
      }),
    )
    .min(1)
    .max(10_000),
  live: z.boolean().default(false),
});

/** Reads log files of this machine through the whole pipeline. Over the Unix socket only. Answers with JSON lines as it goes. */
export const imports: Route = (app, { imports: all, log, audit, clock }, local) => {
  app.post('/api/v1/imports', async (c) => {
    if (!local) throw new Fault('refused', 'Imports are started on the machine itself.');
    const request = await json(c, body);
    const files = request.files.map(({ path, format, source }) => ({
      path,
      ...(format && { format }),
      ...(source && { source }),
    }));
    audit.append([
      {
        time: clock.now(),
        actor: c.get('who').name,
        action: 'mode',
        data: { import: files.map(({ path }) => path), live: request.live },
      },
    ]);
    return streamText(c, async (out) => {
      try {
        for await (const message of all.run({ files, live: request.live }))
          await out.writeln(JSON.stringify(message));
      } catch (error) {
        const fault =
          error instanceof Fault ? error : new Fault('internal', (error as Error).message, { cause: error });
        if (fault.code === 'internal') log.error('an import failed', { cause: error });
        await out.writeln(
          JSON.stringify({
            type: 'failed',
            code: fault.code,
            message: fault.message,
            remedies: fault.remedies,
          }),
        );
      }
    });
  });
};
