import { mkdirSync } from 'node:fs';
import type { Session } from 'chdb';
import { Fault } from '../kit/fault.ts';
import type { Query, Segment } from './lake.ts';
import { insertSql, literal, structureLiteral } from './schema.ts';

/** chDB behind the lake's operations: one session that writes, and a few that read, since a session is serial. */
export interface Engine {
  load(segment: Segment): Promise<void>;
  command(sql: string): Promise<void>;
  /** Rows as JSON lines, in chunks that end at a line's end. */
  rows(query: Pick<Query, 'sql' | 'params'>, signal: AbortSignal): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

const limits = {
  /** Queries at a time; more wait in line. */
  readers: 3,
  /** Queries that wait in line; more are refused. */
  waiting: 256,
  readMemoryBytes: 4 * 1024 ** 3,
  writeMemoryBytes: 6 * 1024 ** 3,
  /** What the engine itself enforces; callers may give up earlier. */
  readSeconds: 60,
};

export async function openEngine(folder: string): Promise<Engine> {
  const { Session } = await import('chdb').catch((cause: unknown) => {
    throw new Fault('lake-missing', '', { cause });
  });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const writer = new Session(folder);
  writer.query(`SET max_memory_usage = ${limits.writeMemoryBytes}`);
  const pool = readers(Array.from({ length: limits.readers }, () => new Session(folder)));
  return {
    async load(segment) {
      const source = `file(${literal(segment.path)}, 'RowBinary', ${structureLiteral})`;
      await writer.queryAsync(insertSql(source, segment));
    },
    async command(sql) {
      await writer.queryAsync(sql);
    },
    async *rows({ sql, params = {} }, signal) {
      const reader = await pool.take();
      try {
        const stream = reader.queryStreamBind(sql, params, { format: 'JSONEachRow', signal });
        for await (const chunk of stream) yield chunk.raw();
      } finally {
        pool.give(reader);
      }
    },
    async close() {
      pool.close();
      writer.close();
      const { drainPending } = await import('chdb');
      await drainPending();
    },
  };
}

/** Hands out sessions in turn. Each may only read (`readonly = 1` also refuses `file()`, `url()` and their like). */
function readers(sessions: Session[]) {
  const free = [...sessions];
  const waiting: ((session: Session) => void)[] = [];
  for (const session of sessions) {
    session.query(`SET max_memory_usage = ${limits.readMemoryBytes}`);
    session.query(`SET max_execution_time = ${limits.readSeconds}`);
    session.query('SET output_format_json_quote_64bit_integers = 0');
    session.query('SET readonly = 1');
  }
  return {
    async take(): Promise<Session> {
      const session = free.pop();
      if (session) return session;
      if (waiting.length >= limits.waiting)
        throw new Fault('unavailable', 'Too many queries wait for the lake.');
      return new Promise((resolve) => waiting.push(resolve));
    },
    give(session: Session): void {
      const next = waiting.shift();
      if (next) next(session);
      else free.push(session);
    },
    close(): void {
      for (const session of sessions) session.close();
    },
  };
}
