import { expect, it } from 'vitest';
import type { z } from 'zod';
import { type Clock, manualClock, systemClock } from '../kit/clock.ts';
import type { Receipt } from '../model/receipt.ts';
import type { Enforcer } from './enforcer.ts';
import { decision, memoryEnforcer } from './fixture.ts';
import { Runner, type RunnerParts } from './runner.ts';
import { runnerOptions } from './runner-options.ts';

type Verdict = ReturnType<RunnerParts['neverBlock']>['verdict'];

function setUp(more: Partial<RunnerParts> = {}, options: z.input<typeof runnerOptions> = {}) {
  const enforcer = memoryEnforcer();
  const receipts: Receipt[] = [];
  const alarms: string[] = [];
  const switches = { killed: false, verdict: 'clear' as Verdict };
  const runner = new Runner(
    {
      enforcer,
      clock: systemClock,
      neverBlock: () => ({ verdict: switches.verdict }),
      never: () => ({ blocks: ['127.0.0.0/8'], readAt: Date.now() }),
      killed: () => switches.killed,
      receipts: (list) => receipts.push(...list),
      alarm: (text) => alarms.push(text),
      ...more,
    },
    runnerOptions.parse({ readMs: 3_600_000, killPollMs: 10, ...options }),
  );
  const states = (id: string) => receipts.filter((one) => one.decision === id).map(({ state }) => state);
  return { runner, enforcer, receipts, alarms, switches, states };
}

const readAllParts = async (runner: Runner, enforcer: Enforcer) => {
  for (let i = 0; i < enforcer.parts.length; i++) await runner.readBack();
  await runner.settled();
};

it('places, tells by receipt, and lets go', async () => {
  const { runner, enforcer, states } = setUp();
  const one = decision({ transport: 'tcp', ports: [22, 23] });
  await runner.start([]);
  runner.want([one]);
  await runner.settled();
  expect([...enforcer.elements.keys()]).toEqual(['deny4p 198.51.100.7 tcp 22', 'deny4p 198.51.100.7 tcp 23']);
  runner.drop([one.id]);
  await runner.settled();
  expect(enforcer.elements.size).toBe(0);
  expect(states(one.id)).toEqual(['applied', 'removed']);
  await runner.close();
});

it('gathers what comes together into one batch', async () => {
  const { runner, enforcer } = setUp();
  await runner.start([]);
  for (let i = 1; i <= 100; i++) runner.want([decision({ source: `203.0.113.${i}` })]);
  await runner.settled();
  expect(enforcer.applied).toBe(1);
  expect(enforcer.elements.size).toBe(100);
  await runner.close();
});

it('enforces no simulated decision, none that only watches, and none that is over', async () => {
  const { runner, enforcer } = setUp();
  await runner.start([
    decision({}, { mode: 'simulate' }),
    decision({}, { action: 'watch' }),
    decision({}, { until: Date.now() - 1 }),
  ]);
  await runner.settled();
  expect(enforcer.elements.size).toBe(0);
  await runner.close();
});

it('slows down what is to be slowed down, and says what it cannot', async () => {
  const { runner, enforcer, states, receipts } = setUp();
  const narrow = decision({ transport: 'tcp', ports: [22] }, { action: 'throttle' });
  const wide = decision({ source: '203.0.113.1' }, { action: 'throttle' });
  await runner.start([narrow, wide]);
  expect([...enforcer.elements.keys()]).toEqual(['slow4p 198.51.100.7 tcp 22']);
  expect([states(narrow.id), states(wide.id)]).toEqual([['applied'], ['not_enforced']]);
  expect(receipts.find((one) => one.decision === wide.id)?.reason).toContain('cannot slow this down');
  runner.drop([narrow.id]);
  await runner.settled();
  expect(enforcer.elements.size).toBe(0);
  await runner.close();
});

it('says what it cannot enforce: a scope it cannot express, and what is over the limit', async () => {
  const { runner, states } = setUp({}, { limit: 1 });
  await runner.start([]);
  const wide = decision({ source: '203.0.113.0/24', ports: [22] });
  const [fits, over] = [decision({ source: '203.0.113.1' }), decision({ source: '203.0.113.2' })];
  runner.want([wide, fits, over]);
  await runner.settled();
  expect([states(wide.id), states(fits.id), states(over.id)]).toEqual([
    ['not_enforced'],
    ['applied'],
    ['not_enforced'],
  ]);
  await runner.close();
});

