import { once } from 'node:events';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import {
  createStatements,
  dropStatements,
  edgeRows,
  type Layout,
  nodeRows,
  passStatement,
  priorStatement,
  rowBinary,
  tableName,
  type Weighted,
} from '../../reputation/sql/index.ts';

const rowsAtOnce = 65_536;

/**
 * Writes what a ClickHouse of the operator's own needs to spread belief: rows as RowBinary, and statements to run in their order. Gives
 * the files.
 */
export async function writeWarehouseFiles(
  graph: Weighted,
  { folder, layout, passes }: { folder: string; layout: Layout; passes: number },
): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const tables = ['nodes', 'edges'] as const;
  for (const table of tables) {
    const file = createWriteStream(join(folder, `${table}.bin`));
    const rows = table === 'nodes' ? nodeRows(graph, rowsAtOnce) : edgeRows(graph, rowsAtOnce);
    for (const columns of rows) if (!file.write(rowBinary(columns))) await once(file, 'drain');
    file.end();
    await finished(file);
  }
  const load = tables.flatMap((table) => [
    ...createStatements(layout, table),
    `INSERT INTO ${tableName(layout, table)} FROM INFILE '${table}.bin' FORMAT RowBinary`,
  ]);
  const spread = [...createStatements(layout, 0), priorStatement(layout)];
  for (let pass = 1; pass <= passes; pass++)
    spread.push(
      ...createStatements(layout, pass),
      passStatement(layout, pass),
      ...dropStatements(layout, pass - 1),
    );
  writeFileSync(join(folder, 'load.sql'), script(load));
  writeFileSync(join(folder, 'spread.sql'), script(spread));
  return ['nodes.bin', 'edges.bin', 'load.sql', 'spread.sql'].map((name) => join(folder, name));
}

const script = (statements: readonly string[]) => statements.map((one) => `${one};\n`).join('\n');
