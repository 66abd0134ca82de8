import { streamText } from 'hono/streaming';
import { z } from 'zod';
import { Fault } from '../../kit/fault.ts';
import { backup } from '../../pipeline/backup.ts';
import { json } from '../input.ts';
import type { Route } from './index.ts';

/** Writes a backup on this machine. Over the Unix socket only. Answers with JSON lines as it goes. */
export const backups: Route = (app, pipeline, local) => {
  app.post('/api/v1/backups', async (c) => {
    if (!local) throw new Fault('refused', 'Backups are made on the machine itself.');
    const { folder } = await json(c, z.strictObject({ folder: z.string().min(1).max(4_096) }));
    const { db, lake, data, config, clock, log } = pipeline;
    return streamText(c, async (out) => {
      try {
        const said: Promise<unknown>[] = [];
        const say = (text: string) => said.push(out.writeln(JSON.stringify({ type: 'progress', text })));
        const done = await backup(
          { db, lake, data, embedded: !config.lake.url, now: clock.now(), say },
          folder,
        );
        await Promise.all(said);
        await out.writeln(JSON.stringify({ type: 'finished', folder, ...done }));
      } catch (error) {
        const fault =
          error instanceof Fault ? error : new Fault('internal', (error as Error).message, { cause: error });
        if (fault.code === 'internal') log.error('a backup failed', { cause: error });
        await out.writeln(JSON.stringify({ type: 'failed', code: fault.code, message: fault.message }));
      }
    });
  });
};
