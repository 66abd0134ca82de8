import { expect, it } from 'vitest';
import type { Signal } from '../model/signal.ts';
import { decider, hour, minute, signal, start, target } from './fixture.ts';

const day = 24 * hour;
const ip = '198.51.100.7';
const web = target(22, { sensor: 'web-1', decoy: false, protocol: 'ssh' });

/** Somebody logs in at a real host. */
const login = (time: number, more: Parameters<typeof signal>[0] = {}) =>
  signal({
    ...{
      ip,
      time,
      detector: 'login',
      confidence: 0,
      evidence: 'E3',
      attack: [],
      account: 'anna',
      targets: [web],
    },
    ...more,
  });
/** A takeover of a Redis decoy: malicious, and no guessing. */
const takeover = (time: number, more: Partial<Omit<Signal, 'subject'>> = {}) =>
  signal({
    ip,
    time,
    detector: 'abuse',
    attack: ['T1190'],
    targets: [target(6379, { protocol: 'redis' })],
    ...more,
  });

/** A decider on which these come at their own times; its last outcome. */
function play(one: ReturnType<typeof decider>, ...signals: Signal[]) {
  return signals.map((each) => one.onSignal(each, each.time)).at(-1)!;
}

it('releases the victim behind a shared address, who was known before, and says so', () => {
  for (const mode of ['simulate', 'enforce'] as const) {
    const one = decider({ mode });
    const out = play(one, login(start - 2 * day), takeover(start), login(start + minute));
    expect(out).toMatchObject({
      verdict: { route: 'tip', severity: 'medium', done: expect.stringContaining('taken back') },
      ended: [{ how: 'authenticated', decision: { mode } }],
      audit: [{ action: 'release', actor: 'policy', data: { how: 'authenticated', account: 'anna' } }],
      alarms: [],
    });
    expect(one.standing()).toEqual([]);
    // For a while it is only tipped, and later the false positive is no offence that makes the next term longer.
    expect(play(one, takeover(start + 2 * minute)).verdict.route).toBe('tip');
    expect(play(one, takeover(start + 3 * hour)).decision?.step).toBe(0);
  }
});

it('18 releases nobody with a stolen password: the account was never known from there', () => {
  const strangers: [string, Signal[]][] = [
    ['first seen now', []],
    ['known from elsewhere', [login(start - 9 * day, { ip: '203.0.113.9' })]],
    ['known at another host', [login(start - 9 * day, { targets: [{ ...web, sensor: 'web-2' }] })]],
    ['another account is known', [login(start - 9 * day, { account: 'otto' })]],
    ['known for too short', [login(start - hour)]],
    ['logged in after the act', [takeover(start - 2 * day), login(start - 2 * day + hour)]],
  ];
  for (const [what, before] of strangers) {
    const one = decider();
    const out = play(one, ...before, takeover(start), login(start + minute));
    expect(out, what).toMatchObject({
      verdict: { route: 'tip', severity: 'critical', reason: expect.stringContaining('not known') },
      ended: [],
      alarms: [expect.stringContaining(`A denied source has logged in: ${ip}`)],
    });
    expect(out.standing, what).toEqual(one.standing()[0]);
    expect(one.standing(), what).toHaveLength(1);
  }
});

it('releases nobody after passwords were guessed, also where another act was the last', () => {
  const guessed = decider();
  const out = play(guessed, login(start - 9 * day), signal({ ip }), login(start + minute));
  expect(out).toMatchObject({
    verdict: { severity: 'critical', reason: expect.stringContaining('guessed') },
  });
  expect(guessed.standing()).toHaveLength(1);

  // Guessing that only made a tip, or was denied already, counts too.
  const tipped = decider();
  const few = signal({ ip, time: start - hour, confidence: 0.3, evidence: 'E3', targets: [web] });
  const last = play(tipped, login(start - 9 * day), few, takeover(start), login(start + minute));
  expect(last).toMatchObject({ verdict: { severity: 'critical' }, ended: [] });
});

it('releases nobody at proof of exploitation', () => {
  const one = decider();
  const out = play(one, login(start - 9 * day), takeover(start, { evidence: 'E5' }), login(start + minute));
  expect(out).toMatchObject({
    verdict: { severity: 'critical', reason: expect.stringContaining('exploited') },
  });
  expect(one.standing()).toHaveLength(1);
});

it('only notes a login where nothing is denied, one from before the deny, and one that nobody vouches for', () => {
  const one = decider();
  expect(play(one, login(start - 9 * day)).verdict.route).toBe('watch');
  play(one, takeover(start));
  expect(one.onSignal(login(start - minute), start + minute).verdict.route).toBe('watch');
  expect(play(one, login(start + minute, { evidence: 'E1' })).verdict.route).toBe('watch');
  expect(one.standing()).toHaveLength(1);
});

it('leaves what a person ordered', () => {
  const one = decider({}, { neverBlock: { check: () => ({ verdict: 'clear' }) } });
  one.onSignal(login(start - 9 * day), start - 9 * day);
  one.order(
    { scope: { source: ip, ports: [] }, termMs: hour, mode: 'enforce', actor: 'alice', reason: 'x' },
    start,
  );
  expect(play(one, login(start + minute)).ended).toEqual([]);
  expect(one.standing()).toHaveLength(1);
});

it('knows victims and offences over a restart', () => {
  const known = [{ subject: ip, account: 'anna', host: 'web-1', first: start - 9 * day }];
  const offence = { subject: ip, first: start, guessed: false, exploited: false };
  const outcomes = [offence, { ...offence, guessed: true }, { ...offence, exploited: true }].map((before) => {
    const one = decider();
    one.restoreLogins(known, [before]);
    return play(one, takeover(start + minute), login(start + 2 * minute)).ended.length;
  });
  expect(outcomes).toEqual([1, 0, 0]);
});
