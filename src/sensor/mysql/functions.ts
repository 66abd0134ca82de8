import { createHash } from 'node:crypto';
import type { Host } from '../sql/evaluate.ts';
import type { Item, Value } from '../sql/expression.ts';
import { SqlFault } from '../sql/lexer.ts';
import type { Client } from './client.ts';
import { relation } from './schema.ts';

/** The longest that SLEEP and BENCHMARK make one statement take, and the longest text that REPEAT and the like make. */
const waitLimitMs = 30_000;
const textLimit = 65_536;

/** What MySQL knows beyond SQL: its functions, variables and conversions. */
export function createHost(client: Client): Host {
  return {
    table: (path) => relation(client, path),
    call: (name, args) => call(client, name, args),
    variable: (text) => readVariable(client, text),
    assign: (name, value) => setVariable(client, name, value),
    cast,
    columnName: ({ text, expression }: Item) =>
      (expression.kind === 'column'
        ? expression.path.at(-1)!
        : expression.kind === 'value' && typeof expression.value === 'string' && /^['"]/.test(text)
          ? expression.value
          : expression.kind === 'value' && expression.value === null
            ? 'NULL'
            : text
      ).slice(0, 255),
    parameter: () => null,
    truth: (value) => (value === null ? null : numeric(value) !== 0),
    bool: (value) => (value === null ? null : value ? 1 : 0),
  };
}

export function setVariable(client: Client, name: string, value: Value): void {
  const size = typeof value === 'string' ? value.length : 8;
  if (client.variables.size < 64 && client.wire.memory.take(size))
    client.variables.set(name.toLowerCase(), value);
}

export function readVariable(client: Client, text: string): Value {
  if (!text.startsWith('@@')) return client.variables.get(text.toLowerCase()) ?? null;
  const name = text
    .slice(2)
    .replace(/^(global|session|local)\./i, '')
    .toLowerCase();
  const set = client.variables.get(`@@${name}`);
  if (set !== undefined) return set;
  const value = client.system.get(name);
  if (value === undefined) throw new SqlFault('variable', name);
  if (value === 'ON' || value === 'OFF') return value === 'ON' ? 1 : 0;
  return /^\d+$/.test(value) ? Number(value) : value;
}

const numeric = (value: Value): number =>
  value === null
    ? 0
    : Number.parseFloat(String(Number(value === true))) || Number.parseFloat(String(value)) || 0;

function cast(value: Value, type: string): Value {
  if (value === null) return null;
  if (/^(signed|unsigned|int|decimal)/.test(type)) return Math.trunc(numeric(value));
  return String(value);
}

function call(client: Client, name: string, args: Value[]): Value {
  const known = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (!known) throw new SqlFault('function', name);
  if (args.length < known.least) throw new SqlFault('arguments', name);
  return known.run(args, client);
}

interface Function {
  least: number;
  run(args: Value[], client: Client): Value;
}
/** Null in, null out. */
const strict = (least: number, run: (args: string[], client: Client) => Value): Function => ({
  least,
  run: (args, client) => (args.some((arg) => arg === null) ? null : run(args.map(String), client)),
});
const hash = (algorithm: string) =>
  strict(1, ([text]) => createHash(algorithm).update(text!, 'latin1').digest('hex'));
const clock = (size: number, from = 0): Function => ({
  least: 0,
  run: (_, { wire }) =>
    new Date(wire.now())
      .toISOString()
      .replace('T', ' ')
      .slice(from, from + size),
});
const own = (read: (client: Client) => Value): Function => ({ least: 0, run: (_, client) => read(client) });
const joined = (list: string[], between = '') => list.join(between).slice(0, textLimit * 16);

const functions: Record<string, Function> = {
  version: own(({ flavour }) => flavour.version),
  database: own(({ database }) => database),
  schema: own(({ database }) => database),
  user: own(({ account }) => account),
  system_user: own(({ account }) => account),
  session_user: own(({ account }) => account),
  current_user: own(({ user }) => `${user}@%`),
  current_role: own(() => null),
  connection_id: own(({ id }) => id),
  last_insert_id: own(() => 0),
  row_count: own(() => 0),
  found_rows: own(() => 0),
  uuid: own(({ wire }) =>
    Array.from({ length: 32 }, () => Math.floor(wire.random() * 16).toString(16))
      .join('')
      .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
  ),
  rand: own(({ wire }) => wire.random()),
  pi: own(() => Number(Math.PI.toFixed(6))),
  now: clock(19),
  current_timestamp: clock(19),
  sysdate: clock(19),
  utc_timestamp: clock(19),
  localtime: clock(19),
  localtimestamp: clock(19),
  curdate: clock(10),
  current_date: clock(10),
  curtime: clock(8, 11),
  current_time: clock(8, 11),
  unix_timestamp: own(({ wire }) => Math.floor(wire.now() / 1_000)),
  concat: strict(1, (args) => joined(args)),
  concat_ws: {
    least: 2,
    run: ([between, ...list]) =>
      between === null ? null : joined(list.filter((each) => each !== null).map(String), String(between)),
  },
  length: strict(1, ([text]) => text!.length),
  octet_length: strict(1, ([text]) => text!.length),
  char_length: strict(1, ([text]) => Buffer.from(text!, 'latin1').toString('utf8').length),
  upper: strict(1, ([text]) => text!.toUpperCase()),
  ucase: strict(1, ([text]) => text!.toUpperCase()),
  lower: strict(1, ([text]) => text!.toLowerCase()),
  lcase: strict(1, ([text]) => text!.toLowerCase()),
  hex: {
    least: 1,
    run: ([value]) =>
      value === null
        ? null
        : typeof value === 'number'
          ? value.toString(16).toUpperCase()
          : Buffer.from(String(value), 'latin1').toString('hex').toUpperCase(),
  },
  unhex: strict(1, ([text]) =>
    /^[0-9a-f]*$/i.test(text!)
      ? Buffer.from(text!.length % 2 ? `0${text}` : text!, 'hex').toString('latin1')
      : null,
  ),
  char: { least: 1, run: (args) => String.fromCharCode(...args.map((arg) => numeric(arg) & 255)) },
  ascii: strict(1, ([text]) => (text ? text.charCodeAt(0) : 0)),
  ord: strict(1, ([text]) => (text ? text.charCodeAt(0) : 0)),
  md5: hash('md5'),
  sha: hash('sha1'),
  sha1: hash('sha1'),
  sha2: strict(2, ([text, bits]) =>
    createHash(`sha${[224, 384, 512].includes(Number(bits)) ? bits : 256}`)
      .update(text!, 'latin1')
      .digest('hex'),
  ),
  password: strict(
    1,
    ([text]) =>
      `*${createHash('sha1').update(createHash('sha1').update(text!, 'latin1').digest()).digest('hex').toUpperCase()}`,
  ),
  to_base64: strict(1, ([text]) => Buffer.from(text!, 'latin1').toString('base64')),
  from_base64: strict(1, ([text]) => Buffer.from(text!, 'base64').toString('latin1')),
  substring: strict(2, (args) => slice(args)),
  substr: strict(2, (args) => slice(args)),
  mid: strict(2, (args) => slice(args)),
  left: strict(2, ([text, count]) => text!.slice(0, Math.max(0, Number(count)))),
  right: strict(2, ([text, count]) => (Number(count) > 0 ? text!.slice(-Number(count)) : '')),
  trim: strict(1, ([text]) => text!.trim()),
  replace: strict(3, ([text, from, to]) =>
    from ? joined(text!.slice(0, textLimit).split(from), to) : text!,
  ),
  repeat: strict(2, ([text, count]) =>
    text!.repeat(Math.max(0, Math.min(Number(count) || 0, textLimit / Math.max(1, text!.length)))),
  ),
  reverse: strict(1, ([text]) => [...text!].reverse().join('')),
  instr: strict(2, ([text, part]) => text!.toLowerCase().indexOf(part!.toLowerCase()) + 1),
  locate: strict(2, ([part, text]) => text!.toLowerCase().indexOf(part!.toLowerCase()) + 1),
  floor: strict(1, ([value]) => Math.floor(Number(value))),
  round: strict(1, ([value]) => Math.round(Number(value))),
  abs: strict(1, ([value]) => Math.abs(Number(value))),
  load_file: strict(1, () => null),
  extractvalue: strict(2, () => ''),
  updatexml: strict(3, () => ''),
  inet_aton: strict(1, ([text]) => text!.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)),
  isnull: { least: 1, run: ([value]) => (value === null ? 1 : 0) },
  benchmark: { least: 2, run: ([count], client) => wait(client, numeric(count!) / 10_000) },
  sleep: { least: 1, run: ([seconds], client) => wait(client, numeric(seconds!) * 1_000) },
};

function wait(client: Client, ms: number): number {
  client.waitMs = Math.min(waitLimitMs, client.waitMs + Math.max(0, ms));
  return 0;
}

function slice([text, from, count]: string[]): string {
  const start = Number(from) < 0 ? text!.length + Number(from) : Number(from) - 1;
  if (start < 0) return '';
  return text!.slice(start, count === undefined ? undefined : start + Math.max(0, Number(count)));
}
