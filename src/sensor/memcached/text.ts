import type { Wire } from '../emulator.ts';
import { type Context, keyLimit, swallow, tellValue, valueLimit } from './context.ts';
import { generalStats, itemStats, settings, slabStats } from './stats.ts';
import { untilOf } from './store.ts';

/** Words of one line that are looked at (memcached: MAX_TOKENS), keys of one `get`, and how much of a value an event shows. */
const wordLimit = 4_096;
const shown = 4_096;

/** Each answers its line; null ends the connection. */
type Handler = (context: Context, words: string[]) => string | null | Promise<string | null>;

const error = 'ERROR\r\n';
const badFormat = 'CLIENT_ERROR bad command line format\r\n';
const isCount = (word: string | undefined): word is string => /^\d{1,10}$/.test(word ?? '');
const isSeconds = (word: string | undefined): word is string => /^-?\d{1,10}$/.test(word ?? '');
const lines = (pairs: [string, string | number][]) =>
  `${pairs.map(([name, value]) => `STAT ${name} ${value}\r\n`).join('')}END\r\n`;

/** The text protocol (memcached, doc/protocol.txt), as 1.6.18 was seen to speak it. */
export async function speakText(context: Context): Promise<void> {
  const { wire } = context;
  for (;;) {
    const line = await wire.line();
    if (line === null) return;
    const words = line.split(' ', wordLimit).filter(Boolean);
    const [name = ''] = words;
    // Whoever speaks HTTP to it is dropped without a word: a browser may have been told to.
    if (/^(GET|POST|PUT) .*HTTP\/|^POST /.test(line) || /^GET [^ ]+ /.test(line)) {
      wire.emit({ kind: 'command', input: line, ok: false });
      return;
    }
    const handler = handlers.get(name);
    if (!stores.has(name)) wire.emit({ kind: 'command', input: line, ok: handler !== undefined });
    const answer = handler ? await handler(context, words) : error;
    if (answer === null) return;
    wire.send(answer);
  }
}

const stores = new Set(['set', 'add', 'replace', 'append', 'prepend', 'cas']);

/** `set` and its like: the value follows on lines of its own. */
async function storing(context: Context, words: string[]): Promise<string | null> {
  const { wire, store } = context;
  const [name = '', key = '', flags, expires, length, cas] = words;
  const told = words.join(' ');
  const refuse = (answer: string) => {
    wire.emit({ kind: 'command', input: told, ok: false });
    return answer;
  };
  const least = name === 'cas' ? 6 : 5;
  if (words.length < least || words.length > least + 1) return refuse(error);
  if (key.length > keyLimit || !isCount(flags) || !isSeconds(expires) || !isCount(length))
    return refuse(badFormat);
  const size = Number(length);
  if (size > valueLimit) {
    // What was there is gone all the same: nobody shall read the old for the new.
    if (name === 'set') store.delete(key);
    wire.emit({ kind: 'command', input: told, ok: false });
    return (await swallow(wire, size + 2)) ? 'SERVER_ERROR object too large for cache\r\n' : null;
  }
  const value = await readValue(wire, size);
  if (value === null) return null;
  wire.emit({
    kind: 'command',
    input: told,
    ok: value !== undefined,
    ...(value ? { detail: { value: value.toString('latin1', 0, shown) } } : {}),
  });
  if (value === undefined) return 'CLIENT_ERROR bad data chunk\r\n';
  tellValue(wire, key, value);
  store.counts.set++;
  const now = wire.now();
  const old = store.get(key, now);
  const text = value.toString('latin1');
  const until = untilOf(Number(expires), now);
  const put = (whole: string, as = Number(flags), end = until) =>
    store.set(key, whole, as, end, now) ? 'STORED\r\n' : 'SERVER_ERROR out of memory storing object\r\n';
  const answer = (): string => {
    if (name === 'set') return put(text);
    if (name === 'add') return old ? 'NOT_STORED\r\n' : put(text);
    if (name === 'cas') {
      if (!old) return 'NOT_FOUND\r\n';
      return String(old.cas) === cas ? put(text) : 'EXISTS\r\n';
    }
    if (!old) return 'NOT_STORED\r\n';
    if (name === 'replace') return put(text);
    const joined = name === 'append' ? old.value + text : text + old.value;
    return joined.length > valueLimit
      ? 'SERVER_ERROR object too large for cache\r\n'
      : put(joined, old.flags, old.until);
  };
  return quiet(words, answer());
}

