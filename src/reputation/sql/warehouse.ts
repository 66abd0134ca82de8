import { edgeRows, nodeRows, values, type Weighted } from './rows.ts';
import {
  createStatements,
  dropStatements,
  type Layout,
  passStatement,
  priorStatement,
  tableName,
} from './statements.ts';

/** All that is asked of a ClickHouse; the lake is one. */
export interface Warehouse {
  command(sql: string): Promise<void>;
  rows(query: { sql: string }): AsyncIterable<Record<string, unknown>>;
}

/** Rows of one INSERT: below a MiB of text. */
const rowsPerInsert = 16_384;
/** Beliefs read at a time, so that no query runs long. */
const rowsPerRead = 1_000_000;

/** Fills the tables of nodes and edges anew. By text, which is good for tests and small graphs; large ones go in by `rowBinary` files. */
export async function fillWarehouse(warehouse: Warehouse, layout: Layout, graph: Weighted): Promise<void> {
  for (const table of ['nodes', 'edges'] as const) {
    for (const sql of createStatements(layout, table)) await warehouse.command(sql);
    const batches = table === 'nodes' ? nodeRows(graph, rowsPerInsert) : edgeRows(graph, rowsPerInsert);
    // Background inserts of a cluster would not all be there when the first pass begins.
    const settings = layout.cluster === undefined ? '' : ' SETTINGS distributed_foreground_insert = 1';
    for (const batch of batches)
      await warehouse.command(`INSERT INTO ${tableName(layout, table)}${settings} VALUES ${values(batch)}`);
  }
}

/**
 * Spreads belief over the graph that the tables hold, one statement a pass. A pass that failed is begun anew by calling again with
 * `from`, the last pass that was whole. Returns the table that holds the result, which is left standing.
 */
export async function propagateInWarehouse(
  warehouse: Warehouse,
  layout: Layout,
  passes: number,
  from = 0,
): Promise<string> {
  if (from === 0) {
    for (const sql of createStatements(layout, 0)) await warehouse.command(sql);
    await warehouse.command(priorStatement(layout));
  }
  for (let number = from + 1; number <= passes; number++) {
    for (const sql of createStatements(layout, number)) await warehouse.command(sql);
    await warehouse.command(passStatement(layout, number));
    for (const sql of dropStatements(layout, number - 1)) await warehouse.command(sql);
  }
  return tableName(layout, passes);
}

/** The beliefs of all nodes, by node. */
export async function readBeliefs(
  warehouse: Warehouse,
  layout: Layout,
  passes: number,
  nodes: number,
): Promise<Float64Array> {
  const beliefs = new Float64Array(nodes).fill(Number.NaN);
  for (let first = 0; first < nodes; first += rowsPerRead) {
    const sql = `SELECT id, value FROM ${tableName(layout, passes)} WHERE id >= ${first} AND id < ${first + rowsPerRead}`;
    for await (const { id, value } of warehouse.rows({ sql })) beliefs[Number(id)] = Number(value);
  }
  return beliefs;
}
