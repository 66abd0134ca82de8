import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postgresBin, startPostgres } from '../../test/setup/postgres.ts';
import { uuidv8 } from '../kit/uuid.ts';
import type { Decision } from '../model/decision.ts';
import type { Finding } from '../model/finding.ts';
import { type SessionRecord, sessionSchema } from '../model/session.ts';
import type { Signal } from '../model/signal.ts';
import {
  createNeverBlockStore,
  createSessionStore,
  createStore,
  createTokens,
  type Database,
  openDatabase,
  type SessionBatch,
} from './index.ts';
import { migrations } from './migrations/index.ts';

const now = Date.UTC(2026, 0, 1);
const id = (n: number) => uuidv8(now, createHash('sha256').update(`${n}`).digest());

const signal = (n: number): Signal => ({
  id: id(n),
  time: now + n,
  detector: 'bruteforce',
  subject: { type: 'ip', value: '203.0.113.9' },
  confidence: 0.9,
  evidence: 'E4',
  attack: ['T1110.001'],
  says: "it's \u0001 odd",
  because: [id(1_000 + n)],
  targets: [{ sensor: 'north', decoy: true, protocol: 'ssh', transport: 'tcp', port: 22 }],
});
const decision = (n: number): Decision => ({
  id: id(n),
  time: now + n,
  action: 'deny',
  scope: { source: '203.0.113.9', transport: 'tcp', ports: [22] },
  until: now + 600_000,
  step: 0,
  mode: 'simulate',
  policy: 'bruteforce',
  actor: 'policy',
  evidence: 'E4',
  because: [id(1)],
  reason: 'because',
});
const finding = (n: number, count = 1): Finding => ({
  id: id(n),
  first: now,
  last: now + count,
  count,
  severity: 'low',
  type: 'bruteforce',
  title: 't',
  subject: { type: 'ip', value: '203.0.113.9' },
  evidence: 'E4',
  seen: 's',
  done: 'd',
  whyNot: '',
  attack: [],
  because: [],
});

const session = (n: number, actor: string): SessionRecord =>
  sessionSchema.parse({
    ...{
      id: id(300 + n),
      run: 'live',
      sensor: 'north',
      session: `s${n}`,
      protocol: 'ssh',
      src: `192.0.2.${n}`,
    },
    ...{ decoy: true, start: now, end: now + n, ended: 'closed', evidence: 'E4', kind: 'automated', actor },
    labels: ['S1'],
    tool: 'nul \u0000, lone \ud800',
    indicators: [{ type: 'url', value: 'http://203.0.113.66/x', says: 'is named', because: [id(1)] }],
  });

