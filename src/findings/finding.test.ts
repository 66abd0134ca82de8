import { expect, it } from 'vitest';
import type { Decision } from '../model/decision.ts';
import { findingSchema } from '../model/finding.ts';
import { type Signal, signalSchema } from '../model/signal.ts';
import { isResolved, nameOfFinding, reopened, resolved, weighDomain } from './domain-finding.ts';
import { findingId, makeFinding, scopeText } from './finding.ts';
import { FindingLedger } from './ledger.ts';

const noon = Date.UTC(2026, 0, 5, 12);
const id = (n: number) => `00000000-0000-8000-8000-${String(n).padStart(12, '0')}`;
const signal = (more: Partial<Signal> = {}): Signal => ({
  id: id(1),
  time: noon,
  detector: 'bruteforce',
  subject: { type: 'ip', value: '198.51.100.7' },
  confidence: 0.9,
  evidence: 'E4',
  attack: ['T1110.001'],
  says: 'tried 8 passwords',
  because: [id(9)],
  targets: [{ sensor: 'decoy-1', decoy: true, protocol: 'telnet', transport: 'tcp', port: 2323 }],
  ...more,
});
const decision = (mode: Decision['mode']): Decision => ({
  id: id(5),
  time: noon,
  action: 'deny',
  scope: { source: '198.51.100.7', transport: 'tcp', ports: [23, 2323] },
  until: noon + 600_000,
  step: 0,
  mode,
  policy: 'bruteforce',
  actor: 'policy',
  evidence: 'E4',
  because: [id(1)],
  reason: 'E4.',
});
const deny = { route: 'deny' as const, reason: 'E4.' };
const tip = { route: 'tip' as const, reason: 'The source may be forged (E1).' };

it('says which block was ordered and until when', () => {
  const made = makeFinding({ signal: signal(), verdict: deny, decision: decision('enforce') });
  expect(findingSchema.parse(made)).toEqual(made);
  expect(made).toMatchObject({
    severity: 'high',
    seen: 'tried 8 passwords. Seen on telnet at decoy-1 (a decoy) on tcp 2323.',
    done: `Ordered: deny 198.51.100.7 on tcp port 23, 2323 until 2026-01-05T12:10:00.000Z (decision ${id(5)}).`,
    whyNot: '',
    attack: ['T1110.001'],
    because: [id(1), id(5)],
  });
});

it('says that a simulated decision blocks nothing, and why a tip does not', () => {
  const simulated = makeFinding({ signal: signal(), verdict: deny, standing: decision('simulate') })!;
  expect(simulated.done).toMatch(/^Nothing was blocked\. Enforced, this would deny/);
  expect(simulated.whyNot).not.toBe('');
  const tipped = makeFinding({ signal: signal({ evidence: 'E1', confidence: 0.3 }), verdict: tip })!;
  expect(tipped).toMatchObject({ done: 'Nothing was blocked.', whyNot: tip.reason, severity: 'low' });
  expect(makeFinding({ signal: signal(), verdict: { route: 'watch', reason: 'x' } })).toBeNull();
});

it('has the same id for the same type, subject and day, and another otherwise', () => {
  expect(findingId(signal({ time: noon + 3_600_000 }))).toBe(findingId(signal()));
  for (const other of [
    { time: noon + 86_400_000 },
    { detector: 'spray' },
    { subject: { type: 'ip' as const, value: '198.51.100.8' } },
  ])
    expect(findingId(signal(other))).not.toBe(findingId(signal()));
});

it('counts up, widens its span and keeps the worst', () => {
  const ledger = new FindingLedger();
  ledger.add({ signal: signal({ evidence: 'E5' }), verdict: deny, decision: decision('enforce') });
  const again = ledger.add({
    signal: signal({ id: id(2), time: noon + 1, evidence: 'E3', attack: ['T1046'] }),
    verdict: tip,
  })!;
  expect(again).toMatchObject({
    count: 2,
    first: noon,
    last: noon + 1,
    severity: 'critical',
    evidence: 'E5',
    attack: ['T1110.001', 'T1046'],
    because: [id(2), id(1), id(5)],
  });
  const restored = new FindingLedger();
  restored.restore([again]);
  expect(restored.add({ signal: signal({ id: id(3) }), verdict: tip })?.count).toBe(3);
});

it('stays within the limits of the model, whatever an attacker says', () => {
  const says = '\u001b[31m'.repeat(200);
  const targets = Array.from({ length: 64 }, (_, i) => ({
    ...signal().targets[0]!,
    port: i + 1,
    sensor: 's'.repeat(64),
  }));
  const subject = { type: 'url' as const, value: 'x'.repeat(8_000) };
  const made = makeFinding({
    signal: signal({ says, targets, subject }),
    verdict: { ...tip, reason: 'y'.repeat(3_000) },
  });
  expect(findingSchema.safeParse(made).success).toBe(true);
});

it('writes scopes in words', () => {
  expect(scopeText({ source: '2001:db8:1::', ports: [] })).toBe('2001:db8:1::/64 on all ports');
  expect(scopeText({ source: '192.0.2.0/24', ports: [] })).toBe('192.0.2.0/24 on all ports');
});

it('tells of a name within the limits of the model, of few clients only that they are few', () => {
  const crossing = {
    ...{
      name: `${'a'.repeat(60)}.example`,
      owned: 'b.example',
      score: 81.26,
      class: 'Suspicious',
      confidence: 0.6,
    },
    ...{ reasons: Array.from({ length: 9 }, () => 'r'.repeat(900)), path: ['192.0.2.1', 'a.example'] },
    ...{
      family: 'mirai',
      asked: { clients: 0, least: 3, fewer: true },
      listed: false,
      time: noon,
      because: [],
    },
  };
  const made = makeFinding(weighDomain(crossing))!;
  expect(findingSchema.parse(made)).toEqual(made);
  expect(signalSchema.parse(weighDomain(crossing).signal).evidence).toBe('E0');
  expect(made.seen).toContain('came to 81.3 of 100 (Suspicious), as mirai, and is on no list');
  expect(made.seen).toContain('Fewer than 3 clients');
  expect(nameOfFinding(made)).toBe(crossing.name);
  expect(makeFinding(weighDomain({ ...crossing, name: 'c.b.example' }))!.id).toBe(made.id);
  const wrong = resolved(made, 12, 'its letters', noon);
  expect(findingSchema.parse(wrong)).toEqual(wrong);
  expect([made, wrong, reopened(wrong)].map(isResolved)).toEqual([false, true, false]);
});
