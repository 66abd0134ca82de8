import { bodyOf, collect, type Lake, literal } from '../lake/index.ts';
import { type Event, overheardKinds } from '../model/event.ts';

/** How far back detectors are shown what they had seen before a restart, in milliseconds, and how many events at the most. */
const windowMs = 3_600_000;
const eventLimit = 200_000;
const overheard = overheardKinds.map(literal).join(', ');

/**
 * The live events of the last hour, in the order in which they were taken in: in any other, the same evidence could make other
 * signals, and be decided twice. Answers of resolvers and certificates are left out: no detector looks at them, and there are many.
 */
export async function warmEvents(lake: Lake, now: number): Promise<{ events: Event[]; lastSeq: number }> {
  const sql = `SELECT *, toUnixTimestamp64Milli(time) AS time_ms, toUnixTimestamp64Milli(arrived) AS arrived_ms
    FROM events WHERE time > fromUnixTimestamp64Milli({from:Int64}) AND run = 'live' AND kind NOT IN (${overheard})
    ORDER BY seq DESC LIMIT ${eventLimit}`;
  const rows = await collect(lake.rows({ sql, params: { from: now - windowMs }, timeout: 60_000 }));
  const lastSeq = Number(rows[0]?.seq ?? 0);
  return { events: rows.reverse().map(eventOf), lastSeq };
}

/** An event from a row of the lake, with its times as `time_ms` and `arrived_ms`. */
export function eventOf(row: Record<string, unknown>): Event {
  const {
    id,
    time_ms,
    arrived_ms,
    sensor,
    session,
    protocol,
    transport,
    handshake,
    decoy,
    src_ip,
    src_port,
    dst_ip,
    dst_port,
  } = row;
  const address = (ip: unknown) => String(ip).replace(/^::ffff:(?=\d+\.)/, '');
  const fields = {
    kind: String(row.kind),
    user: String(row.user),
    secret: String(row.secret),
    ok: Number(row.ok),
    method: String(row.method),
    input: String(row.input),
    target: String(row.target),
    status: Number(row.status),
    url: String(row.url),
    sha256: String(row.sha256),
    size: Number(row.size),
    rest: String(row.rest),
    raw: String(row.raw),
  };
  return {
    id,
    time: Number(time_ms),
    arrived: Number(arrived_ms),
    sensor,
    session,
    protocol,
    transport,
    handshake,
    decoy: Boolean(decoy),
    src: { ip: address(src_ip), port: Number(src_port) },
    dst: { ip: address(dst_ip), port: Number(dst_port) },
    ...bodyOf(fields),
  } as Event;
}
