import { expect, it } from 'vitest';
import { createAnalysis } from '../analysis.ts';
import { eventOf } from '../event-fixture.ts';
import { spray } from './spray.ts';

const start = 1_750_000_000_000;
const login = (user: string, at: number, head = {}) =>
  eventOf({ kind: 'login', user, secret: 'x', ok: false }, { time: start + at * 1_000, ...head });
const host = { decoy: false, protocol: 'ssh', dst: { ip: '198.51.100.9', port: 22 } };

it('tells many names at decoys, over several services', () => {
  const analysis = createAnalysis([spray]);
  const events = [0, 1, 2, 3, 4, 5].map((n) => login(`u${n}`, n, { sensor: `decoy-${n % 2}` }));
  const signals = events.flatMap((event) => analysis.push(event));
  expect(signals).toMatchObject([
    { detector: 'spray', attack: ['T1110.003'], evidence: 'E4', because: events.map(({ id }) => id) },
  ]);
  expect(signals[0]!.targets).toHaveLength(2);
});

it('does not count one name twice, nor logs without names', () => {
  const analysis = createAnalysis([spray]);
  for (let n = 0; n < 500; n++) expect(analysis.push(login(n % 2 ? '' : `u${n % 5}`, n))).toEqual([]);
});

it('lets an office behind one address mistype', () => {
  const analysis = createAnalysis([spray]);
  for (let n = 0; n < 11; n++) expect(analysis.push(login(`u${n}`, n * 60, host))).toEqual([]);
  expect(analysis.push(login('u11', 660, host))).toMatchObject([{ evidence: 'E3' }]);
});

it('forgets names that were tried long ago', () => {
  const analysis = createAnalysis([spray]);
  for (let n = 0; n < 100; n++) expect(analysis.push(login(`u${n}`, n * 1_000))).toEqual([]);
});

it('tells a long spray a few times', () => {
  const analysis = createAnalysis([spray]);
  let signals = 0;
  for (let n = 0; n < 50_000; n++) signals += analysis.push(login(`u${n}`, n / 100)).length;
  expect(signals).toBeGreaterThanOrEqual(4);
  expect(signals).toBeLessThanOrEqual(8);
});
