import type { Kysely } from 'kysely';

/** The sensors of the fleet. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const time = 'double precision' as const;
  await db.schema
    .createTable('members')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('invited', time, (column) => column.notNull())
    .addColumn('enrolled', time)
    .addColumn('revoked', time)
    .addColumn('secret', 'text')
    .addColumn('secret_until', time, (column) => column.notNull())
    .addColumn('serial', 'integer', (column) => column.notNull())
    .addColumn('plan', 'text')
    .execute();
  await db.schema.createIndex('members_secret').on('members').column('secret').unique().execute();
}
