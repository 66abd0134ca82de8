// Over 300 lines: an answer for each route, all of them short and of one shape.
import type { Wire } from '../emulator.ts';
import { type Call, isObject, latin1, parsed, type Reply } from '../emulators/api.ts';
import { tellScripts } from './scripts.ts';
import type { ElasticStore } from './store.ts';

export interface Context {
  wire: Wire;
  store: ElasticStore;
  version: string;
  call: Call;
}

const type = 'application/json; charset=UTF-8';
/** Hits of one answer, and lines of one `_bulk` that are taken. */
const limits = { hits: 100, bulk: 1_000 } as const;

/** As Elasticsearch prints it: on one line, or with `pretty` on many, a blank on both sides of each colon. */
function shown(value: unknown, pretty: boolean): string {
  if (!pretty) return latin1(JSON.stringify(value));
  const text = JSON.stringify(value, null, 2)
    .replace(/^(\s*"(?:[^"\\]|\\.)*"): /gm, '$1 : ')
    .replace(/: \{\}/g, ': { }')
    .replace(/: \[\]/g, ': [ ]');
  return `${latin1(text)}\n`;
}

/** Builds and Lucene's version of the releases that are known. */
const releases: Record<string, { hash: string; date: string; lucene: string; product: boolean }> = {
  '7.17.9': {
    hash: 'ef48222227ee6b9e70e502f0f0daa52435ee634d',
    date: '2023-01-31T05:34:43.305517834Z',
    lucene: '8.11.1',
    product: true,
  },
  '7.10.2': {
    hash: '747e1cc71def077253878a59143c1f785afa92b9',
    date: '2021-01-13T00:42:12.435326Z',
    lucene: '8.7.0',
    product: false,
  },
  '6.8.23': { hash: '4f67856', date: '2022-01-06T21:30:50.087716Z', lucene: '7.7.3', product: false },
};
export const versions = ['7.17.9', '7.10.2', '6.8.23'] as const;

function failure(status: number, kind: string, reason: string, more: Record<string, unknown> = {}) {
  const one = { type: kind, reason, ...more };
  return { status, value: { error: { root_cause: [one], ...one }, status } };
}
const missing = (index: string) =>
  failure(404, 'index_not_found_exception', `no such index [${index}]`, {
    'resource.type': 'index_or_alias',
    'resource.id': index,
    index_uuid: '_na_',
    index,
  });

type Said = { status: number; value?: unknown; text?: string };

function root({ wire: { persona }, version }: Context): Said {
  const { hash, date, lucene } = releases[version]!;
  const six = version.startsWith('6');
  return {
    status: 200,
    value: {
      name: six ? persona.token('elastic node', 7) : persona.hostname,
      cluster_name: 'elasticsearch',
      cluster_uuid: uuid(persona.token('elastic cluster', 32)),
      version: {
        number: version,
        build_flavor: 'default',
        build_type: 'deb',
        build_hash: hash,
        build_date: date,
        build_snapshot: false,
        lucene_version: lucene,
        minimum_wire_compatibility_version: six ? '5.6.0' : '6.8.0',
        minimum_index_compatibility_version: six ? '5.0.0' : '6.0.0-beta1',
      },
      tagline: 'You Know, for Search',
    },
  };
}

const uuid = (hex: string) => Buffer.from(hex, 'hex').toString('base64url');

function health({ store }: Context): Said {
  const count = store.indices.size;
  return {
    status: 200,
    value: {
      cluster_name: 'elasticsearch',
      status: 'yellow',
      timed_out: false,
      number_of_nodes: 1,
      number_of_data_nodes: 1,
      active_primary_shards: count,
      active_shards: count,
      relocating_shards: 0,
      initializing_shards: 0,
      unassigned_shards: count,
      delayed_unassigned_shards: 0,
      number_of_pending_tasks: 0,
      number_of_in_flight_fetch: 0,
      task_max_waiting_in_queue_millis: 0,
      active_shards_percent_as_number: 50.0,
    },
  };
}

