import { sql } from 'kysely';
import { type Actor, actorSchema } from '../model/actor.ts';
import type { Finding } from '../model/finding.ts';
import { type Indicator, indicatorSchema } from '../model/indicator.ts';
import { type SessionRecord, sessionSchema } from '../model/session.ts';
import type { Database } from './database.ts';
import { jsonText } from './json.ts';
import { addActors } from './session-actors.ts';
import { addIndicators } from './session-indicators.ts';
import { writeFindings } from './store.ts';
import type { SessionRun } from './tables.ts';

/** One batch of sessions, written in one transaction with how far the events of its run were looked at. */
export interface SessionBatch {
  sessions: SessionRecord[];
  /** Actors that turned out to be one: from the first id to the second, in their order. */
  merges: { from: string; to: string }[];
  /** What is known of the actors of these sessions. */
  actors: { id: string; addresses: number; joins: Actor['joins'] }[];
  run?: { name: string; state: SessionRun };
  /** Findings of the sessions that were not stored before, and of the actors that by them have a second address. */
  findings(fresh: readonly SessionRecord[], joined: readonly Actor[]): Finding[];
}

export interface SessionFilter {
  since?: number;
  src?: string;
  kind?: string;
  scope?: string;
  label?: string;
  actor?: string;
  limit?: number;
}

const most = 10_000;

/** Sessions, actors and indicators: idempotent by the sessions' ids, so that what is looked at twice counts once. */
export function createSessionStore(db: Database) {
  const limitOf = (limit = 100) => Math.max(1, Math.min(limit, most));
  return {
    async write(batch: SessionBatch): Promise<SessionRecord[]> {
      return db.transaction().execute(async (tx) => {
        const fresh = await unknown(tx, batch.sessions);
        if (fresh.length > 0) {
          await sql`insert into sessions (id, last, src, kind, scope, label, actor, sequence, noun)
            select (n->>'id')::uuid, (n->>'end')::float8, n->>'src', n->>'kind', n->>'scope', n->'labels'->>0, n->>'actor',
              n->'sequence'->>'value', n
            from jsonb_array_elements(${jsonText(fresh.map(slim))}::jsonb) as n on conflict (id) do nothing`.execute(
            tx,
          );
          await addIndicators(tx, fresh);
        }
        const grown = await addActors(tx, fresh, batch);
        const findings = batch.findings(fresh, grown);
        if (findings.length > 0) await writeFindings(tx, findings);
        if (batch.run) {
          const noun = jsonText(batch.run.state);
          await tx
            .insertInto('session_runs')
            .values({ run: batch.run.name, noun })
            .onConflict((on) => on.column('run').doUpdateSet({ noun }))
            .execute();
        }
        return fresh;
      });
    },

    /** Runs whose events were looked at in part, and how far. */
    async runs(): Promise<Map<string, SessionRun>> {
      const rows = await db.selectFrom('session_runs').select(['run', 'noun']).limit(most).execute();
      return new Map(rows.map(({ run, noun }) => [run, noun]));
    },

    async forgetRun(run: string): Promise<void> {
      await db.deleteFrom('session_runs').where('run', '=', run).execute();
    },

    /** What a classifier has to be told of the latest sessions after a restart, in their order. */
    async remembered(limit: number) {
      const rows = await db
        .selectFrom('sessions')
        .select('noun')
        .orderBy('last', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.reverse().map(({ noun }) => {
        const { id, run, session, sensor, src, end, sequence, traces } = sessionSchema.parse(noun);
        return { id, run, session, sensor, src, end, sequence, traces };
      });
    },

    /** The latest first. */
    async sessions(filter: SessionFilter & { ids?: string[] } = {}): Promise<SessionRecord[]> {
      let query = db
        .selectFrom('sessions')
        .select(['noun', 'actor'])
        .orderBy('last', 'desc')
        .orderBy('id', 'desc')
        .limit(limitOf(filter.limit));
      if (filter.since !== undefined) query = query.where('last', '>=', filter.since);
      if (filter.src) query = query.where('src', '=', filter.src);
      if (filter.kind) query = query.where('kind', '=', filter.kind);
      if (filter.scope) query = query.where('scope', '=', filter.scope);
      if (filter.actor) query = query.where('actor', '=', filter.actor);
      if (filter.label) query = query.where(sql<boolean>`noun->'labels' ? ${filter.label}`);
      if (filter.ids) {
        if (filter.ids.length === 0) return [];
        query = query.where('id', 'in', filter.ids);
      }
      return (await query.execute()).map(({ noun, actor }) => sessionSchema.parse({ ...noun, actor }));
    },

    async actors(
      filter: { id?: string; since?: number; addresses?: number; limit?: number } = {},
    ): Promise<Actor[]> {
      let query = db
        .selectFrom('actors')
        .select('noun')
        .orderBy('last', 'desc')
        .orderBy('id')
        .limit(limitOf(filter.limit));
      if (filter.id) query = query.where('id', '=', filter.id);
      if (filter.since !== undefined) query = query.where('last', '>=', filter.since);
      if (filter.addresses !== undefined) query = query.where('addresses', '>=', filter.addresses);
      return (await query.execute()).map(({ noun }) => actorSchema.parse(noun));
    },

    /** Addresses of an actor, the latest first. */
    async addresses(actor: string, limit?: number) {
      const { rows } = await sql<{ ip: string; sessions: string; first: number; last: number }>`
        select src as ip, count(*) as sessions, min((noun->>'start')::float8) as first, max(last) as last from sessions
        where actor = ${actor} group by src order by 4 desc, 1 limit ${limitOf(limit)}`.execute(db);
      return rows.map((row) => ({
        ip: row.ip,
        sessions: Number(row.sessions),
        first: Number(row.first),
        last: Number(row.last),
      }));
    },

    /** `match` is a part of the value. */
    async indicators(
      filter: { type?: string; match?: string; since?: number; limit?: number } = {},
    ): Promise<Indicator[]> {
      let query = db
        .selectFrom('indicators')
        .select('noun')
        .orderBy('last', 'desc')
        .orderBy('id')
        .limit(limitOf(filter.limit));
      if (filter.type) query = query.where('type', '=', filter.type);
      if (filter.since !== undefined) query = query.where('last', '>=', filter.since);
      if (filter.match) query = query.where(sql<boolean>`strpos(value, ${filter.match}) > 0`);
      return (await query.execute()).map(({ noun }) => indicatorSchema.parse(noun));
    },
  };
}

export type SessionStore = ReturnType<typeof createSessionStore>;

async function unknown(tx: Database, sessions: SessionRecord[]): Promise<SessionRecord[]> {
  const all = new Map(sessions.map((one) => [one.id, one]));
  if (all.size === 0) return [];
  const known = await tx
    .selectFrom('sessions')
    .select('id')
    .where('id', 'in', [...all.keys()])
    .execute();
  for (const { id } of known) all.delete(id);
  return [...all.values()];
}

/** Without what is empty: most sessions are short, and there are many. */
function slim(session: SessionRecord): Partial<SessionRecord> {
  const { traces, ...rest } = session;
  return { ...full(rest), traces: full(traces) as SessionRecord['traces'] };
}

function full<T extends object>(value: T): Partial<T> {
  const kept = Object.entries(value).filter(
    ([, one]) =>
      one !== null &&
      one !== undefined &&
      one !== 0 &&
      one !== '' &&
      !(Array.isArray(one) && one.length === 0),
  );
  return Object.fromEntries(kept) as Partial<T>;
}
