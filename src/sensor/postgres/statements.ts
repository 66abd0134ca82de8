// Over 300 lines only once formatted: one statement after the other, each a few lines.
import { findDownloads } from '../emulators/downloads.ts';
import { inject } from '../emulators/inject.ts';
import type { Table } from '../sql/catalogue.ts';
import type { Cursor } from '../sql/cursor.ts';
import { evaluate, runSelect } from '../sql/evaluate.ts';
import type { Value } from '../sql/expression.ts';
import { parseExpression, parseList } from '../sql/parse.ts';
import { parseSelect, type Select } from '../sql/select.ts';
import type { Client } from './client.ts';
import { create, drop, kindName } from './definitions.ts';
import { refuse } from './faults.ts';
import { describe } from './fields.ts';
import { createHost } from './functions.ts';
import { type Complaint, type Field, Refusal, rowDescription, types } from './messages.ts';
import { done, type Outcome } from './outcome.ts';

const account = { cwd: '/var/lib/postgresql/15/main', user: 'postgres' };

/** Runs one statement. Throws SqlFault or Refusal. */
export async function execute(client: Client, cursor: Cursor): Promise<Outcome> {
  client.waitMs = 0;
  for (const { url, tool } of findDownloads(cursor.text))
    if (tool !== 'url') client.wire.emit({ kind: 'download', url, tool });
  const outcome = await run(client, cursor);
  if (client.waitMs > 0) await client.wire.pause(client.waitMs);
  return outcome;
}

async function run(client: Client, cursor: Cursor): Promise<Outcome> {
  if (cursor.is('select') || cursor.isOp('(') || cursor.is('values')) return select(client, cursor);
  if (cursor.accept('show')) return show(client, cursor);
  if (cursor.accept('set')) return set(client, cursor);
  if (cursor.accept('copy')) return copy(client, cursor);
  if (cursor.accept('create')) return create(client, cursor);
  if (cursor.accept('drop')) return drop(client, cursor);
  if (cursor.accept('insert')) return insert(client, cursor);
  if (cursor.accept('update')) return update(client, cursor);
  if (cursor.accept('delete')) return remove(client, cursor);
  if (cursor.accept('truncate')) {
    cursor.accept('table');
    own(client, cursor.path()).rows.length = 0;
    return done('TRUNCATE TABLE');
  }
  const transaction = transactions[cursor.token.text.toLowerCase()];
  if (transaction && cursor.token.kind === 'word') {
    cursor.rest();
    const before = client.transaction;
    client.transaction = transaction.to;
    if (before === 'I' && transaction.to === 'I') {
      const notice: Complaint = {
        severity: 'WARNING',
        code: '25P01',
        text: 'there is no transaction in progress',
        file: 'xact.c',
        line: 4110,
        routine: 'UserAbortTransactionBlock',
      };
      return { tag: transaction.tag, notice };
    }
    return done(transaction.tag);
  }
  const { text, kind } = cursor.token;
  const quiet =
    kind === 'word' && Object.hasOwn(quietTags, text.toLowerCase()) ? quietTags[text.toLowerCase()]! : null;
  if (quiet === null) throw cursor.fault();
  const words = cursor.rest();
  if (text.toLowerCase() === 'alter') return done(`ALTER ${kindName(words[1]?.text ?? 'TABLE')}`);
  return done(quiet);
}

const transactions: Record<string, { tag: string; to: 'I' | 'T' }> = {
  begin: { tag: 'BEGIN', to: 'T' },
  start: { tag: 'START TRANSACTION', to: 'T' },
  commit: { tag: 'COMMIT', to: 'I' },
  end: { tag: 'COMMIT', to: 'I' },
  rollback: { tag: 'ROLLBACK', to: 'I' },
  abort: { tag: 'ROLLBACK', to: 'I' },
};
const quietTags: Record<string, string> = {
  alter: 'ALTER',
  grant: 'GRANT',
  revoke: 'REVOKE',
  do: 'DO',
  vacuum: 'VACUUM',
  analyze: 'ANALYZE',
  discard: 'DISCARD ALL',
  reset: 'RESET',
  comment: 'COMMENT',
  lock: 'LOCK TABLE',
  checkpoint: 'CHECKPOINT',
  load: 'LOAD',
  savepoint: 'SAVEPOINT',
  release: 'RELEASE',
  deallocate: 'DEALLOCATE',
  listen: 'LISTEN',
  reindex: 'REINDEX',
  notify: 'NOTIFY',
};
async function select(client: Client, cursor: Cursor): Promise<Outcome> {
  // PostgreSQL alone takes a SELECT of nothing.
  if (cursor.tokens.length === 1 && cursor.accept('select'))
    return { tag: 'SELECT 1', fields: [], rows: [[]] };
  const parsed = parseSelect(cursor);
  if (!cursor.done) throw cursor.fault();
  const output = await callOwn(client, parsed);
  const host = createHost(client);
  const { columns, rows } = reading(client, parsed, () => runSelect(parsed, host));
  const shownRows = output === null ? rows : [[output]];
  return {
    tag: `SELECT ${shownRows.length}`,
    fields: describe(client, parsed, columns, shownRows),
    rows: shownRows,
  };
}

