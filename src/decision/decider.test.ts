import { expect, it } from 'vitest';
import { Fault } from '../kit/fault.ts';
import { decisionSchema } from '../model/decision.ts';
import { decider, hour, minute, neverBlock, signal, start, target } from './fixture.ts';
import { memoryFlag } from './flag-file.ts';
import { firstEntry } from './never-block.ts';
import type { Outcome, Stored } from './outcome.ts';

it('makes one valid decision of a signal, simulated by default', () => {
  const { decision, verdict, audit } = decider().onSignal(signal(), start);
  expect(decisionSchema.parse(decision)).toEqual(decision);
  expect(decision).toMatchObject({
    action: 'deny',
    mode: 'simulate',
    step: 0,
    until: start + 10 * minute,
    scope: { source: '198.51.100.7', transport: 'tcp', ports: [23, 2323, 23231] },
    actor: 'policy',
    policy: 'bruteforce',
  });
  expect(verdict.route).toBe('deny');
  expect(audit).toMatchObject([{ action: 'decision', data: { id: decision!.id } }]);
});

it('decides the same signal once, with the same id in another process', () => {
  const one = signal();
  const first = decider();
  const { decision } = first.onSignal(one, start);
  expect(first.onSignal(one, start)).toMatchObject({ repeated: true, audit: [] });
  expect(decider().onSignal(one, start + 5).decision?.id).toBe(decision!.id);
  const restarted = decider();
  restarted.restore([{ decision: decision!, ended: null }]);
  expect(restarted.onSignal(one, start).repeated).toBe(true);
  expect(restarted.standing()).toEqual([decision]);
});

it('enforces only live, and only where the policy says so', () => {
  const enforce = { mode: 'enforce' as const };
  expect(decider(enforce).onSignal(signal(), start).decision?.mode).toBe('enforce');
  expect(decider(enforce, { live: false }).onSignal(signal(), start).decision?.mode).toBe('simulate');
  const own = { detectors: { bruteforce: enforce } };
  expect(decider(own).onSignal(signal(), start).decision?.mode).toBe('enforce');
  expect(decider(own).onSignal(signal({ detector: 'spray' }), start).decision?.mode).toBe('simulate');
});

it('never lets a simulated deny change an enforced one', () => {
  const both = decider({ detectors: { bruteforce: { mode: 'enforce' } } });
  const enforced = both.onSignal(signal(), start).decision!;
  const other = signal({ detector: 'spray', evidence: 'E5' });
  expect(both.onSignal(other, start)).toMatchObject({ decision: { mode: 'simulate' }, ended: [] });
  expect(both.standing()).toContainEqual(enforced);
});

it('releases at the end of the term, goes up on return and down after silence', () => {
  const one = decider({}, { neverBlock: { check: () => ({ verdict: 'clear' }) } });
  let time = start;
  const steps: number[] = [];
  const offend = () => {
    const { decision } = one.onSignal(signal({ time }), time);
    steps.push(decision!.step);
    time = decision!.until;
    expect(one.tick(time - 1).ended).toEqual([]);
    expect(one.tick(time)).toMatchObject({
      ended: [{ decision: { id: decision!.id }, how: 'expired', time }],
      audit: [{ action: 'release' }],
    });
  };
  for (let i = 0; i < 5; i++) offend();
  expect(steps).toEqual([0, 1, 2, 3, 3]);
  time += 31 * 24 * hour;
  offend();
  expect(steps.at(-1)).toBe(3);
  time += 50 * 24 * hour;
  offend();
  expect(steps.at(-1)).toBe(0);
});

it('ends a deny that is over before a tick came', () => {
  const one = decider();
  one.onSignal(signal(), start);
  const later = start + 20 * minute;
  const outcome = one.onSignal(signal({ time: later }), later);
  expect(outcome).toMatchObject({ decision: { step: 1 }, ended: [{ how: 'expired' }] });
  expect(outcome.audit.map(({ action }) => action)).toEqual(['release', 'decision']);
});

it('renews what stands from half-term on, and not each time', () => {
  const one = decider();
  const first = one.onSignal(signal(), start).decision!;
  const early = one.onSignal(signal({ time: start + minute }), start + minute);
  expect(early).toMatchObject({ standing: { id: first.id }, ended: [], audit: [] });
  expect(early.decision).toBeUndefined();
  const at = start + 6 * minute;
  const renewed = one.onSignal(signal({ time: at }), at);
  expect(renewed).toMatchObject({
    decision: { until: at + 10 * minute, step: 0 },
    ended: [{ how: 'replaced', decision: { id: first.id } }],
  });
  expect(renewed.decision!.because).toContain(first.because[0]);
  expect(one.standing()).toHaveLength(1);
});

it('widens to what comes to it, to all ports at a second decoy', () => {
  const one = decider();
  const at = (port: number, protocol: string, sensor = 'decoy-1', evidence: 'E3' | 'E4' = 'E4') =>
    one.onSignal(signal({ evidence, targets: [target(port, { protocol, sensor })] }), start).decision?.scope
      .ports;
  expect(at(6379, 'redis', 'decoy-1', 'E3')).toEqual([6379]);
  expect(at(2323, 'telnet')).toEqual([23, 2323, 6379, 23231]);
  expect(at(23, 'telnet')).toBeUndefined();
  expect(at(23, 'telnet', 'decoy-2')).toEqual([]);
  expect(one.standing()).toHaveLength(1);
});

