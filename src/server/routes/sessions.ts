import { z } from 'zod';
import { Fault } from '../../kit/fault.ts';
import { canonicalIp } from '../../kit/ip.ts';
import { collect } from '../../lake/index.ts';
import { actorKinds, indicatorTypes, scopes } from '../../model/session.ts';
import { eventOf } from '../../pipeline/warm.ts';
import type { Pipeline } from '../../pipeline.ts';
import { hostScores } from '../host-scores.ts';
import { query } from '../input.ts';
import type { Route } from './index.ts';

const limit = z.coerce.number().int().min(1).max(10_000).default(200);
/** Hours back from now; all that is kept where it is left out. */
const hours = z.coerce.number().positive().optional();
const sessionsQuery = z.strictObject({
  src: z.string().max(64).optional(),
  kind: z.enum(actorKinds).optional(),
  scope: z.enum(scopes).optional(),
  label: z.string().max(8).optional(),
  actor: z.string().max(64).optional(),
  hours,
  limit,
});
const actorsQuery = z.strictObject({
  /** Addresses that an actor has at the least: one of a single address is rather a session. */
  addresses: z.coerce.number().int().min(1).default(2),
  hours,
  limit,
});
const indicatorsQuery = z.strictObject({
  type: z.enum(indicatorTypes).optional(),
  /** A part of the value. */
  match: z.string().max(512).optional(),
  hours,
  limit,
});

/** Events of a session that its page shows. */
const eventLimit = 1_024;
const listed = 200;

/** Who is knocking: whole sessions, the actors behind them, and what they gave away. */
export const sessions: Route = (app, pipeline) => {
  const { sessions: store, clock } = pipeline;
  const since = (back: number | undefined) =>
    back === undefined ? {} : { since: clock.now() - back * 3_600_000 };

  app.get('/api/v1/sessions', async (c) => {
    const { hours, src, ...rest } = query(c, sessionsQuery);
    return c.json(
      await store.sessions({ ...given(rest), ...(src && { src: canonicalIp(src) ?? src }), ...since(hours) }),
    );
  });
  app.get('/api/v1/sessions/:id', async (c) => {
    const id = z.uuid().safeParse(c.req.param('id'));
    const [session] = id.success ? await store.sessions({ ids: [id.data] }) : [];
    if (!session) throw new Fault('not-found', 'There is no such session.');
    return c.json({
      ...session,
      hosts: await hostScores(pipeline, session.indicators),
      events: await sessionEvents(pipeline, session),
    });
  });
  app.get('/api/v1/actors', async (c) => {
    const { hours, ...rest } = query(c, actorsQuery);
    return c.json(await store.actors({ ...rest, ...since(hours) }));
  });
  app.get('/api/v1/actors/:id', async (c) => {
    const id = c.req.param('id');
    const [actor] = await store.actors({ id });
    if (!actor) throw new Fault('not-found', 'There is no such actor.');
    return c.json({
      ...actor,
      seen: await store.addresses(id, listed),
      latest: await store.sessions({ actor: id, limit: listed }),
    });
  });
  app.get('/api/v1/indicators', async (c) => {
    const { hours, ...rest } = query(c, indicatorsQuery);
    return c.json(await store.indicators({ ...given(rest), ...since(hours) }));
  });
};

/** What was asked for, without what was not. */
function given<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

/** The events of a session, in their order. */
export async function sessionEvents(
  { lake }: Pick<Pipeline, 'lake'>,
  {
    src,
    sensor,
    session,
    start,
    end,
  }: { src: string; sensor: string; session: string; start: number; end: number },
) {
  const rows = await collect(
    lake.rows({
      sql: `SELECT *, toUnixTimestamp64Milli(time) AS time_ms, toUnixTimestamp64Milli(arrived) AS arrived_ms FROM events
        WHERE src_ip = toIPv6({src:String}) AND time BETWEEN fromUnixTimestamp64Milli({start:Int64}) AND fromUnixTimestamp64Milli({end:Int64})
          AND sensor = {sensor:String} AND session = {session:String} ORDER BY time_ms, seq LIMIT ${eventLimit}`,
      params: { src, sensor, session, start, end },
    }),
  );
  return rows.map((row) => ({ ...eventOf(row), run: row.run }));
}
