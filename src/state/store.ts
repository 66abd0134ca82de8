import { sql } from 'kysely';
import { type Decision, decisionSchema } from '../model/decision.ts';
import { type Finding, findingSchema } from '../model/finding.ts';
import type { Receipt } from '../model/receipt.ts';
import { type EvidenceClass, evidenceClassSchema, type Signal, signalSchema } from '../model/signal.ts';
import type { Database } from './database.ts';

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
      const { signals = [], decisions = [], ended = [], findings = [], receipts = [] } = batch;
      await db.transaction().execute(async (tx) => {
        for (const part of chunks(signals)) {
          await tx
            .insertInto('signals')
            .values(
              part.map((one) => ({
                id: one.id,
                time: one.time,
                detector: one.detector,
                subject: one.subject.value,
                noun: JSON.stringify(one),
              })),
            )
            .onConflict((conflict) => conflict.column('id').doNothing())
            .execute();
        }
        for (const part of chunks(decisions)) {
          await tx
            .insertInto('decisions')
            .values(
              part.map((one) => ({
                id: one.id,
                time: one.time,
                source: one.scope.source,
                until: one.until,
                mode: one.mode,
                ended_how: null,
                ended_at: null,
                noun: JSON.stringify(one),
              })),
            )
            .onConflict((conflict) => conflict.column('id').doNothing())
            .execute();
        }
        for (const { decision, how, time } of ended) {
          await tx
            .updateTable('decisions')
            .set({ ended_how: how, ended_at: time })
            .where('id', '=', decision.id)
            .where('ended_at', 'is', null)
            .execute();
        }
        for (const part of chunks(lastOfEach(findings))) {
          await tx
            .insertInto('findings')
            .values(
              part.map((one) => ({
                id: one.id,
                last: one.last,
                severity: one.severity,
                type: one.type,
                subject: one.subject.value,
                noun: JSON.stringify(one),
              })),
            )
            .onConflict((conflict) =>
              conflict.column('id').doUpdateSet((eb) => ({
                last: eb.ref('excluded.last'),
                severity: eb.ref('excluded.severity'),
                noun: eb.ref('excluded.noun'),
              })),
            )
            .execute();
        }
        for (const part of chunks(receipts)) await tx.insertInto('receipts').values(part).execute();
      });
    },

    async signals(filter: Filter & { ids?: string[] } = {}): Promise<Signal[]> {
      let query = db.selectFrom('signals').select('noun').orderBy('time', 'desc').limit(limitOf(filter));
      if (filter.since !== undefined) query = query.where('time', '>=', filter.since);
      if (filter.subject) query = query.where('subject', '=', filter.subject);
      if (filter.ids) query = query.where('id', 'in', filter.ids.length > 0 ? filter.ids : [nobody]);
      return (await query.execute()).map(({ noun }) => signalSchema.parse(noun));
    },

    /** The best evidence class that any signal has against each of these subjects; those without a signal are left out. */
    async strongest(subjects: string[]): Promise<Map<string, EvidenceClass>> {
      if (subjects.length === 0) return new Map();
      const rows = await db
        .selectFrom('signals')
        .select(['subject', sql<string>`max(noun->>'evidence')`.as('evidence')])
        .where('subject', 'in', subjects)
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

    async findings(filter: Filter & { id?: string } = {}): Promise<Finding[]> {
      let query = db.selectFrom('findings').select('noun').orderBy('last', 'desc').limit(limitOf(filter));
      if (filter.since !== undefined) query = query.where('last', '>=', filter.since);
      if (filter.subject) query = query.where('subject', '=', filter.subject);
      if (filter.id) query = query.where('id', '=', filter.id);
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
          noun: JSON.stringify({ live: run.live, results }),
        })
        .execute();
    },

    /** Removes what ended or was last seen before `time`. Standing decisions stay. Returns how many rows went. */
    async expire(time: number): Promise<number> {
      const gone = [
        await db.deleteFrom('signals').where('time', '<', time).executeTakeFirst(),
        await db.deleteFrom('findings').where('last', '<', time).executeTakeFirst(),
        await db.deleteFrom('decisions').where('ended_at', '<', time).executeTakeFirst(),
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

const nobody = '00000000-0000-0000-0000-000000000000';

/** One statement binds 65,535 values at the most; ours stay far below. */
function* chunks<T>(all: T[], size = 500): Generator<T[]> {
  for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size);
}

/** PostgreSQL refuses to update one row twice in a statement: of findings with one id the last holds. */
function lastOfEach(findings: Finding[]): Finding[] {
  return [...new Map(findings.map((one) => [one.id, one])).values()];
}
