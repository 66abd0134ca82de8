import type { Kysely } from 'kysely';

const time = 'double precision' as const;

/** The first schema. Released migrations are never edited: the next change is the next file. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('signals')
    .addColumn('id', 'uuid', (column) => column.primaryKey())
    .addColumn('time', time, (column) => column.notNull())
    .addColumn('detector', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('noun', 'jsonb', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('signals_subject').on('signals').columns(['subject', 'time']).execute();
  await db.schema
    .createTable('decisions')
    .addColumn('id', 'uuid', (column) => column.primaryKey())
    .addColumn('time', time, (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('until', time, (column) => column.notNull())
    .addColumn('mode', 'text', (column) => column.notNull())
    .addColumn('ended_how', 'text')
    .addColumn('ended_at', time)
    .addColumn('noun', 'jsonb', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('decisions_source').on('decisions').columns(['source', 'time']).execute();
  await db.schema
    .createTable('findings')
    .addColumn('id', 'uuid', (column) => column.primaryKey())
    .addColumn('last', time, (column) => column.notNull())
    .addColumn('severity', 'text', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('noun', 'jsonb', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('receipts')
    .addColumn('seq', 'bigserial', (column) => column.primaryKey())
    .addColumn('decision', 'uuid', (column) => column.notNull())
    .addColumn('enforcer', 'text', (column) => column.notNull())
    .addColumn('time', time, (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('receipts_decision').on('receipts').column('decision').execute();
  await db.schema
    .createTable('never_block')
    .addColumn('block', 'text', (column) => column.primaryKey())
    .addColumn('level', 'text', (column) => column.notNull())
    .addColumn('most', 'text', (column) => column.notNull())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('expires', time, (column) => column.notNull())
    .addColumn('created', time, (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('tokens')
    .addColumn('hash', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('created', time, (column) => column.notNull())
    .addColumn('expires', time, (column) => column.notNull())
    .execute();
}
