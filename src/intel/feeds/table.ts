import type { Refusal } from './format.ts';
import { feedLimits } from './limits.ts';
import { linesOf } from './lines.ts';

/** A table's row, and where its columns are: by their titles in lower case, and by their numbers from 1. */
export interface Cells {
  cells: string[];
  columns: ReadonlyMap<string, number>;
}

const separators = [',', '\t', ';', '|'] as const;

/**
 * The rows of a table of text (RFC 4180, but for line ends within quotes). The separator is the one that the first row has most
 * of. Titles are the first row, or the last remark before it where that has as many cells: some feeds hide them so.
 */
export function* rowsOf(
  text: string,
  titled: (cells: string[]) => boolean,
): Generator<Cells | { refused: Refusal }> {
  let separator: string | undefined;
  let remark = '';
  let columns: Map<string, number> | undefined;
  for (const line of linesOf(text)) {
    if (typeof line !== 'string') {
      yield line;
      continue;
    }
    if (line.trim() === '') continue;
    if (line.startsWith('#')) {
      remark = line.replace(/^#+\s*/, '');
      continue;
    }
    separator ??= separatorOf(line);
    const cells = cellsOf(line, separator);
    if (cells === null) {
      yield { refused: 'quotes without an end' };
      continue;
    }
    if (columns === undefined) {
      const hidden = cellsOf(remark, separator)?.map(titleOf);
      if (hidden?.length === cells.length && cells.length > 1) columns = columnsOf(hidden);
      else if (titled(cells.map(titleOf))) {
        columns = columnsOf(cells.map(titleOf));
        continue;
      } else columns = columnsOf([]);
    }
    yield { cells, columns };
  }
}

function columnsOf(titles: string[]): Map<string, number> {
  const columns = new Map<string, number>();
  for (const [i, title] of titles.entries()) if (title !== '' && !columns.has(title)) columns.set(title, i);
  for (let i = 0; i < feedLimits.columns; i++) if (!columns.has(String(i + 1))) columns.set(String(i + 1), i);
  return columns;
}

const titleOf = (cell: string): string => cell.toLowerCase();

/** The separator that a table's line has most of; a comma where it has none. */
export function separatorOf(line: string): string {
  let best = ',';
  let most = 0;
  for (const one of separators) {
    const count = line.split(one).length;
    if (count > most) [best, most] = [one, count];
  }
  return best;
}

/** The cells of a line, without the blanks around them. Null where quotes do not end. */
export function cellsOf(line: string, separator: string): string[] | null {
  const cells: string[] = [];
  for (let at = 0; cells.length < feedLimits.columns; ) {
    while (line[at] === ' ') at++;
    if (line[at] === '"') {
      let cell = '';
      for (at++; ; at++) {
        const end = line.indexOf('"', at);
        if (end < 0) return null;
        cell += line.slice(at, end);
        at = end + 1;
        if (line[at] !== '"') break;
        cell += '"';
      }
      cells.push(cell);
      const next = line.indexOf(separator, at);
      if (next < 0) return cells;
      at = next + 1;
    } else {
      const next = line.indexOf(separator, at);
      cells.push(line.slice(at, next < 0 ? line.length : next).trim());
      if (next < 0) return cells;
      at = next + 1;
    }
  }
  return cells;
}
