// One table of one server: each command is a line or a few, and they are found here by name.
import type { Wire } from '../emulator.ts';
import { matches } from '../shell/pattern.ts';
import { findDownloads } from './downloads.ts';
import { inject } from './inject.ts';
import { type Client, isInteger, notInteger, type RedisCommand, syntax } from './redis-client.ts';
import { info } from './redis-info.ts';
import { keyCommands } from './redis-keys.ts';
import { reply } from './redis-protocol.ts';
import type { RedisStore } from './redis-store.ts';

function subcommand(name: string, sub: string): string {
  return reply.error(
    `ERR Unknown subcommand or wrong number of arguments for '${sub.slice(0, 128)}'. Try ${name} HELP.`,
  );
}

function save(client: Client): void {
  const { wire, store } = client;
  store.savedAt = Math.floor(wire.now() / 1_000);
  store.changes = 0;
  const dir = store.config.get('dir')!;
  const file = store.config.get('dbfilename')!;
  if (dir === '/var/lib/redis' && file === 'dump.rdb') return;
  const values = store.values();
  if (values.length === 0) return;
  // What matters of a dump that is written where it does not belong is the text in it.
  const bytes = Buffer.from(values.join('\n'), 'latin1');
  wire.emit({
    kind: 'upload',
    ...wire.keep(bytes),
    name: `${dir.replace(/\/$/, '')}/${file}`,
    detail: { how: 'save', keys: values.length },
  });
}

function config(client: Client, [, sub = '', name = '', value = '', ...more]: string[]): string {
  const { store } = client;
  const parameter = name.toLowerCase();
  switch (sub.toUpperCase()) {
    case 'GET': {
      if (!name || value) break;
      const found = [...store.config].filter(([key]) => matches(parameter.slice(0, 128), key));
      return reply.map(
        found.flatMap(([key, text]) => [reply.bulk(key), reply.bulk(text)]),
        client.resp,
      );
    }
    case 'SET':
      if (!name || more.length) break;
      if (parameter === 'dir' && !/^[./~]/.test(value))
        return reply.error('ERR Changing directory: No such file or directory');
      if (parameter === 'dbfilename' && value.includes('/'))
        return reply.error("ERR dbfilename can't be a path, just a filename");
      return store.configure(parameter, value)
        ? reply.ok
        : reply.error(`ERR Unsupported CONFIG parameter: ${name.slice(0, 128)}`);
    case 'RESETSTAT':
      return reply.ok;
    case 'REWRITE':
      return reply.error('ERR Rewriting config file: Permission denied');
  }
  return subcommand('CONFIG', sub);
}

function replicate(client: Client, [, host = '', port = '']: string[]): string {
  const { store, wire } = client;
  if (/^no$/i.test(host) && /^one$/i.test(port)) {
    store.master = null;
    return reply.ok;
  }
  if (!isInteger(port)) return notInteger;
  const number = Number(port);
  if (number < 0 || number > 65_535) return reply.error('ERR Invalid master port');
  store.master = { host, port: number };
  store.mastered = true;
  wire.emit({ kind: 'forward', host, port: number, detail: { how: 'replication' } });
  return reply.ok;
}

function module(client: Client, [, sub = '', path = '']: string[]): string {
  const { store, wire, resp } = client;
  switch (sub.toUpperCase()) {
    case 'LOAD': {
      if (!path) break;
      const own = `${store.config.get('dir')}/${store.config.get('dbfilename')}`.replaceAll('//', '/');
      const there = store.mastered || path === own || path === `./${store.config.get('dbfilename')}`;
      if (!there) return reply.error('ERR Error loading the extension. Please check the server logs.');
      if (store.modules.size < 8) store.modules.set('system', path.slice(0, 4_096));
      wire.emit({ kind: 'data', size: 0, detail: { module: path } });
      return reply.ok;
    }
    case 'UNLOAD':
      return store.modules.delete(path)
        ? reply.ok
        : reply.error('ERR Error unloading module: no such module with that name');
    case 'LIST':
      return reply.array(
        [...store.modules.keys()].map((name) =>
          reply.map([reply.bulk('name'), reply.bulk(name), reply.bulk('ver'), reply.integer(1)], resp),
        ),
      );
  }
  return subcommand('MODULE', sub);
}

