import type { Expression, Value } from '../sql/expression.ts';
import type { Select } from '../sql/select.ts';
import { firstTableId, readTable, relationIds } from './catalog.ts';
import type { Client } from './client.ts';
import { aliases } from './functions.ts';
import { type Field, type TypeName, types } from './messages.ts';

const named: Record<string, TypeName> = {
  current_user: 'name',
  session_user: 'name',
  user: 'name',
  current_role: 'name',
  current_database: 'name',
  current_catalog: 'name',
  current_schema: 'name',
  count: 'int8',
  sum: 'int8',
  pg_sleep: 'void',
  lo_import: 'oid',
  lo_create: 'oid',
  lo_creat: 'oid',
  lo_from_bytea: 'oid',
  lo_put: 'void',
  lo_export: 'int4',
  inet_server_addr: 'inet',
  inet_client_addr: 'inet',
  now: 'timestamptz',
  current_timestamp: 'timestamptz',
  decode: 'bytea',
  txid_current: 'int8',
  pg_database_size: 'int8',
  pg_postmaster_start_time: 'timestamptz',
};

const made = (name: string, type: TypeName): Field => ({ name, type: types[type][0], size: types[type][1] });

/** How the server describes a result's columns. */
export function describe(client: Client, select: Select, columns: string[], rows: Value[][]): Field[] {
  const [source] = select.from;
  const table = select.from.length === 1 && source?.kind === 'table' ? source : undefined;
  const relation = table && readTable(client, table.path, table.at);
  const name = table?.path.at(-1) ?? '';
  const own = client.catalogue.tables(client.database).indexOf(name);
  const id = relationIds[name] ?? (own < 0 ? 0 : firstTableId + own);
  const plain = select.items.every(({ expression }) => expression.kind !== 'star');
  return columns.map((column, index) => {
    const expression = plain ? select.items[index]?.expression : undefined;
    const original = expression?.kind === 'column' ? expression.path.at(-1)! : expression ? null : column;
    const at = original === null ? -1 : (relation?.columns.indexOf(original) ?? -1);
    if (at >= 0)
      return { ...made(column, typeNamed(relation!.types?.[at] ?? 'text')), table: id, attribute: at + 1 };
    return made(column, typeOf(expression, rows, index));
  });
}

export function typeNamed(type: string): TypeName {
  const name = aliases[type] ?? type;
  return Object.hasOwn(types, name) ? (name as TypeName) : 'text';
}

function typeOf(expression: Expression | undefined, rows: Value[][], index: number): TypeName {
  if (expression?.kind === 'call') {
    const known = named[expression.name.replace(/^pg_catalog\./, '')];
    if (known) return known;
  }
  if (expression?.kind === 'cast') return typeNamed(expression.type);
  const value = rows.find((row) => row[index] !== null && row[index] !== undefined)?.[index];
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number')
    return !Number.isInteger(value) ? 'numeric' : Math.abs(value) < 2 ** 31 ? 'int4' : 'int8';
  return 'text';
}
