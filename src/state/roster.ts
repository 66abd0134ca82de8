import type { Member } from '../model/fleet.ts';
import type { Database } from './database.ts';

/** The sensors of the fleet: who was invited, who came, what each is to run. */
export function createRoster(db: Database) {
  const columns = ['name', 'invited', 'enrolled', 'revoked', 'serial', 'plan'] as const;
  const memberOf = ({ plan, ...row }: Omit<Member, 'plan'> & { plan: string | null }): Member => ({
    ...row,
    plan: plan === null ? null : JSON.parse(plan),
  });
  return {
    async list(): Promise<Member[]> {
      const rows = await db.selectFrom('members').select(columns).orderBy('name').execute();
      return rows.map(memberOf);
    },
    async get(name: string): Promise<Member | null> {
      const row = await db.selectFrom('members').select(columns).where('name', '=', name).executeTakeFirst();
      return row ? memberOf(row) : null;
    },
    /** Opens an invitation for a name: anew, or for one that has been in the fleet before. */
    async invite(name: string, secret: string, until: number, now: number): Promise<void> {
      const open = { secret, secret_until: until, invited: now };
      await db
        .insertInto('members')
        .values({ name, ...open, enrolled: null, revoked: null, serial: 0, plan: null })
        .onConflict((conflict) => conflict.column('name').doUpdateSet(open))
        .execute();
    },
    /** The name that an open invitation is for, which is used up by this, by one caller alone; null where there is none. */
    async redeem(secret: string, now: number): Promise<string | null> {
      const row = await db
        .updateTable('members')
        .set({ secret: null, enrolled: now, revoked: null })
        .where('secret', '=', secret)
        .where('secret_until', '>', now)
        .returning('name')
        .executeTakeFirst();
      return row?.name ?? null;
    },
    /** False where there is no such sensor. */
    async revoke(name: string, now: number): Promise<boolean> {
      const { numUpdatedRows } = await db
        .updateTable('members')
        .set({ revoked: now, secret: null })
        .where('name', '=', name)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    /** Keeps what a sensor is to run under the next number, which is returned; null where there is no such sensor. */
    async configure(name: string, plan: unknown): Promise<number | null> {
      const row = await db
        .updateTable('members')
        .set(({ eb }) => ({ plan: JSON.stringify(plan), serial: eb('serial', '+', 1) }))
        .where('name', '=', name)
        .returning('serial')
        .executeTakeFirst();
      return row?.serial ?? null;
    },
  };
}
export type Roster = ReturnType<typeof createRoster>;
