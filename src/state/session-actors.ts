import { sql } from 'kysely';
import type { Actor } from '../model/actor.ts';
import type { SessionRecord } from '../model/session.ts';
import type { Database } from './database.ts';
import { jsonText } from './json.ts';
import type { SessionBatch } from './session-store.ts';

/**
 * Counts these sessions for their actors, and unites those that turned out to be one, within the caller's transaction. Each session is
 * to be given once. Returns the actors that have more than one address only now.
 */
export async function addActors(
  tx: Database,
  fresh: readonly SessionRecord[],
  batch: Pick<SessionBatch, 'merges' | 'actors'>,
): Promise<Actor[]> {
  const { merges, actors } = batch;
  const named = new Set([
    ...fresh.flatMap(({ actor }) => actor ?? []),
    ...merges.flatMap(({ from, to }) => [from, to]),
  ]);
  if (named.size === 0) return [];
  const all = new Map<string, Actor>();
  const known = await tx
    .selectFrom('actors')
    .select('noun')
    .where('id', 'in', [...named])
    .execute();
  for (const { noun } of known) all.set(noun.id, noun);
  const joint = new Set(known.flatMap(({ noun }) => (noun.addresses > 1 ? noun.id : [])));
  for (const session of fresh) {
    if (session.actor === null) continue;
    const one = all.get(session.actor) ?? empty(session.actor, session);
    const labels = session.labels.slice(0, 1);
    all.set(session.actor, {
      ...one,
      first: Math.min(one.first, session.start),
      last: Math.max(one.last, session.end),
      sessions: one.sessions + 1,
      kinds: add(one.kinds, { [session.kind]: 1 }),
      labels: add(one.labels, Object.fromEntries(labels.map((label) => [label, 1]))),
      tools: add(one.tools, session.tool === null ? {} : { [session.tool]: 1 }),
    });
  }
  for (const { from, to } of merges) {
    const gone = all.get(from);
    all.delete(from);
    if (joint.has(from)) joint.add(to);
    if (gone) {
      const one = all.get(to);
      all.set(to, one ? joined(one, gone) : { ...gone, id: to });
    }
    await tx.updateTable('sessions').set({ actor: to }).where('actor', '=', from).execute();
    await tx.deleteFrom('actors').where('id', '=', from).execute();
  }
  for (const { id, addresses, joins } of actors) {
    const one = all.get(id);
    if (one)
      all.set(id, { ...one, addresses: Math.max(addresses, 1), joins: joins.length > 0 ? joins : one.joins });
  }
  if (all.size === 0) return [];
  await sql`insert into actors (id, last, addresses, noun)
    select n->>'id', (n->>'last')::float8, (n->>'addresses')::int, n from jsonb_array_elements(${jsonText([...all.values()])}::jsonb) as n
    on conflict (id) do update set last = excluded.last, addresses = excluded.addresses, noun = excluded.noun`.execute(
    tx,
  );
  return [...all.values()].filter(({ id, addresses }) => addresses > 1 && !joint.has(id));
}

function empty(id: string, { start, end }: SessionRecord): Actor {
  return {
    id,
    first: start,
    last: end,
    addresses: 1,
    sessions: 0,
    joins: [],
    kinds: {},
    labels: {},
    tools: {},
  };
}

function joined(one: Actor, gone: Actor): Actor {
  return {
    ...one,
    first: Math.min(one.first, gone.first),
    last: Math.max(one.last, gone.last),
    addresses: one.addresses + gone.addresses,
    sessions: one.sessions + gone.sessions,
    kinds: add(one.kinds, gone.kinds),
    labels: add(one.labels, gone.labels),
    tools: add(one.tools, gone.tools),
  };
}

/** Different names that a tally tells apart. */
const tallyLimit = 32;

function add(one: Record<string, number>, other: Record<string, number>): Record<string, number> {
  const sum = { ...one };
  for (const [name, count] of Object.entries(other))
    if (name in sum || Object.keys(sum).length < tallyLimit) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}