const folder = mkdtempSync(join(tmpdir(), 'caltrop-state-'));
let server: Awaited<ReturnType<typeof startPostgres>> | undefined;
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const places: [string, (() => Promise<{ folder: string } | { url: string }>) | undefined][] = [
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

for (const [name, place] of places) {
  describe.skipIf(!place)(`state: ${name}`, () => {
    let db: Database;
    beforeAll(async () => {
      const where = await place!();
      // What a user of the first release has: its schema, with rows in it.
      const old = await openDatabase(where, { '0001-first': migrations['0001-first']! });
      await createStore(old).write({ decisions: [decision(77)] });
      await old.destroy();
      db = await openDatabase(where);
    });
    afterAll(() => db.destroy());

    test('an upgrade from the first schema keeps what was stored', async () => {
      expect(await createStore(db).decisions({ id: id(77) })).toEqual([
        { decision: decision(77), ended: null },
      ]);
      expect(await db.selectFrom('imports').selectAll().execute()).toEqual([]);
    });

    test('what is written twice is stored once, and comes back as it was', async () => {
      const store = createStore(db);
      const batch = { signals: [signal(1), signal(2), signal(1)], decisions: [decision(1)] };
      await store.write(batch);
      await store.write(batch);
      expect(await store.signals({ subject: '203.0.113.9' })).toEqual([signal(2), signal(1)]);
      expect(await store.signals({ ids: [id(1)] })).toEqual([signal(1)]);
      expect(await store.signals({ ids: [] })).toEqual([]);
      expect(await store.decisions({ id: id(1) })).toEqual([{ decision: decision(1), ended: null }]);
    });

    test('no text of an attacker makes a batch fail', async () => {
      const store = createStore(db);
      const says = 'nul \u0000, lone \ud800, \\u0000 as text, "quotes" and \' too';
      await store.write({ signals: [{ ...signal(60), says }, signal(61)] });
      const [kept] = await store.signals({ ids: [id(60)] });
      expect(kept!.says).toBe('nul \ufffd, lone \ufffd, \\u0000 as text, "quotes" and \' too');
      expect(await store.signals({ ids: [id(61)] })).toHaveLength(1);
    });

    test('a decision ends once', async () => {
      const store = createStore(db);
      await store.write({ decisions: [decision(5)] });
      await store.write({ ended: [{ decision: decision(5), how: 'revoked', time: now + 9 }] });
      await store.write({ ended: [{ decision: decision(5), how: 'expired', time: now + 99 }] });
      expect((await store.decisions({ id: id(5) }))[0]!.ended).toEqual({ how: 'revoked', time: now + 9 });
      expect((await store.decisions({ standing: now })).map((one) => one.decision.id)).not.toContain(id(5));
    });

    test('a finding is counted up, also twice in a batch', async () => {
      const store = createStore(db);
      await store.write({ findings: [finding(1), finding(1, 2)] });
      await store.write({ findings: [finding(1, 3)] });
      expect(await store.findings({ id: id(1) })).toEqual([finding(1, 3)]);
    });

    test('expiry removes what is old and leaves what stands', async () => {
      const store = createStore(db);
      await store.write({ signals: [{ ...signal(9), time: now - 1 }] });
      expect(await store.expire(now)).toBe(1);
      expect(await store.decisions({ id: id(1) })).toHaveLength(1);
    });

    test('sessions count once, whatever is written again; actors that turn out to be one are united', async () => {
      const store = createSessionStore(db);
      const nothing = { merges: [], actors: [], findings: () => [] };
      const joined: string[][] = [];
      const write = (sessions: SessionRecord[], more: Partial<SessionBatch> = {}) =>
        store.write({
          ...nothing,
          sessions,
          findings: (_, grown) => {
            joined.push(grown.map(({ id: of }) => of));
            return [];
          },
          ...more,
        });
      const [a, b] = ['actor-aaaaaaaaaaaa', 'actor-bbbbbbbbbbbb'];
      const run = { name: 'live', state: { seq: 7, done: false } };
      expect(await write([session(1, a!), session(2, b!)], { run })).toHaveLength(2);
      expect(await write([session(1, a!), session(3, b!)])).toHaveLength(1);
      expect(await store.runs()).toEqual(new Map([['live', run.state]]));
      const [one] = await store.indicators({ match: '.66/' });
      expect(one).toMatchObject({ sessions: 3, because: [id(303), id(302), id(301)], labels: ['S1'] });
      expect((await store.sessions({ label: 'S1', kind: 'automated' })).map((each) => each.id)).toEqual([
        ...[id(303), id(302), id(301)],
      ]);
      // What was left out where it was empty comes back, and no text of an attacker makes it fail.
      expect(await store.sessions({ ids: [id(302)] })).toEqual([
        { ...session(2, b!), tool: 'nul \ufffd, lone \ufffd' },
      ]);
      const join = { by: 'ssh-key' as const, value: 'AAAA', a: '192.0.2.1', b: '192.0.2.2' };
      await write([session(4, a!)], {
        merges: [{ from: b!, to: a! }],
        actors: [{ id: a!, addresses: 2, joins: [join] }],
      });
      expect(await store.actors()).toMatchObject([
        { id: a, sessions: 4, addresses: 2, kinds: { automated: 4 }, joins: [join] },
      ]);
      expect(await store.actors({ addresses: 3 })).toEqual([]);
      expect(joined).toEqual([[], [], [a]]);
      expect((await store.sessions({ actor: a! })).length).toBe(4);
      expect((await store.addresses(a!)).map(({ ip, sessions }) => [ip, sessions])).toEqual([
        ['192.0.2.4', 1],
        ['192.0.2.3', 1],
        ['192.0.2.2', 1],
        ['192.0.2.1', 1],
      ]);
      expect((await store.remembered(2)).map((each) => each.id)).toEqual([id(303), id(304)]);
      expect(await createStore(db).expire(now + 3)).toBeGreaterThan(0);
      expect((await store.sessions()).map((each) => each.id)).toEqual([id(304), id(303)]);
    });

    test('never-block entries are one list', async () => {
      const list = createNeverBlockStore(db);
      const entry = {
        block: '192.0.2.0/24',
        level: 'hard',
        most: 'tip',
        owner: 'me',
        reason: 'ours',
        expires: now + 1,
      } as const;
      await list.add(entry, now);
      await list.add({ ...entry, reason: 'still ours' }, now);
      expect(await list.list()).toEqual([{ ...entry, reason: 'still ours' }]);
      expect(await list.remove('192.0.2.0/24')).toBe(true);
      expect(await list.remove('192.0.2.0/24')).toBe(false);
    });

    test('tokens are kept as hashes, expire, and can be taken away', async () => {
      const tokens = createTokens(db);
      const token = await tokens.create('admin', now, 1_000);
      expect(await tokens.check(token, now)).toBe('admin');
      expect(await tokens.check(token, now + 1_000)).toBeNull();
      expect(await tokens.check(`${token}x`, now)).toBeNull();
      expect(JSON.stringify(await db.selectFrom('tokens').selectAll().execute())).not.toContain(token);
      await tokens.revoke(token);
      expect(await tokens.check(token, now)).toBeNull();
    });
  });
}
