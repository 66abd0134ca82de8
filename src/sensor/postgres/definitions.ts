import { clauses } from '../sql/clauses.ts';
import type { Cursor } from '../sql/cursor.ts';
import { SqlFault } from '../sql/lexer.ts';
import { typeName } from '../sql/parse.ts';
import type { Client } from './client.ts';
import { error, refuse } from './faults.ts';
import { type Complaint, Refusal } from './messages.ts';
import { done, type Outcome } from './outcome.ts';

/** What a tag calls it: roles have several names. */
export const kindName = (word: string) =>
  ({ USER: 'ROLE', GROUP: 'ROLE' })[word.toUpperCase()] ?? word.toUpperCase();

/** CREATE, after that word. */
export function create(client: Client, cursor: Cursor): Outcome {
  const { catalogue, database } = client;
  if (cursor.accept('or')) cursor.expect('replace');
  if (cursor.accept('database')) {
    const name = cursor.name();
    cursor.rest();
    if (catalogue.has(name)) throw refuse('databaseExists', name);
    catalogue.createDatabase(name);
    return done('CREATE DATABASE');
  }
  for (const word of ['global', 'local', 'temporary', 'temp', 'unlogged']) cursor.accept(word);
  if (cursor.accept('table')) {
    const lenient = cursor.accept('if', 'not', 'exists');
    const name = cursor.path().at(-1)!;
    if (catalogue.table(database, name)) {
      if (lenient) return done('CREATE TABLE');
      throw refuse('tableExists', name);
    }
    catalogue.createTable(database, name, columnList(cursor));
    return done('CREATE TABLE');
  }
  if (cursor.accept('function') || cursor.accept('procedure')) return createFunction(client, cursor);
  if (cursor.accept('extension')) {
    const lenient = cursor.accept('if', 'not', 'exists');
    const name = cursor.name();
    cursor.rest();
    if (name === 'plpgsql' && !lenient) throw refuse('extensionExists', name);
    if (contrib.has(name) || name === 'plpgsql') return done('CREATE EXTENSION');
    const file = `/usr/share/postgresql/15/extension/${name}.control`;
    throw new Refusal({
      code: '0A000',
      text: `extension "${name}" is not available`,
      detail: `Could not open extension control file "${file}": No such file or directory.`,
      hint: 'The extension must first be installed on the system where PostgreSQL is running.',
      file: 'extension.c',
      line: 669,
      routine: 'parse_extension_control_file',
    });
  }
  const word = cursor.token.text.toUpperCase();
  if (
    !/^(USER|ROLE|GROUP|SCHEMA|VIEW|INDEX|UNIQUE|SEQUENCE|TYPE|TRIGGER|LANGUAGE|RULE|AGGREGATE|MATERIALIZED|SERVER|EVENT|CAST|OPERATOR|DOMAIN)$/.test(
      word,
    )
  )
    throw cursor.fault();
  cursor.take();
  if (/^(USER|ROLE|GROUP)$/.test(word)) catalogue.note(`role ${cursor.name()}`, '1');
  cursor.rest();
  return done(`CREATE ${kindName(word)}`);
}

const contrib = new Set([
  'dblink',
  'adminpack',
  'file_fdw',
  'pgcrypto',
  'postgres_fdw',
  'uuid-ossp',
  'hstore',
  'pg_stat_statements',
  'citext',
  'lo',
]);

function createFunction(client: Client, cursor: Cursor): Outcome {
  const name = cursor.path().at(-1)!;
  const rest = cursor.rest();
  const at = rest.findIndex((token) => token.kind === 'word' && token.text.toLowerCase() === 'as');
  const body = rest[at + 1]?.text ?? '';
  const language =
    rest[rest.findIndex((token) => token.text.toLowerCase() === 'language') + 1]?.text.toLowerCase() ?? 'sql';
  const { notes } = client.catalogue;
  if (language === 'c') {
    const there =
      /^\/(usr\/)?lib(\/x86_64-linux-gnu|\/aarch64-linux-gnu)?\/libc\.so\.6$/.test(body) ||
      [`file ${body}`, `file ${body}.so`].some((note) => notes.has(note));
    if (!there) throw refuse('noFile', body);
  }
  client.catalogue.note(`function ${name}`, body.slice(0, 4_096));
  return done('CREATE FUNCTION');
}

function columnList(cursor: Cursor) {
  const columns: { name: string; type: string }[] = [];
  clauses(cursor, () => {
    if (['primary', 'unique', 'constraint', 'check', 'foreign', 'like'].some((word) => cursor.is(word)))
      cursor.take();
    else columns.push({ name: cursor.name(), type: typeName(cursor) });
  });
  cursor.rest();
  return columns;
}

/** DROP, after that word. */
export function drop(client: Client, cursor: Cursor): Outcome {
  const { catalogue, database } = client;
  const word = cursor.take().text.toUpperCase();
  const lenient = cursor.accept('if', 'exists');
  if (word === 'TABLE') {
    let notice: Complaint | undefined;
    do {
      const name = cursor.path().at(-1)!;
      if (catalogue.table(database, name)) catalogue.dropTable(database, name);
      else if (!lenient) throw refuse('noTable', name);
      else
        notice = {
          ...error('noTable', name),
          severity: 'NOTICE',
          code: '00000',
          text: `table "${name}" does not exist, skipping`,
          line: 1310,
        };
    } while (cursor.acceptOp(','));
    cursor.rest();
    return notice ? { tag: 'DROP TABLE', notice } : done('DROP TABLE');
  }
  if (word === 'DATABASE') {
    const name = cursor.name();
    cursor.rest();
    if (!catalogue.has(name) && !lenient) throw refuse('noDatabase', name);
    catalogue.dropDatabase(name);
    return done('DROP DATABASE');
  }
  const name = cursor.path().at(-1)!;
  cursor.rest();
  if (word === 'FUNCTION') catalogue.notes.delete(`function ${name}`);
  else if (/^(ROLE|USER)$/.test(word)) {
    // Roles that the server came with stay: what is granted to them keeps them.
    if (!catalogue.notes.delete(`role ${name}`) && !lenient) throw refuse('noRole', name);
  } else if (!/^(SCHEMA|VIEW|INDEX|SEQUENCE|TYPE|TRIGGER|EXTENSION|OWNED|LANGUAGE|SERVER)$/.test(word))
    throw new SqlFault('syntax', word);
  return done(`DROP ${kindName(word)}`);
}
