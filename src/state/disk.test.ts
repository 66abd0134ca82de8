import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { postgresBin, startPostgres } from '../../test/setup/postgres.ts';
import { uuidv8 } from '../kit/uuid.ts';
import type { Decision } from '../model/decision.ts';
import type { Finding } from '../model/finding.ts';
import type { Signal } from '../model/signal.ts';
import { fitState, stateBytes } from './disk.ts';
import { createNeverBlockStore, createStore, createTokens, openDatabase, type StatePlace } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'caltrop-disk-'));
let server: Awaited<ReturnType<typeof startPostgres>> | undefined;
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const now = Date.UTC(2026, 0, 10);
const day = 86_400_000;
const digest = (text: string) => createHash('sha256').update(text).digest();
const id = (text: string, time = now) => uuidv8(time, digest(text));
/** Text that does not compress. */
const noise = (text: string) =>
  Array.from({ length: 16 }, (_, n) => digest(`${text}${n}`).toString('hex')).join('');

const signal = (n: number, time: number, name = 'signal'): Signal => ({
  id: id(`${name} ${n}`, time),
  time,
  detector: 'bruteforce',
  subject: { type: 'ip', value: '203.0.113.9' },
  confidence: 0.9,
  evidence: 'E4',
  attack: [],
  says: noise(`${name} ${n}`),
  because: [id(`event ${n}`)],
  targets: [],
});
const decision = (n: number, more: Partial<Decision>): Decision => ({
  id: id(`decision ${n}`),
  time: now - day,
  action: 'deny',
  scope: { source: '203.0.113.9', transport: 'tcp', ports: [22] },
  until: now - 1,
  step: 0,
  mode: 'enforce',
  policy: 'bruteforce',
  actor: 'policy',
  evidence: 'E4',
  because: [],
  reason: noise(`decision ${n}`),
  ...more,
});
const finding = (n: number): Finding => ({
  id: id(`finding ${n}`),
  first: now - n * 1_000,
  last: now - n * 1_000,
  count: 1,
  severity: 'low',
  type: 'bruteforce',
  title: 't',
  subject: { type: 'ip', value: '203.0.113.9' },
  evidence: 'E4',
  seen: noise(`finding ${n}`),
  done: '',
  whyNot: '',
  attack: [],
  because: [],
});
const times = (count: number) => Array.from({ length: count }, (_, n) => n);

const places: [string, (() => Promise<StatePlace>) | undefined][] = [
  ['PGlite', async () => ({ folder: join(folder, 'state') })],
  [
    'PostgreSQL (needs the Debian package postgresql)',
    postgresBin
      ? async () => {
          server = await startPostgres();
          return { url: server.url };
        }
      : undefined,
  ],
];

for (const [name, find] of places) {
  describe.skipIf(!find)(`disk budget of the state: ${name}`, () => {
    test('replays go first, then the oldest; what stands and its proof stay, and the files do shrink', async () => {
      const place = await find!();
      const db = await openDatabase(place);
      const store = createStore(db);
      const empty = await stateBytes(db, place);
      const tokens = createTokens(db);
      const token = await tokens.create('alice', now, day);
      const entry = { level: 'hard', most: 'tip', owner: 'a', reason: 'ours', expires: now + day } as const;
      await createNeverBlockStore(db).add({ block: '192.0.2.0/24', ...entry }, now);
      const proof = signal(0, now - 9 * day, 'proof');
      const standing = decision(0, { until: now + day, because: [proof.id] });
      const ended = times(500).map((n) => decision(n + 1, {}));
      const live = times(4_000).map((n) => signal(n, now - n * 1_000));
      await store.write({
        signals: [proof, ...live],
        findings: times(1_000).map(finding),
        decisions: [standing, ...ended],
        ended: ended.map((one, n) => ({ decision: one, how: 'expired', time: now - n * 1_000 })),
        receipts: [standing, ...ended].map(({ id: of }) => ({
          ...{ decision: of, enforcer: 'nftables', state: 'applied', time: now, reason: '' },
        })),
      });
      const withoutReplays = await stateBytes(db, place);
      const replays = times(6_000).map((n) => signal(n, now - 5_000, 'replay'));
      await store.write({ signals: replays, replay: true });
      const full = await stateBytes(db, place);
      const count = async (table: 'signals' | 'findings' | 'decisions' | 'receipts') =>
        Number((await db.selectFrom(table).select(db.fn.countAll().as('n')).executeTakeFirstOrThrow()).n);

      // Room enough: nothing goes.
      expect(await fitState(db, place, { diskBytes: full * 2, now })).toMatchObject({
        removed: 0,
        over: false,
      });
      expect(await count('signals')).toBe(10_001);

      // Replays are enough: nothing that was seen live goes.
      const first = await fitState(db, place, { diskBytes: Math.round(withoutReplays * 1.3), now });
      expect(first).toMatchObject({ over: false, bytes: await stateBytes(db, place) });
      expect(first.removed).toBeGreaterThan(1_000);
      expect(first.bytes).toBeLessThan(full - 2_000_000);
      expect(await store.signals({ live: true, limit: 100_000 })).toHaveLength(4_001);
      expect(await count('findings')).toBe(1_000);

      // Less room: the newest and what stands are left.
      const second = await fitState(db, place, { diskBytes: Math.round(empty * 1.35), now });
      expect(second.bytes).toBeLessThan(first.bytes);
      expect(await store.signals({ ids: replays.slice(0, 100).map((one) => one.id) })).toEqual([]);
      const left = await store.signals({ live: true, limit: 100_000 });
      expect(left.length).toBeLessThan(4_001);
      expect(left.at(-1)).toEqual(proof);
      if (left.length > 1) expect(left[0]).toEqual(live[0]);

      // No room at all: it says so, and still nothing of these goes.
      const third = await fitState(db, place, { diskBytes: 1_000, now });
      expect(third.over).toBe(true);
      expect(await store.signals({ limit: 10 })).toEqual([proof]);
      expect(await store.decisions({ limit: 10 })).toEqual([{ decision: standing, ended: null }]);
      expect([await count('findings'), await count('receipts')]).toEqual([0, 1]);
      expect(await tokens.check(token, now)).toBe('alice');
      expect(await createNeverBlockStore(db).list()).toHaveLength(1);
      expect(third.bytes).toBeLessThan(empty * 1.3);
      await db.destroy();
    }, 120_000);
  });
}
