import type { Migration } from 'kysely';
import * as first from './0001-first.ts';
import * as imports from './0002-imports.ts';
import * as replays from './0003-replays.ts';
import * as sessions from './0004-sessions.ts';
import * as members from './0005-members.ts';

/** In the order in which they are applied; names are kept in the database. */
export const migrations: Record<string, Migration> = {
  '0001-first': first,
  '0002-imports': imports,
  '0003-replays': replays,
  '0004-sessions': sessions,
  '0005-members': members,
};
