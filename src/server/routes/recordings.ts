import { join } from 'node:path';
import { streamText } from 'hono/streaming';
import { z } from 'zod';
import { Fault } from '../../kit/fault.ts';
import { collect } from '../../lake/index.ts';
import { eventOf } from '../../pipeline/warm.ts';
import { type Frame, readRecording } from '../../sensor/recording-read.ts';
import type { Route } from './index.ts';

const day = 86_400_000;

/**
 * What was said in a session, both ways, as JSON lines: a head, then a frame each with its bytes in base64. Asked for by the id of a
 * session that was looked at, or by the sensor's own.
 */
export const recordings: Route = (app, { data, lake, sessions }) => {
  app.get('/api/v1/recordings/:session', async (c) => {
    const id = c.req.param('session');
    const looked = z.uuid().safeParse(id).success ? (await sessions.sessions({ ids: [id] }))[0] : undefined;
    const session = looked?.session ?? id;
    if (!/^[0-9a-f]{16}$/.test(session)) throw new Fault('invalid', 'A recording is named by its session.');
    const folder = join(data, 'sensor', 'payloads', 'recordings');
    const recorded = await readRecording(folder, session, looked?.start);
    if (!recorded)
      throw new Fault(
        'not-found',
        'There is no recording of this session here: nothing was said, or it had to leave.',
      );
    const { frames, cut, ...head } = recorded;
    const terminal = await terminalOf(session, head.startedAt);
    c.header('Content-Type', 'application/x-ndjson');
    return streamText(c, async (out) => {
      await out.writeln(JSON.stringify({ ...head, ...terminal, cut }));
      for (const frame of frames) await out.writeln(JSON.stringify(told(frame)));
    });
  });

  /** The terminal that the session had asked for. */
  async function terminalOf(session: string, startedAt: number) {
    const rows = await collect(
      lake.rows({
        sql: `SELECT *, toUnixTimestamp64Milli(time) AS time_ms, toUnixTimestamp64Milli(arrived) AS arrived_ms FROM events
          WHERE time BETWEEN fromUnixTimestamp64Milli({from:Int64}) AND fromUnixTimestamp64Milli({to:Int64})
            AND session = {session:String} AND kind = 'fingerprint' AND method IN ('ssh-pty', 'terminal') LIMIT 1`,
        params: { from: startedAt, to: startedAt + day, session },
      }),
    ).catch(() => []);
    const event = rows[0] && eventOf(rows[0]);
    const [, term = '', columns, lines] =
      /^(?:(\S{1,64}) )?(\d{1,4})x(\d{1,4})$/.exec(event?.kind === 'fingerprint' ? event.value : '') ?? [];
    return { term, width: Number(columns ?? 80) || 80, height: Number(lines ?? 24) || 24 };
  }
};

function told({ way, at, bytes }: Frame) {
  return { way, at, data: bytes.toString('base64') };
}
