import { Reject } from '../../reader.ts';
import { moment, type Row, row } from './fields.ts';
import { isoTime } from './time.ts';

const noFields = new Reject('no line of field names came before');
const columnLimit = 128;

interface Table {
  /** Where each of the wanted columns is; -1 where it is not. */
  columns: number[] | null;
  set: string;
  empty: string;
  unset: string;
}

/** What each of Zeek's logs of connections begins with. */
export const zeekConnection = ['ts', 'uid', 'id.orig_h', 'id.orig_p', 'id.resp_h', 'id.resp_p'] as const;

/** Whether a line of a Zeek table tells of the table. */
export const isDirective = (line: string): boolean => line.startsWith('#');

/**
 * The rows of one of Zeek's logs (`base/frameworks/logging/writers/ascii.zeek`), TSV or JSON, as the JSON log has them: of a table the
 * wanted columns alone, `lists` among them as arrays. Null for lines that tell of the table. Throws `Reject`.
 */
export function zeekRows(wanted: readonly string[], lists: readonly string[]): (line: string) => Row | null {
  let table: Table = { columns: null, set: ',', empty: '(empty)', unset: '-' };
  const isList = wanted.map((field) => lists.includes(field));

  function directive(line: string): void {
    const [word, ...values] = line.split('\t', columnLimit + 1);
    const value = values[0] ?? '';
    if (word === '#fields') table = { ...table, columns: wanted.map((field) => values.indexOf(field)) };
    else if (value === '') return;
    else if (word === '#set_separator') table = { ...table, set: value };
    else if (word === '#empty_field') table = { ...table, empty: value };
    else if (word === '#unset_field') table = { ...table, unset: value };
  }

  return (line) => {
    if (line.startsWith('{')) return row(line);
    if (isDirective(line)) {
      directive(line);
      return null;
    }
    const { columns, set, empty, unset } = table;
    if (columns === null) throw noFields;
    const values = line.split('\t', columnLimit);
    const made: Row = {};
    for (const [i, field] of wanted.entries()) {
      const value = values[columns[i]!];
      if (value === undefined || value === unset) continue;
      if (!isList[i]) made[field] = unescapeHex(value);
      else made[field] = value === empty ? [] : value.split(set).map(unescapeHex);
    }
    return made;
  };
}

/** Zeek writes separators and what cannot be printed as `\x2c`. */
const unescapeHex = (text: string): string =>
  text.includes('\\x')
    ? text.replace(/\\x([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text;

/** A time of either log, in milliseconds since the epoch. */
export const zeekTime = (ts: unknown): number =>
  moment(typeof ts === 'string' && ts.includes('T') ? isoTime(ts) : Math.round(Number(ts) * 1_000));

/** What is a boolean in JSON, and `T` or `F` in the table; nothing where it is neither. */
export function zeekFlag(value: unknown): boolean | undefined {
  if (value === 'T' || value === true) return true;
  return value === 'F' || value === false ? false : undefined;
}
