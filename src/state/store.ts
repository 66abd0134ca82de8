import { sql } from 'kysely';
import { type Decision, decisionSchema } from '../model/decision.ts';
import { type Finding, findingSchema } from '../model/finding.ts';
import type { Receipt } from '../model/receipt.ts';
import { type EvidenceClass, evidenceClassSchema, type Signal, signalSchema } from '../model/signal.ts';
import type { Database } from './database.ts';
import { jsonText } from './json.ts';

export interface StoredDecision {
  decision: Decision;
  ended: { how: string; time: number } | null;
}

/** One batch of what the pipeline learned, written in one transaction. */
export interface Batch {
  signals: Signal[];
  decisions: Decision[];
  ended: { decision: Decision; how: string; time: number }[];
  findings: Finding[];
  receipts: Receipt[];
  /** True where the signals come from a replay of old logs, which must not count against a source later. */
  replay: boolean;
}

export interface Filter {
  /** Earliest time, in milliseconds. */
  since?: number;
  subject?: string;
  limit?: number;
}

/** What is kept of one imported file; more fields go along. */
interface ImportRow {
  format: string;
  source: string;
}

const listLimit = 1_000;

/** Everything derived, by noun. What is read back is checked: a database after a crash, or edited by hand, is input. */
export function createStore(db: Database) {
  const limitOf = (filter: Filter) => Math.min(filter.limit ?? 100, 100_000) || listLimit;
  return {
    /** Idempotent: what has an id that is stored already changes nothing, but a finding is counted up. */
    async write(batch: Partial<Batch>): Promise<void> {
      const {
        signals = [],
        decisions = [],
        ended = [],
        findings = [],
        receipts = [],
        replay = false,
      } = batch;
      await db.transaction().execute(async (tx) => {
        // One parameter a statement, however many rows: binding each value costs more than storing it.
        for (const part of chunks(lastOfEach(signals))) {
          await sql`insert into signals (id, time, detector, subject, noun, replay)
            select (n->>'id')::uuid, (n->>'time')::float8, n->>'detector', n->'subject'->>'value', n, ${replay}::boolean
            from jsonb_array_elements(${jsonText(part)}::jsonb) as n
            on conflict (id) do update set replay = false where signals.replay and not excluded.replay`.execute(
            tx,
          );
        }
        // Most decisions of a replay have ended by the time that they are stored: one row is written, not two.
        const over = new Map(ended.map((one) => [one.decision.id, one]));
        for (const part of chunks(decisions)) {
          const rows = part.map((decision) => {
            const { how = null, time = null } = over.get(decision.id) ?? {};
            over.delete(decision.id);
            return { decision, how, time };
          });
          await sql`insert into decisions (id, time, source, until, mode, noun, ended_how, ended_at)
            select (n->>'id')::uuid, (n->>'time')::float8, n->'scope'->>'source', (n->>'until')::float8, n->>'mode', n,
              r->>'how', (r->>'time')::float8
            from jsonb_array_elements(${jsonText(rows)}::jsonb) as r, lateral (select r->'decision' as n) as of
            on conflict (id) do update set ended_how = excluded.ended_how, ended_at = excluded.ended_at
            where decisions.ended_at is null and excluded.ended_at is not null`.execute(tx);
        }
        for (const part of chunks([...over.values()])) {
          const rows = part.map(({ decision, how, time }) => ({ id: decision.id, how, time }));
          await sql`update decisions set ended_how = n->>'how', ended_at = (n->>'time')::float8
            from jsonb_array_elements(${jsonText(rows)}::jsonb) as n
            where decisions.id = (n->>'id')::uuid and ended_at is null`.execute(tx);
        }
        await writeFindings(tx, findings);
        for (const part of chunks(receipts)) {
          await sql`insert into receipts (decision, enforcer, time, state, reason)
            select (n->>'decision')::uuid, n->>'enforcer', (n->>'time')::float8, n->>'state', n->>'reason'
            from jsonb_array_elements(${jsonText(part)}::jsonb) as n`.execute(tx);
        }
      });
    },

    async signals(filter: Filter & { ids?: string[]; live?: boolean } = {}): Promise<Signal[]> {
      let query = db.selectFrom('signals').select('noun').orderBy('time', 'desc').limit(limitOf(filter));
      if (filter.since !== undefined) query = query.where('time', '>=', filter.since);
      if (filter.subject) query = query.where('subject', '=', filter.subject);
      if (filter.live) query = query.where('replay', '=', false);
      if (filter.ids) query = query.where('id', 'in', filter.ids.length > 0 ? filter.ids : [nobody]);
      return (await query.execute()).map(({ noun }) => signalSchema.parse(noun));
    },

    /**
     * The decoys that each source attacked live with evidence E4 or better from `since` to `until`, with the last time; the
     * `limit` latest, oldest first.
     */
    async decoys({ since, until, limit }: { since: number; until: number; limit: number }) {
      const { rows } = await sql<{
        subject: string;
        sensor: string;
        protocol: string;
        port: number;
        last: number;
      }>`
        select subject, t->>'sensor' as sensor, t->>'protocol' as protocol, (t->>'port')::int as port, max(time) as last
        from signals, jsonb_array_elements(noun->'targets') as t
        where time between ${since} and ${until} and not replay and noun->>'evidence' >= 'E4'
          and noun->'subject'->>'type' = 'ip' and (t->>'decoy')::boolean
        group by 1, 2, 3, 4 order by last desc limit ${limit}`.execute(db);
      return rows.reverse().map((row) => ({ ...row, port: Number(row.port), last: Number(row.last) }));
    },

    /** Who was seen live to log in from where at which host of ours, with the first time: the `limit` latest, oldest first. */
    async logins(limit: number) {
      const { rows } = await sql<{ subject: string; account: string; host: string; first: number }>`
        select subject, noun->>'account' as account, noun->'targets'->0->>'sensor' as host, min(time) as first
        from signals where noun->>'account' is not null and not replay
        group by 1, 2, 3 order by max(time) desc limit ${limit}`.execute(db);
      return rows.reverse().map((row) => ({ ...row, first: Number(row.first) }));
    },

    /** What sources did live since then that a handshake proves and that was sure enough: the `limit` latest, oldest first. */
    async offences({ since, confidence, limit }: { since: number; confidence: number; limit: number }) {
      const { rows } = await sql<{ subject: string; first: number; guessed: boolean; exploited: boolean }>`
        select subject, min(time) as first, bool_or(noun->'attack' @? '$[*] ? (@ starts with "T1110")') as guessed,
          bool_or(noun->>'evidence' = 'E5') as exploited
        from signals where time >= ${since} and not replay and noun->>'evidence' >= 'E3'
          and (noun->>'confidence')::float8 >= ${confidence} and noun->'subject'->>'type' = 'ip'
        group by 1 order by max(time) desc limit ${limit}`.execute(db);
      return rows.reverse().map((row) => ({ ...row, first: Number(row.first) }));
    },

    /** The best evidence class that any signal has against each of these subjects; those without a signal are left out. */
    async strongest(subjects: string[]): Promise<Map<string, EvidenceClass>> {
      if (subjects.length === 0) return new Map();
      const rows = await db
        .selectFrom('signals')
        .select(['subject', sql<string>`max(noun->>'evidence')`.as('evidence')])
        .where('subject', 'in', subjects)
        // A login that a real host let in is held against nobody.
        .where(sql<boolean>`noun->>'account' is null`)
        .groupBy('subject')
        .execute();
      return new Map(rows.map(({ subject, evidence }) => [subject, evidenceClassSchema.parse(evidence)]));
    },

    async decisions(filter: Filter & { id?: string; standing?: number } = {}): Promise<StoredDecision[]> {
      let query = db
        .selectFrom('decisions')
        .select(['noun', 'ended_how', 'ended_at'])
        .orderBy('time', 'desc')
        .orderBy('id', 'desc')
        .limit(limitOf(filter));
      if (filter.since !== undefined) query = query.where('time', '>=', filter.since);
      if (filter.subject) query = query.where('source', '=', filter.subject);
      if (filter.id) query = query.where('id', '=', filter.id);
      if (filter.standing !== undefined) {
        query = query.where('ended_at', 'is', null).where('until', '>', filter.standing);
      }
      return (await query.execute()).map(({ noun, ended_how, ended_at }) => ({
        decision: decisionSchema.parse(noun),
        ended: ended_how === null ? null : { how: ended_how, time: Number(ended_at) },
      }));
    },

    async findings(filter: Filter & { id?: string; type?: string } = {}): Promise<Finding[]> {
      let query = db.selectFrom('findings').select('noun').orderBy('last', 'desc').limit(limitOf(filter));
      if (filter.since !== undefined) query = query.where('last', '>=', filter.since);
      if (filter.subject) query = query.where('subject', '=', filter.subject);
      if (filter.id) query = query.where('id', '=', filter.id);
      if (filter.type) query = query.where('type', '=', filter.type);
      return (await query.execute()).map(({ noun }) => findingSchema.parse(noun));
    },

    async receipts(decision: string): Promise<Receipt[]> {
      const rows = await db
        .selectFrom('receipts')
        .select(['decision', 'enforcer', 'time', 'state', 'reason'])
        .where('decision', '=', decision)
        .orderBy('seq')
        .limit(listLimit)
        .execute();
      return rows as Receipt[];
    },

    /** Keeps what an import read and refused, a result for each file. */
    async recordImport(
      run: { id: string; time: number; live: boolean },
      results: ImportRow[],
    ): Promise<void> {
      const joined = (words: string[]) => [...new Set(words)].join(' ').slice(0, 4_096);
      await db
        .insertInto('imports')
        .values({
          id: run.id,
          time: run.time,
          format: joined(results.map(({ format }) => format)),
          source: joined(results.map(({ source }) => source)),
          noun: jsonText({ live: run.live, results }),
        })
        .execute();
    },

    /** Removes what ended or was last seen before `time`. Standing decisions stay. Returns how many rows went. */
    async expire(time: number): Promise<number> {
      const gone = [
        await db.deleteFrom('signals').where('time', '<', time).executeTakeFirst(),
        await db.deleteFrom('findings').where('last', '<', time).executeTakeFirst(),
        await db.deleteFrom('decisions').where('ended_at', '<', time).executeTakeFirst(),
        await db.deleteFrom('sessions').where('last', '<', time).executeTakeFirst(),
        await db.deleteFrom('actors').where('last', '<', time).executeTakeFirst(),
        await db.deleteFrom('indicators').where('last', '<', time).executeTakeFirst(),
        await db
          .deleteFrom('receipts')
          .where('time', '<', time)
          .where(sql<boolean>`decision not in (select id from decisions)`)
          .executeTakeFirst(),
      ];
      return gone.reduce((sum, { numDeletedRows }) => sum + Number(numDeletedRows), 0);
    },
  };
}

export type Store = ReturnType<typeof createStore>;

/** Stores findings as they are now, within the caller's transaction. */
export async function writeFindings(tx: Database, findings: Finding[]): Promise<void> {
  for (const part of chunks(lastOfEach(findings))) {
    await sql`insert into findings (id, last, severity, type, subject, noun)
      select (n->>'id')::uuid, (n->>'last')::float8, n->>'severity', n->>'type', n->'subject'->>'value', n
      from jsonb_array_elements(${jsonText(part)}::jsonb) as n
      on conflict (id) do update set last = excluded.last, severity = excluded.severity, noun = excluded.noun`.execute(
      tx,
    );
  }
}

const nobody = '00000000-0000-0000-0000-000000000000';

/** Statements of bounded size. */
function* chunks<T>(all: T[], size = 1_000): Generator<T[]> {
  for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size);
}

/** PostgreSQL refuses to update one row twice in a statement: of those with one id the last holds. */
function lastOfEach<T extends { id: string }>(all: T[]): T[] {
  return [...new Map(all.map((one) => [one.id, one])).values()];
}
