import { findDownloads } from '../emulators/downloads.ts';
import { inject } from '../emulators/inject.ts';
import { Cursor, statements } from '../sql/cursor.ts';
import { evaluate, runSelect } from '../sql/evaluate.ts';
import type { Value } from '../sql/expression.ts';
import { SqlFault } from '../sql/lexer.ts';
import { parseExpression } from '../sql/parse.ts';
import { parseSelect, type Select } from '../sql/select.ts';
import type { Answer } from './answers.ts';
import type { Client } from './client.ts';
import { failure, fromFault } from './faults.ts';
import { describe } from './fields.ts';
import { createHost, setVariable } from './functions.ts';
import { describeTable, show } from './show.ts';
import { create, drop, insert, remove, truncate, update } from './write.ts';

const ok: Answer = { kind: 'ok' };
const keptSize = 4_096;

/** Runs one COM_QUERY and tells what it did. Only the first statement runs where the client has not asked for several. */
export async function query(client: Client, text: string): Promise<Answer> {
  client.questions++;
  client.waitMs = 0;
  let answer: Answer;
  try {
    const [first, second] = statements(text, 'mysql');
    if (!first) return failure('emptyQuery');
    tellPayloads(client, first);
    answer = await run(client, first);
    if (second && answer.kind !== 'error') throw second.fault();
  } catch (error) {
    if (!(error instanceof SqlFault)) throw error;
    answer = fromFault(error, text, client.database, client.flavour);
  }
  if (!/^\s*show\s+(warnings|errors)/i.test(text)) client.lastError = answer.kind === 'error' ? answer : null;
  for (const { url, tool } of findDownloads(text))
    if (tool !== 'url') client.wire.emit({ kind: 'download', url, tool });
  if (client.waitMs > 0) await client.wire.pause(client.waitMs);
  return answer;
}

/** Programs and long binary values that a statement carries. */
function tellPayloads(client: Client, cursor: Cursor): void {
  for (const token of cursor.tokens) {
    if (token.kind !== 'string' || (token.text.length < keptSize && !/^(\x7fELF|MZ)/.test(token.text)))
      continue;
    const kept = client.wire.keep(Buffer.from(token.text, 'latin1'));
    client.wire.emit({ kind: 'upload', ...kept, detail: { how: 'literal' } });
  }
}

async function run(client: Client, cursor: Cursor): Promise<Answer> {
  if (cursor.is('select') || cursor.isOp('(')) return select(client, parseWhole(cursor));
  if (cursor.accept('show')) return show(client, cursor);
  if (cursor.accept('use')) return use(client, cursor.name());
  if (cursor.accept('set')) return set(client, cursor);
  if (cursor.is('create', 'function') || cursor.is('create', 'aggregate'))
    return createFunction(client, cursor);
  if (cursor.accept('create')) return create(client, cursor);
  if (cursor.accept('drop')) return drop(client, cursor);
  if (cursor.accept('insert') || cursor.accept('replace')) return insert(client, cursor);
  if (cursor.accept('update')) return update(client, cursor);
  if (cursor.accept('delete')) return remove(client, cursor);
  if (cursor.accept('truncate')) return truncate(client, cursor);
  if (cursor.accept('desc') || cursor.accept('describe') || cursor.accept('explain')) {
    if (cursor.is('select')) return show(client, new Cursor('warnings', 'mysql'));
    return describeTable(client, cursor.path());
  }
  if (cursor.accept('load', 'data')) {
    // A real server would ask the client for the file; this one never takes anything from anyone's disk.
    if (cursor.accept('local'))
      return client.flavour.maria ? failure('localInfile') : failure('localInfileMysql');
    return failure('cannotCreateFile', cursor.rest().find((token) => token.kind === 'string')?.text ?? '');
  }
  if (cursor.accept('kill')) {
    const id = cursor.rest().find((token) => token.kind === 'number')?.text ?? '0';
    return failure('unknownThread', id);
  }
  if (quiet.some((word) => cursor.is(word))) {
    cursor.rest();
    return ok;
  }
  throw cursor.fault();
}

const quiet = [
  'commit',
  'rollback',
  'begin',
  'start',
  'flush',
  'grant',
  'revoke',
  'alter',
  'lock',
  'unlock',
  'analyze',
  'optimize',
  'rename',
  'reset',
  'change',
  'stop',
  'install',
  'savepoint',
  'do',
  'handler',
  'purge',
  'shutdown',
];

function parseWhole(cursor: Cursor): Select {
  const select = parseSelect(cursor);
  if (!cursor.done) throw cursor.fault();
  return select;
}

export function use(client: Client, name: string): Answer {
  if (!client.catalogue.has(name)) return failure('unknownDatabase', name);
  client.database = name;
  return ok;
}

