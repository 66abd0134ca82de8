import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { silentLog } from '../src/kit/log.ts';
import { collect, openEmbeddedLake } from '../src/lake/index.ts';
import { createInstalled, type Listed } from './setup/installed.ts';

const folder = join(
  process.env.CALTROP_TEST_DATA ?? join(import.meta.dirname, '../../shared/data'),
  'tpot-ml_ids',
);

/** What the five files give: lines, events, lines without an event, refused. Counted once by hand, kept ever since. */
const expected = {
  'cisco-asa': [128_270, 102_097, 26_173, 0],
  'cowrie-sessions': [14_106, 38_585, 0, 0],
  dionaea: [18_705, 19_291, 34, 0],
  heralding: [49_212, 98_847, 0, 0],
  honeytrap: [4_314, 11_879, 0, 0],
} as const;
const names = Object.keys(expected) as (keyof typeof expected)[];
const files = names.map((name) => join(folder, `${name}.jsonl.gz`));
const events = Object.values(expected).reduce((sum, [, each]) => sum + each, 0);

interface Imported {
  type: string;
  format: string;
  lines: number;
  events: number;
  silent: number;
  rejected: number;
  rejectFiles?: string[];
}
interface Why {
  signals: { events: { id: string; missing?: string; raw?: string }[] }[];
}

const system = createInstalled('tpot', 'intake: {enrich: false}\n');
afterAll(() => system.remove());

const decisions = async () =>
  (await system.caltrop<Listed>('decisions', '--limit', '10000')).lines.map(({ decision }) => decision);

test.skipIf(!files.every((path) => existsSync(path)))(
  'eleven days of a real honeypot come in whole, once, and are traced back to their lines (needs tpot-ml_ids in CALTROP_TEST_DATA)',
  async () => {
    const first = await system.caltrop<Imported>('import', ...files);
    expect(first).toMatchObject({ code: 0 });
    expect(
      first.lines
        .filter(({ type }) => type === 'imported')
        .map(({ format, lines, events, silent, rejected }) => [format, lines, events, silent, rejected]),
    ).toEqual(names.map((name) => [name, ...expected[name]]));
    expect(first.lines.at(-1)).toMatchObject({ type: 'finished', events, rejected: 0, rejectFiles: [] });

    const rows = async () => {
      const lake = await openEmbeddedLake({
        folder: join(system.data, 'lake'),
        runFolder: join(system.data, 'run'),
        log: silentLog,
      });
      try {
        const sql =
          'SELECT sensor, count() AS n, uniqExact(id) AS ids FROM events GROUP BY sensor ORDER BY sensor';
        return (await collect<{ sensor: string; n: number; ids: number }>(lake.rows({ sql }))).map(
          ({ sensor, n, ids }) => [sensor, Number(n), Number(ids)],
        );
      } finally {
        await lake.close();
      }
    };
    const stored = await rows();
    expect(stored).toEqual(names.map((name) => [`${name}.jsonl`, expected[name][1], expected[name][1]]));

    const made = await decisions();
    expect(made.length).toBeGreaterThan(100);
    expect(made.filter(({ mode }) => mode !== 'simulate')).toEqual([]);

    const again = await system.caltrop<Imported>('import', ...files);
    expect(again).toMatchObject({ code: 0 });
    expect(await rows()).toEqual(stored);
    expect((await decisions()).map(({ id }) => id).sort()).toEqual(made.map(({ id }) => id).sort());

    const text = new Set(
      files.flatMap((path) => gunzipSync(readFileSync(path)).toString('latin1').split('\n')),
    );
    for (const policy of new Set(made.map((one) => one.policy))) {
      const { id } = made.find((one) => one.policy === policy)!;
      const { lines } = await system.caltrop<Why>('why', id);
      const found = lines[0]!.signals.flatMap((signal) => signal.events);
      expect(found.length, policy).toBeGreaterThan(0);
      for (const event of found) {
        expect(event.missing).toBeUndefined();
        expect(text.has(event.raw ?? ''), `${policy}: ${event.raw}`).toBe(true);
      }
    }
  },
  180_000,
);