/** What fails while rows are made fails after they were described. */
function reading<T>(client: Client, parsed: Select, read: () => T): T {
  try {
    return read();
  } catch (problem) {
    if (problem instanceof Refusal && /^(be-fsstubs|genfile)\.c$/.test(problem.told.file)) {
      const columns = parsed.items.map((item) => item.alias ?? createHost(client).columnName(item));
      client.wire.send(rowDescription(describe(client, parsed, columns, [])));
    }
    throw problem;
  }
}

/** A function that the attacker made from their own library or script: what it is given runs in the shell that pretends. */
async function callOwn(client: Client, parsed: Select): Promise<string | number | null> {
  const expression = parsed.items.length === 1 ? parsed.items[0]!.expression : null;
  if (expression?.kind !== 'call' || !client.catalogue.notes.has(`function ${expression.name}`)) return null;
  const host = createHost(client);
  const command = expression.args.map((arg) => String(evaluate(arg, host) ?? '')).join(' ');
  client.wire.emit({ kind: 'command', input: command, detail: { function: expression.name } });
  const { output } = await inject(client.wire, command, account);
  return /eval|shell|cmd|out/.test(expression.name) ? output : 0;
}

function show(client: Client, cursor: Cursor): Outcome {
  if (cursor.accept('all')) {
    const rows = [...client.settings].map(([name, value]): Value[] => [name, value, '']);
    return { tag: 'SHOW', fields: ['name', 'setting', 'description'].map((name) => text(name)), rows };
  }
  const typed = cursor.path().join('.');
  const rest = cursor.rest().map((token) => token.text.toLowerCase());
  const name = [typed, ...rest]
    .join('_')
    .replace('transaction_isolation_level', 'transaction_isolation')
    .replace('time_zone', 'timezone');
  const value = client.settings.get(name.toLowerCase());
  if (value === undefined) throw refuse('setting', typed);
  return {
    tag: 'SHOW',
    fields: [text({ timezone: 'TimeZone', datestyle: 'DateStyle' }[name] ?? name)],
    rows: [[value]],
  };
}

const text = (name: string): Field => ({ name, type: types.text[0], size: types.text[1] });

function set(client: Client, cursor: Cursor): Outcome {
  if (!cursor.accept('session')) cursor.accept('local');
  if (cursor.is('transaction') || cursor.is('characteristics') || cursor.is('role') || cursor.is('time')) {
    cursor.rest();
    return done('SET');
  }
  const name = cursor.path().join('.');
  if (!cursor.acceptOp('=')) cursor.expect('to');
  const value = cursor
    .rest()
    .map((token) => token.text)
    .join(' ')
    .slice(0, 1_024);
  const key = name.toLowerCase();
  if (!client.settings.has(key)) {
    if (!key.includes('.') && !known.test(key)) throw refuse('setting', name);
    return done('SET');
  }
  const before = client.settings.get(key);
  client.settings.set(key, value);
  return before !== value && (key === 'application_name' || key === 'client_encoding')
    ? { tag: 'SET', status: [key, value] }
    : done('SET');
}
const known =
  /^(enable_|log_|lo_|max_|min_|random_page|seq_page|cpu_|effective_|maintenance_|temp_|vacuum_|gin_|geqo|join_|from_|force_|debug_|track_|deadlock_|default_|tcp_|transform_|xml|zero_|plan_|parallel_|commit_)/;

function own(
  client: Client,
  path: string[],
  missing: Parameters<typeof refuse>[0] = 'noRelation',
  at?: number,
): Table {
  const table = client.catalogue.table(client.database, path.at(-1)!);
  if (!table) throw refuse(missing, path.join('.'), at === undefined ? {} : { position: at + 1 });
  return table;
}

