import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../kit/log.ts';
import { type Lake, openEmbeddedLake, openRemoteLake } from '../../lake/index.ts';
import { believe } from '../graph/belief.ts';
import { madeGraph } from '../partitioned/fixture.ts';
import {
  createStatements,
  edgeRows,
  fillWarehouse,
  type Layout,
  nodeRows,
  passStatement,
  propagateInWarehouse,
  readBeliefs,
  rowBinary,
  tableName,
  type Warehouse,
  type Weighted,
} from './index.ts';

const graph = madeGraph(1_600);
const nodes = graph.scale.length;
const passes = 10;
/** As the kernel, but with 53 bits: what both forms round from. */
const reference = wide(graph, passes);

function wide({ layers, scale, prior, eps }: Weighted, count: number): Float64Array {
  let from = Float64Array.from(prior);
  for (let n = 0; n < count; n++) {
    const to = Float64Array.from(prior);
    for (const { rowPtr, cols, weight } of layers)
      for (let i = 0; i < nodes; i++)
        for (let at = rowPtr[i]!; at < rowPtr[i + 1]!; at++)
          to[i]! += eps * weight * scale[i]! * scale[cols[at]!]! * from[cols[at]!]!;
    from = to;
  }
  return from;
}
const apart = (one: ArrayLike<number>, other: ArrayLike<number>) => {
  let most = 0;
  for (let i = 0; i < nodes; i++) most = Math.max(most, Math.abs(one[i]! - other[i]!));
  return most;
};

const folder = mkdtempSync(join(tmpdir(), 'caltrop-sql-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const remote = process.env.CALTROP_TEST_CLICKHOUSE;
const lakes: [string, (() => Promise<Lake>) | undefined][] = [
  [
    'embedded',
    () => openEmbeddedLake({ folder: join(folder, 'db'), runFolder: join(folder, 'run'), log: silentLog }),
  ],
  [
    'remote (needs CALTROP_TEST_CLICKHOUSE, the URL of a server)',
    remote ? async () => openRemoteLake({ url: remote }) : undefined,
  ],
];

for (const [name, open] of lakes)
  describe.skipIf(!open)(`beliefs by SQL: ${name}`, () => {
    let lake: Lake;
    beforeAll(async () => {
      lake = await open!();
    });
    afterAll(() => lake.close());

    it.each<[string, Layout]>([
      ['as the engine likes', { prefix: 'spread' }],
      [
        'by merging what is sorted, and groups on disk',
        {
          prefix: 'merged',
          settings: { join_algorithm: 'full_sorting_merge', max_bytes_before_external_group_by: 1_000_000 },
        },
      ],
    ])('come to what the kernel comes to, joined %s', async (_, layout) => {
      await fillWarehouse(lake, layout, graph);
      expect(await propagateInWarehouse(lake, layout, passes)).toBe(`${layout.prefix}_belief_10`);
      const found = await readBeliefs(lake, layout, passes, nodes);
      // The kernel keeps 24 bits between passes, the SQL form 53.
      expect(apart(found, reference)).toBeLessThan(1e-12);
      expect(apart(found, believe(graph.layers, graph.scale, graph.prior, graph.eps, passes))).toBeLessThan(
        1e-6,
      );
    });

    it('go on from the last whole pass', async () => {
      const layout = { prefix: 'again' };
      await fillWarehouse(lake, layout, graph);
      await propagateInWarehouse(lake, layout, 4);
      // A pass that was stopped half way.
      for (const sql of createStatements(layout, 5)) await lake.command(sql);
      await lake.command(`INSERT INTO ${tableName(layout, 5)} VALUES (1, 99)`);
      await propagateInWarehouse(lake, layout, passes, 4);
      expect(apart(await readBeliefs(lake, layout, passes, nodes), reference)).toBeLessThan(1e-12);
    });
  });

describe('files', () => {
  it('that a lake loads give the same', async () => {
    const lake = await openEmbeddedLake({
      folder: join(folder, 'db2'),
      runFolder: join(folder, 'run2'),
      log: silentLog,
    });
    try {
      const layout = { prefix: 'filed' };
      for (const [table, rows] of [
        ['nodes', nodeRows(graph, 500)],
        ['edges', edgeRows(graph, 500)],
      ] as const) {
        for (const sql of createStatements(layout, table)) await lake.command(sql);
        const path = join(folder, `${table}.bin`);
        writeFileSync(path, Buffer.concat([...rows].map(rowBinary)));
        const columns =
          table === 'nodes'
            ? 'id UInt32, scale Float64, prior Float64'
            : 'src UInt32, dst UInt32, weight Float64';
        await lake.command(
          `INSERT INTO ${tableName(layout, table)} SELECT * FROM file('${path}', 'RowBinary', '${columns}')`,
        );
      }
      await propagateInWarehouse(lake, layout, passes);
      expect(apart(await readBeliefs(lake, layout, passes, nodes), reference)).toBeLessThan(1e-12);
    } finally {
      await lake.close();
    }
  });
});

it('come to the same over Distributed tables (a cluster of one shard)', async () => {
  const child = fork(join(import.meta.dirname, '../../../test/setup/one-shard.mjs'), [], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  await once(child, 'message');
  const ask = async (sql: string, rows: boolean): Promise<string> => {
    // ON CLUSTER hands a statement to all hosts by way of a Keeper, of which there is none here.
    child.send({ sql: sql.replaceAll(/ ON CLUSTER \w+/g, ''), rows });
    const [answer] = (await once(child, 'message')) as [{ text?: string; fault?: string }];
    if (answer.text === undefined) throw new Error(answer.fault);
    return answer.text;
  };
  const warehouse: Warehouse = {
    command: async (sql) => void (await ask(sql, false)),
    async *rows({ sql }) {
      for (const line of (await ask(sql, true)).split('\n')) if (line) yield JSON.parse(line);
    },
  };
  try {
    const layout = { prefix: 'shared', cluster: 'alone' };
    await fillWarehouse(warehouse, layout, graph);
    await propagateInWarehouse(warehouse, layout, passes);
    expect(apart(await readBeliefs(warehouse, layout, passes, nodes), reference)).toBeLessThan(1e-12);
    const [plan] = [...(await ask('SHOW CREATE TABLE shared_edges', true)).split('\n')];
    expect(plan).toContain('Distributed');
  } finally {
    child.disconnect();
    await exited;
  }
});

it('takes no name that is not one', () => {
  for (const prefix of ['', '1a', 'a b', 'a;DROP TABLE x', 'a`', "a'", 'ä', 'a'.repeat(70)])
    expect(() => passStatement({ prefix }, 1)).toThrow(RangeError);
  expect(() => passStatement({ prefix: 'a', cluster: 'c x' }, 1)).not.toThrow();
  expect(() => createStatements({ prefix: 'a', cluster: 'c x' }, 1)).toThrow(RangeError);
  expect(() => passStatement({ prefix: 'a' }, 0)).toThrow(RangeError);
  expect(() => passStatement({ prefix: 'a' }, 1.5)).toThrow(RangeError);
  expect(() => passStatement({ prefix: 'a', settings: { 'x = 1, y': 2 } }, 1)).toThrow(RangeError);
  expect(() => passStatement({ prefix: 'a', settings: { x: "1' --" } }, 1)).toThrow(RangeError);
});
