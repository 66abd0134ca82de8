import type { Cursor } from '../sql/cursor.ts';
import type { Value } from '../sql/expression.ts';
import { SqlFault } from '../sql/lexer.ts';
import { like } from '../sql/operators.ts';
import { type Answer, type Field, fieldType } from './answers.ts';
import type { Client } from './client.ts';
import { processRow } from './schema.ts';
import { statusVariables } from './variables.ts';

/** Rows that come from a temporary table of information_schema say so (SERVER_QUERY_NO_INDEX_USED). */
const scanned = 0x22;
const text = (name: string, length: number, flags = 1): Field => ({
  name,
  type: fieldType.varString,
  length: length * 4,
  flags,
  decimals: 39,
});

/** SHOW: recorded where it is asked most. Reference manual §13.7.7. */
export function show(client: Client, cursor: Cursor): Answer {
  for (const word of ['global', 'session', 'local', 'full', 'extended']) cursor.accept(word);
  if (cursor.accept('databases') || cursor.accept('schemas')) {
    const field = schemaField('Database', 'SCHEMATA', 'SCHEMA_NAME', 256);
    return filtered(
      cursor,
      client.catalogue.databases.map((name) => [name]),
      [field],
    );
  }
  if (cursor.accept('tables')) {
    const database = cursor.accept('from') || cursor.accept('in') ? cursor.name() : client.database;
    if (!database) throw new SqlFault('noDatabase');
    if (!client.catalogue.has(database)) throw new SqlFault('database', database);
    const field = schemaField(`Tables_in_${database}`, 'TABLE_NAMES', 'TABLE_NAME', 292);
    return filtered(
      cursor,
      client.catalogue.tables(database).map((name) => [name]),
      [field],
    );
  }
  if (cursor.accept('variables')) return pairs(client, cursor, 'SESSION_VARIABLES', client.system, 4_096);
  if (cursor.accept('status')) {
    const uptime = Math.max(60, Math.floor((client.wire.now() - client.wire.persona.bootedAt) / 1_000) - 41);
    return pairs(client, cursor, 'SESSION_STATUS', statusVariables(uptime, client.questions), 4_096);
  }
  if (cursor.accept('grants')) {
    cursor.rest();
    const row = `GRANT ALL PRIVILEGES ON *.* TO \`${client.user}\`@\`%\`${client.flavour.maria ? ` IDENTIFIED BY PASSWORD '*${client.wire.persona.token('mysql-root', 40).toUpperCase()}'` : ''} WITH GRANT OPTION`;
    return { kind: 'rows', fields: [text(`Grants for ${client.user}@%`, 1_024)], rows: [[row]] };
  }
  if (cursor.accept('warnings') || cursor.accept('errors')) {
    const last = client.lastError;
    const code: Field = { name: 'Code', type: fieldType.long, length: 4, charset: 63, flags: 0xa1 };
    return {
      kind: 'rows',
      fields: [text('Level', 7), code, text('Message', 512)],
      rows: last ? [['Error', last.code, last.text]] : [],
    };
  }
  if (cursor.accept('processlist')) {
    const names = ['Id', 'User', 'Host', 'db', 'Command', 'Time', 'State', 'Info'];
    return { kind: 'rows', fields: names.map((name) => text(name, 64)), rows: [processRow(client)] };
  }
  if (cursor.accept('columns') || cursor.accept('fields')) return columns(client, cursor);
  if (cursor.accept('create', 'table')) return createTable(client, cursor);
  if (cursor.accept('engines') || cursor.accept('storage', 'engines')) {
    const names = ['Engine', 'Support', 'Comment', 'Transactions', 'XA', 'Savepoints'];
    const rows = [
      [
        'InnoDB',
        'DEFAULT',
        'Supports transactions, row-level locking, foreign keys and encryption for tables',
        'YES',
        'YES',
        'YES',
      ],
      [
        'MyISAM',
        'YES',
        'Non-transactional engine with good performance and small data footprint',
        'NO',
        'NO',
        'NO',
      ],
      ['MEMORY', 'YES', 'Hash based, stored in memory, useful for temporary tables', 'NO', 'NO', 'NO'],
    ];
    return { kind: 'rows', fields: names.map((name) => text(name, 64)), rows };
  }
  if (
    cursor.accept('master', 'status') ||
    cursor.accept('slave', 'status') ||
    cursor.accept('table', 'status') ||
    cursor.accept('triggers') ||
    cursor.accept('events') ||
    cursor.accept('plugins')
  ) {
    cursor.rest();
    return { kind: 'rows', fields: [text('Name', 64)], rows: [] };
  }
  throw cursor.fault();
}

