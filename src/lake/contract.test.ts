import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { silentLog } from '../kit/log.ts';
import { uuidv8 } from '../kit/uuid.ts';
import type { Event } from '../model/event.ts';
import {
  collect,
  type Lake,
  migrate,
  openEmbeddedLake,
  openRemoteLake,
  RowWriter,
  type Segment,
} from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'caltrop-lake-'));
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

const start = Date.UTC(2025, 1, 12);

function segment(from: number, to: number, options: { token?: string; overlaps?: boolean } = {}): Segment {
  const writer = new RowWriter('live');
  for (let i = from; i < to; i++) {
    const event = {
      id: uuidv8(start + i, Buffer.from(i.toString().padStart(10, '0'))),
      time: start + i,
      arrived: start + i,
      sensor: 'north',
      session: `s${i >> 2}`,
      protocol: 'ssh',
      transport: 'tcp',
      src: { ip: `203.0.113.${i % 200}`, port: 1 },
      dst: { ip: '192.0.2.1', port: 22 },
      handshake: 'established',
      decoy: true,
      kind: 'login',
      user: 'root',
      secret: `it's ${i}`,
      ok: false,
    } as Event;
    writer.write(event, () => ({ asn: 64_500, country: 'NL' }));
  }
  const path = join(folder, `${randomUUID()}.rb`);
  const { rows } = writer;
  writeFileSync(path, writer.take());
  return {
    path,
    token: options.token ?? randomUUID(),
    rows,
    ...(options.overlaps && { overlaps: { from: start + from, to: start + to } }),
  };
}

for (const [name, open] of lakes) {
  describe.skipIf(!open)(`lake: ${name}`, () => {
    let lake: Lake;
    beforeAll(async () => {
      lake = await open!();
      await lake.command('DROP TABLE IF EXISTS events');
      await lake.command('DROP TABLE IF EXISTS schema_version');
      await migrate(lake);
    });
    afterAll(() => lake.close());
    const count = async () =>
      (await collect<{ n: number }>(lake.rows({ sql: 'SELECT count() AS n FROM events' })))[0]!.n;

    test('migrates once, and again without harm', async () => {
      await migrate(lake);
      expect(await collect(lake.rows({ sql: 'SELECT version FROM schema_version' }))).toHaveLength(1);
    });

    test('stores a segment once, however often it is loaded', async () => {
      const one = segment(0, 5_000);
      await lake.load(one);
      await lake.load(one);
      expect(await count()).toBe(5_000);
    });

    test('leaves out rows that another segment brought', async () => {
      await lake.load(segment(4_000, 6_000, { overlaps: true }));
      expect(await count()).toBe(6_000);
    });

    test('binds values: they never become SQL', async () => {
      const sql = 'SELECT secret FROM events WHERE secret = {secret:String} AND src_ip = toIPv6({ip:String})';
      const rows = await collect(lake.rows({ sql, params: { secret: "it's 3", ip: '203.0.113.3' } }));
      expect(rows).toEqual([{ secret: "it's 3" }]);
      expect(await collect(lake.rows({ sql, params: { secret: "' OR 1=1 --", ip: '203.0.113.3' } }))).toEqual(
        [],
      );
    });

    test('reads cannot write, and cannot reach files or the network', async () => {
      for (const sql of [
        'DROP TABLE events',
        "SELECT * FROM file('/etc/passwd', 'LineAsString')",
        "SELECT * FROM url('http://127.0.0.1:9/', 'LineAsString')",
        'SELECT 1 SETTINGS readonly = 0',
      ]) {
        await expect(collect(lake.rows({ sql }))).rejects.toThrow();
      }
      expect(await count()).toBe(6_000);
    });

    test('stops where the caller stops', async () => {
      for await (const row of lake.rows({ sql: 'SELECT number FROM numbers(1000000000)' })) {
        expect(row).toEqual({ number: 0 });
        break;
      }
      const slow = collect(lake.rows({ sql: 'SELECT sleepEachRow(0.1) FROM numbers(25)', timeout: 300 }));
      await expect(slow).rejects.toThrow(/stopped|cancel/i);
    });

    test('takes a segment while a long query runs', async () => {
      const hunt = collect(lake.rows({ sql: 'SELECT sleepEachRow(0.1) FROM numbers(25)' }));
      await lake.load(segment(6_000, 7_000));
      expect(await count()).toBe(7_000);
      expect(await hunt).toHaveLength(25);
    });
  });
}

test('the socket answers nobody without the secret', async () => {
  const lake = await openEmbeddedLake({
    folder: join(folder, 'db2'),
    runFolder: join(folder, 'run2'),
    log: silentLog,
  });
  const answer = await new Promise<string>((resolve) => {
    const wire = connect(join(folder, 'run2/lake.sock'));
    wire.write('{"secret":"wrong","op":"rows","query":{"sql":"SELECT 1"}}\n');
    let text = '';
    wire.on('data', (chunk) => {
      text += chunk;
    });
    wire.on('close', () => resolve(text));
  });
  expect(answer).toBe('');
  await lake.close();
});

test('a killed engine comes back with every acknowledged row', async () => {
  const lake = await openEmbeddedLake({
    folder: join(folder, 'db3'),
    runFolder: join(folder, 'run3'),
    log: silentLog,
    restartAfterMs: [10],
  });
  await migrate(lake);
  const one = segment(0, 20_000);
  await lake.load(one);
  const next = segment(20_000, 40_000);
  const interrupted = lake.load(next).catch(() => 'interrupted');
  process.kill(lake.pid!, 'SIGKILL');
  await interrupted;
  await expect
    .poll(
      () =>
        lake.ping().then(
          () => true,
          () => false,
        ),
      { timeout: 15_000 },
    )
    .toBe(true);
  await lake.load(one);
  await lake.load(next);
  expect(await collect(lake.rows({ sql: 'SELECT count() AS n, uniqExact(id) AS ids FROM events' }))).toEqual([
    { n: 40_000, ids: 40_000 },
  ]);
  await lake.close();
});
