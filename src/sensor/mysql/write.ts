import type { Column, Table } from '../sql/catalogue.ts';
import { clauses } from '../sql/clauses.ts';
import type { Cursor } from '../sql/cursor.ts';
import { evaluate } from '../sql/evaluate.ts';
import type { Expression, Value } from '../sql/expression.ts';
import { SqlFault } from '../sql/lexer.ts';
import { parseExpression, parseList, typeName } from '../sql/parse.ts';
import type { Answer } from './answers.ts';
import type { Client } from './client.ts';
import { failure } from './faults.ts';
import { createHost } from './functions.ts';
import { lookUp } from './show.ts';

const ok = (affected = 0, more: object = {}): Answer => ({ kind: 'ok', affected, ...more });
const noIndex = 0x22;

/** CREATE and DROP of databases and tables. What they did is remembered for this attacker. */
export function create(client: Client, cursor: Cursor): Answer {
  const { catalogue } = client;
  if (cursor.accept('database') || cursor.accept('schema')) {
    const lenient = cursor.accept('if', 'not', 'exists');
    const name = cursor.name();
    cursor.rest();
    if (catalogue.has(name)) return lenient ? ok(1, { warnings: 1 }) : failure('databaseExists', name);
    catalogue.createDatabase(name);
    return ok(1);
  }
  cursor.accept('temporary');
  if (!cursor.accept('table')) {
    // Users, views, procedures, triggers, events: taken as done.
    if (
      ![
        'user',
        'view',
        'procedure',
        'trigger',
        'event',
        'index',
        'unique',
        'role',
        'definer',
        'or',
        'server',
      ].some((word) => cursor.is(word))
    )
      throw cursor.fault();
    cursor.rest();
    return ok();
  }
  const lenient = cursor.accept('if', 'not', 'exists');
  const path = cursor.path();
  const { database, table } = lookUp(client, path);
  if (!catalogue.has(database)) throw new SqlFault('database', database);
  if (table) return lenient ? ok(0, { warnings: 1 }) : failure('tableExists', path.at(-1)!);
  catalogue.createTable(database, path.at(-1)!, columnList(cursor));
  return ok();
}

const notColumns = new Set([
  'primary',
  'key',
  'index',
  'unique',
  'constraint',
  'foreign',
  'fulltext',
  'check',
]);

/** The columns of CREATE TABLE, or of ALTER TABLE ADD. */
export function columnList(cursor: Cursor): Column[] {
  const columns: Column[] = [];
  const listed = cursor.isOp('(');
  // Of no columns there is no table here.
  if (listed && cursor.ahead(1)?.text === ')') {
    cursor.take();
    throw cursor.fault();
  }
  clauses(cursor, () => {
    if (cursor.token.kind !== 'name' && notColumns.has(cursor.token.text.toLowerCase())) return;
    const name = cursor.name();
    columns.push({ name, type: typeName(cursor) });
  });
  cursor.rest();
  return listed ? columns : [{ name: 'id', type: 'int' }];
}

export function drop(client: Client, cursor: Cursor): Answer {
  const { catalogue } = client;
  if (cursor.accept('database') || cursor.accept('schema')) {
    const lenient = cursor.accept('if', 'exists');
    const name = cursor.name();
    if (!catalogue.has(name)) return lenient ? ok(0, { warnings: 1 }) : failure('cannotDropDatabase', name);
    const tables = catalogue.tables(name).length;
    catalogue.dropDatabase(name);
    // SERVER_STATUS_DB_DROPPED, where it was the one in use.
    if (client.database !== name) return ok(tables);
    client.database = null;
    return ok(tables, { status: 0x102 });
  }
  if (cursor.accept('function')) {
    const lenient = cursor.accept('if', 'exists');
    const name = cursor.name();
    if (!catalogue.notes.delete(`function ${name.toLowerCase()}`))
      return lenient ? ok(0, { warnings: 1 }) : failure('noUdf', name);
    return ok();
  }
  cursor.accept('temporary');
  if (!cursor.accept('table') && !cursor.accept('tables') && !cursor.accept('view')) {
    if (!['user', 'procedure', 'trigger', 'event', 'index', 'role'].some((word) => cursor.is(word)))
      throw cursor.fault();
    cursor.rest();
    return ok();
  }
  const lenient = cursor.accept('if', 'exists');
  const missing: string[] = [];
  do {
    const path = cursor.path();
    const { database, name, table } = lookUp(client, path);
    if (table) catalogue.dropTable(database, path.at(-1)!);
    else missing.push(name);
  } while (cursor.acceptOp(','));
  cursor.rest();
  if (missing.length && !lenient) return failure('unknownTable', missing.join(','));
  return ok(0, { warnings: missing.length });
}

