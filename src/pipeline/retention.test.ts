import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { silentLog } from '../kit/log.ts';
import { uuidv8FromHex } from '../kit/uuid.ts';
import { collect, type Lake, migrate, openEmbeddedLake, RowWriter } from '../lake/index.ts';
import type { Event } from '../model/event.ts';
import { retain } from './retention.ts';

const folder = mkdtempSync(join(tmpdir(), 'caltrop-retention-'));
const week = 7 * 86_400_000;
// A Monday.
const start = Date.UTC(2025, 0, 6);
let lake: Lake;

beforeAll(async () => {
  lake = await openEmbeddedLake({
    folder: join(folder, 'db'),
    runFolder: join(folder, 'run'),
    log: silentLog,
  });
  await migrate(lake);
  for (let i = 0; i < 4; i++) {
    const writer = new RowWriter('live');
    for (let n = 0; n < 2_000; n++) {
      const time = start + i * week + n;
      const event = {
        id: uuidv8FromHex(time, `${i}${n}`.padEnd(32, '0')),
        ...{ time, arrived: time, sensor: 'north', session: 's', protocol: 'ssh', transport: 'tcp' },
        ...{ src: { ip: '203.0.113.9', port: 1 }, dst: { ip: '192.0.2.1', port: 22 } },
        ...{ handshake: 'established', decoy: true, kind: 'command', input: `${Math.sin(n)} ${Math.cos(n)}` },
      } as Event;
      writer.write(event, () => ({ asn: 0, country: '' }));
    }
    const path = join(folder, `${i}.rows`);
    writeFileSync(path, writer.take());
    await lake.load({ path, token: String(i), rows: 2_000 });
  }
}, 60_000);
afterAll(async () => {
  await lake.close();
  rmSync(folder, { recursive: true, force: true });
});

const weeks = async () =>
  (
    await collect<{ w: string }>(
      lake.rows({ sql: 'SELECT DISTINCT toString(toMonday(time)) AS w FROM events ORDER BY w' }),
    )
  ).map(({ w }) => w);

test('weeks that are over the age go whole, and then the oldest until the rest fits the budget', async () => {
  const now = start + 4 * week;
  expect(await retain(lake, { retentionMs: 100 * week, diskBytes: 1e12 }, now)).toEqual([]);
  expect(await retain(lake, { retentionMs: 3.5 * week, diskBytes: 1e12 }, now)).toEqual([]);
  expect(await retain(lake, { retentionMs: 2.5 * week, diskBytes: 1e12 }, now)).toEqual(['2025-01-06']);
  expect(await weeks()).toEqual(['2025-01-13', '2025-01-20', '2025-01-27']);
  const sql =
    "SELECT toInt64(sum(bytes_on_disk)) AS bytes FROM system.parts WHERE active AND table = 'events'";
  const [{ bytes }] = (await collect<{ bytes: number }>(lake.rows({ sql }))) as [{ bytes: number }];
  expect(await retain(lake, { retentionMs: 100 * week, diskBytes: Math.round(bytes * 0.7) }, now)).toEqual([
    '2025-01-13',
  ]);
  // The week that is being written to stays, whatever it takes.
  expect(await retain(lake, { retentionMs: 100 * week, diskBytes: 1 }, now)).toEqual(['2025-01-20']);
  expect(await weeks()).toEqual(['2025-01-27']);
});
