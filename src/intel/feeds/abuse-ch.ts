import type { Found } from './format.ts';
import { isRow, listOf, parseJson, type Row } from './json.ts';
import { type Cells, rowsOf } from './table.ts';

/**
 * The records of an export as abuse.ch makes them: a table whose titles are its last remark, or JSON that holds lists of records
 * by their number, or under `urls` or `data` as their API answers.
 */
export function* recordsOf(
  text: string,
  titled: (cells: string[]) => boolean,
): Generator<{ record: Row } | Exclude<Found, { type: unknown }>> {
  if (!/^\s*[{[]/.test(text)) {
    for (const row of rowsOf(text, titled)) yield 'refused' in row ? row : { record: recordOf(row) };
    return;
  }
  const whole = parseJson(text);
  const lists = Array.isArray(whole) ? [whole] : isRow(whole) ? Object.values(whole) : [];
  for (const list of lists) {
    for (const record of listOf(list)) yield isRow(record) ? { record } : { refused: 'not of this form' };
  }
}

function recordOf({ cells, columns }: Cells): Row {
  return Object.assign(
    Object.create(null),
    Object.fromEntries([...columns].map(([title, i]) => [title, cells[i]])),
  );
}
