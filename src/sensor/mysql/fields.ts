import type { Table } from '../sql/catalogue.ts';
import type { Item, Value } from '../sql/expression.ts';
import type { Select } from '../sql/select.ts';
import { type Field, fieldType } from './answers.ts';
import type { Client } from './client.ts';

const notNull = 1;
const binary = 0x80;
/** "Not specified" in `decimals`: what text has. */
const undecided = 39;
/** Characters that a function's answer may have, where it does not follow from the answer itself. */
const widths: Record<string, number> = {
  database: 64,
  schema: 64,
  user: 384,
  current_user: 384,
  session_user: 384,
  system_user: 384,
};
const never = new Set(['version', 'count', 'sleep', 'connection_id']);

/** How the server describes the columns of a result: recorded from MariaDB 10.11.19 for what is asked most, plausible for the rest. */
export function describe(client: Client, select: Select, columns: string[], rows: Value[][]): Field[] {
  const plain = select.items.every(({ expression }) => expression.kind !== 'star');
  const source = select.from.length === 1 && select.from[0]!.kind === 'table' ? select.from[0] : undefined;
  const database = source && source.path.length > 1 ? source.path.at(-2)! : (client.database ?? '');
  const table = source && client.catalogue.table(database, source.path.at(-1)!);
  return columns.map((name, index) => {
    const item = plain ? select.items[index] : undefined;
    const path = item ? (item.expression.kind === 'column' ? item.expression.path : null) : [name];
    const column =
      path && table?.columns.find((each) => each.name.toLowerCase() === path.at(-1)!.toLowerCase());
    if (source && column) {
      const original = source.path.at(-1)!;
      return {
        ...ofColumn(name, column.type),
        origin: {
          schema: database,
          table: source.alias ?? original,
          originalTable: original,
          name: column.name,
        },
      };
    }
    return ofValue(name, item, rows, index, client.charset);
  });
}

export function ofColumn(name: string, type: string): Field {
  if (/int/.test(type)) return { name, type: fieldType.long, length: 11, charset: 63 };
  if (/double|float/.test(type))
    return { name, type: fieldType.double, length: 22, charset: 63, flags: 0, decimals: 31 };
  if (/date|time/.test(type))
    return { name, type: fieldType.datetime, length: 19, charset: 63, flags: binary };
  if (type === 'longblob')
    return { name, type: fieldType.blob, length: 0xffffffff, charset: 63, flags: 0x90 };
  if (/blob/.test(type)) return { name, type: fieldType.blob, length: 65_535, charset: 63, flags: 0x90 };
  if (/text/.test(type)) return { name, type: fieldType.blob, length: 262_140, flags: 0x10 };
  if (type === 'char') return { name, type: fieldType.string, length: 240, flags: 0 };
  return { name, type: fieldType.varString, length: 1_020, flags: 0 };
}

function ofValue(
  name: string,
  item: Item | undefined,
  rows: Value[][],
  index: number,
  charset: number,
): Field {
  const expression = item?.expression;
  const value = rows.find((row) => row[index] !== null && row[index] !== undefined)?.[index] ?? null;
  const literal = expression?.kind === 'value';
  const called = expression?.kind === 'call' ? expression.name : '';
  if (literal && value === null) return { name, type: fieldType.null, length: 0, charset: 63, flags: binary };
  if (called === 'count')
    return { name, type: fieldType.longlong, length: 21, charset: 63, flags: binary | notNull };
  if ((expression?.kind === 'variable' || called === 'load_file') && value === null)
    return { name, type: 251, length: 0x1000000, flags: binary, charset: 63, decimals: undecided };
  if (typeof value === 'number') {
    const whole = Number.isInteger(value);
    const user = expression?.kind === 'variable';
    const length = user ? 20 : literal || called ? String(value).length : 3;
    const small = !user && Math.abs(value) < 2 ** 31;
    return {
      name,
      type: whole ? (small ? fieldType.long : fieldType.longlong) : fieldType.double,
      length,
      charset: 63,
      flags: user ? binary : binary | notNull,
    };
  }
  if (literal && /^0x|^x'/i.test(item?.text ?? ''))
    return { name, type: fieldType.varString, length: String(value).length, charset: 63, flags: 0xa1 };
  const width = widths[called] ?? longest(rows, index);
  return {
    name,
    type: fieldType.varString,
    length: width * bytesPerCharacter(charset),
    flags: never.has(called) || literal ? notNull : 0,
    decimals: undecided,
  };
}

function longest(rows: Value[][], index: number): number {
  return rows.reduce((most, row) => Math.max(most, String(row[index] ?? '').length), 0);
}

export function tableFields(client: Client, database: string, name: string, table: Table): Field[] {
  return table.columns.map((column) => ({
    ...ofColumn(column.name, column.type),
    origin: {
      schema: database || (client.database ?? ''),
      table: name,
      originalTable: name,
      name: column.name,
    },
  }));
}

const bytesPerCharacter = (charset: number) => (charset === 33 ? 3 : charset === 8 || charset === 63 ? 1 : 4);
