import { expect, it } from 'vitest';
import { FindingLedger } from './ledger.ts';

const noon = Date.UTC(2026, 0, 5, 12);

it('never holds more findings than its limit', () => {
  const ledger = new FindingLedger(2);
  const add = (ip: string) =>
    ledger.add({
      signal: {
        id: '00000000-0000-8000-8000-000000000001',
        time: noon,
        detector: 'scan',
        subject: { type: 'ip', value: ip },
        confidence: 0.5,
        evidence: 'E1',
        attack: [],
        says: 'tried 30 ports',
        because: ['00000000-0000-8000-8000-000000000002'],
        targets: [],
      },
      verdict: { route: 'tip', reason: 'It may be forged.' },
    })?.count;
  expect([add('192.0.2.1'), add('192.0.2.1'), add('192.0.2.2'), add('192.0.2.3'), add('192.0.2.1')]).toEqual([
    1, 2, 1, 1, 1,
  ]);
});
