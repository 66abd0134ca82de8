/** Where the tables of a propagation lie. */
export interface Layout {
  /** What their names begin with. */
  prefix: string;
  /** With it, each table lies in shards of this cluster, beneath one that is `Distributed` over them. */
  cluster?: string;
  /** Settings of the statement of a pass, such as `join_algorithm` and `max_bytes_before_external_group_by`. */
  settings?: Readonly<Record<string, string | number>>;
}

interface Table {
  columns: string;
  /** By this it is sorted and, in a cluster, shared out: edges lie with the beliefs of where they begin. */
  key: string;
}

/** `weight` is all that an edge multiplies with: `eps`, the coupling of its layer, and the scales of both ends. */
const edges: Table = { columns: 'src UInt32, dst UInt32, weight Float64', key: 'src' };
const nodes: Table = { columns: 'id UInt32, scale Float64, prior Float64', key: 'id' };
const belief: Table = { columns: 'id UInt32, value Float64', key: 'id' };

/** A ClickHouse identifier without quotes (https://clickhouse.com/docs/sql-reference/syntax#identifiers); throws a `RangeError` for all else. */
function identifier(text: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(text)) throw new RangeError(`${text} is no identifier`);
  return text;
}

/** The name of a table: `nodes`, `edges`, or `belief` after a pass. */
export function tableName({ prefix }: Layout, table: 'nodes' | 'edges' | number): string {
  if (typeof table === 'number' && !(Number.isInteger(table) && table >= 0))
    throw new RangeError(`${table} is no number of a pass`);
  return identifier(`${identifier(prefix)}_${typeof table === 'number' ? `belief_${table}` : table}`);
}

/** Makes one of the tables, empty; where it stood before, it goes first. */
export function createStatements(layout: Layout, table: 'nodes' | 'edges' | number): string[] {
  const { columns, key } = table === 'nodes' ? nodes : table === 'edges' ? edges : belief;
  const name = tableName(layout, table);
  const drops = dropStatements(layout, table);
  const order = key === 'src' ? 'src, dst' : key;
  if (layout.cluster === undefined)
    return [...drops, `CREATE TABLE ${name} (${columns}) ENGINE = MergeTree ORDER BY (${order})`];
  const cluster = identifier(layout.cluster);
  return [
    ...drops,
    `CREATE TABLE ${name}_shard ON CLUSTER ${cluster} (${columns}) ENGINE = MergeTree ORDER BY (${order})`,
    `CREATE TABLE ${name} ON CLUSTER ${cluster} (${columns})
       ENGINE = Distributed(${cluster}, currentDatabase(), ${name}_shard, intHash64(${key}))`,
  ];
}

export function dropStatements(layout: Layout, table: 'nodes' | 'edges' | number): string[] {
  const name = tableName(layout, table);
  if (layout.cluster === undefined) return [`DROP TABLE IF EXISTS ${name} SYNC`];
  const on = `ON CLUSTER ${identifier(layout.cluster)} SYNC`;
  return [`DROP TABLE IF EXISTS ${name} ${on}`, `DROP TABLE IF EXISTS ${name}_shard ${on}`];
}

/** Belief before the first pass: the prior. */
export function priorStatement(layout: Layout): string {
  return `INSERT INTO ${tableName(layout, 0)} (id, value) SELECT id, prior FROM ${tableName(layout, 'nodes')}${settingsOf(layout)}`;
}

/** The pass that makes belief `number` from the one before: each node's prior, and what its neighbours add to it. */
export function passStatement(layout: Layout, number: number): string {
  const before = tableName(layout, number - 1);
  return `INSERT INTO ${tableName(layout, number)} (id, value)
    SELECT node, sum(part) FROM (
      SELECT id AS node, prior AS part FROM ${tableName(layout, 'nodes')}
      UNION ALL
      SELECT e.dst AS node, sum(e.weight * b.value) AS part
      FROM ${tableName(layout, 'edges')} AS e INNER JOIN ${before} AS b ON e.src = b.id
      GROUP BY e.dst
    ) GROUP BY node${settingsOf(layout)}`;
}

/**
 * In a cluster each shard joins its own edges with its own beliefs (`distributed_product_mode`), their sums are put together before
 * they go to the shards of where the edges end (so never `parallel_distributed_insert_select`, by which every shard would keep its own
 * part of a sum), and the next pass sees them all (`distributed_foreground_insert`).
 */
function settingsOf({ cluster, settings = {} }: Layout): string {
  const all = {
    ...(cluster !== undefined && {
      distributed_product_mode: 'local',
      parallel_distributed_insert_select: 0,
      distributed_foreground_insert: 1,
    }),
    ...settings,
  };
  const list = Object.entries(all).map(([name, value]) => `${identifier(name)} = ${setting(value)}`);
  return list.length === 0 ? '' : `\n    SETTINGS ${list.join(', ')}`;
}

function setting(value: string | number): string {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value === 'string' && /^[a-z0-9_,]{1,64}$/.test(value)) return `'${value}'`;
  throw new RangeError(`${value} is no value of a setting`);
}
