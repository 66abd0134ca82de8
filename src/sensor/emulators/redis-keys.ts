import { matches } from '../shell/pattern.ts';
import { type Client, full, isInteger, notInteger, type RedisCommand, syntax } from './redis-client.ts';
import { reply } from './redis-protocol.ts';

function get({ store, db, wire, resp }: Client, key: string): string {
  const entry = store.get(db, key, wire.now());
  return entry ? reply.bulk(entry.value) : reply.nil(resp);
}

function set(client: Client, [, key = '', value = '', ...options]: string[]): string {
  const { store, db, wire, resp } = client;
  const old = store.get(db, key, wire.now());
  let until = 0;
  for (let i = 0; i < options.length; i++) {
    const option = options[i]!.toUpperCase();
    if (option === 'NX' ? old : option === 'XX' && !old) return reply.nil(resp);
    if (option === 'EX' || option === 'PX') {
      const time = options[++i];
      if (!isInteger(time)) return notInteger;
      if (Number(time) <= 0) return reply.error('ERR invalid expire time in set');
      until = wire.now() + Number(time) * (option === 'EX' ? 1_000 : 1);
    } else if (option === 'KEEPTTL') until = old?.until ?? 0;
    else if (option !== 'NX' && option !== 'XX') return syntax;
  }
  return store.set(db, key, value, until) ? reply.ok : full;
}

function expire(one: Client, [name = '', key = '', time]: string[]): string {
  if (!isInteger(time)) return notInteger;
  const { store, db, wire } = one;
  const entry = store.get(db, key, wire.now());
  if (!entry) return reply.integer(0);
  const factor = name.toUpperCase() === 'EXPIRE' ? 1_000 : 1;
  store.set(db, key, entry.value, Math.max(1, wire.now() + Number(time) * factor));
  return reply.integer(1);
}

function ttl(one: Client, [name = '', key = '']: string[]): string {
  const entry = one.store.get(one.db, key, one.wire.now());
  if (!entry) return reply.integer(-2);
  if (!entry.until) return reply.integer(-1);
  const left = entry.until - one.wire.now();
  return reply.integer(name.toUpperCase() === 'TTL' ? Math.ceil(left / 1_000) : left);
}

function change(one: Client, key: string, edit: (old: string) => string | null): string | null {
  const old = one.store.get(one.db, key, one.wire.now());
  const value = edit(old?.value ?? '');
  return value !== null && one.store.set(one.db, key, value, old?.until) ? value : null;
}

/** Commands on keys and databases. */
export const keyCommands: readonly [string, RedisCommand][] = [
  ['get', { arity: 2, run: (one, args) => get(one, args[1]!) }],
  ['set', { arity: -3, run: set }],
  [
    'setnx',
    {
      arity: 3,
      run: (one, [, key = '', value = '']) =>
        one.store.get(one.db, key, one.wire.now())
          ? reply.integer(0)
          : one.store.set(one.db, key, value)
            ? reply.integer(1)
            : full,
    },
  ],
  [
    'setex',
    {
      arity: 4,
      run: (one, [, key = '', seconds = '', value = '']) => set(one, ['set', key, value, 'EX', seconds]),
    },
  ],
  [
    'append',
    {
      arity: 3,
      run: (one, [, key = '', more = '']) => {
        const value = change(one, key, (old) => old + more);
        return value === null ? full : reply.integer(value.length);
      },
    },
  ],
  [
    'incr',
    {
      arity: 2,
      run: (one, [, key = '']) => {
        const value = change(one, key, (old) =>
          isInteger(old || '0') ? String(Number(old || 0) + 1) : null,
        );
        return value === null ? notInteger : reply.integer(Number(value));
      },
    },
  ],
  ['mget', { arity: -2, run: (one, args) => reply.array(args.slice(1).map((key) => get(one, key))) }],
  [
    'mset',
    {
      arity: -3,
      run: (one, args) => {
        if (args.length % 2 === 0) return reply.error('ERR wrong number of arguments for MSET');
        for (let i = 1; i < args.length; i += 2)
          if (!one.store.set(one.db, args[i]!, args[i + 1]!)) return full;
        return reply.ok;
      },
    },
  ],
  [
    'del',
    {
      arity: -2,
      run: (one, args) => reply.integer(args.slice(1).filter((key) => one.store.delete(one.db, key)).length),
    },
  ],
  [
    'unlink',
    {
      arity: -2,
      run: (one, args) => reply.integer(args.slice(1).filter((key) => one.store.delete(one.db, key)).length),
    },
  ],
  [
    'exists',
    {
      arity: -2,
      run: (one, args) =>
        reply.integer(args.slice(1).filter((key) => one.store.get(one.db, key, one.wire.now())).length),
    },
  ],
  [
    'keys',
    {
      arity: 2,
      run: (one, [, pattern = '']) =>
        reply.array(
          one.store
            .keys(one.db, one.wire.now())
            .filter((key) => matches(pattern.slice(0, 64), key.slice(0, 256)))
            .map(reply.bulk),
        ),
    },
  ],
  [
    'scan',
    {
      arity: -2,
      run: (one) =>
        reply.array([reply.bulk('0'), reply.array(one.store.keys(one.db, one.wire.now()).map(reply.bulk))]),
    },
  ],
  [
    'type',
    {
      arity: 2,
      run: (one, [, key = '']) =>
        reply.simple(one.store.get(one.db, key, one.wire.now()) ? 'string' : 'none'),
    },
  ],
  [
    'strlen',
    {
      arity: 2,
      run: (one, [, key = '']) =>
        reply.integer(one.store.get(one.db, key, one.wire.now())?.value.length ?? 0),
    },
  ],
  ['ttl', { arity: 2, run: ttl }],
  ['pttl', { arity: 2, run: ttl }],
  ['expire', { arity: 3, run: expire }],
  ['pexpire', { arity: 3, run: expire }],
  ['dbsize', { arity: 1, run: (one) => reply.integer(one.store.sizes()[one.db]!) }],
  [
    'select',
    {
      arity: 2,
      run: (one, [, index]) => {
        if (!isInteger(index)) return reply.error('ERR invalid DB index');
        if (Number(index) < 0 || Number(index) >= one.store.sizes().length)
          return reply.error('ERR DB index is out of range');
        one.db = Number(index);
        return reply.ok;
      },
    },
  ],
  [
    'flushall',
    {
      arity: -1,
      run: (one, args) => {
        if (args.length > 2 || (args[1] && args[1].toUpperCase() !== 'ASYNC')) return syntax;
        one.store.flush();
        return reply.ok;
      },
    },
  ],
  [
    'flushdb',
    {
      arity: -1,
      run: (one) => {
        one.store.flush(one.db);
        return reply.ok;
      },
    },
  ],
];
