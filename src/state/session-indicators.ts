import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Indicator } from '../model/indicator.ts';
import type { SessionRecord } from '../model/session.ts';
import type { Database } from './database.ts';
import { jsonText } from './json.ts';

/** Sessions and labels of an indicator that are named: the latest. */
const latestLimit = 16;

function indicatorId(type: string, value: string): string {
  return createHash('sha256').update(`${type}\n${value}`).digest('hex').slice(0, 32);
}

/** Counts what these sessions gave away, within the caller's transaction. Each session is to be given once. */
export async function addIndicators(tx: Database, sessions: readonly SessionRecord[]): Promise<void> {
  const all = new Map<string, Indicator>();
  const seen = sessions.flatMap((session) => session.indicators.map((one) => ({ session, one })));
  if (seen.length === 0) return;
  const ids = [...new Set(seen.map(({ one }) => indicatorId(one.type, one.value)))];
  const known = await tx.selectFrom('indicators').select('noun').where('id', 'in', ids).execute();
  for (const { noun } of known) all.set(noun.id, noun);
  for (const { session, one } of seen) {
    const id = indicatorId(one.type, one.value);
    const before = all.get(id);
    all.set(id, {
      id,
      type: one.type,
      value: one.value,
      says: before?.says ?? one.says,
      first: Math.min(before?.first ?? session.start, session.start),
      last: Math.max(before?.last ?? session.end, session.end),
      sessions: (before?.sessions ?? 0) + 1,
      labels: [...new Set([...(before?.labels ?? []), ...session.labels])].slice(0, latestLimit),
      because: [session.id, ...(before?.because ?? [])].slice(0, latestLimit),
    });
  }
  await sql`insert into indicators (id, last, type, value, noun)
    select n->>'id', (n->>'last')::float8, n->>'type', n->>'value', n from jsonb_array_elements(${jsonText([...all.values()])}::jsonb) as n
    on conflict (id) do update set last = excluded.last, noun = excluded.noun`.execute(tx);
}
