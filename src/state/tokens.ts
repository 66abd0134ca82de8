import { createHash, randomBytes } from 'node:crypto';
import type { Database } from './database.ts';

/** Access tokens: shown once, kept as their SHA-256 (they are 256 random bits: a slow hash would add nothing). */
export function createTokens(db: Database) {
  const hashOf = (token: string) => createHash('sha256').update(token).digest('hex');
  return {
    async create(name: string, now: number, lifetimeMs: number): Promise<string> {
      const token = `caltrop_${randomBytes(32).toString('base64url')}`;
      await db
        .insertInto('tokens')
        .values({ hash: hashOf(token), name, created: now, expires: now + lifetimeMs })
        .execute();
      return token;
    },
    /** The name that a token was made for, or null. */
    async check(token: string, now: number): Promise<string | null> {
      const row = await db
        .selectFrom('tokens')
        .select(['name', 'expires'])
        .where('hash', '=', hashOf(token))
        .executeTakeFirst();
      return row && row.expires > now ? row.name : null;
    },
    /** Takes a token away: a sign-in link works once. */
    async revoke(token: string): Promise<void> {
      await db.deleteFrom('tokens').where('hash', '=', hashOf(token)).execute();
    },
    async expire(now: number): Promise<void> {
      await db.deleteFrom('tokens').where('expires', '<', now).execute();
    },
  };
}

export type Tokens = ReturnType<typeof createTokens>;