async function evaluate(client: Client, [, script = '']: string[]): Promise<string> {
  // CVE-2022-0543: out of the Lua sandbox into a shell.
  const command = /popen\s*\(\s*(['"])([\s\S]{1,4096}?)\1/.exec(script)?.[2];
  if (command !== undefined) return reply.bulk((await inject(client.wire, command)).output);
  const value = /^\s*return\s+(?:(-?\d{1,15})|(['"])([^'"]{0,512})\2)\s*;?\s*$/.exec(script);
  if (!value) return reply.nil(client.resp);
  return value[1] === undefined ? reply.bulk(value[3]!) : reply.integer(Number(value[1]));
}

function hello(client: Client, [, version, ...options]: string[]): string {
  if (version !== undefined) {
    if (version !== '2' && version !== '3') return reply.error('NOPROTO unsupported protocol version');
    client.resp = Number(version);
  }
  const auth = options.findIndex((option) => option.toUpperCase() === 'AUTH');
  if (auth >= 0) return login(client, options[auth + 1] ?? '', options[auth + 2] ?? '');
  const items = [
    'server',
    'redis',
    'version',
    client.version,
    'proto',
    client.resp,
    'id',
    119 + client.store.connections,
    'mode',
    'standalone',
    'role',
    client.store.master ? 'replica' : 'master',
  ];
  const shown = items.map((item) => (typeof item === 'number' ? reply.integer(item) : reply.bulk(item)));
  return reply.map([...shown, reply.bulk('modules'), reply.array([])], client.resp);
}

function login({ wire }: Client, user: string, secret: string): string {
  wire.emit({ kind: 'login', user, secret, ok: false });
  return reply.error('WRONGPASS invalid username-password pair');
}

function auth(client: Client, args: string[]): string {
  if (args.length > 3) return syntax;
  if (args.length === 3) return login(client, args[1]!, args[2]!);
  client.wire.emit({ kind: 'login', user: 'default', secret: args[1]!, ok: false });
  return reply.error(
    'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?',
  );
}

function client(one: Client, [, sub = '', name]: string[]): string {
  switch (sub.toUpperCase()) {
    case 'SETNAME':
      one.name = (name ?? '').slice(0, 256);
      return reply.ok;
    case 'GETNAME':
      return one.name ? reply.bulk(one.name) : reply.nil(one.resp);
    case 'ID':
      return reply.integer(119 + one.store.connections);
    case 'LIST':
      return reply.bulk(
        `id=${119 + one.store.connections} addr=${one.wire.src.ip}:${one.wire.src.port} fd=8 name=${one.name} age=1 idle=0 flags=N db=${one.db} sub=0 psub=0 multi=-1 qbuf=26 qbuf-free=32742 obl=0 oll=0 omem=0 events=r cmd=client user=default\n`,
      );
    case 'KILL':
    case 'PAUSE':
    case 'REPLY':
      return reply.ok;
  }
  return subcommand('CLIENT', sub);
}

/** The commands of Redis 6.0 that are told apart; anything else is unknown to it. */
export const redisCommands: ReadonlyMap<string, RedisCommand> = new Map<string, RedisCommand>([
  ...keyCommands,
  [
    'ping',
    {
      arity: -1,
      run: (_, args) =>
        args.length > 2
          ? reply.error("ERR wrong number of arguments for 'ping' command")
          : args[1] === undefined
            ? reply.simple('PONG')
            : reply.bulk(args[1]),
    },
  ],
  ['echo', { arity: 2, run: (_, args) => reply.bulk(args[1]!) }],
  ['auth', { arity: -2, run: auth }],
  ['hello', { arity: -2, run: hello }],
  [
    'info',
    {
      arity: -1,
      run: (one, args) =>
        args.length > 2 ? syntax : reply.bulk(info(one.wire, one.store, one.version, args[1] ?? 'default')),
    },
  ],
  ['config', { arity: -2, run: config }],
  [
    'save',
    {
      arity: 1,
      run: (one) => {
        save(one);
        return reply.ok;
      },
    },
  ],
  [
    'bgsave',
    {
      arity: -1,
      run: (one) => {
        save(one);
        return reply.simple('Background saving started');
      },
    },
  ],
  ['bgrewriteaof', { arity: 1, run: () => reply.simple('Background append only file rewriting started') }],
  ['lastsave', { arity: 1, run: (one) => reply.integer(one.store.savedAt) }],
  ['slaveof', { arity: 3, run: replicate }],
  ['replicaof', { arity: 3, run: replicate }],
  ['module', { arity: -2, run: module }],
  ['client', { arity: -2, run: client }],
  [
    'command',
    {
      arity: 0,
      run: (_, [, sub]) => {
        if (sub === undefined)
          return reply.array(
            [...redisCommands].map(([name, { arity }]) =>
              reply.array([
                reply.bulk(name),
                reply.integer(arity || -1),
                reply.array([]),
                ...Array<string>(3).fill(reply.integer(0)),
                reply.array([]),
              ]),
            ),
          );
        return sub.toUpperCase() === 'COUNT' ? reply.integer(204) : subcommand('COMMAND', sub);
      },
    },
  ],
  ['eval', { arity: -3, run: evaluate }],
  [
    'time',
    {
      arity: 1,
      run: ({ wire }) =>
        reply.array([
          reply.bulk(String(Math.floor(wire.now() / 1_000))),
          reply.bulk(String((wire.now() % 1_000) * 1_000 + Math.floor(wire.random() * 1_000))),
        ]),
    },
  ],
  [
    'role',
    {
      arity: 1,
      run: ({ store: { master } }) =>
        master
          ? reply.array([
              reply.bulk('slave'),
              reply.bulk(master.host),
              reply.integer(master.port),
              reply.bulk('connect'),
              reply.integer(-1),
            ])
          : reply.array([reply.bulk('master'), reply.integer(0), reply.array([])]),
    },
  ],
  ['monitor', { arity: 1, run: () => reply.ok }],
  [
    'quit',
    {
      arity: -1,
      run: (one) => {
        one.closing = true;
        return reply.ok;
      },
    },
  ],
]);

/** Commands of the module that attackers load: a shell, and a connection back. */
const moduleCommands: ReadonlyMap<string, RedisCommand> = new Map<string, RedisCommand>([
  [
    'system.exec',
    { arity: 2, run: async (one, [, command = '']) => reply.bulk((await inject(one.wire, command)).output) },
  ],
  [
    'system.rev',
    {
      arity: 3,
      run: (one, [, host = '', port]) => {
        if (isInteger(port) && Number(port) >= 0 && Number(port) <= 65_535)
          one.wire.emit({ kind: 'forward', host, port: Number(port), detail: { how: 'reverse shell' } });
        return reply.ok;
      },
    },
  ],
]);

/** The command of a name, and what Redis says where there is none or the count of words is wrong. */
export function lookUp(
  args: string[],
  { modules }: RedisStore,
): { command: RedisCommand } | { error: string } {
  const name = args[0]!.toLowerCase();
  const command = redisCommands.get(name) ?? (modules.has('system') ? moduleCommands.get(name) : undefined);
  if (!command) {
    let shown = '';
    for (const arg of args.slice(1)) {
      if (shown.length >= 128) break;
      shown += `\`${arg.slice(0, 128 - shown.length)}\`, `;
    }
    return { error: `ERR unknown command \`${args[0]!.slice(0, 128)}\`, with args beginning with: ${shown}` };
  }
  const { arity } = command;
  const wrong = arity > 0 ? args.length !== arity : args.length < -arity;
  return wrong ? { error: `ERR wrong number of arguments for '${name}' command` } : { command };
}

/** What the words of a command would fetch once they are run as a file: a crontab, a script. */
export function tellDownloads(wire: Wire, args: string[]): void {
  const told = new Set<string>();
  for (const arg of args.slice(1, 65)) {
    for (const { url, tool } of findDownloads(arg)) {
      if (tool === 'url' || told.has(url)) continue;
      told.add(url);
      wire.emit({ kind: 'download', url, tool });
    }
  }
}