export function insert(client: Client, cursor: Cursor): Answer {
  for (const word of ['low_priority', 'delayed', 'high_priority', 'ignore', 'into']) cursor.accept(word);
  const { name, table } = lookUp(client, cursor.path());
  if (!table) throw new SqlFault('table', name);
  let columns = table.columns.map((column) => column.name);
  if (cursor.acceptOp('(')) {
    columns = [];
    if (!cursor.isOp(')'))
      do columns.push(cursor.path().at(-1)!);
      while (cursor.acceptOp(','));
    cursor.expectOp(')');
  }
  const host = createHost(client);
  let count = 0;
  if (cursor.accept('values') || cursor.accept('value')) {
    do {
      cursor.expectOp('(');
      const values = cursor.isOp(')')
        ? []
        : parseList(cursor).map((each) => evaluate(withoutColumns(each), host));
      cursor.expectOp(')');
      if (values.length !== columns.length && values.length > 0) return failure('columnCount', count + 1);
      client.catalogue.insert(table, arrange(table, columns, values));
      count++;
    } while (cursor.acceptOp(','));
  } else if (cursor.accept('set')) {
    const { names, values } = assignments(cursor);
    client.catalogue.insert(
      table,
      arrange(
        table,
        names,
        values.map((each) => evaluate(each, host)),
      ),
    );
    count = 1;
  } else if (!cursor.is('select')) throw cursor.fault();
  cursor.rest();
  return count > 1 ? ok(count, { info: `Records: ${count}  Duplicates: 0  Warnings: 0` }) : ok(count);
}

/** DEFAULT is no column. */
function withoutColumns(expression: Expression): Expression {
  return expression.kind === 'column' && expression.path[0]!.toLowerCase() === 'default'
    ? { kind: 'value', value: null }
    : expression;
}

function arrange(table: Table, names: string[], values: Value[]): Value[] {
  return table.columns.map((column) => {
    const at = names.findIndex((name) => name.toLowerCase() === column.name.toLowerCase());
    return at < 0 ? null : (values[at] ?? null);
  });
}

function assignments(cursor: Cursor): { names: string[]; values: Expression[] } {
  const names: string[] = [];
  const values: Expression[] = [];
  do {
    names.push(cursor.path().at(-1)!);
    cursor.expectOp('=');
    values.push(parseExpression(cursor, 5));
  } while (cursor.acceptOp(','));
  return { names, values };
}

/** UPDATE and DELETE touch every row, or, with a condition, the first: attackers look at the count, not at the rows. */
export function update(client: Client, cursor: Cursor): Answer {
  for (const word of ['low_priority', 'ignore']) cursor.accept(word);
  const { name, table } = lookUp(client, cursor.path());
  if (!table) throw new SqlFault('table', name);
  cursor.expect('set');
  const { names, values } = assignments(cursor);
  const all = !cursor.accept('where');
  cursor.rest();
  const host = createHost(client);
  const set = values.map((each) =>
    evaluate(each.kind === 'column' ? { kind: 'value', value: null } : each, host),
  );
  const size = set.reduce<number>((sum, value) => sum + (typeof value === 'string' ? value.length : 8), 0);
  const rows = table.rows.slice(0, all ? undefined : 1);
  if (client.wire.memory.take(size * Math.max(1, rows.length)))
    for (const row of rows)
      for (const [index, each] of names.entries()) {
        const at = table.columns.findIndex((column) => column.name.toLowerCase() === each.toLowerCase());
        if (at >= 0) row[at] = set[index]!;
      }
  return ok(rows.length, {
    status: noIndex,
    info: `Rows matched: ${rows.length}  Changed: ${rows.length}  Warnings: 0`,
  });
}

export function remove(client: Client, cursor: Cursor): Answer {
  cursor.expect('from');
  const { name, table } = lookUp(client, cursor.path());
  if (!table) throw new SqlFault('table', name);
  const all = !cursor.is('where');
  cursor.rest();
  return ok(all ? table.rows.splice(0).length : 0, { status: noIndex });
}

export function truncate(client: Client, cursor: Cursor): Answer {
  cursor.accept('table');
  const { name, table } = lookUp(client, cursor.path());
  if (!table) throw new SqlFault('table', name);
  table.rows.length = 0;
  return ok();
}
