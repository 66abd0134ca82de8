import type { Query, Segment } from './lake.ts';

/** One request a connection, as one JSON line; the answer is rows as JSON lines, then `!end` or `!error "…"`. */
export type Request = { secret: string } & (
  | { op: 'load'; segment: Segment }
  | { op: 'command'; sql: string }
  | { op: 'rows'; query: Pick<Query, 'sql' | 'params'> }
  | { op: 'ping' }
);

/** Characters of a request at the most. */
export const requestLimit = 4 * 1024 * 1024;