/** A value and its line end; undefined where it ends otherwise, null where the peer has gone. */
async function readValue(wire: Wire, size: number): Promise<Buffer | null | undefined> {
  const bytes = await wire.bytes(size + 2);
  if (bytes === null) return null;
  if (bytes[size] === 13 && bytes[size + 1] === 10) return bytes.subarray(0, size);
  // What follows up to the line's end is then taken for a command.
  wire.unread(bytes.subarray(size));
  return undefined;
}

const quiet = (words: string[], answer: string) => (words.at(-1) === 'noreply' ? '' : answer);

function getting({ wire, store }: Context, words: string[]): string {
  const touch = words[0]!.startsWith('gat');
  const keys = words.slice(touch ? 2 : 1);
  if (keys.length === 0) return error;
  if (touch && !isSeconds(words[1])) return 'CLIENT_ERROR invalid exptime argument\r\n';
  const withCas = words[0]!.endsWith('s');
  let text = '';
  for (const key of keys) {
    if (key.length > keyLimit) return badFormat;
    store.counts.get++;
    const item = store.get(key, wire.now());
    if (!item) continue;
    store.counts.hits++;
    if (touch) item.until = untilOf(Number(words[1]), wire.now());
    text += `VALUE ${key} ${item.flags} ${item.value.length}${withCas ? ` ${item.cas}` : ''}\r\n${item.value}\r\n`;
    if (text.length > 4 * valueLimit) break;
  }
  return `${text}END\r\n`;
}

function counting({ wire, store }: Context, words: string[]): string {
  const [name, key = '', by] = words;
  if (words.length < 3 || words.length > 4) return error;
  if (!/^\d{1,20}$/.test(by!)) return quiet(words, 'CLIENT_ERROR invalid numeric delta argument\r\n');
  const item = store.get(key, wire.now());
  if (!item) return quiet(words, 'NOT_FOUND\r\n');
  if (!/^\d{1,20} *$/.test(item.value))
    return quiet(words, 'CLIENT_ERROR cannot increment or decrement non-numeric value\r\n');
  const old = BigInt(item.value.trim());
  const delta = BigInt(by!);
  const next = name === 'incr' ? (old + delta) % 2n ** 64n : old > delta ? old - delta : 0n;
  store.set(key, String(next), item.flags, item.until, wire.now());
  return quiet(words, `${next}\r\n`);
}

function deleting({ wire, store }: Context, words: string[]): string {
  const [, key = '', last] = words;
  if (words.length < 2) return error;
  if (words.length > 4 || (last !== undefined && last !== '0' && last !== 'noreply'))
    return 'CLIENT_ERROR bad command line format.  Usage: delete <key> [noreply]\r\n';
  const found = store.get(key, wire.now()) && store.delete(key);
  if (found) store.counts.delete++;
  return quiet(words, found ? 'DELETED\r\n' : 'NOT_FOUND\r\n');
}

function touching({ wire, store }: Context, words: string[]): string {
  const [, key = '', expires] = words;
  if (words.length < 3 || words.length > 4) return error;
  if (!isSeconds(expires)) return 'CLIENT_ERROR invalid exptime argument\r\n';
  store.counts.touch++;
  const item = store.get(key, wire.now());
  if (item) item.until = untilOf(Number(expires), wire.now());
  return quiet(words, item ? 'TOUCHED\r\n' : 'NOT_FOUND\r\n');
}