function cat({ wire: { persona }, store, call }: Context, what: string): Said {
  const rows: string[][] = [];
  if (what === 'indices') {
    rows.push([
      'health',
      'status',
      'index',
      'uuid',
      'pri',
      'rep',
      'docs.count',
      'docs.deleted',
      'store.size',
      'pri.store.size',
    ]);
    for (const [name, { count }] of store.indices) {
      const size = `${Math.max(4.5, (count * 312) / 1_024).toFixed(1)}kb`;
      rows.push([
        'yellow',
        'open',
        name,
        uuid(persona.token(`elastic index ${name}`, 32)),
        '1',
        '1',
        String(count),
        '0',
        size,
        size,
      ]);
    }
  } else if (what === 'nodes')
    rows.push(
      [
        'ip',
        'heap.percent',
        'ram.percent',
        'cpu',
        'load_1m',
        'load_5m',
        'load_15m',
        'node.role',
        'master',
        'name',
      ],
      [persona.address, '41', '87', '3', '0.14', '0.10', '0.09', 'dilmrt', '*', persona.hostname],
    );
  else if (what === 'health')
    rows.push(['epoch', 'timestamp', 'cluster', 'status'], ['-', '-', 'elasticsearch', 'yellow']);
  else if (what === '')
    return {
      status: 200,
      text: '=^.^=\n/_cat/allocation\n/_cat/shards\n/_cat/master\n/_cat/nodes\n/_cat/indices\n/_cat/count\n/_cat/health\n/_cat/aliases\n',
    };
  else if (
    what !== 'master' &&
    what !== 'count' &&
    what !== 'shards' &&
    what !== 'aliases' &&
    what !== 'plugins'
  )
    return noHandler(call);
  const body = call.query.has('v') ? rows : rows.slice(1);
  if (call.query.get('format') === 'json')
    return {
      status: 200,
      value: rows.slice(1).map((row) => Object.fromEntries(row.map((cell, i) => [rows[0]![i], cell]))),
    };
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...body.map((row) => row[i]!.length)));
  return {
    status: 200,
    text: body
      .map(
        (row) =>
          `${row.map((cell, i) => (i === row.length - 1 ? cell : /^[\d.]+(kb)?$/.test(cell) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join(' ')}\n`,
      )
      .join(''),
  };
}

const noHandler = ({ path, method }: Call): Said => ({
  status: 400,
  value: { error: `no handler found for uri [${path}] and method [${method}]` },
});

function search({ wire, store, call, version }: Context, pattern: string): Said {
  const query = parsed(call.text);
  if (call.text && query === null)
    return failure(400, 'parsing_exception', 'Expected [START_OBJECT] but found [VALUE_STRING]', {
      line: 1,
      col: 1,
    });
  if (tellScripts(wire, query) > 0)
    return failure(400, 'illegal_argument_exception', 'script_lang not supported [groovy]');
  const names = store.matching(pattern);
  if (names.length === 0 && pattern && !pattern.includes('*') && pattern !== '_all') return missing(pattern);
  const wanted = Number(call.query.get('size') ?? (isObject(query) ? query.size : undefined) ?? 10);
  const most = Number.isInteger(wanted) && wanted >= 0 ? Math.min(wanted, limits.hits) : 10;
  const hits: unknown[] = [];
  let total = 0;
  for (const name of names) {
    const { documents, count } = store.indices.get(name)!;
    total += count;
    for (const [_id, _source] of documents)
      if (hits.length < most) hits.push({ _index: name, _type: '_doc', _id, _score: 1.0, _source });
  }
  return {
    status: 200,
    value: {
      took: 2 + (total % 7),
      timed_out: false,
      _shards: { total: names.length, successful: names.length, skipped: 0, failed: 0 },
      hits: {
        total: version.startsWith('6')
          ? total
          : { value: Math.min(total, 10_000), relation: total > 10_000 ? 'gte' : 'eq' },
        max_score: hits.length ? 1.0 : null,
        hits,
      },
    },
  };
}

/** Lines in pairs: what to do, and with what (`_bulk`). */
function bulk({ wire, store, call }: Context, otherwise: string): Said {
  const lines = call.text.split('\n', limits.bulk * 2).filter(Boolean);
  const items: unknown[] = [];
  for (let i = 0; i < lines.length && items.length < limits.bulk; i++) {
    const action = parsed(lines[i]!);
    const [verb, meta] = isObject(action) ? (Object.entries(action)[0] ?? []) : [];
    if (verb === undefined || !/^(index|create|update|delete)$/.test(verb))
      return failure(
        400,
        'illegal_argument_exception',
        `Malformed action/metadata line [${items.length + 1}], expected START_OBJECT or END_OBJECT but found [VALUE_STRING]`,
      );
    const named = isObject(meta) ? meta : {};
    const name = String(named._index ?? otherwise).slice(0, 255);
    const id = String(named._id ?? identifier(wire)).slice(0, 512);
    if (verb === 'delete') {
      items.push({ delete: { ...written(name, id, 'deleted'), status: 200 } });
      continue;
    }
    const text = lines[++i] ?? '';
    store.put(name, id, parsed(text), text.length);
    items.push({ [verb]: { ...written(name, id, 'created'), status: 201 } });
  }
  return { status: 200, value: { took: 3 + items.length, errors: false, items } };
}

const identifier = (wire: Wire) =>
  Buffer.from(Array.from({ length: 15 }, () => Math.floor(wire.random() * 256))).toString('base64url');
const written = (_index: string, _id: string, result: string) => ({
  _index,
  _type: '_doc',
  _id,
  _version: 1,
  result,
  _shards: { total: 2, successful: 1, failed: 0 },
  _seq_no: 0,
  _primary_term: 1,
});