it('keeps an element that another decision wants, as long as the longest of them', async () => {
  const { runner, enforcer } = setUp();
  const long = decision({}, { until: Date.now() + 3_600_000 });
  const short = decision({});
  await runner.start([long, short]);
  await runner.settled();
  expect(enforcer.elements.get('deny4 198.51.100.7')).toBe(long.until);
  runner.drop([long.id]);
  await runner.settled();
  expect(enforcer.elements.get('deny4 198.51.100.7')).toBe(short.until);
  await runner.close();
});

it('removes what is over where the system does not', async () => {
  const clock = manualClock(Date.now());
  const { runner, enforcer } = setUp({ clock });
  const one = decision({}, { until: clock.now() + 60_000 });
  await runner.start([one]);
  expect(enforcer.elements.size).toBe(1);
  clock.advance(60_000);
  runner.poll();
  await runner.settled();
  expect(enforcer.elements.size).toBe(0);
  await runner.close();
});

it('makes the set equal to the decisions at start, and leaves alone what stands right', async () => {
  const { runner, enforcer, states } = setUp();
  const [stands, missing, held] = [1, 2, 3].map((n) => decision({ source: `203.0.113.${n}` }));
  enforcer.elements.set('deny4 203.0.113.1', stands!.until);
  enforcer.elements.set('deny4 203.0.113.3', held!.until);
  enforcer.elements.set('deny4 192.0.2.66', Date.now() + 60_000);
  await runner.start([stands!, missing!]);
  expect([...enforcer.elements.keys()].sort()).toEqual(['deny4 203.0.113.1', 'deny4 203.0.113.2']);
  expect(states(stands!.id)).toEqual(['applied']);
  expect(enforcer.applied).toBe(1);
  await runner.close();
});

it('5 asks never-block again: what it holds is refused, at start too', async () => {
  const { runner, enforcer, switches, states } = setUp();
  const [before, after] = [decision({ source: '203.0.113.1' }), decision({ source: '203.0.113.2' })];
  enforcer.elements.set('deny4 203.0.113.1', before.until);
  switches.verdict = 'hard';
  await runner.start([before]);
  runner.want([after]);
  await runner.settled();
  expect(enforcer.elements.size).toBe(0);
  expect([states(before.id), states(after.id)]).toEqual([['rejected'], ['rejected']]);
  await runner.close();
});

it('5 places nothing while never-block cannot be asked, with one alarm, and goes on after it', async () => {
  const { runner, enforcer, switches, states, alarms } = setUp();
  await runner.start([]);
  switches.verdict = 'unavailable';
  const some = [1, 2, 3].map((n) => decision({ source: `203.0.113.${n}` }));
  runner.want(some);
  await runner.settled();
  expect(enforcer.elements.size).toBe(0);
  expect(alarms).toEqual(['Never-block cannot be checked: nothing is placed']);
  await readAllParts(runner, enforcer);
  expect(enforcer.elements.size).toBe(0);
  switches.verdict = 'clear';
  await readAllParts(runner, enforcer);
  expect(enforcer.elements.size).toBe(3);
  expect(states(some[0]!.id)).toEqual(['not_enforced', 'applied']);
  await runner.close();
});

it('10 mends a set that lost half, gained a stranger or changed its terms, and says so', async () => {
  const { runner, enforcer, alarms } = setUp();
  const all = Array.from({ length: 10 }, (_, n) => decision({ source: `203.0.113.${n}` }));
  await runner.start(all);
  const right = new Map(enforcer.elements);
  for (const key of [...right.keys()].slice(0, 5)) enforcer.elements.delete(key);
  enforcer.elements.set('deny4 192.0.2.66', Date.now() + 60_000);
  enforcer.elements.set('deny4 203.0.113.9', Date.now() + 20_000);
  await readAllParts(runner, enforcer);
  expect(new Map([...enforcer.elements].sort())).toEqual(new Map([...right].sort()));
  expect(alarms).toEqual([expect.stringContaining('70.0 % differs')]);
  await readAllParts(runner, enforcer);
  expect(alarms).toHaveLength(1);
  await runner.close();
});

