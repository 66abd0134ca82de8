import { columns, rowStructure } from './columns.ts';
import { collect, type Lake, type Segment } from './lake.ts';

/**
 * Statements that build the lake, each run once and in order. Never edit one that was released: add the next.
 * Ordered by source, since "everything of this address" is the question asked most; weekly partitions keep a range of time
 * cheap to find and to drop.
 */
const migrations = [
  `CREATE TABLE events (
     ${columns.map(([name, type]) => `${name} ${type}${name === 'raw' ? ' CODEC(ZSTD(3))' : ''}`).join(',\n     ')},
     INDEX by_id id TYPE bloom_filter(0.01) GRANULARITY 4,
     INDEX by_sha256 sha256 TYPE bloom_filter(0.01) GRANULARITY 4
   ) ENGINE = MergeTree PARTITION BY toMonday(time) ORDER BY (src_ip, time, id)
   SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1`,
];

/** Brings the lake to this version's schema. */
export async function migrate(lake: Lake): Promise<void> {
  await lake.command(
    'CREATE TABLE IF NOT EXISTS schema_version (version UInt32, at DateTime DEFAULT now()) ENGINE = MergeTree ORDER BY version',
  );
  const [row] = await collect<{ version: number }>(
    lake.rows({ sql: 'SELECT max(version) AS version FROM schema_version' }),
  );
  for (let version = Number(row?.version ?? 0); version < migrations.length; version++) {
    // A crash between the two repeats the statement: each is written so that it can be.
    await lake.command(migrations[version]!.replace(/^CREATE TABLE /, 'CREATE TABLE IF NOT EXISTS '));
    await lake.command(`INSERT INTO schema_version (version) VALUES (${version + 1})`);
  }
}

/** A string as a ClickHouse literal (https://clickhouse.com/docs/sql-reference/syntax#string). */
export function literal(text: string): string {
  return `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`;
}

/**
 * The insert of one segment, read from `source` (a table function). One block, so that the token guards the whole of it:
 * the engine would otherwise cut it by its default block sizes, and a crash could leave a part.
 */
export function insertSql(source: string, segment: Segment): string {
  const unseen = segment.overlaps
    ? ` WHERE id NOT IN (SELECT id FROM events WHERE time BETWEEN fromUnixTimestamp64Milli(${segment.overlaps.from})
        AND fromUnixTimestamp64Milli(${segment.overlaps.to})) LIMIT 1 BY id`
    : '';
  const settings = {
    insert_deduplicate: 1,
    insert_deduplication_token: literal(segment.token),
    max_insert_threads: 1,
    min_insert_block_size_rows: 2_000_000,
    min_insert_block_size_bytes: 0,
    max_partitions_per_insert_block: 0,
  };
  const list = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  return `INSERT INTO events SELECT * FROM ${source}${unseen} SETTINGS ${list.join(', ')}`;
}

/** The structure of a segment's rows, as a literal for `file()` and `input()`. */
export const structureLiteral = literal(rowStructure);
