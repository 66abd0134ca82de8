import { normalName } from '../../kit/domain-name.ts';
import { type Lake, literal, type Row } from '../../lake/index.ts';
import { answersOf } from '../../model/answers.ts';
import { type Event, type EventOf, overheardKinds } from '../../model/event.ts';
import { dayOf } from '../../reputation/graph/places.ts';
import { windows } from '../session-events.ts';
import { eventOf } from '../warm.ts';
import { sourceOf } from './beginnings.ts';
import type { Taken, TakenAnswer } from './messages.ts';

/** Answers that are given on at once. */
const batchRows = 5_000;
const timeout = 120_000;
const ours = `kind IN (${overheardKinds.map(literal).join(', ')})`;

/** Answers and certificates in the order in which they were read. */
export interface AnswerBatch {
  answers: Taken[];
  /** Rows that were read; `refused` of them have no name. */
  rows: number;
  refused: number;
  /** The number of the last one, in what is live. */
  seq: number;
}

/** Is told of what each source saw, from a day to another. */
export type Saw = (source: string, from: number, to: number) => void;

/** Answers that came live after number `seq`, in their order, of events within these times. */
export async function* liveAnswers(
  lake: Lake,
  { seq, from, to }: { seq: number; from: number; to: number },
  saw: Saw,
): AsyncGenerator<AnswerBatch> {
  const sql = select(`run = 'live' AND seq > {seq:UInt64}
    AND e.time BETWEEN fromUnixTimestamp64Milli({from:Int64}) AND fromUnixTimestamp64Milli({to:Int64})
    ORDER BY seq LIMIT {limit:UInt32}`);
  for (let after = seq; ; ) {
    const params = { seq: after, from, to, limit: batchRows };
    let rows = 0;
    for await (const batch of batches(lake.rows({ sql, params, timeout }), saw)) {
      rows += batch.rows;
      after = batch.seq;
      yield batch;
    }
    if (rows < batchRows) return;
  }
}

/** All answers that the lake holds, or those of one run, by their times. */
export async function* storedAnswers(lake: Lake, saw: Saw, run?: string): AsyncGenerator<AnswerBatch> {
  const where = run === undefined ? ours : `${ours} AND run = {run:String}`;
  const params: Record<string, string> = run === undefined ? {} : { run };
  for await (const { from, to } of windows(lake, where, params)) {
    const sql = select(`${run === undefined ? 'true' : 'run = {run:String}'}
      AND e.time >= fromUnixTimestamp64Milli({from:Int64}) AND e.time < fromUnixTimestamp64Milli({to:Int64})
       ORDER BY e.time`);
    yield* batches(lake.rows({ sql, params: { ...params, from, to }, timeout }), saw);
  }
}

/** The number of the last answer that came live; 0 where none did. */
export async function lastLive(lake: Lake): Promise<number> {
  const sql = `SELECT max(seq) AS seq FROM events WHERE ${ours} AND run = 'live'`;
  for await (const row of lake.rows({ sql, timeout })) return Number(row.seq);
  return 0;
}

async function* batches(rows: AsyncIterable<Row>, saw: Saw): AsyncGenerator<AnswerBatch> {
  let batch: AnswerBatch = { answers: [], rows: 0, refused: 0, seq: 0 };
  for await (const row of rows) {
    const event = eventOf(row);
    const taken = takenOf(event);
    if (taken === null) batch.refused++;
    else {
      const since = firstOf(event, taken);
      if (since !== null) batch.answers.push(since);
      batch.answers.push(taken);
      saw(sourceOf(String(row.run), event.sensor), (since ?? taken).day, taken.day);
    }
    batch.rows++;
    batch.seq = Number(row.seq);
    if (batch.rows < batchRows) continue;
    yield batch;
    batch = { answers: [], rows: 0, refused: 0, seq: 0 };
  }
  if (batch.rows > 0) yield batch;
}

/** What was put together over a span of days was there on the first of them too: its event is of the last. */
function firstOf(event: Event, taken: Taken): TakenAnswer | null {
  if (event.kind !== 'answer' || event.first === undefined || 'fingerprint' in taken) return null;
  const day = dayOf(event.first);
  return day < taken.day ? { name: taken.name, items: taken.items, day } : null;
}

/** What the graph takes of an event; null for what has no name. */
function takenOf(event: Event): Taken | null {
  const day = dayOf(event.time);
  if (event.kind === 'certificate') {
    const { fingerprint, name, matches, names, dst } = event;
    return {
      ...{ fingerprint, day, ...(names && { names }), ...(dst.ip !== nobody && { ip: dst.ip }) },
      ...(name !== undefined && { name, ...(matches !== undefined && { matches }) }),
    };
  }
  const name = event.kind === 'answer' ? normalName(event.name) : null;
  if (event.kind !== 'answer' || name === null) return null;
  const { time, rcode, src } = event;
  const asked = { client: src.ip, time, ...(rcode !== undefined && { rcode }) };
  return { ...{ name, items: answersOf(event), day }, ...(isClient(event) && { asked }) };
}

/** Whether it is told who asked, and that was no resolver which asks for many. */
function isClient({ src, detail }: EventOf<'answer'>): boolean {
  const message = detail?.message;
  return (
    src.ip !== nobody && src.ip !== '::' && !(typeof message === 'string' && message.startsWith('RESOLVER'))
  );
}
const nobody = '0.0.0.0';

const select = (where: string) =>
  `SELECT *, toUnixTimestamp64Milli(time) AS time_ms, toUnixTimestamp64Milli(arrived) AS arrived_ms
  FROM events AS e WHERE e.${ours} AND ${where}`;
