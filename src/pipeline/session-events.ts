import { columns, type Lake } from '../lake/index.ts';
import type { Event } from '../model/event.ts';
import { eventOf } from './warm.ts';

/** An event with its number in the order of its run. */
export interface Numbered {
  event: Event;
  seq: number;
}

/** Events that are sorted at once. */
const windowRows = 50_000;
const timeout = 120_000;

/** What labels need of an event: its raw bytes only where they are all that there is of it. */
const list = [
  ...columns.flatMap(([name]) => (name === 'raw' ? [] : [name])),
  "if(kind = 'data' AND run = 'live', e.raw, '') AS raw",
  'toUnixTimestamp64Milli(time) AS time_ms',
  'toUnixTimestamp64Milli(arrived) AS arrived_ms',
].join(', ');

const numbered = (row: Record<string, unknown>): Numbered => ({ event: eventOf(row), seq: Number(row.seq) });

/** What decoys saw live after number `seq`, in its order, of events within these times. */
export async function* liveEvents(
  lake: Lake,
  { seq, from, to, limit }: { seq: number; from: number; to: number; limit: number },
): AsyncGenerator<Numbered> {
  const sql = `SELECT ${list} FROM (SELECT * FROM events WHERE run = 'live' AND decoy AND seq > {seq:UInt64}
      AND time BETWEEN fromUnixTimestamp64Milli({from:Int64}) AND fromUnixTimestamp64Milli({to:Int64})) AS e
    ORDER BY seq LIMIT {limit:UInt32}`;
  for await (const row of lake.rows({ sql, params: { seq, from, to, limit }, timeout })) yield numbered(row);
}

/** What decoys saw of an import's run, in the order of its own time; what has one time, in the order in which it was read. */
export async function* runEvents(lake: Lake, run: string): AsyncGenerator<Numbered> {
  for await (const { from, to } of windows(lake, 'run = {run:String} AND decoy', { run })) {
    const sql = `SELECT ${list} FROM (SELECT * FROM events WHERE run = {run:String} AND decoy
        AND time >= fromUnixTimestamp64Milli({from:Int64}) AND time < fromUnixTimestamp64Milli({to:Int64})) AS e
      ORDER BY time_ms, src_ip, seq`;
    for await (const row of lake.rows({ sql, params: { run, from, to }, timeout })) yield numbered(row);
  }
}

/** What decoys saw from a time on of these protocols, in the order of its own time. */
export async function* eventsSince(
  lake: Lake,
  { since, protocols }: { since: number; protocols: string[] },
): AsyncGenerator<Event> {
  const where =
    'decoy AND protocol IN {protocols:Array(String)} AND time >= fromUnixTimestamp64Milli({since:Int64})';
  for await (const { from, to } of windows(lake, where, { since, protocols })) {
    const sql = `SELECT ${list} FROM (SELECT * FROM events WHERE ${where}
        AND time >= fromUnixTimestamp64Milli({from:Int64}) AND time < fromUnixTimestamp64Milli({to:Int64})) AS e
      ORDER BY time_ms, src_ip, seq`;
    for await (const row of lake.rows({ sql, params: { since, protocols, from, to }, timeout }))
      yield eventOf(row);
  }
}

/** Spans of time that hold few enough events to be sorted at once; a minute is never cut. */
export async function* windows(
  lake: Lake,
  where: string,
  params: Record<string, string | number | string[]>,
): AsyncGenerator<{ from: number; to: number }> {
  const minute = 60_000;
  const sql = `SELECT toUnixTimestamp(toStartOfMinute(time)) AS minute, count() AS n FROM events
    WHERE ${where} GROUP BY minute ORDER BY minute`;
  let from: number | undefined;
  let to = 0;
  let rows = 0;
  for await (const row of lake.rows({ sql, params, timeout })) {
    const at = Number(row.minute) * 1_000;
    if (from !== undefined && rows + Number(row.n) > windowRows) {
      yield { from, to };
      from = undefined;
      rows = 0;
    }
    from ??= at;
    to = at + minute;
    rows += Number(row.n);
  }
  if (from !== undefined) yield { from, to };
}
