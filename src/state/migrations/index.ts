import type { Migration } from 'kysely';
import * as first from './0001-first.ts';
import * as imports from './0002-imports.ts';

/** In the order in which they are applied; names are kept in the database. */
export const migrations: Record<string, Migration> = {
  '0001-first': first,
  '0002-imports': imports,
};
