import type { Database } from './database.ts';

/** One entry of the never-block list, as people keep it; checked where it is used. */
export interface NeverBlockRow {
  block: string;
  level: 'hard' | 'caution';
  most: string;
  owner: string;
  reason: string;
  expires: number;
}

/** The one list of what is never denied: every part that asks gets it from here. */
export function createNeverBlockStore(db: Database) {
  return {
    async list(): Promise<NeverBlockRow[]> {
      const rows = await db
        .selectFrom('never_block')
        .select(['block', 'level', 'most', 'owner', 'reason', 'expires'])
        .orderBy('block')
        .execute();
      return rows as NeverBlockRow[];
    },
    async add(entry: NeverBlockRow, now: number): Promise<void> {
      await db
        .insertInto('never_block')
        .values({ ...entry, created: now })
        .onConflict((conflict) => conflict.column('block').doUpdateSet({ ...entry, created: now }))
        .execute();
    },
    /** False where there was no such entry. */
    async remove(block: string): Promise<boolean> {
      const { numDeletedRows } = await db
        .deleteFrom('never_block')
        .where('block', '=', block)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
  };
}

export type NeverBlockStore = ReturnType<typeof createNeverBlockStore>;
