import { normalName } from '../kit/domain-name.ts';
import type { Lake } from '../lake/index.ts';
import { answersOf } from '../model/answers.ts';
import type { EventOf } from '../model/event.ts';
import { dayOf } from '../reputation/graph/observe.ts';
import type { TakenAnswer } from './domains-messages.ts';
import { eventOf } from './warm.ts';

/** Answers that are read from the lake at once. */
const batchRows = 5_000;

/** Where a row stands: by its number in what is live, by its id elsewhere. */
export interface AnswerRow {
  seq: number;
  id: string;
}

/**
 * Answers that the lake holds behind a place, batch by batch; the next one is asked for with `params` as they are then, and ends where
 * nothing is left. `refused` counts those whose name is none.
 */
export async function* answerBatches(
  lake: Lake,
  where: string,
  params: Record<string, string | number>,
): AsyncGenerator<{ answers: TakenAnswer[]; refused: number; last: AnswerRow }> {
  for (let count = batchRows; count === batchRows; ) {
    const answers: TakenAnswer[] = [];
    let last: AnswerRow | undefined;
    count = 0;
    const query = { sql: answersSql(where), params: { ...params, limit: batchRows }, timeout: 120_000 };
    for await (const row of lake.rows(query)) {
      count++;
      last = { seq: Number(row.seq), id: String(row.id) };
      const event = eventOf(row);
      if (event.kind !== 'answer') continue;
      const name = normalName(event.name);
      if (name === null) continue;
      const { time, rcode, src } = event;
      const asked = { client: src.ip, time, ...(rcode !== undefined && { rcode }) };
      answers.push({
        ...{ name, items: answersOf(event), day: dayOf(time) },
        ...(isClient(event) && { asked }),
      });
    }
    if (last) yield { answers, refused: count - answers.length, last };
  }
}

/** Whether it is told who asked, and that was no resolver which asks for many. */
function isClient({ src, detail }: EventOf<'answer'>): boolean {
  const message = detail?.message;
  return src.ip !== nobody && !(typeof message === 'string' && message.startsWith('RESOLVER'));
}
const nobody = '0.0.0.0';

const answersSql = (where: string) =>
  `SELECT *, toUnixTimestamp64Milli(time) AS time_ms, toUnixTimestamp64Milli(arrived) AS arrived_ms
  FROM events WHERE kind = 'answer' AND ${where} LIMIT {limit:UInt32}`;
