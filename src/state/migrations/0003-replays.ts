import type { Kysely } from 'kysely';

/** Tells what live traffic showed from what a replay of old logs did: after a start only the first counts against a source. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('signals')
    .addColumn('replay', 'boolean', (column) => column.notNull().defaultTo(false))
    .execute();
}
