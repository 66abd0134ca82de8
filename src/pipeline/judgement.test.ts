import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { configSchema } from '../config.ts';
import { silentLog } from '../kit/log.ts';
import { uuidv8 } from '../kit/uuid.ts';
import type { Signal } from '../model/signal.ts';
import { createNeverBlockStore, createStore, openDatabase } from '../state/index.ts';
import { openJudgement } from './judgement.ts';
import { createLive } from './live.ts';
import { createVerdicts } from './verdicts.ts';

const folder = mkdtempSync(join(tmpdir(), 'caltrop-judgement-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const day = 86_400_000;
const start = Date.UTC(2026, 0, 1);
let made = 0;

/** A source guesses passwords at a decoy of one of our sensors. */
function touch(ip: string, sensor: string, time: number, port = 23): Signal {
  const digest = createHash('sha256').update(`${++made}`).digest();
  return {
    id: uuidv8(time, digest),
    time,
    detector: 'bruteforce',
    subject: { type: 'ip', value: ip },
    confidence: 0.9,
    evidence: 'E4',
    attack: ['T1110.001'],
    says: 'tried 8 passwords',
    because: [uuidv8(time, digest, 10)],
    targets: [{ sensor, decoy: true, protocol: port === 23 ? 'telnet' : 'redis', transport: 'tcp', port }],
  };
}

/** A system on this folder, from its start to its stop. */
async function run(now: number, work: (system: Awaited<ReturnType<typeof open>>) => Promise<void>) {
  const system = await open(now);
  await work(system);
  await system.verdicts.drain();
  system.audit.close();
  await system.db.destroy();
}

async function open(at: number) {
  const config = configSchema.parse({ decision: { mode: 'enforce' } });
  const db = await openDatabase({ folder: join(folder, 'state') });
  const stores = { store: createStore(db), neverBlockStore: createNeverBlockStore(db), fresh: true };
  const now = () => at;
  const judgement = await openJudgement({ config, data: folder, stores, log: silentLog, now });
  const { ledger, audit, decider, replayDecider } = judgement;
  const common = { ledger, store: stores.store, audit, live: createLive(), log: silentLog, now };
  return {
    ...judgement,
    db,
    store: stores.store,
    verdicts: createVerdicts({ ...common, decider, changed() {} }),
    replay: createVerdicts({ ...common, decider: replayDecider(), replay: true, changed() {} }),
    portsOf: (source: string) =>
      decider.standing().find(({ scope, mode }) => scope.source === source && mode === 'enforce')?.scope
        .ports,
  };
}

test('a second decoy earns all ports, whether or not the system was started anew between the two', async () => {
  const [steady, restarted, twice, late, replayed] = [
    '45.33.7.1',
    '45.33.7.2',
    '45.33.7.3',
    '45.33.7.4',
    '45.33.7.5',
  ];
  await run(start, async ({ verdicts, replay, portsOf }) => {
    verdicts.add([touch(steady!, 'north', start), touch(steady!, 'south', start)]);
    verdicts.add([
      touch(restarted!, 'north', start),
      touch(twice!, 'north', start),
      touch(late!, 'north', start),
    ]);
    replay.add([touch(replayed!, 'north', start)]);
    await verdicts.drain();
    await replay.drain();
    expect(portsOf(steady!)).toEqual([]);
    expect(portsOf(restarted!)).toEqual([23, 2323, 23231]);
  });
  const soon = start + 3_600_000;
  await run(soon, async ({ verdicts, portsOf }) => {
    // The same decoy again is still one; what old logs tell of counts for nothing live.
    verdicts.add([
      touch(restarted!, 'south', soon),
      touch(twice!, 'north', soon),
      touch(replayed!, 'south', soon),
    ]);
    await verdicts.drain();
    expect(portsOf(restarted!)).toEqual([]);
    expect(portsOf(twice!)).toEqual([23, 2323, 23231]);
    expect(portsOf(replayed!)).toEqual([23, 2323, 23231]);
  });
  // The memory is of seven days, and of any service.
  const after = start + 7 * day + 1_800_000;
  await run(after, async ({ verdicts, portsOf }) => {
    verdicts.add([touch(late!, 'south', after), touch(twice!, 'north', after, 6379)]);
    await verdicts.drain();
    expect(portsOf(late!)).toEqual([23, 2323, 23231]);
    expect(portsOf(twice!)).toEqual([]);
  });
}, 120_000);

test('what a replay has shown is weighed when it is shown live, also after a start', async () => {
  const now = start + 20 * day;
  const seen = touch('45.33.7.9', 'north', now);
  const other = touch('45.33.7.10', 'north', now);
  await run(now, async ({ replay, store }) => {
    replay.add([seen, other]);
    await replay.drain();
    expect(await store.signals({ ids: [seen.id] })).toHaveLength(1);
    expect(await store.signals({ ids: [seen.id], live: true })).toEqual([]);
  });
  // The replay's own decision is over by then.
  await run(now + 3_600_000, async ({ verdicts, decider, store }) => {
    expect(decider.onSignal(other, now)).toMatchObject({ repeated: false });
    verdicts.add([seen]);
    await verdicts.drain();
    expect(await store.signals({ ids: [seen.id], live: true })).toHaveLength(1);
  });
}, 120_000);

test('a start forgets neither who was known to log in, nor what was done from there', async () => {
  const now = start + 40 * day;
  const [victim = '', guessed = ''] = ['45.33.8.1', '45.33.8.2'];
  const login = (ip: string, time: number): Signal => ({
    ...touch(ip, 'web-1', time),
    ...{ detector: 'login', confidence: 0, evidence: 'E3', attack: [], account: 'anna', says: 'logged in' },
    targets: [{ sensor: 'web-1', decoy: false, protocol: 'ssh', transport: 'tcp', port: 22 }],
  });
  const takeover = (ip: string): Signal => ({
    ...touch(ip, 'north', now, 6379),
    ...{ detector: 'abuse', attack: ['T1190'] },
  });
  await run(now, async ({ verdicts, portsOf }) => {
    verdicts.add([login(victim, now - 3 * day), login(guessed, now - 3 * day), touch(guessed, 'north', now)]);
    verdicts.add([takeover(victim), takeover(guessed)]);
    await verdicts.drain();
    expect([portsOf(victim), portsOf(guessed)].every(Boolean)).toBe(true);
  });
  const later = now + 60_000;
  await run(later, async ({ verdicts, portsOf, store, audit }) => {
    verdicts.add([login(victim, later), login(guessed, later)]);
    await verdicts.drain();
    expect(portsOf(victim)).toBeUndefined();
    expect(portsOf(guessed)).toBeDefined();
    const [kept] = await store.decisions({ subject: victim });
    expect(kept?.ended?.how).toBe('authenticated');
    const told = async (subject: string) =>
      (await store.findings({ subject })).find(({ type }) => type === 'login');
    expect(await told(victim)).toMatchObject({
      severity: 'medium',
      done: expect.stringContaining('taken back'),
    });
    expect(await told(guessed)).toMatchObject({
      severity: 'critical',
      whyNot: expect.any(String),
      done: expect.stringContaining('Ordered: deny'),
    });
    // A login is held against nobody.
    expect((await store.strongest([victim])).get(victim)).toBe('E4');
    expect(audit.seq).toBeGreaterThan(0);
  });
}, 120_000);