function set(client: Client, cursor: Cursor): Answer {
  if (cursor.accept('names')) {
    const name = cursor.take().text.toLowerCase();
    client.charset =
      { latin1: 8, utf8: 33, utf8mb3: 33, utf8mb4: 45, binary: 63, ascii: 11, gbk: 28 }[name] ?? 45;
    cursor.rest();
    return ok;
  }
  if (
    cursor.accept('password') ||
    cursor.accept('character') ||
    cursor.accept('transaction') ||
    cursor.is('session', 'transaction') ||
    cursor.is('global', 'transaction')
  ) {
    cursor.rest();
    return ok;
  }
  const host = createHost(client);
  do {
    for (const word of ['global', 'session', 'local', 'persist']) cursor.accept(word);
    const user = cursor.token.kind === 'variable';
    const name = user
      ? cursor.take().text.replace(/^@@(global|session|local)\./i, '@@')
      : `@@${cursor.path().join('.')}`;
    if (!cursor.acceptOp('=')) cursor.expectOp(':=');
    if (
      name.startsWith('@@') &&
      !client.system.has(name.slice(2).toLowerCase()) &&
      !/^@@(net_|sql_|optimizer|innodb|group_concat|profiling|wsrep|log_)/i.test(name)
    )
      throw new SqlFault('variable', name.slice(2));
    const bare =
      cursor.token.kind === 'word' && /^(on|off|default|utf8\w*|latin1|binary)$/i.test(cursor.token.text);
    setVariable(
      client,
      name,
      bare ? cursor.take().text.toUpperCase() : evaluate(parseExpression(cursor), host),
    );
  } while (cursor.acceptOp(','));
  if (!cursor.done) throw cursor.fault();
  return ok;
}

async function select(client: Client, parsed: Select): Promise<Answer> {
  const called = await callInstalled(client, parsed);
  if (called) return called;
  const { columns, rows } = runSelect(parsed, createHost(client));
  if (parsed.into?.how === 'variables') {
    for (const [index, name] of parsed.into.names.entries())
      setVariable(client, name, rows[0]?.[index] ?? null);
    return { kind: 'ok', affected: rows.length };
  }
  if (parsed.into) return write(client, parsed.into.names[0]!, rows, parsed.into.how === 'dumpfile');
  const touched = parsed.from.length > 0 && !parsed.where;
  return {
    kind: 'rows',
    fields: describe(client, parsed, columns, rows),
    rows,
    ...(touched ? { status: 0x22 } : {}),
  };
}

/** INTO OUTFILE, INTO DUMPFILE: the bytes are kept, the file is there for this attacker from then on. */
function write(client: Client, path: string, rows: Value[][], dump: boolean): Answer {
  const text = rows
    .map((row) =>
      row.map((value) => (value === null ? (dump ? '' : '\\N') : String(value))).join(dump ? '' : '\t'),
    )
    .join('\n');
  const bytes = Buffer.from(dump ? text : `${text}${rows.length ? '\n' : ''}`, 'latin1');
  client.wire.emit({
    kind: 'upload',
    ...client.wire.keep(bytes),
    name: path,
    detail: { how: dump ? 'dumpfile' : 'outfile' },
  });
  const allowed = client.system.get('secure_file_priv') ?? '';
  if (allowed && !path.startsWith(allowed)) return failure('secureFile');
  if (client.catalogue.notes.has(`file ${path}`) || existing.test(path)) return failure('fileExists', path);
  if (!writable.test(path)) return failure('cannotCreateFile', path);
  client.catalogue.note(`file ${path}`, '1');
  return { kind: 'ok', affected: rows.length };
}

const existing = /^\/(etc\/(passwd|shadow|hosts|crontab|group)|root\/\.bashrc|bin\/)/;
const writable =
  /^(\/(tmp|var\/tmp|var\/lib\/mysql|var\/lib\/mysql-files|usr\/lib\/mysql\/plugin|usr\/lib64\/mysql\/plugin|var\/www|var\/www\/html|etc\/cron\.d|var\/spool\/cron|root\/\.ssh|dev\/shm)\/[^/]+|[^/\\]+)$/;

/** CREATE FUNCTION ... SONAME: works where the attacker wrote the library before. */
function createFunction(client: Client, cursor: Cursor): Answer {
  cursor.expect('create');
  cursor.accept('aggregate');
  cursor.expect('function');
  const lenient = cursor.accept('if', 'not', 'exists');
  const name = cursor.name();
  if (!cursor.accept('returns')) {
    cursor.rest();
    return ok;
  }
  cursor.take();
  cursor.expect('soname');
  const library = cursor.string();
  const { catalogue } = client;
  if (/[/\\]/.test(library)) return failure('noPaths');
  if (catalogue.notes.has(`function ${name.toLowerCase()}`))
    return lenient ? ok : failure('functionExists', name);
  const there = [...catalogue.notes.keys()].some(
    (note) => note.startsWith('file /') && note.endsWith(`/plugin/${library}`),
  );
  if (!there) {
    const reason = `2, cannot open shared object file: No such file or directory`;
    return failure(
      'noLibrary',
      library,
      client.flavour.maria
        ? reason
        : `2 /usr/lib/mysql/plugin/${library}: cannot open shared object file: No such file or directory`,
    );
  }
  catalogue.note(`function ${name.toLowerCase()}`, library);
  return ok;
}

/** A function that the attacker brought: told, and, where it runs commands, played in the shell that pretends. */
async function callInstalled(client: Client, parsed: Select): Promise<Answer | null> {
  const expression = parsed.items.length === 1 ? parsed.items[0]!.expression : null;
  if (expression?.kind !== 'call' || !client.catalogue.notes.has(`function ${expression.name}`)) return null;
  const host = createHost(client);
  const words = expression.args.map((arg) => evaluate(arg, host)).map((value) => String(value ?? ''));
  const command = words.join(' ');
  client.wire.emit({ kind: 'command', input: command, detail: { function: expression.name } });
  const { output } = await inject(client.wire, command, { cwd: '/var/lib/mysql', user: 'mysql' });
  const value =
    /eval|shell|system|cmd|result/i.test(expression.name) && !/exec/i.test(expression.name) ? output : 0;
  const rows: Value[][] = [[value]];
  return { kind: 'rows', fields: describe(client, parsed, [host.columnName(parsed.items[0]!)], rows), rows };
}
