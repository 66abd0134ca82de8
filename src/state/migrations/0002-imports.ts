import type { Kysely } from 'kysely';

/** Keeps what each import read and refused, and finds standing decisions and recent findings without a scan. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('imports')
    .addColumn('id', 'uuid', (column) => column.primaryKey())
    .addColumn('time', 'double precision', (column) => column.notNull())
    .addColumn('format', 'text', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('noun', 'jsonb', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('decisions_until').on('decisions').columns(['ended_at', 'until']).execute();
  await db.schema.createIndex('findings_last').on('findings').column('last').execute();
  await db.schema.createIndex('signals_time').on('signals').column('time').execute();
}