function schemaField(name: string, table: string, column: string, length: number): Field {
  return {
    name,
    type: fieldType.varString,
    length,
    flags: 0x1001,
    origin: { schema: 'information_schema', table, originalTable: table, name: column },
  };
}

function filtered(cursor: Cursor, rows: Value[][], fields: Field[]): Answer {
  let kept = rows;
  if (cursor.accept('like')) {
    const pattern = cursor.string();
    kept = rows.filter(([name]) => like(String(name), pattern));
    if (fields.length === 1) fields[0]!.name = `${fields[0]!.name} (${pattern})`;
  } else if (cursor.accept('where')) {
    const words = cursor
      .rest()
      .filter((token) => token.kind === 'string')
      .map((token) => token.text);
    if (words.length) kept = rows.filter(([name]) => words.some((word) => like(String(name), word)));
  }
  if (!cursor.done) throw cursor.fault();
  return { kind: 'rows', fields, rows: kept, status: scanned };
}

function pairs(
  client: Client,
  cursor: Cursor,
  table: string,
  values: Map<string, string>,
  width: number,
): Answer {
  const rows = [...values].map(([name, value]): Value[] => {
    const set = client.variables.get(`@@${name}`);
    return [name, set === undefined ? value : String(set)];
  });
  const fields = [
    schemaField('Variable_name', table, 'VARIABLE_NAME', 256),
    schemaField('Value', table, 'VARIABLE_VALUE', width * 4),
  ];
  return filtered(cursor, rows, fields);
}

function columns(client: Client, cursor: Cursor): Answer {
  if (!cursor.accept('from') && !cursor.accept('in')) throw cursor.fault();
  const path = cursor.path();
  if (cursor.accept('from') || cursor.accept('in')) path.unshift(cursor.name());
  cursor.rest();
  return describeTable(client, path);
}

/** DESCRIBE, and SHOW COLUMNS. */
export function describeTable(client: Client, path: string[]): Answer {
  const { name, table } = lookUp(client, path);
  if (!table) throw new SqlFault('table', name);
  const fields = ['Field', 'Type', 'Null', 'Key', 'Default', 'Extra'].map((each) => text(each, 64));
  return {
    kind: 'rows',
    fields,
    rows: table.columns.map((column) => [column.name, shownType(column.type), 'YES', '', null, '']),
  };
}

function createTable(client: Client, cursor: Cursor): Answer {
  const path = cursor.path();
  const { name, table } = lookUp(client, path);
  if (!table) throw new SqlFault('table', name);
  const lines = table.columns.map((column) => `  \`${column.name}\` ${shownType(column.type)} DEFAULT NULL`);
  const collate = client.flavour.maria ? 'utf8mb4_general_ci' : 'utf8mb4_0900_ai_ci';
  const made = `CREATE TABLE \`${path.at(-1)}\` (\n${lines.join(',\n')}\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=${collate}`;
  return {
    kind: 'rows',
    fields: [text('Table', 64), text('Create Table', 1_024)],
    rows: [[path.at(-1)!, made]],
  };
}

export function lookUp(client: Client, path: string[]) {
  const database = path.length > 1 ? path.at(-2)! : client.database;
  if (!database) throw new SqlFault('noDatabase');
  const table = path.at(-1)!;
  return { database, name: `${database}.${table}`, table: client.catalogue.table(database, table) };
}

const shownType = (type: string) =>
  ({ int: 'int(11)', bigint: 'bigint(20)', varchar: 'varchar(255)', char: 'char(80)' })[type] ?? type;
