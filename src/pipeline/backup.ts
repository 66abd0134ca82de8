import { createHash } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
} from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline as flow } from 'node:stream/promises';
import { z } from 'zod';
import { copyAudit } from '../decision/index.ts';
import { writeAtomic } from '../kit/atomic-file.ts';
import { Fault } from '../kit/fault.ts';
import { collect, type Lake, literal } from '../lake/index.ts';
import type { Database } from '../state/index.ts';
import { version } from '../version.ts';
import { writePlace } from './domains/place.ts';

const manifestSchema = z.strictObject({
  caltrop: z.string(),
  created: z.number(),
  lake: z.boolean(),
  files: z.array(z.strictObject({ path: z.string(), size: z.number(), sha256: z.string() })),
});

/** Tables in an order in which they can be written again. Tokens are left out: whoever holds a backup must not be able to sign in. */
const tables = ['signals', 'decisions', 'findings', 'receipts', 'never_block', 'imports'] as const;
const jsonColumns = new Set(['noun']);
const page = 5_000;
/**
 * Files of the data directory that go along as they are. Of `reputation` only what cannot be made anew: where names stood over time, and
 * the key behind which those who asked are hidden. The graph is made from the events, and `feeds` are fetched again.
 */
const keep = [
  ...['STOP', 'BREAKER', 'sensor/seed', 'sensor/payloads', 'fleet/payloads'],
  ...['reputation/track', 'reputation/key'],
];

export interface BackupParts {
  db: Database;
  lake: Lake;
  data: string;
  /** False where the lake is a server: its own tools back it up. */
  embedded: boolean;
  now: number;
  say(line: string): void;
}

/** Writes a backup into a new folder: state as JSON lines, events as one compressed file a week, and the files that matter. */
export async function backup(parts: BackupParts, folder: string): Promise<{ files: number; bytes: number }> {
  const { db, lake, data, embedded, now, say } = parts;
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new Fault('refused', `${folder} is not empty.`);
  mkdirSync(join(folder, 'state'), { recursive: true, mode: 0o700 });
  for (const table of tables) {
    const file = createWriteStream(join(folder, 'state', `${table}.jsonl`), { mode: 0o600 });
    await flow(rowsOf(db, table), file);
    say(`state: ${table}`);
  }
  if (embedded) {
    mkdirSync(join(folder, 'lake'), { mode: 0o700 });
    const weeks = await collect<{ week: string }>(
      lake.rows({ sql: 'SELECT DISTINCT toString(toMonday(time)) AS week FROM events ORDER BY week' }),
    );
    for (const { week } of weeks) {
      const path = join(resolve(folder), 'lake', `${week}.native.zst`);
      await lake.command(
        `INSERT INTO FUNCTION file(${literal(path)}, 'Native') SELECT * FROM events WHERE toMonday(time) = ${literal(week)}`,
      );
      say(`lake: the week of ${week}`);
    }
  }
  for (const path of keep.flatMap((name) => filesUnder(join(data, name)))) {
    const target = join(folder, 'files', relative(data, path));
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    await copyFile(path, target);
  }
  await copyAudit(data, join(folder, 'files'));
  const files = [];
  for (const path of filesUnder(folder)) {
    files.push({
      path: relative(folder, path).split(sep).join('/'),
      size: statSync(path).size,
      sha256: await digestOf(path),
    });
  }
  writeAtomic(
    join(folder, 'manifest.json'),
    JSON.stringify({ caltrop: version, created: now, lake: embedded, files }, null, 1),
  );
  return { files: files.length, bytes: files.reduce((sum, { size }) => sum + size, 0) };
}

/** Checks a backup: each file there, and as it was written. Throws a fault that names what is not. */
export async function checkBackup(folder: string): Promise<z.infer<typeof manifestSchema>> {
  const path = join(folder, 'manifest.json');
  if (!existsSync(path))
    throw new Fault('not-found', `${folder} is no backup, or was not finished: it has no manifest.json.`);
  const parsed = manifestSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!parsed.success) throw new Fault('invalid', 'The manifest does not have the right form.');
  const bad: string[] = [];
  for (const file of parsed.data.files) {
    const at = resolve(folder, file.path);
    const inside = at.startsWith(resolve(folder) + sep);
    if (!inside || !existsSync(at) || (await digestOf(at)) !== file.sha256) bad.push(file.path);
  }
  if (bad.length > 0) {
    const remedies = bad.slice(0, 50).map((one) => ({ path: one, expected: 'the file as it was written' }));
    throw new Fault('invalid', 'The backup is damaged.', { remedies });
  }
  return parsed.data;
}

/** Puts the files of a checked backup into an empty data directory. To be done before the stores are opened. */
export async function restoreFiles(folder: string, data: string): Promise<void> {
  if (existsSync(data) && readdirSync(data).length > 0) throw new Fault('refused', `${data} is not empty.`);
  const from = join(folder, 'files');
  for (const path of filesUnder(from)) {
    const target = join(data, relative(from, path));
    mkdirSync(dirname(target), { recursive: true, mode: 0o711 });
    await copyFile(path, target);
  }
  mkdirSync(data, { recursive: true, mode: 0o711 });
  writePlace(data, { seq: 0, runs: [], all: true });
}

/** Puts the rows of a checked backup into opened stores. */
export async function restoreRows(
  folder: string,
  { db, lake, say }: Pick<BackupParts, 'db' | 'lake' | 'say'>,
): Promise<void> {
  for (const table of tables) {
    const path = join(folder, 'state', `${table}.jsonl`);
    if (!existsSync(path)) continue;
    let batch: Record<string, unknown>[] = [];
    const write = async () => {
      if (batch.length > 0) {
        await db
          .insertInto(table)
          .values(batch as never)
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      }
      batch = [];
    };
    for await (const line of createInterface({ input: createReadStream(path) })) {
      const row = JSON.parse(line) as Record<string, unknown>;
      delete row.seq;
      for (const name of jsonColumns) if (name in row) row[name] = JSON.stringify(row[name]);
      if (batch.push(row) >= 500) await write();
    }
    await write();
    say(`state: ${table}`);
  }
  for (const path of filesUnder(join(folder, 'lake'))) {
    await lake.command(`INSERT INTO events SELECT * FROM file(${literal(resolve(path))}, 'Native')`);
    say(`lake: ${relative(folder, path)}`);
  }
}

async function* rowsOf(db: Database, table: (typeof tables)[number]): AsyncGenerator<string> {
  for (let offset = 0; ; offset += page) {
    const rows = await db
      .selectFrom(table)
      .selectAll()
      .orderBy('ctid' as never)
      .limit(page)
      .offset(offset)
      .execute();
    for (const row of rows) yield `${JSON.stringify(row)}\n`;
    if (rows.length < page) return;
  }
}

function filesUnder(path: string): string[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return [];
  if (stat.isFile()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesUnder(join(path, name)));
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