it('10 raises a lasting alarm where an enforcer lies', async () => {
  const clock = manualClock(Date.now());
  const { runner, enforcer, alarms } = setUp({ clock });
  await runner.start([decision({})]);
  enforcer.read = async () => [];
  for (let i = 0; i < 3; i++) {
    await readAllParts(runner, enforcer);
    clock.advance(30_000);
  }
  expect(alarms).toHaveLength(2);
  expect(alarms[1]).toContain('mending does not help');
  await runner.close();
});

it('does not mistake what changes during a read-back for drift', async () => {
  const { runner, enforcer, alarms } = setUp();
  await runner.start([]);
  const late = decision({ source: '203.0.113.2' });
  enforcer.before = async (what) => {
    if (what !== 'read') return;
    runner.want([late]);
    enforcer.before = async () => {};
    await runner.settled();
    enforcer.elements.delete('deny4 203.0.113.2');
  };
  await runner.readBack();
  expect(alarms).toEqual([]);
  await runner.close();
});

it('tries again after a failure, and tells once', async () => {
  const { runner, enforcer, alarms, states } = setUp({}, { retryMs: 1 });
  await runner.start([]);
  let fails = 3;
  enforcer.before = async () => {
    if (fails-- > 0) throw new Error('Netlink: busy');
  };
  const one = decision({});
  runner.want([one]);
  await expect.poll(() => enforcer.elements.size, { interval: 5 }).toBe(1);
  await runner.settled();
  expect(alarms).toEqual(['memory does not take changes: Netlink: busy']);
  expect(states(one.id)).toEqual(['rejected', 'applied']);
  await runner.close();
});

it('12 empties within its time under load, proves it, places nothing meanwhile, and resumes', async () => {
  const { runner, enforcer, switches, states } = setUp();
  const first = Array.from({ length: 1_000 }, (_, n) => decision({ source: `198.18.${n >> 8}.${n & 255}` }));
  await runner.start(first);
  let release = () => {};
  const entered = new Promise<void>((enter) => {
    enforcer.before = (what) =>
      new Promise<void>((resolve) => {
        if (what !== 'apply') return resolve();
        release = resolve;
        enter();
      });
  });
  runner.want([decision({ source: '203.0.113.1' })]);
  await entered;
  switches.killed = true;
  await expect.poll(() => enforcer.elements.size, { interval: 5 }).toBe(0);
  enforcer.before = async () => {};
  release();
  runner.want([decision({ source: '203.0.113.2' })]);
  await expect.poll(() => runner.emptied, { interval: 5 }).toBe(true);
  expect(enforcer.elements.size).toBe(0);
  expect(states(first[0]!.id)).toEqual(['applied', 'removed']);
  switches.killed = false;
  await expect.poll(() => enforcer.elements.size, { interval: 5 }).toBe(1_002);
  await runner.close();
});

it('12 raises an alarm where an enforcer cannot be emptied', async () => {
  const { runner, enforcer, switches, alarms } = setUp({}, { killWithinMs: 60 });
  await runner.start([decision({})]);
  enforcer.clear = async () => {};
  switches.killed = true;
  await expect.poll(() => alarms.length, { interval: 5 }).toBeGreaterThan(0);
  expect(alarms[0]).toBe('memory could not be emptied: 1 elements still stand');
  expect(runner.emptied).toBe(false);
  await runner.close();
});

it('starts empty while the kill switch is set', async () => {
  const { runner, enforcer, switches } = setUp();
  switches.killed = true;
  enforcer.elements.set('deny4 192.0.2.66', Date.now() + 60_000);
  await runner.start([decision({})]);
  expect(enforcer.elements.size).toBe(0);
  expect(runner.emptied).toBe(true);
  await runner.close();
});

it('gives up on a call that hangs', async () => {
  const clock: Clock = systemClock;
  const { runner, enforcer, alarms } = setUp({ clock }, { timeoutMs: 30 });
  await runner.start([]);
  enforcer.before = (what) => (what === 'apply' ? new Promise(() => {}) : Promise.resolve());
  runner.want([decision({})]);
  await expect
    .poll(() => alarms, { interval: 5 })
    .toEqual(['memory does not take changes: applying took longer than 30 ms']);
  await runner.close();
});
