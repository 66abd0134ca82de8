/** A sealed file of RowBinary rows, as the journal writes it: one block of one insert. */
export interface Segment {
  path: string;
  /** Its name and hash: a segment that is loaded twice is stored once. */
  token: string;
  rows: number;
  /**
   * Set where some rows may have been stored by another segment, as when a log file is read again: the earliest and latest
   * event times, in milliseconds. Rows with an id that the lake holds are then left out.
   */
  overlaps?: { from: number; to: number };
}

/** SQL with `{name:Type}` placeholders; values never enter its text. */
export interface Query {
  sql: string;
  params?: Record<string, string | number | string[] | number[]>;
  /** Milliseconds after which the engine gives up (default 30,000). */
  timeout?: number;
  signal?: AbortSignal;
}

export type Row = Record<string, unknown>;

/** Every event, queryable for years. All that the rest of the system asks of a ClickHouse, embedded or a cluster. */
export interface Lake {
  /** Stores a segment; once it resolves, the rows can be read and survive a crash. Safe to repeat. */
  load(segment: Segment): Promise<void>;
  /** Streams the rows of a read-only query. Stops the engine where the caller stops early. */
  rows(query: Query): AsyncIterable<Row>;
  /** Runs one statement that changes the lake: a migration, retention. Never anything that an attacker or a user wrote. */
  command(sql: string): Promise<void>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** All rows of a query that is known to give few. */
export async function collect<T = Row>(rows: AsyncIterable<Row>): Promise<T[]> {
  const all: T[] = [];
  for await (const row of rows) all.push(row as T);
  return all;
}
