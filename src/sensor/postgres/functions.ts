import { createHash } from 'node:crypto';
import type { Host } from '../sql/evaluate.ts';
import type { Expression, Item, Value } from '../sql/expression.ts';
import { SqlFault } from '../sql/lexer.ts';
import { readTable } from './catalog.ts';
import type { Client } from './client.ts';
import { error, refuse } from './faults.ts';
import { Refusal, shown, type TypeName } from './messages.ts';

/** The longest that pg_sleep makes one statement take; the longest text that `repeat` and the like make. */
const waitLimitMs = 30_000;
const textLimit = 65_536;

/** What PostgreSQL knows beyond SQL. `run` is called where a function of the attacker's own is. */
export function createHost(client: Client): Host {
  return {
    table: (path, at) => readTable(client, path, at),
    call: (name, args, at) => call(client, name, args, at),
    callTable(name, args) {
      if (name === 'generate_series') {
        const count = Math.max(0, Math.min(1_000, Number(args[1]) - Number(args[0]) + 1)) || 0;
        return {
          columns: ['generate_series'],
          rows: Array.from({ length: count }, (_, n) => [Number(args[0]) + n]),
        };
      }
      if (name === 'pg_ls_dir')
        return {
          columns: ['pg_ls_dir'],
          rows: ['base', 'global', 'pg_wal', 'PG_VERSION', 'postmaster.opts', 'postmaster.pid'].map(
            (each) => [each],
          ),
        };
      return undefined;
    },
    variable: (text) => {
      throw new SqlFault('syntax', text);
    },
    cast,
    columnName: ({ expression }: Item) => nameOf(expression).slice(0, 63),
    parameter: (index) => client.parameters[index] ?? null,
    truth: (value) => (value === null ? null : value === true || /^(t|true|on|1|yes)$/i.test(String(value))),
    bool: (value) => value,
    binary: (op, left, right) =>
      op === '||' ? (left === null || right === null ? null : shown(left) + shown(right)) : undefined,
  };
}

function nameOf(expression: Expression): string {
  if (expression.kind === 'column') return expression.path.at(-1)!;
  if (expression.kind === 'call') return expression.name.split('.').at(-1)!;
  if (expression.kind === 'cast') {
    const inner = nameOf(expression.value);
    return inner === '?column?' ? (aliases[expression.type] ?? expression.type) : inner;
  }
  if (expression.kind === 'case') return 'case';
  if (expression.kind === 'select')
    return expression.exists ? 'exists' : nameOf(expression.select.items[0]!.expression);
  return '?column?';
}

export const aliases: Record<string, TypeName> = {
  int: 'int4',
  integer: 'int4',
  bigint: 'int8',
  boolean: 'bool',
  'character varying': 'varchar',
  'double precision': 'float8',
  serial: 'int4',
  bigserial: 'int8',
};

function cast(value: Value, type: string): Value {
  if (value === null) return null;
  if (/^(int|bigint|smallint|oid)/.test(type)) {
    const number = typeof value === 'boolean' ? Number(value) : Number(value);
    if (Number.isNaN(number))
      throw new Refusal({
        code: '22P02',
        text: `invalid input syntax for type ${type === 'int' || type === 'int4' ? 'integer' : type}: "${value}"`,
        file: 'numutils.c',
        line: 232,
        routine: 'pg_strtoint32',
      });
    return Math.trunc(number);
  }
  if (type === 'bool' || type === 'boolean') return /^(t|true|on|1|yes)$/i.test(String(value));
  return typeof value === 'boolean' ? String(value) : value;
}

const typeOf = (value: Value) =>
  typeof value === 'number' ? 'integer' : typeof value === 'boolean' ? 'boolean' : 'unknown';

function call(client: Client, written: string, args: Value[], at: number): Value {
  const name = written.replace(/^pg_catalog\./, '');
  const known = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (known) return known(args, client);
  if (client.catalogue.notes.has(`function ${name}`)) return 0;
  throw new SqlFault('function', `${name}(${args.map(typeOf).join(', ')})`, at);
}