function flushing({ store }: Context, words: string[]): string {
  if (words.length > 1 && words[1] !== 'noreply' && !isSeconds(words[1]))
    return 'CLIENT_ERROR invalid exptime argument\r\n';
  store.counts.flush++;
  store.flush();
  return quiet(words, 'OK\r\n');
}

function stating({ wire, store, version }: Context, words: string[]): string {
  const [, what, id, most] = words;
  const now = wire.now();
  if (what === undefined) return lines(generalStats(store, wire.persona, version, now));
  if (what === 'settings') return lines(settings());
  if (what === 'items') return lines(itemStats(store, now));
  if (what === 'slabs') return lines(slabStats(store));
  if (what === 'sizes') return 'STAT sizes_status disabled\r\nEND\r\n';
  if (what === 'reset') return 'RESET\r\n';
  if (what === 'detail') {
    if (id === 'dump') return 'END\r\n';
    return id === 'on' || id === 'off' ? 'OK\r\n' : 'CLIENT_ERROR usage: stats detail on|off|dump\r\n';
  }
  if (what === 'conns')
    return lines([
      ['23:addr', 'tcp:0.0.0.0:11211'],
      ['23:state', 'conn_listening'],
      ['23:secs_since_last_cmd', Math.floor((now - store.startedAt) / 1_000)],
      ['25:addr', `tcp:${wire.src.ip}:${wire.src.port}`],
      ['25:listen_addr', 'tcp:0.0.0.0:11211'],
      ['25:state', 'conn_parse_cmd'],
      ['25:secs_since_last_cmd', 0],
    ]);
  if (what !== 'cachedump') return error;
  if (!isCount(id) || !isCount(most)) return 'CLIENT_ERROR bad command line\r\n';
  if (Number(id) > 63) return 'CLIENT_ERROR Illegal slab id\r\n';
  let text = '';
  let count = 0;
  if (id === '1')
    for (const [key, item] of store.items) {
      if (!store.isCold(item, now)) continue;
      if (Number(most) > 0 && count++ >= Number(most)) break;
      text += `ITEM ${key} [${item.value.length} b; ${Math.floor(item.until / 1_000)} s]\r\n`;
    }
  return `${text}END\r\n`;
}

/** All keys at once, as those who empty caches ask for them. */
function crawling({ wire, store }: Context, words: string[]): string {
  if (words[1] === 'enable') return 'OK\r\n';
  if (words[1] !== 'metadump' || words.length !== 3) return error;
  const seconds = (ms: number) => Math.floor(ms / 1_000);
  let text = '';
  for (const [key, item] of store.items)
    text += `key=${encodeURIComponent(key)} exp=${item.until ? seconds(item.until) : -1} la=${seconds(Math.min(item.setAt, wire.now()))} cas=${item.cas} fetch=no cls=1 size=${key.length + item.value.length + 59}\r\n`;
  return `${text}END\r\n`;
}

const handlers = new Map<string, Handler>([
  ...[...stores].map((name): [string, Handler] => [name, storing]),
  ...['get', 'gets', 'gat', 'gats'].map((name): [string, Handler] => [name, getting]),
  ['incr', counting],
  ['decr', counting],
  ['delete', deleting],
  ['touch', touching],
  ['flush_all', flushing],
  ['stats', stating],
  ['lru_crawler', crawling],
  ['version', ({ version }) => `VERSION ${version}\r\n`],
  ['verbosity', (_, words) => (words.length < 2 ? error : 'OK\r\n')],
  ['cache_memlimit', (_, words) => (words.length < 2 ? error : 'OK\r\n')],
  ['refresh_certs', () => 'Error TLS not enabled\r\n'],
  ['shutdown', () => 'ERROR: shutdown not enabled\r\n'],
  ['watch', () => 'ERROR cannot pipeline other commands before watch\r\n'],
  ['mn', () => 'MN\r\n'],
  ['quit', () => null],
]);
