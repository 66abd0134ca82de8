import { mkdirSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { Kysely, type Migration, Migrator, PostgresDialect } from 'kysely';
import { PGliteDialect } from 'kysely-pglite-dialect';
import pg from 'pg';
import { Fault } from '../kit/fault.ts';
import { migrations } from './migrations/index.ts';
import type { Tables } from './tables.ts';

export type Database = Kysely<Tables>;

/** Where the state lives: a folder for PostgreSQL in this process (PGlite), or the URL of a server. */
export type StatePlace = { folder: string } | { url: string };

/** Opens the state and brings it to this version's schema. One process owns a folder: two would lose rows without an error. */
export async function openDatabase(
  place: StatePlace,
  steps: Record<string, Migration> = migrations,
): Promise<Database> {
  const db = new Kysely<Tables>({ dialect: dialectOf(place) });
  const migrator = new Migrator({ db, provider: { getMigrations: async () => steps } });
  const { error } = await migrator.migrateToLatest();
  if (error) {
    await db.destroy().catch(() => {});
    throw new Fault('unavailable', 'The state could not be brought to this version.', { cause: error });
  }
  return db;
}

function dialectOf(place: StatePlace) {
  if ('url' in place) {
    return new PostgresDialect({ pool: new pg.Pool({ connectionString: place.url, max: 4 }) });
  }
  mkdirSync(place.folder, { recursive: true, mode: 0o700 });
  return new PGliteDialect(new PGlite(place.folder));
}