type Run = (args: Value[], client: Client) => Value;
const strict =
  (run: (args: string[], client: Client) => Value): Run =>
  (args, client) =>
    args.some((arg) => arg === null)
      ? null
      : run(
          args.map((arg) => (arg === null ? '' : shown(arg))),
          client,
        );
const quote = (text: string) => (/^[a-z_][a-z0-9_]*$/.test(text) ? text : `"${text.replaceAll('"', '""')}"`);
const now: Run = (_, { wire }) => new Date(wire.now()).toISOString().replace('T', ' ').replace('Z', '000+00');

const functions: Record<string, Run> = {
  version: (_, { banner }) => banner,
  current_database: (_, { database }) => database,
  current_catalog: (_, { database }) => database,
  current_user: (_, { user }) => user,
  session_user: (_, { user }) => user,
  user: (_, { user }) => user,
  current_role: (_, { user }) => user,
  current_schema: () => 'public',
  current_schemas: () => '{pg_catalog,public}',
  current_setting: ([name, missing], { settings }) => {
    const value = settings.get(String(name).toLowerCase());
    if (value !== undefined) return value;
    if (missing) return null;
    throw refuse('setting', String(name));
  },
  set_config: ([name, value], { settings }) => {
    const key = String(name).toLowerCase();
    if (settings.has(key)) settings.set(key, String(value).slice(0, 1_024));
    return value ?? null;
  },
  now,
  current_timestamp: now,
  clock_timestamp: now,
  statement_timestamp: now,
  current_date: (args, client) => String(now(args, client)).slice(0, 10),
  pg_sleep: ([seconds], client) => {
    client.waitMs = Math.min(waitLimitMs, client.waitMs + Math.max(0, Number(seconds) * 1_000 || 0));
    return '';
  },
  pg_backend_pid: (_, { process }) => process,
  pg_is_in_recovery: () => false,
  pg_postmaster_start_time: (_, { wire }) =>
    new Date(wire.persona.bootedAt + 9_000).toISOString().replace('T', ' ').replace('Z', '+00'),
  inet_server_addr: (_, { wire }) => wire.dst.ip,
  inet_server_port: (_, { wire }) => wire.dst.port,
  inet_client_addr: (_, { wire }) => wire.src.ip,
  inet_client_port: (_, { wire }) => wire.src.port,
  pg_read_file: ([name]) => {
    throw refuse('noReadFile', String(name));
  },
  pg_read_binary_file: ([name]) => {
    throw refuse('noReadFile', String(name));
  },
  lo_import: ([name]) => {
    throw refuse('noServerFile', String(name));
  },
  lo_creat: (args, client) => largeObject(client, 0, args.length ? '' : ''),
  lo_create: ([id], client) => largeObject(client, Number(id), ''),
  lo_from_bytea: ([id, data], client) => largeObject(client, Number(id), bytes(data)),
  lo_put: ([id, offset, data], client) => {
    const key = `lo ${id}`;
    const held = client.catalogue.notes.get(key) ?? '';
    const at = Math.min(Math.max(0, Number(offset) || 0), held.length);
    const more = bytes(data);
    client.catalogue.note(key, (held.slice(0, at) + more).slice(0, 1_048_576));
    return '';
  },
  lo_export: ([id, path], client) => {
    const data = client.catalogue.notes.get(`lo ${id}`);
    if (data === undefined)
      throw new Refusal({
        ...error('noServerFile'),
        code: '42704',
        text: `large object ${id} does not exist`,
      });
    client.wire.emit({
      kind: 'upload',
      ...client.wire.keep(Buffer.from(data, 'latin1')),
      name: String(path),
      detail: { how: 'lo_export' },
    });
    client.catalogue.note(`file ${path}`, '1');
    return 1;
  },
  lo_unlink: ([id], client) => (client.catalogue.notes.delete(`lo ${id}`) ? 1 : 0),
  encode: strict(([text, how]) =>
    Buffer.from(bytes(text!), 'latin1').toString(how === 'hex' ? 'hex' : 'base64'),
  ),
  decode: strict(
    ([text, how]) =>
      `\\x${Buffer.from(text!.replace(/\s/g, ''), how === 'hex' ? 'hex' : how === 'escape' ? 'latin1' : 'base64').toString('hex')}`,
  ),
  convert_from: strict(([text]) => bytes(text!)),
  convert_to: strict(([text]) => `\\x${Buffer.from(text!, 'latin1').toString('hex')}`),
  md5: strict(([text]) => createHash('md5').update(text!, 'latin1').digest('hex')),
  length: strict(([text]) => Buffer.from(text!, 'latin1').toString('utf8').length),
  char_length: strict(([text]) => Buffer.from(text!, 'latin1').toString('utf8').length),
  upper: strict(([text]) => text!.toUpperCase()),
  lower: strict(([text]) => text!.toLowerCase()),
  concat: (args) =>
    args
      .map((arg) => (arg === null ? '' : shown(arg)))
      .join('')
      .slice(0, textLimit * 16),
  chr: strict(([code]) => String.fromCharCode(Number(code) & 255)),
  ascii: strict(([text]) => (text ? text.charCodeAt(0) : 0)),
  substring: strict(([text, from, count]) =>
    text!.slice(
      Math.max(0, Number(from) - 1),
      count === undefined ? undefined : Math.max(0, Number(from) - 1 + Number(count)),
    ),
  ),
  substr: strict(([text, from, count]) =>
    text!.slice(
      Math.max(0, Number(from) - 1),
      count === undefined ? undefined : Math.max(0, Number(from) - 1 + Number(count)),
    ),
  ),
  replace: strict(([text, from, to]) =>
    from
      ? text!
          .slice(0, textLimit)
          .split(from)
          .join(to)
          .slice(0, textLimit * 16)
      : text!,
  ),
  repeat: strict(([text, count]) =>
    text!.repeat(Math.max(0, Math.min(Number(count) || 0, textLimit / Math.max(1, text!.length)))),
  ),
  trim: strict(([text]) => text!.trim()),
  random: (_, { wire }) => wire.random(),
  array: (args) => `{${args.map((arg) => (arg === null ? 'NULL' : shown(arg))).join(',')}}`,
  array_to_string: strict(([text, between]) =>
    text!
      .replace(/^\{|\}$/g, '')
      .split(',')
      .join(between),
  ),
  array_item: () => null,
  quote_ident: strict(([text]) => quote(text!)),
  quote_literal: strict(([text]) => `'${text!.replaceAll("'", "''")}'`),
  format_type: () => 'text',
  pg_get_userbyid: () => 'postgres',
  pg_encoding_to_char: () => 'UTF8',
  pg_table_is_visible: () => true,
  has_database_privilege: () => true,
  has_table_privilege: () => true,
  has_schema_privilege: () => true,
  pg_has_role: () => true,
  pg_database_size: () => 7_549_423,
  pg_size_pretty: strict(([size]) => `${Math.round(Number(size) / 1_024)} kB`),
  pg_total_relation_size: () => 16_384,
  pg_relation_size: () => 8_192,
  obj_description: () => null,
  shobj_description: () => null,
  col_description: () => null,
  pg_reload_conf: () => true,
  pg_terminate_backend: () => false,
  to_regclass: () => null,
  txid_current: () => 742,
  pg_advisory_lock: () => '',
  pg_advisory_unlock: () => true,
  floor: strict(([value]) => Math.floor(Number(value))),
  abs: strict(([value]) => Math.abs(Number(value))),
  query_to_xml: strict(() => ''),
  dblink_connect: () => 'OK',
};

const bytes = (value: Value | undefined): string => {
  const text = value === null || value === undefined ? '' : shown(value);
  return /^\\x([0-9a-f]{2})*$/i.test(text) ? Buffer.from(text.slice(2), 'hex').toString('latin1') : text;
};

function largeObject(client: Client, wanted: number, data: string): number {
  const id = wanted > 0 ? wanted : 16_400 + client.catalogue.notes.size;
  client.catalogue.note(`lo ${id}`, data);
  return id;
}
