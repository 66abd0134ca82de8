import { printable, printableJson } from '../kit/printable.ts';

/** Where a command line writes. */
export interface Streams {
  stdout: Writer;
  stderr: Writer;
}
interface Writer {
  write(text: string): unknown;
  isTTY?: boolean;
}

/** What a command says: for people by default, one JSON object a line with `--json`. */
export interface Output {
  json: boolean;
  /** One thing: as JSON, or as the lines that `show` makes of it. */
  item(value: unknown, show: () => string | string[]): void;
  /** A table, with a line for what is empty. */
  table<T>(rows: T[], columns: [title: string, cell: (row: T) => unknown][], none: string): void;
  /** A line for people only, on standard error. */
  note(text: string): void;
  /** A line that the next one replaces, where the terminal can; nothing otherwise. */
  progress(text: string): void;
}

/** Characters that a cell of a table shows at the most. */
const cellLimit = 72;

export function createOutput(json: boolean, { stdout, stderr }: Streams): Output {
  const write = (text: string) => stdout.write(`${text}\n`);
  const tty = stderr.isTTY === true;
  let progressing = false;
  const clear = () => {
    if (progressing) stderr.write('\r\u001b[K');
    progressing = false;
  };
  return {
    json,
    item(value, show) {
      clear();
      if (json) {
        write(printableJson(value));
        return;
      }
      for (const line of [show()].flat()) write(line);
    },
    table(rows, columns, none) {
      clear();
      if (json) {
        for (const row of rows) write(printableJson(row));
        return;
      }
      if (rows.length === 0) {
        write(none);
        return;
      }
      const cells = rows.map((row) =>
        columns.map(([, cell]) => printable(String(cell(row) ?? ''), cellLimit)),
      );
      const widths = columns.map(([title], i) =>
        Math.max(title.length, ...cells.map((line) => line[i]!.length)),
      );
      const line = (values: string[]) =>
        values
          .map((value, i) => value.padEnd(widths[i]!))
          .join('  ')
          .trimEnd();
      write(line(columns.map(([title]) => title)));
      for (const row of cells) write(line(row));
    },
    note(text) {
      clear();
      if (!json) stderr.write(`${text}\n`);
    },
    progress(text) {
      if (json || !tty) return;
      stderr.write(`\r\u001b[K${text}`);
      progressing = true;
    },
  };
}

/** A time for people: UTC, to the second. */
export function at(ms: unknown): string {
  return typeof ms === 'number' && Number.isFinite(ms)
    ? new Date(ms).toISOString().replace('T', ' ').slice(0, 19)
    : '-';
}
