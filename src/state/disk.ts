import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Database, StatePlace } from './database.ts';

export interface Fitted {
  /** Bytes that the state takes now. */
  bytes: number;
  /** Rows that went to make room. */
  removed: number;
  /** True where it still takes more than it may: what is left must stay. */
  over: boolean;
}

/** Tables that rows leave from, again and again. */
const pruned = ['signals', 'findings', 'decisions', 'receipts', 'sessions', 'actors', 'indicators'];

/** Down to which share of the budget room is made, so that it need not be made again at once. */
const roomShare = 0.8;
const rounds = 6;

interface Prunable {
  table: 'signals' | 'findings' | 'decisions' | 'sessions' | 'actors' | 'indicators';
  /** Which of its rows may go, and what tells their age. */
  where: string;
  by: string;
}

/** Proof of what stands stays as long as it stands. */
const unneeded =
  "id not in (select (jsonb_array_elements_text(noun->'because'))::uuid from decisions where ended_at is null and until > $now)";

/** What replays left goes first, and then everything by its age. Nothing else is ever removed for want of room. */
const replays: Prunable[] = [
  { table: 'signals', where: `replay and ${unneeded}`, by: 'time' },
  { table: 'decisions', where: "mode = 'simulate' and ended_at is null and until <= $now", by: 'until' },
];
const rest: Prunable[] = [
  { table: 'signals', where: unneeded, by: 'time' },
  { table: 'findings', where: 'true', by: 'last' },
  { table: 'sessions', where: 'true', by: 'last' },
  { table: 'actors', where: 'true', by: 'last' },
  { table: 'indicators', where: 'true', by: 'last' },
  { table: 'decisions', where: 'ended_at is not null', by: 'ended_at' },
];

/**
 * Bytes on disk: of the folder, or what a server says of our database. Its write-ahead log is left out: no row that goes makes it
 * smaller, only the checkpoints do that keep it in bounds.
 */
export async function stateBytes(db: Database, place: StatePlace): Promise<number> {
  if ('folder' in place) return folderBytes(place.folder);
  const { rows } = await sql<{ bytes: string }>`select pg_database_size(current_database()) as bytes`.execute(
    db,
  );
  return Number(rows[0]?.bytes ?? 0);
}

/**
 * Keeps the state within its disk budget: removes the oldest signals of replays, then the oldest signals, findings,
 * sessions with what they came to, and ended decisions, and gives the room back to the file system. Standing decisions, never-block, tokens and imports stay.
 */
export async function fitState(
  db: Database,
  place: StatePlace,
  { diskBytes, now }: { diskBytes: number; now: number },
): Promise<Fitted> {
  if ('folder' in place) await tend(db);
  let bytes = await stateBytes(db, place);
  let removed = 0;
  if (bytes <= diskBytes) return { bytes, removed, over: false };
  // Room that earlier removals left inside the files may be all that is needed.
  await compact(db);
  for (let round = 0; round < rounds; round++) {
    bytes = await stateBytes(db, place);
    if (bytes <= diskBytes * roomShare) break;
    const gone = await prune(db, bytes - diskBytes * roomShare, now);
    if (gone === 0) break;
    removed += gone;
    await compact(db);
  }
  bytes = await stateBytes(db, place);
  return { bytes, removed, over: bytes > diskBytes };
}

/** PGlite has neither autovacuum nor a checkpointer: without this, dead rows and the write-ahead log only ever grow. */
async function tend(db: Database): Promise<void> {
  for (const table of pruned) await sql`vacuum ${sql.table(table)}`.execute(db);
  await sql`checkpoint`.execute(db);
}

async function compact(db: Database): Promise<void> {
  for (const table of pruned) await sql`vacuum full ${sql.table(table)}`.execute(db);
  // A role on a server may not be allowed to; there the server does it by itself.
  await sql`checkpoint`.execute(db).catch(() => {});
}

/** Removes about so many bytes of rows: of replays where there are any, else of the oldest of each kind. */
async function prune(db: Database, excess: number, now: number): Promise<number> {
  let gone = 0;
  for (const some of [replays, rest]) {
    const sized = [];
    for (const one of some) sized.push({ ...one, ...(await sizeOf(db, one, now)) });
    const total = sized.reduce((sum, { bytes }) => sum + bytes, 0);
    if (total === 0) continue;
    const share = Math.min(1, excess / total);
    for (const { table, where, by, rows } of sized) {
      const { numAffectedRows } = await sql`delete from ${sql.table(table)} where id in
        (select id from ${sql.table(table)} where ${bound(where, now)} order by ${sql.ref(by)} limit ${Math.ceil(rows * share)})`.execute(
        db,
      );
      gone += Number(numAffectedRows ?? 0);
    }
    if (share < 1) break;
    excess -= total;
  }
  if (gone > 0) await sql`delete from receipts where decision not in (select id from decisions)`.execute(db);
  return gone;
}

/** How many rows of this kind there are, and which part of the table's bytes they take. */
async function sizeOf(db: Database, { table, where }: Prunable, now: number) {
  const { rows } = await sql<{ rows: string; all: string; bytes: string }>`
    select count(*) filter (where ${bound(where, now)}) as rows, count(*) as all, pg_total_relation_size(${table}) as bytes
    from ${sql.table(table)}`.execute(db);
  const count = Number(rows[0]?.rows ?? 0);
  const all = Number(rows[0]?.all ?? 0);
  return { rows: count, bytes: all === 0 ? 0 : (Number(rows[0]?.bytes ?? 0) * count) / all };
}

function bound(where: string, now: number) {
  const [before = '', after] = where.split('$now');
  return after === undefined
    ? sql.raw<boolean>(before)
    : sql<boolean>`${sql.raw(before)}${now}::float8${sql.raw(after)}`;
}

function folderBytes(path: string): number {
  let sum = 0;
  for (const entry of readdirSync(path, { withFileTypes: true, recursive: true }))
    if (entry.isFile() && !entry.parentPath.endsWith('pg_wal'))
      sum += statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0;
  return sum;
}
