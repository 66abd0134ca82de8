import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { readRows } from '../lake/index.ts';
import type { Event } from '../model/event.ts';
import { importFile } from './import.ts';
import { Intake } from './intake.ts';
import { Journal } from './journal.ts';
import { cowrie } from './readers/cowrie.ts';
import { Rejects } from './rejects.ts';
import type { Shard } from './shard.ts';

const folder = mkdtempSync(join(tmpdir(), 'caltrop-import-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const now = Date.UTC(2026, 0, 1);
let runs = 0;

async function imported(path: string, shard?: Shard) {
  const seen: Event[] = [];
  const journal = new Journal({ folder: join(folder, `j${++runs}`), segmentRows: 1e6, segmentBytes: 1e9 });
  const intake = new Intake({
    run: 'test',
    journal,
    origin: () => ({ asn: 0, country: '' }),
    analyse: (event, name) => {
      name();
      seen.push({ ...event });
      return [];
    },
  });
  const rejects = new Rejects(join(folder, `r${runs}.jsonl`));
  const hooks = { now, rejects, progress: async () => {}, ...(shard && { shard }) };
  const result = await importFile({ path, source: 'log' }, intake, hooks);
  intake.commit({}, true);
  rejects.close();
  return { result, seen, rejects };
}

const line = (i: number) =>
  JSON.stringify({
    eventid: 'cowrie.login.failed',
    username: 'root',
    password: `é${i}`,
    timestamp: '2025-02-12T00:00:01.000000Z',
    src_ip: `203.0.113.${i % 7}`,
    session: `s${i % 7}`,
    sensor: 'pot',
  });

const text = `${[...Array.from({ length: 100 }, (_, i) => line(i)), '{"broken', '', line(1), line(1)].join('\r\n')}\n`;

test('plain and gzipped files give the same events, each with its raw line', async () => {
  const path = join(folder, 'log.json');
  writeFileSync(path, text);
  writeFileSync(`${path}.gz`, gzipSync(text));
  const { result, seen, rejects } = await imported(path);
  expect(result).toEqual({
    format: 'cowrie',
    source: 'log',
    lines: 104,
    events: 102,
    silent: 1,
    rejected: 1,
  });
  expect(rejects.reasons).toEqual({ 'not JSON': 1 });
  expect((await imported(`${path}.gz`)).seen).toEqual(seen);
  expect(new Set(seen.map(({ id }) => id)).size).toBe(102);
});

test('several workers read what one reads: each line once, each source by one', async () => {
  const path = join(folder, 'sharded.json');
  writeFileSync(path, text);
  const whole = await imported(path);
  const shards = await Promise.all([0, 1, 2].map((index) => imported(path, { index, count: 3 })));
  const sorted = (events: Event[]) => events.map(({ id }) => id).sort();
  expect(sorted(shards.flatMap(({ seen }) => seen))).toEqual(sorted(whole.seen));
  const sources = shards.map(({ seen }) => new Set(seen.map(({ src }) => src.ip)));
  expect(sources.reduce((sum, one) => sum + one.size, 0)).toBe(7);
  for (const key of ['events', 'silent', 'rejected'] as const) {
    expect(shards.reduce((sum, { result }) => sum + result[key], 0)).toBe(whole.result[key]);
  }
});

test('rows keep the raw line byte for byte, and a time ahead of its arrival is refused', async () => {
  const journal = new Journal({ folder: join(folder, 'raw'), segmentRows: 10, segmentBytes: 1e6 });
  const intake = new Intake({
    run: 'test',
    journal,
    origin: () => ({ asn: 1, country: 'NL' }),
    analyse: () => [],
  });
  const raw = Buffer.from(line(3));
  const reading = cowrie.start({ source: 'log', now: () => now })(raw.toString('utf8'))!;
  const event = {
    ...reading,
    id: '0194f774-9400-8498-82b9-3dd63e1c1fe2',
    arrived: now,
    sensor: 'pot',
  } as Event;
  intake.take(event, {
    id: { bytes: new Uint8Array(16), text: () => '' },
    bytes: raw,
    from: 0,
    to: raw.length,
  });
  expect(() => intake.take({ ...event, arrived: event.time - 301_000 })).toThrow('ahead of its arrival');
  expect(() => intake.take({ ...event, time: 1_000 })).toThrow('before any clock was set');
  intake.commit({}, true);
  const [row] = [...readRows(readFileSync(intake.seal()!.path))];
  expect(Buffer.from(row!.event.raw!, 'latin1').toString('utf8')).toBe(line(3));
  expect(row!.origin).toEqual({ asn: 1, country: 'NL' });
});