/** COPY: a program's output into a table (CVE-2019-9193), or bytes to and from files. */
async function copy(client: Client, cursor: Cursor): Promise<Outcome> {
  const { wire } = client;
  let table: Table | null = null;
  let rows: Value[][] = [];
  if (cursor.acceptOp('(')) {
    rows = runSelect(parseSelect(cursor), createHost(client)).rows;
    cursor.expectOp(')');
  } else {
    table = own(client, cursor.path());
    if (cursor.acceptOp('(')) {
      parseList(cursor);
      cursor.expectOp(')');
    }
    rows = table.rows;
  }
  const from = cursor.accept('from');
  if (!from) cursor.expect('to');
  const program = cursor.accept('program');
  if (cursor.accept('stdin')) {
    cursor.rest();
    return { tag: 'COPY 0', copyInto: table, columns: table?.columns.length ?? 1 };
  }
  if (cursor.accept('stdout')) {
    cursor.rest();
    return { tag: `COPY ${rows.length}`, rows, columns: table?.columns.length ?? rows[0]?.length ?? 1 };
  }
  const target = cursor.string();
  cursor.rest();
  const lines = rows.map((row) => row.map((value) => (value === null ? '\\N' : String(value))).join('\t'));
  if (program) {
    wire.emit({ kind: 'command', input: target, detail: { program: true } });
    const { output, status } = await inject(wire, target, account);
    if (status !== 0 && output === '') throw programFailed(target, status);
    if (!from) return done(`COPY ${rows.length}`);
    const printed = output
      .replace(/\n$/, '')
      .split('\n')
      .filter((line, index, all) => line !== '' || all.length > 1 || index > 0);
    if (table)
      for (const line of printed)
        client.catalogue.insert(table, [line, ...table.columns.slice(1).map(() => null)]);
    return done(`COPY ${printed.length}`);
  }
  if (from)
    throw refuse('noCopyFile', target, {
      hint: "COPY FROM instructs the PostgreSQL server process to read a file. You may want a client-side facility such as psql's \\copy.",
    });
  const bytes = Buffer.from(lines.length ? `${lines.join('\n')}\n` : '', 'latin1');
  wire.emit({ kind: 'upload', ...wire.keep(bytes), name: target, detail: { how: 'copy' } });
  client.catalogue.note(`file ${target}`, '1');
  return done(`COPY ${rows.length}`);
}

function programFailed(program: string, status: number): Refusal {
  const detail = status === 127 ? 'command not found' : `child process exited with exit code ${status}`;
  return new Refusal({
    code: '38000',
    text: `program "${program}" failed`,
    detail,
    file: 'copyfrom.c',
    line: 1622,
    routine: 'ClosePipeFromProgram',
  });
}

function insert(client: Client, cursor: Cursor): Outcome {
  cursor.expect('into');
  const { at } = cursor.token;
  const table = own(client, cursor.path(), 'noRelationHere', at);
  let names = table.columns.map((column) => column.name);
  if (cursor.acceptOp('(')) {
    names = [];
    do names.push(cursor.name());
    while (cursor.acceptOp(','));
    cursor.expectOp(')');
  }
  const host = createHost(client);
  let count = 0;
  if (cursor.accept('values')) {
    do {
      cursor.expectOp('(');
      const values = parseList(cursor).map((each) => (each.kind === 'column' ? null : evaluate(each, host)));
      cursor.expectOp(')');
      client.catalogue.insert(
        table,
        table.columns.map((column) => values[names.indexOf(column.name)] ?? null),
      );
      count++;
    } while (cursor.acceptOp(','));
  } else if (cursor.is('select')) {
    const { rows } = runSelect(parseSelect(cursor), host);
    for (const row of rows) client.catalogue.insert(table, row.slice(0, table.columns.length));
    count = rows.length;
  } else throw cursor.fault();
  cursor.rest();
  return done(`INSERT 0 ${count}`);
}

function update(client: Client, cursor: Cursor): Outcome {
  const { at } = cursor.token;
  const table = own(client, cursor.path(), 'noRelationHere', at);
  cursor.expect('set');
  const host = createHost(client);
  const changes: [number, Value][] = [];
  do {
    const name = cursor.name();
    cursor.expectOp('=');
    const value = parseExpression(cursor, 5);
    changes.push([
      table.columns.findIndex((column) => column.name === name),
      value.kind === 'column' ? null : evaluate(value, host),
    ]);
  } while (cursor.acceptOp(','));
  const rows = table.rows.slice(0, cursor.accept('where') ? 1 : undefined);
  cursor.rest();
  const size = changes.reduce((sum, [, value]) => sum + String(value).length, 0) * rows.length;
  if (client.wire.memory.take(size))
    for (const row of rows) for (const [index, value] of changes) if (index >= 0) row[index] = value;
  return done(`UPDATE ${rows.length}`);
}

function remove(client: Client, cursor: Cursor): Outcome {
  cursor.expect('from');
  const { at } = cursor.token;
  const table = own(client, cursor.path(), 'noRelationHere', at);
  const all = !cursor.is('where');
  cursor.rest();
  return done(`DELETE ${all ? table.rows.splice(0).length : 0}`);
}
