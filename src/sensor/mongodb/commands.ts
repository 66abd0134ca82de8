// Over 300 lines: each command is a few of them, and all are looked up in one table.
import type { Wire } from '../emulator.ts';
import { type Doc, decode, double, encode, type Fields, raw, type Value } from './bson.ts';
import type { Question } from './message.ts';
import { saslContinue, saslStart, type Talk } from './scram.ts';
import type { Collection, MongoStore } from './store.ts';

/** What the handler of one command works with. */
export interface Context {
  wire: Wire;
  store: MongoStore;
  version: string;
  question: Question;
  command: Doc;
  database: string;
  /** The login that goes on. */
  talk: Talk;
}

type Handler = (context: Context) => Fields | Doc;

const ok = double(1);
/** Documents of one answer. */
const batchLimit = 101;

export const failure = (errmsg: string, code: number, codeName: string): Fields => ({
  ok: double(0),
  errmsg,
  code,
  codeName,
});

const text = (value: Value | undefined) => (typeof value === 'string' ? value : '');
const size = (value: Value | undefined, otherwise: number) =>
  typeof value === 'number' || typeof value === 'bigint' ? Math.abs(Math.trunc(Number(value))) : otherwise;
const docs = (value: Value | undefined): Doc[] =>
  Array.isArray(value) ? value.filter((one): one is Doc => one instanceof Map) : [];
const isEmpty = (value: Value | undefined) => !(value instanceof Map) || value.size === 0;

function hello({ wire, version, command }: Context): Fields {
  const { persona } = wire;
  const old = command.has('isMaster') || command.has('ismaster');
  return {
    ...(old ? { ismaster: true } : { isWritablePrimary: true }),
    topologyVersion: { processId: { $oid: persona.token('mongodb process', 24) }, counter: 0n },
    maxBsonObjectSize: 16_777_216,
    maxMessageSizeBytes: 48_000_000,
    maxWriteBatchSize: 100_000,
    localTime: new Date(wire.now()),
    logicalSessionTimeoutMinutes: 30,
    connectionId: connections(wire),
    minWireVersion: 0,
    maxWireVersion: version.startsWith('4.4') ? 9 : 8,
    readOnly: false,
    ok,
  };
}

const connections = (wire: Wire) => 100 + (wire.src.port % 4_000);

function buildInfo({ version }: Context): Fields {
  return {
    version,
    gitVersion: gitVersions[version] ?? gitVersions['4.4.29']!,
    modules: [],
    allocator: 'tcmalloc',
    javascriptEngine: 'mozjs',
    sysInfo: 'deprecated',
    versionArray: [...version.split('.').map(Number), 0],
    openssl: { running: 'OpenSSL 1.1.1f  31 Mar 2020', compiled: 'OpenSSL 1.1.1f  31 Mar 2020' },
    buildEnvironment: {
      distmod: 'ubuntu2004',
      distarch: 'x86_64',
      target_arch: 'x86_64',
      target_os: 'linux',
    },
    bits: 64,
    debug: false,
    maxBsonObjectSize: 16_777_216,
    storageEngines: ['biggie', 'devnull', 'ephemeralForTest', 'wiredTiger'],
    ok,
  };
}

/** Of the releases that are known; another is said to be built from the last. */
const gitVersions: Record<string, string> = {
  '4.4.29': 'f4dda329a99811c707eb06d05ad023599f9be263',
};

function serverStatus({ wire, version }: Context): Fields {
  const { persona } = wire;
  const uptime = Math.max(60, Math.floor((wire.now() - persona.bootedAt) / 1_000) - 19);
  return {
    host: persona.hostname,
    version,
    process: 'mongod',
    pid: BigInt(700 + (Number.parseInt(persona.token('mongodb pid', 4), 16) % 900)),
    uptime: double(uptime),
    uptimeMillis: BigInt(uptime) * 1_000n,
    uptimeEstimate: BigInt(uptime),
    localTime: new Date(wire.now()),
    asserts: { regular: 0, warning: 0, msg: 0, user: 12, rollovers: 0 },
    connections: { current: 4, available: 51_196, totalCreated: connections(wire), active: 1 },
    storageEngine: { name: 'wiredTiger', supportsCommittedReads: true, persistent: true },
    ok,
  };
}

function sizeOf(collections: Map<string, Collection>): number {
  let bytes = 20_480;
  for (const { count, documents } of collections.values())
    bytes += 4_096 * Math.ceil((count * (documents[0]?.length ?? 100)) / 4_096 + 5);
  return bytes;
}

function listDatabases({ store, command }: Context): Fields {
  const all = [...store.databases]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, collections]) => ({ name, sizeOnDisk: double(sizeOf(collections)), empty: false }));
  if (command.get('nameOnly') === true) return { databases: all.map(({ name }) => ({ name })), ok };
  return {
    databases: all,
    totalSize: double(
      all.reduce((sum, { sizeOnDisk }) => sum + (sizeOnDisk as { $double: number }).$double, 0),
    ),
    ok,
  };
}

