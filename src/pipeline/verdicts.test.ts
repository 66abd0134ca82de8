import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Audit, Decider, decisionOptions, firstEntry, memoryFlag, NeverBlock } from '../decision/index.ts';
import { FindingLedger } from '../findings/index.ts';
import { silentLog } from '../kit/log.ts';
import { uuidv8FromHex } from '../kit/uuid.ts';
import type { Signal } from '../model/signal.ts';
import { createStore, openDatabase } from '../state/index.ts';
import { createLive } from './live.ts';
import { createVerdicts } from './verdicts.ts';

const folder = mkdtempSync(join(tmpdir(), 'caltrop-verdicts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const now = Date.UTC(2026, 0, 1);
const signal = (n: number): Signal => ({
  id: uuidv8FromHex(now, `${n}`.padEnd(32, 'a')),
  time: now,
  detector: 'dropper',
  subject: { type: 'ip', value: `45.33.7.${n}` },
  confidence: 0.95,
  evidence: 'E5',
  attack: ['T1105'],
  says: 'a command downloads and runs a program',
  because: [uuidv8FromHex(now, `${n}`.padEnd(32, 'b'))],
  targets: [{ sensor: 'north', decoy: true, protocol: 'redis', transport: 'tcp', port: 6379 }],
});

test('what the stores refuse is neither enforced nor forgotten: it is stored, then enforced, once they take it', async () => {
  const db = await openDatabase({ folder: join(folder, 'state') });
  const store = createStore(db);
  const neverBlock = new NeverBlock(
    {
      list: () => ({ entries: [firstEntry], readAt: now }),
      host: () => [{ address: '192.0.2.1', role: 'own' }],
    },
    { lab: { on: false, namespaces: [] }, staleMs: 86_400_000 },
  );
  neverBlock.refresh(now);
  const options = decisionOptions.parse({ mode: 'enforce' });
  const decider = new Decider(options, {
    neverBlock,
    killSwitch: memoryFlag(),
    breaker: memoryFlag(),
    live: true,
  });
  let refuse = true;
  const enforced: string[] = [];
  const verdicts = createVerdicts({
    decider,
    ledger: new FindingLedger(),
    store: {
      ...store,
      write: (batch) => (refuse ? Promise.reject(new Error('no space left on device')) : store.write(batch)),
    },
    audit: Audit.open(folder, now),
    live: createLive(),
    log: silentLog,
    now: () => now,
    changed: (decisions) => enforced.push(...decisions.map(({ scope }) => scope.source)),
  });
  verdicts.add([signal(1)]);
  await expect.poll(() => verdicts.failing).toBe(true);
  verdicts.add([signal(2)]);
  expect(enforced).toEqual([]);
  refuse = false;
  await expect.poll(() => enforced, { timeout: 10_000 }).toEqual(['45.33.7.1', '45.33.7.2']);
  await verdicts.drain();
  expect(verdicts.failing).toBe(false);
  expect(
    (await store.decisions({ standing: now })).map(({ decision }) => decision.scope.source).sort(),
  ).toEqual(enforced);
  verdicts.add([signal(1), signal(2)]);
  await verdicts.drain();
  expect(enforced).toHaveLength(2);
  await db.destroy();
});