it('lets a person take a deny back, and only tips for a while', () => {
  const one = decider();
  const { decision } = one.onSignal(signal(), start);
  const undone = one.revoke(decision!.id, 'ada', 'our scanner', start + minute);
  expect(undone).toMatchObject({
    ended: [{ how: 'revoked' }],
    audit: [{ actor: 'ada', action: 'override', data: { reason: 'our scanner' } }],
  });
  expect(one.revoke(decision!.id, 'ada', '', start)).toBeNull();
  const soon = start + 2 * minute;
  expect(one.onSignal(signal({ time: soon }), soon).verdict.route).toBe('tip');
  const later = start + 2 * hour;
  expect(one.onSignal(signal({ time: later }), later).decision?.step).toBe(0);
});

it('takes back what an edit of the list now holds', () => {
  const entries = [firstEntry];
  const list = neverBlock({ list: () => ({ entries, readAt: start }) });
  const one = decider({}, { neverBlock: list });
  one.onSignal(signal(), start);
  expect(one.recheck(start).ended).toEqual([]);
  entries.push({ ...firstEntry, block: '198.51.100.0/24' });
  list.refresh(start);
  expect(one.recheck(start)).toMatchObject({
    ended: [{ how: 'never-block' }],
    audit: [{ action: 'release' }],
  });
  expect(one.standing()).toEqual([]);
});

it('keeps a shared source on the first step', () => {
  const one = decider();
  const github = {
    ip: '140.82.121.4',
    evidence: 'E5' as const,
    targets: [target(8080, { protocol: 'http' })],
  };
  const first = one.onSignal(signal(github), start).decision!;
  expect(first).toMatchObject({ step: 0, scope: { ports: [8080] } });
  one.tick(first.until);
  const again = one.onSignal(signal({ ...github, time: first.until }), first.until).decision!;
  expect(again).toMatchObject({ step: 0, until: first.until + 10 * minute });
});

it('goes on after a restart where it stopped', () => {
  const before = decider();
  const stored = new Map<string, Stored>();
  const keep = ({ decision, ended }: Outcome) => {
    if (decision) stored.set(decision.id, { decision, ended: null });
    for (const { decision, how, time } of ended) stored.set(decision.id, { decision, ended: { how, time } });
  };
  keep(before.onSignal(signal(), start));
  keep(before.tick(start + hour));
  keep(before.onSignal(signal({ ip: '198.51.100.8', time: start + hour }), start + hour));
  const after = decider();
  after.restore([...stored.values()]);
  expect(after.standing()).toEqual(before.standing());
  const at = start + 65 * minute;
  const again = { time: at };
  expect(after.onSignal(signal(again), at).decision?.step).toBe(1);
});

it('trips the breaker even where that cannot be written, until a person resets it', () => {
  let released = 0;
  const full = {
    ...memoryFlag(),
    engage() {
      throw new Error('ENOSPC');
    },
    release() {
      released++;
    },
  };
  const one = decider({ budget: { growthFloor: 1 } }, { breaker: full });
  one.onSignal(signal({ ip: '203.0.113.1' }), start);
  const over = one.onSignal(signal({ ip: '203.0.113.2' }), start);
  expect(over.verdict.route).toBe('tip');
  expect(over.alarms).toHaveLength(2);
  expect(one.onSignal(signal({ ip: '203.0.113.3' }), start + hour).verdict.route).toBe('tip');
  expect(one.resetBreaker('ada', 'looked at it', start + hour).audit).toMatchObject([{ actor: 'ada' }]);
  expect(released).toBe(1);
  expect(
    one.onSignal(signal({ ip: '203.0.113.3', time: start + hour }), start + hour).decision,
  ).toBeDefined();
});

it('obeys a person within what never-block and one pair of eyes allow', () => {
  const one = decider();
  const wish = { termMs: hour, mode: 'enforce' as const, actor: 'ada', reason: 'seen in the logs' };
  const order = (source: string, termMs = hour) =>
    one.order({ ...wish, termMs, scope: { source, ports: [] } }, start).decision;
  expect(decisionSchema.parse(order('203.0.113.0/24'))).toMatchObject({
    scope: { source: '203.0.113.0/24' },
    actor: 'ada',
  });
  expect(order('2001:db8:5:6::9')?.scope.source).toBe('2001:db8:5:6::');
  expect(order('198.51.100.7/32')?.scope.source).toBe('198.51.100.7');
  for (const source of [
    '192.0.2.10',
    '192.0.2.0/24',
    '10.0.0.1',
    '203.0.0.0/16',
    '0.0.0.0/0',
    '::/0',
    '2400::/32',
    'x',
  ])
    expect(() => order(source), source).toThrow(Fault);
  expect(() => order('203.0.113.9', 31 * 24 * hour)).toThrow(Fault);
  expect(one.tick(start + hour).ended).toHaveLength(3);
  expect(one.onSignal(signal({ time: start + hour }), start + hour).decision?.step).toBe(0);
});