const cursor = (ns: string, firstBatch: Value[]): Fields => ({ cursor: { firstBatch, id: 0n, ns }, ok });

function listCollections({ store, database, command, wire }: Context): Fields {
  const names = [...(store.databases.get(database)?.keys() ?? [])];
  const wanted = command.get('filter');
  const only = wanted instanceof Map ? wanted.get('name') : undefined;
  const shown = typeof only === 'string' ? names.filter((name) => name === only) : names;
  return cursor(
    `${database}.$cmd.listCollections`,
    shown.map((name): Fields => {
      const id = wire.persona.token(`mongodb ${database} ${name}`, 32);
      return command.get('nameOnly') === true
        ? { name, type: 'collection' }
        : {
            name,
            type: 'collection',
            options: {},
            info: { readOnly: false, uuid: raw16(id) },
            idIndex: { v: 2, key: { _id: 1 }, name: '_id_' },
          };
    }),
  );
}

/** A UUID (binary subtype 4) is written as the other kinds are: the shell shows it as bytes. */
const raw16 = (hex: string) => Buffer.from(hex, 'hex');

/** Only an equal `_id`, or nothing, is looked for: the rest finds all, as most who come want all. */
function matching(collection: Collection | undefined, filter: Value | undefined): Buffer[] {
  const all = collection?.documents ?? [];
  if (isEmpty(filter) || !(filter instanceof Map)) return all;
  const wanted = [...filter].filter(
    ([name, value]) =>
      !name.startsWith('$') &&
      (typeof value === 'string' ||
        typeof value === 'number' ||
        (value !== null && typeof value === 'object' && '$oid' in value)),
  );
  return all.filter((bytes) => {
    const { doc } = decode(bytes);
    return wanted.every(([name, value]) => JSON.stringify(doc.get(name) ?? null) === JSON.stringify(value));
  });
}

export function find({ store, database, command }: Context, name = text(command.get('find'))): Buffer[] {
  const found = matching(store.collection(database, name), command.get('filter'));
  const skip = size(command.get('skip'), 0);
  const most = Math.min(
    size(command.get('limit'), 0) || batchLimit,
    size(command.get('batchSize'), batchLimit) || batchLimit,
    batchLimit,
  );
  return found.slice(skip, skip + most);
}

function aggregate(context: Context): Fields {
  const { store, database, command } = context;
  const name = text(command.get('aggregate'));
  const collection = store.collection(database, name);
  const stages = docs(command.get('pipeline'));
  const group = stages.find((stage) => stage.has('$group'));
  const counted = stages.find((stage) => stage.has('$count'));
  const ns = `${database}.${name || '$cmd.aggregate'}`;
  if (counted)
    return cursor(ns, collection?.count ? [new Map([[text(counted.get('$count')), collection.count]])] : []);
  // What drivers send to count documents.
  if (group) return cursor(ns, collection?.count ? [{ _id: 1, n: collection.count }] : []);
  const most = stages.map((stage) => stage.get('$limit')).find((one) => one !== undefined);
  return cursor(ns, (collection?.documents ?? []).slice(0, size(most, batchLimit) || batchLimit).map(raw));
}

function insert({ store, database, command, wire }: Context): Fields {
  const name = text(command.get('insert'));
  const collection = store.make(database, name);
  let n = 0;
  for (const doc of docs(command.get('documents'))) {
    const whole = doc.has('_id') ? doc : new Map<string, Value>([['_id', { $oid: hex24(wire) }], ...doc]);
    if (collection && store.insert(collection, encode(whole))) n++;
  }
  return { n, ok };
}

const hex24 = (wire: Wire) =>
  Math.floor(wire.now() / 1_000)
    .toString(16)
    .padStart(8, '0') +
  Array.from({ length: 16 }, () => Math.floor(wire.random() * 16).toString(16)).join('');

/** All that matches goes; of documents that nobody can read, all. */
function remove({ store, database, command }: Context): Fields {
  const collection = store.collection(database, text(command.get('delete')));
  let n = 0;
  for (const one of docs(command.get('deletes'))) {
    if (!collection) continue;
    if (isEmpty(one.get('q'))) n += store.empty(collection);
    else n += matching(collection, one.get('q')).length ? 1 : 0;
  }
  return { n, ok };
}

function update({ store, database, command }: Context): Fields {
  const collection = store.collection(database, text(command.get('update')));
  const n = docs(command.get('updates')).reduce(
    (sum, one) =>
      sum + Math.min(matching(collection, one.get('q')).length, one.get('multi') === true ? batchLimit : 1),
    0,
  );
  return { n, nModified: n, ok };
}

function drop({ store, database, command }: Context): Fields {
  const name = text(command.get('drop'));
  const found = store.drop(database, name);
  return found
    ? { nIndexesWas: 1, ns: `${database}.${name}`, ok }
    : failure('ns not found', 26, 'NamespaceNotFound');
}

function dropDatabase({ store, database }: Context): Fields {
  const names = [...(store.databases.get(database)?.keys() ?? [])];
  for (const name of names) store.drop(database, name);
  return names.length ? { dropped: database, ok } : { ok };
}