function ofIndex(context: Context, name: string, rest: string[]): Said {
  const { wire, store, call } = context;
  const [what, id] = rest;
  const { method } = call;
  const index = store.indices.get(name);
  if (what === undefined) {
    if (method === 'DELETE') {
      const names = store.matching(name);
      if (names.length === 0) return missing(name);
      for (const one of names) store.delete(one);
      return { status: 200, value: { acknowledged: true } };
    }
    if (method === 'PUT')
      return store.create(name)
        ? { status: 200, value: { acknowledged: true, shards_acknowledged: true, index: name } }
        : failure(
            400,
            'resource_already_exists_exception',
            `index [${name}/${uuid(wire.persona.token(`elastic index ${name}`, 32))}] already exists`,
            { index: name },
          );
    if (!index) return missing(name);
    return {
      status: 200,
      value: {
        [name]: {
          aliases: {},
          mappings: {},
          settings: {
            index: {
              number_of_shards: '1',
              provided_name: name,
              number_of_replicas: '1',
              uuid: uuid(wire.persona.token(`elastic index ${name}`, 32)),
            },
          },
        },
      },
    };
  }
  if (method === 'POST' || method === 'PUT') {
    if (what === '_delete_by_query') {
      const names = store.matching(name);
      const total = names.reduce((sum, one) => sum + store.indices.get(one)!.count, 0);
      for (const one of names) store.delete(one);
      return {
        status: 200,
        value: {
          took: 41,
          timed_out: false,
          total,
          deleted: total,
          batches: 1,
          version_conflicts: 0,
          noops: 0,
          failures: [],
        },
      };
    }
    const document = parsed(call.text);
    if (document === null) return failure(400, 'mapper_parsing_exception', 'failed to parse');
    tellScripts(wire, document);
    const key = (id ?? identifier(wire)).slice(0, 512);
    if (!store.put(name, key, document, call.text.length))
      return failure(429, 'circuit_breaking_exception', '[parent] Data too large');
    return { status: 201, value: written(name, key, 'created') };
  }
  const source = id === undefined ? undefined : index?.documents.get(id);
  if (!index) return missing(name);
  if (id === undefined) return noHandler(call);
  return source === undefined
    ? { status: 404, value: { _index: name, _type: '_doc', _id: id, found: false } }
    : {
        status: 200,
        value: {
          _index: name,
          _type: '_doc',
          _id: id,
          _version: 1,
          _seq_no: 0,
          _primary_term: 1,
          found: true,
          _source: source,
        },
      };
}

function said(context: Context): Said {
  const { wire, store, call } = context;
  const [first = '', ...rest] = call.path
    .split('/')
    .filter(Boolean)
    .map((part) => part.slice(0, 512));
  const last = rest.at(-1) ?? first;
  if (first === '') return root(context);
  if (first === '_cat') return cat(context, rest[0] ?? '');
  if (last === '_search' || last === '_msearch') return search(context, first.startsWith('_') ? '' : first);
  if (last === '_count')
    return {
      status: 200,
      value: {
        count: store
          .matching(first === '_count' ? '' : first)
          .reduce((sum, name) => sum + store.indices.get(name)!.count, 0),
        _shards: { total: 1, successful: 1, skipped: 0, failed: 0 },
      },
    };
  if (last === '_bulk') return bulk(context, first === '_bulk' ? '' : first);
  if (first === '_cluster')
    return rest[0] === 'health'
      ? health(context)
      : {
          status: 200,
          value: {
            cluster_name: 'elasticsearch',
            cluster_uuid: uuid(wire.persona.token('elastic cluster', 32)),
          },
        };
  if (first === '_nodes')
    return {
      status: 200,
      value: {
        _nodes: { total: 1, successful: 1, failed: 0 },
        cluster_name: 'elasticsearch',
        nodes: {
          [uuid(wire.persona.token('elastic node', 32))]: {
            name: wire.persona.hostname,
            transport_address: `${wire.persona.address}:9300`,
            host: wire.persona.address,
            ip: wire.persona.address,
            version: context.version,
            os: {
              name: 'Linux',
              arch: 'amd64',
              version: wire.persona.kernel.release,
              available_processors: wire.persona.cpu.count,
            },
          },
        },
      },
    };
  if (last === '_mapping' || last === '_settings' || last === '_aliases' || last === '_alias')
    return {
      status: 200,
      value: Object.fromEntries(
        [...store.indices.keys()].map((name) => [
          name,
          last.startsWith('_alias')
            ? { aliases: {} }
            : { [last.slice(1) === 'mapping' ? 'mappings' : 'settings']: {} },
        ]),
      ),
    };
  if (first === '_all') return ofIndex(context, '*', rest);
  if (first === '_snapshot') return { status: 200, value: {} };
  if (first.startsWith('_')) return noHandler(call);
  return ofIndex(context, first, rest);
}

/** What Elasticsearch says to a request. */
export function respond(context: Context): Reply {
  const { call, version } = context;
  const { status, value, text } = said(context);
  const pretty = call.path === '/' || (call.query.has('pretty') && call.query.get('pretty') !== 'false');
  const headers: [string, string][] = releases[version]!.product
    ? [['X-elastic-product', 'Elasticsearch']]
    : [];
  return {
    status,
    type: text === undefined ? type : 'text/plain; charset=UTF-8',
    body: text ?? shown(value, pretty),
    headers,
  };
}
