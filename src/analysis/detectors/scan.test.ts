import { expect, it } from 'vitest';
import { createAnalysis } from '../analysis.ts';
import { eventOf } from '../event-fixture.ts';
import { scan } from './scan.ts';

const start = 1_750_000_000_000;
const knock = (port: number, at: number, head = {}) =>
  eventOf({ kind: 'connect' }, { time: start + at * 1_000, dst: { ip: '198.51.100.1', port }, ...head });

it('tells knocking at five ports of decoys, by those that prove the most', () => {
  const analysis = createAnalysis([scan]);
  const signals = [8080, 21, 22, 23, 25, 110].flatMap((port, n) => analysis.push(knock(port, n)));
  // 8080 is a port that a page can make a browser knock at.
  expect(signals.map(({ evidence }) => evidence)).toEqual(['E2', 'E3']);
  expect(signals[1]!.targets.map(({ port }) => port)).toEqual([21, 22, 23, 25, 110]);
});

it('tells one port at many decoys', () => {
  const analysis = createAnalysis([scan]);
  const signals = [1, 2, 3, 4, 5].flatMap((n) => analysis.push(knock(22, n, { sensor: `decoy-${n}` })));
  expect(signals).toMatchObject([{ attack: ['T1595.001', 'T1046'], evidence: 'E3' }]);
});

it('does not mind a monitoring probe', () => {
  const analysis = createAnalysis([scan]);
  for (let n = 0; n < 2_000; n++) expect(analysis.push(knock([22, 80, 443][n % 3]!, n * 30))).toEqual([]);
});

it('never takes forged packets for more than they are', () => {
  const analysis = createAnalysis([scan]);
  const head = { decoy: false, handshake: 'none' as const };
  const signals = Array.from({ length: 200 }, (_, n) =>
    eventOf(
      { kind: 'flow', action: 'reject', packets: 1, size: 40 },
      { time: start + n, dst: { ip: '198.51.100.1', port: n }, ...head },
    ),
  ).flatMap((event) => analysis.push(event));
  expect(signals.length).toBeGreaterThan(0);
  for (const { evidence } of signals) expect(evidence).toBe('E1');
});
