import { describe, expect, it } from 'vitest';
import { signalSchema } from '../../model/signal.ts';
import { createAnalysis } from '../analysis.ts';
import { eventOf } from '../event-fixture.ts';
import { bruteforce } from './bruteforce.ts';

const start = 1_750_000_000_000;
const login = (at: number, ok = false, head = {}) =>
  eventOf({ kind: 'login', user: 'root', secret: `p${at}`, ok }, { time: start + at * 1_000, ...head });
const host = { decoy: false, protocol: 'ssh', dst: { ip: '198.51.100.9', port: 22 } };

describe('bruteforce', () => {
  it('tells guesses at a decoy with their class, and the events it rests on', () => {
    const analysis = createAnalysis([bruteforce]);
    const events = [0, 1, 2, 3].map((at) => login(at));
    const signals = events.flatMap((event) => analysis.push(event));
    expect(signals).toHaveLength(1);
    expect(signalSchema.parse(signals[0])).toMatchObject({
      detector: 'bruteforce',
      subject: { type: 'ip', value: '192.0.2.1' },
      evidence: 'E4',
      attack: ['T1110.001'],
      because: events.map(({ id }) => id),
      targets: [{ sensor: 'decoy-1', decoy: true, protocol: 'telnet', transport: 'tcp', port: 23 }],
    });
  });

  it('does not mind a person who mistypes a password three times', () => {
    const analysis = createAnalysis([bruteforce]);
    const events = [
      login(0, false, host),
      login(5, false, host),
      login(12, false, host),
      login(20, true, host),
    ];
    expect(events.flatMap((event) => analysis.push(event))).toEqual([]);
  });

  it('needs eight failures at a real service, and then tells a right guess', () => {
    const analysis = createAnalysis([bruteforce]);
    const tell = (n: number, ok = false) => analysis.push(login(n, ok, host));
    for (let n = 0; n < 7; n++) expect(tell(n)).toEqual([]);
    expect(tell(7)).toMatchObject([{ evidence: 'E3', confidence: 0.5 }]);
    expect(tell(8, true)).toMatchObject([{ attack: ['T1110.001', 'T1078'], confidence: 0.95 }]);
    expect(tell(9, true)).toEqual([]);
  });

  it('tells a long attack a few times, not once a login', () => {
    const analysis = createAnalysis([bruteforce]);
    let signals = 0;
    for (let n = 0; n < 100_000; n++) signals += analysis.push(login(n / 100)).length;
    expect(signals).toBeGreaterThanOrEqual(3);
    expect(signals).toBeLessThanOrEqual(8);
  });

  it('lets go of slow failures', () => {
    const analysis = createAnalysis([bruteforce]);
    for (let n = 0; n < 50; n++) expect(analysis.push(login(n * 61, false, host))).toEqual([]);
  });

  it('is not weakened by what proves nothing, and tells it by itself as what it is', () => {
    const analysis = createAnalysis([bruteforce]);
    const signals = [];
    for (let n = 0; n < 4; n++) {
      signals.push(...analysis.push(login(n, false, { handshake: 'relayed' })));
      signals.push(...analysis.push(login(n)));
    }
    expect(signals.map(({ evidence }) => evidence)).toEqual(['E1', 'E4']);
  });
});
