import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { silentLog } from '../src/kit/log.ts';
import { uuidv8FromHex } from '../src/kit/uuid.ts';
import { collect, migrate, openEmbeddedLake, RowWriter } from '../src/lake/index.ts';
import type { Event } from '../src/model/event.ts';
import { type Bench, quantile, sha256 } from './bench.ts';

const rows = 100_000;

/** How long an insert takes to be acknowledged while a hunt over everything runs for ten seconds. */
export const lake: Bench = {
  name: 'lake',
  summary: 'an insert acknowledged while a long hunt runs',
  async run({ folder, say }) {
    const lake = await openEmbeddedLake({
      folder: join(folder, 'db'),
      runFolder: join(folder, 'run'),
      log: silentLog,
    });
    await migrate(lake);
    const segment = (from: number, count: number) => {
      const writer = new RowWriter('live');
      for (let i = from; i < from + count; i++)
        writer.write(event(i), () => ({ asn: 64_500, country: 'NL' }));
      const path = join(folder, `${from}.rows`);
      writeFileSync(path, writer.take());
      return { path, token: String(from), rows: count };
    };
    say('filling the lake with 2 million rows');
    for (let i = 0; i < 20; i++) await lake.load(segment(i * rows, rows));
    const acks: number[] = [];
    let hunting = true;
    const stop = new AbortController();
    const hunt = (async () => {
      // Again and again over every raw line, until ten seconds are over.
      while (hunting) {
        const sql =
          `SELECT count() AS n FROM events WHERE match(raw, '(?i)nothing.*like.*this[0-9]+') OR sipHash64(raw, number) = 1`.replace(
            ', number',
            '',
          );
        await collect(lake.rows({ sql, timeout: 20_000, signal: stop.signal })).catch(() => {});
      }
    })();
    const until = performance.now() + 10_000;
    for (let i = 0; performance.now() < until; i++) {
      const one = segment(10_000_000 + i * 1_000, 1_000);
      const began = performance.now();
      await lake.load(one);
      acks.push(performance.now() - began);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    hunting = false;
    stop.abort();
    await hunt;
    const [{ n }] = (await collect<{ n: number }>(lake.rows({ sql: 'SELECT count() AS n FROM events' }))) as [
      { n: number },
    ];
    await lake.close();
    const stored = 20 * rows + acks.length * 1_000;
    return {
      metrics: {
        insert_ack_max_ms: Math.round(Math.max(...acks)),
        insert_ack_p50_ms: Math.round(quantile(acks, 0.5)),
        inserts: acks.length,
      },
      params: { rows_before: 20 * rows, rows_each: 1_000, hunt_s: 10 },
      input: { sha256: sha256('made'), rows_in: stored, rows_stored: Number(n), rejected: 0 },
    };
  },
};

function event(i: number): Event {
  const time = Date.UTC(2025, 1, 12) + i;
  return {
    id: uuidv8FromHex(time, sha256(String(i)).slice(0, 32)),
    time,
    arrived: time,
    sensor: 'north',
    session: `s${i >> 3}`,
    protocol: 'ssh',
    transport: 'tcp',
    src: { ip: `203.0.${(i >> 8) & 255}.${i & 255}`, port: 40_000 },
    dst: { ip: '192.0.2.10', port: 22 },
    handshake: 'established',
    decoy: true,
    kind: 'login',
    user: 'root',
    secret: `pw${i}`,
    ok: false,
    raw: `root pw${i} ${sha256(String(i))}`,
  };
}
