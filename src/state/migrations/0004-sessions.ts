import type { Kysely } from 'kysely';

/** Keeps what whole sessions were found to be, whose they are, what they gave away, and how far the events were looked at. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const time = 'double precision' as const;
  await db.schema
    .createTable('sessions')
    .addColumn('id', 'uuid', (column) => column.primaryKey())
    .addColumn('last', time, (column) => column.notNull())
    .addColumn('src', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('scope', 'text', (column) => column.notNull())
    .addColumn('label', 'text')
    .addColumn('actor', 'text')
    .addColumn('sequence', 'text')
    .addColumn('noun', 'jsonb', (column) => column.notNull())
    .execute();
  for (const column of ['src', 'actor', 'label', 'sequence'])
    await db.schema.createIndex(`sessions_${column}`).on('sessions').columns([column, 'last']).execute();
  await db.schema.createIndex('sessions_last').on('sessions').column('last').execute();
  await db.schema
    .createTable('actors')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('last', time, (column) => column.notNull())
    .addColumn('addresses', 'integer', (column) => column.notNull())
    .addColumn('noun', 'jsonb', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('actors_last').on('actors').column('last').execute();
  await db.schema
    .createTable('indicators')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('last', time, (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .addColumn('noun', 'jsonb', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('indicators_last').on('indicators').column('last').execute();
  await db.schema
    .createTable('session_runs')
    .addColumn('run', 'text', (column) => column.primaryKey())
    .addColumn('noun', 'jsonb', (column) => column.notNull())
    .execute();
}
