import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { manualClock } from '../kit/clock.ts';
import { silentLog } from '../kit/log.ts';
import { payloadPath } from '../model/payload.ts';
import { Payloads } from './payloads.ts';

const limits = { payload: 100, payloadBytes: 250, payloads: 10, payloadPending: 1_000 };

it('keeps each payload once, private, within its limits, and over a restart', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'payloads-'));
  const clock = manualClock(1_780_000_000_000);
  const store = new Payloads(dir, limits, clock, silentLog);
  const a = store.keep(Buffer.alloc(100, 'a'));
  store.keep(Buffer.alloc(100, 'a'));
  const b = store.keep(Buffer.alloc(100, 'b'));
  const large = store.keep(Buffer.alloc(101, 'x'));
  await store.flush();
  expect(store.counters).toMatchObject({
    payloads: 2,
    payloadBytes: 200,
    payloadsKept: 2,
    payloadsTooLarge: 1,
  });
  expect(readFileSync(payloadPath(dir, a.sha256), 'utf8')).toBe('a'.repeat(100));
  expect(statSync(payloadPath(dir, a.sha256)).mode & 0o777).toBe(0o600);
  expect(large.size).toBe(101);

  // Seen again, `a` is younger than `b`, which leaves for `c`.
  store.keep(Buffer.alloc(100, 'a'));
  const c = store.keep(Buffer.alloc(100, 'c'));
  await store.flush();
  const left = readdirSync(dir).flatMap((name) => readdirSync(join(dir, name)));
  expect(left.sort()).toEqual([a.sha256, c.sha256].sort());
  expect(left).not.toContain(b.sha256);
  expect(new Payloads(dir, limits, clock, silentLog).counters).toMatchObject({
    payloads: 2,
    payloadBytes: 200,
  });
  rmSync(dir, { recursive: true });
});
