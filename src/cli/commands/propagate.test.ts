import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { caltrop } from '../../../test/setup/commands.ts';
import { type Nats, natsFault, startNats } from '../../../test/setup/nats.ts';
import { silentLog } from '../../kit/log.ts';
import { seeded } from '../../kit/seeded.ts';
import { openEmbeddedLake } from '../../lake/index.ts';

const root = join(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'caltrop-propagate-'));
const edges = join(folder, 'edges.tsv');
const seeds = join(folder, 'seeds.tsv');
const files = ['--edges', edges, '--seeds', seeds];
let nats: Nats | undefined;

beforeAll(async () => {
  const draw = seeded(5);
  const lines = ['friend.example\t192.0.2.250', 'bad.example\t192.0.2.250', 'other.example\t203.0.113.9'];
  for (let n = 0; n < 1_500; n++)
    lines.push(`n${n % 700}.d${n % 311}.example\t198.51.100.${Math.floor(draw() * 250)}`);
  writeFileSync(edges, `${lines.join('\n')}\n`);
  writeFileSync(seeds, 'bad.example\tmalicious\nn1.d1.example\tbenign\n');
  if (!natsFault) nats = await startNats();
});
afterAll(async () => {
  await nats?.remove();
  rmSync(folder, { recursive: true, force: true });
});

interface Row {
  name: string;
  belief: number;
}
const ranked = async (...args: string[]) => {
  const { code, out, err } = await caltrop('propagate', ...files, '--limit', '2000', '--json', ...args);
  expect([code, err]).toEqual([0, '']);
  return out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
};

it('ranks the names of files by what is known of their neighbours', async () => {
  const rows = await ranked();
  expect(rows[0]!.name).toBe('bad.example');
  // What is beside it is better off where it is known to be good.
  const otherwise = join(folder, 'otherwise.tsv');
  writeFileSync(otherwise, 'bad.example\tbenign\nn1.d1.example\tbenign\n');
  const better = await ranked('--seeds', otherwise);
  const worse = (name: string) =>
    rows.find((row) => row.name === name)!.belief - better.find((row) => row.name === name)!.belief;
  expect(worse('friend.example')).toBeGreaterThan(0.05);
  expect(worse('other.example')).toBe(0);
  expect(rows.at(-1)!.name).toBe('n1.d1.example');
});

it(`comes to the same with workers on a bus${natsFault ? ` (${natsFault})` : ''}`, {
  timeout: 60_000,
}, async (test) => {
  test.skip(nats === undefined, natsFault || '');
  const config = join(folder, 'caltrop.yaml');
  writeFileSync(config, `bus: {servers: ['${nats!.servers}'], propagators: [east, west]}\n`);
  const parts = join(folder, 'parts');
  mkdirSync(parts);
  const workers: ChildProcess[] = [];
  try {
    for (const name of ['east', 'west']) {
      const args = [
        'propagate',
        '--worker',
        name,
        '--parts',
        parts,
        '--config',
        config,
        '--data',
        join(folder, name),
      ];
      const child = spawn(process.execPath, [join(root, 'caltrop'), ...args, '--json'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      workers.push(child);
      const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
      expect(JSON.parse(line)).toEqual({ worker: name });
    }
    expect(await ranked('--parts', parts, '--config', config)).toEqual(await ranked());
    expect(readdirSync(parts)).toEqual([]);
  } finally {
    for (const child of workers) {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
    }
  }
  expect(workers.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
});

it('writes what a warehouse needs to come to the same', async () => {
  const sql = join(folder, 'sql');
  const { code, out } = await caltrop('propagate', ...files, '--passes', '4', '--sql', sql, '--json');
  expect([code, JSON.parse(out).files]).toEqual([
    0,
    ['nodes.bin', 'edges.bin', 'load.sql', 'spread.sql'].map((name) => join(sql, name)),
  ]);
  const lake = await openEmbeddedLake({
    ...{ folder: join(folder, 'lake'), runFolder: join(folder, 'run'), log: silentLog },
  });
  try {
    // A client sends its own files; the engine within a process reads them by itself.
    const form = {
      nodes: 'id UInt32, scale Float64, prior Float64',
      edges: 'src UInt32, dst UInt32, weight Float64',
    };
    const statements =
      `${readFileSync(join(sql, 'load.sql'), 'utf8')}${readFileSync(join(sql, 'spread.sql'), 'utf8')}`
        .split(';\n')
        .map((one) => one.trim())
        .filter((one) => one !== '');
    for (const one of statements)
      await lake.command(
        one.replace(
          /FROM INFILE '(nodes|edges)\.bin' FORMAT RowBinary/,
          (_, table: 'nodes' | 'edges') =>
            `SELECT * FROM file('${join(sql, table)}.bin', 'RowBinary', '${form[table]}')`,
        ),
      );
    const found: number[] = [];
    for await (const row of lake.rows({
      sql: 'SELECT value FROM caltrop_belief_4 ORDER BY value DESC LIMIT 20',
    }))
      found.push(Number(row.value));
    const rows = (await ranked('--passes', '4')).slice(0, 5);
    for (const { belief } of rows)
      expect(Math.min(...found.map((value) => Math.abs(value - belief)))).toBeLessThan(1e-6);
  } finally {
    await lake.close();
  }
});

it('says what is missing', async () => {
  expect((await caltrop('propagate', '--seeds', seeds)).err).toContain('--edges FILE');
  const bare = join(folder, 'bare.yaml');
  writeFileSync(bare, 'bus: {servers: ["127.0.0.1:9"]}\n');
  const stranger = await caltrop('propagate', '--worker', 'north', '--parts', folder, '--config', bare);
  expect([stranger.code, stranger.err]).toEqual([78, expect.stringContaining('bus.propagators')]);
  const nobody = await caltrop('propagate', ...files, '--parts', folder, '--config', bare);
  expect([nobody.code, nobody.err]).toEqual([78, expect.stringContaining('No workers are named')]);
});