function create({ store, database, command }: Context): Fields {
  const name = text(command.get('create'));
  if (store.collection(database, name))
    return failure(`a collection '${database}.${name}' already exists`, 48, 'NamespaceExists');
  return store.make(database, name)
    ? { ok }
    : failure('cannot create a new collection -- storage is full', 14031, 'OutOfDiskSpace');
}

function statistics({ store, database, command }: Context): Fields {
  const collections = store.databases.get(database) ?? new Map<string, Collection>();
  const one = text(command.get('collStats') ?? command.get('collstats'));
  const list = one ? [...collections].filter(([name]) => name === one) : [...collections];
  const objects = list.reduce((sum, [, { count }]) => sum + count, 0);
  const bytes = sizeOf(new Map(list));
  return one
    ? {
        ns: `${database}.${one}`,
        size: bytes,
        count: objects,
        storageSize: bytes,
        nindexes: 1,
        totalIndexSize: 20_480,
        totalSize: bytes + 20_480,
        ok,
      }
    : {
        db: database,
        collections: list.length,
        views: 0,
        objects,
        dataSize: double(bytes),
        storageSize: double(bytes),
        indexes: list.length,
        indexSize: double(20_480),
        totalSize: double(bytes + 20_480),
        ok,
      };
}

const handlers = new Map<string, Handler>();
const add = (names: string, handler: Handler) => {
  for (const name of names.split(' ')) handlers.set(name.toLowerCase(), handler);
};
add('hello isMaster', hello);
add('buildInfo', buildInfo);
add('serverStatus', serverStatus);
add('ping endSessions logout killCursors refreshSessions fsync setParameter', () => ({ ok }));
add('whatsmyuri', ({ wire }) => ({ you: `${wire.src.ip}:${wire.src.port}`, ok }));
add('listDatabases', listDatabases);
add('listCollections', listCollections);
add('listIndexes', ({ database, command }) =>
  cursor(`${database}.${text(command.get('listIndexes'))}`, [{ v: 2, key: { _id: 1 }, name: '_id_' }]),
);
add('find', (context) =>
  cursor(`${context.database}.${text(context.command.get('find'))}`, find(context).map(raw)),
);
add('getMore', ({ command }) =>
  failure(`cursor id ${command.get('getMore') ?? 0} not found`, 43, 'CursorNotFound'),
);
add('count', ({ store, database, command }) => {
  const collection = store.collection(database, text(command.get('count')));
  return {
    n: isEmpty(command.get('query'))
      ? (collection?.count ?? 0)
      : matching(collection, command.get('query')).length,
    ok,
  };
});
add('aggregate', aggregate);
add('insert', insert);
add('delete', remove);
add('update', update);
add('drop', drop);
add('dropDatabase', dropDatabase);
add('create', create);
add('createIndexes', () => ({
  numIndexesBefore: 1,
  numIndexesAfter: 2,
  createdCollectionAutomatically: false,
  ok,
}));
add('collStats dbStats', statistics);
add('connectionStatus', () => ({ authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] }, ok }));
add('getLog', ({ command }) => ({
  totalLinesWritten: 0,
  log: command.get('getLog') === '*' ? ['global', 'startupWarnings'] : [],
  ok,
}));
add('getCmdLineOpts', () => ({
  argv: ['/usr/bin/mongod', '--config', '/etc/mongod.conf'],
  parsed: {
    config: '/etc/mongod.conf',
    net: { bindIp: '0.0.0.0', port: 27_017 },
    storage: { dbPath: '/var/lib/mongodb', journal: { enabled: true } },
    systemLog: { destination: 'file', logAppend: true, path: '/var/log/mongodb/mongod.log' },
  },
  ok,
}));
add('hostInfo', ({ wire, wire: { persona } }) => ({
  system: {
    currentTime: new Date(wire.now()),
    hostname: persona.hostname,
    cpuAddrSize: 64,
    memSizeMB: BigInt(Math.floor(persona.memoryKb / 1_024)),
    numCores: persona.cpu.count,
    cpuArch: persona.arch.name,
    numaEnabled: false,
  },
  os: { type: 'Linux', name: persona.system.name, version: persona.system.version },
  extra: { kernelVersion: persona.kernel.release },
  ok,
}));
add('usersInfo', () => ({ users: [], ok }));
add('replSetGetStatus replSetGetConfig', () =>
  failure('not running with --replSet', 76, 'NoReplicationEnabled'),
);
add('getFreeMonitoringStatus', () => ({ state: 'undecided', ok }));
add('saslStart', saslStart);
add('saslContinue', saslContinue);

/** What the server says to a command; its first name says which. */
export function respond(context: Context): Fields | Doc {
  const [name = ''] = context.command.keys();
  const handler = handlers.get(name.toLowerCase());
  return handler
    ? handler(context)
    : failure(`no such command: '${name.slice(0, 256)}'`, 59, 'CommandNotFound');
}
