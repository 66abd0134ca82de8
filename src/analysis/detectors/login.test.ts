import { expect, it } from 'vitest';
import { createAnalysis } from '../analysis.ts';
import { eventOf } from '../event-fixture.ts';
import { login } from './login.ts';

const start = 1_750_000_000_000;
const event = (at: number, body = {}, head = {}) =>
  eventOf(
    { kind: 'login', user: 'anna', secret: '', ok: true, method: 'publickey', ...body },
    {
      ...{ time: start + at * 1_000, sensor: 'web-1', decoy: false, protocol: 'ssh' },
      ...{ handshake: 'authenticated' as const, ...head },
    },
  );

it('tells who logs in at a real host, as no act against us', () => {
  expect(createAnalysis([login]).push(event(0))).toMatchObject([
    { detector: 'login', account: 'anna', confidence: 0, evidence: 'E3', says: 'logged in as anna at web-1' },
  ]);
});

it('says nothing of decoys, failures, and logins that nobody vouches for', () => {
  const analysis = createAnalysis([login]);
  for (const one of [
    event(0, {}, { decoy: true }),
    event(0, { ok: false }),
    event(0, {}, { handshake: 'established' }),
    event(0, { user: '' }),
  ])
    expect(analysis.push(one)).toEqual([]);
});

it('tells the same login once in a while, and others at once', () => {
  const analysis = createAnalysis([login]);
  const count = (...events: ReturnType<typeof event>[]) => events.flatMap((one) => analysis.push(one)).length;
  expect(count(event(0), event(10), event(599))).toBe(1);
  expect(count(event(601))).toBe(1);
  expect(count(event(602, { user: 'otto' }), event(603, {}, { sensor: 'web-2' }))).toBe(2);
});
