import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { manualClock } from '../kit/clock.ts';
import type { Decision } from '../model/decision.ts';
import type { Receipt } from '../model/receipt.ts';
import { createEnforcer } from './create.ts';
import { decision } from './fixture.ts';
import { LeftOut } from './left-out.ts';
import { Runner } from './runner.ts';
import { runnerOptions } from './runner-options.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caltrop-left-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A runner over real lists, and what they hold. */
function setUp(options: Parameters<typeof runnerOptions.parse>[0]) {
  const clock = manualClock(Date.now());
  const receipts: Receipt[] = [];
  const alarms: string[] = [];
  const switches = { killed: false };
  const runner = new Runner(
    {
      enforcer: createEnforcer('blocklist', { folder }, clock),
      clock,
      neverBlock: (source) => ({ verdict: source === '203.0.113.66' ? 'hard' : 'clear' }),
      never: () => ({ blocks: ['127.0.0.0/8'], readAt: clock.now() }),
      killed: () => switches.killed,
      receipts: (list) => receipts.push(...list),
      alarm: (text) => alarms.push(text),
    },
    runnerOptions.parse({ readMs: 3_600_000, killPollMs: 3_600_000, ...Object(options) }),
  );
  const listed = () =>
    readFileSync(join(folder, 'all.txt'), 'utf8')
      .split('\n')
      .filter((line) => line && !line.startsWith('#'));
  const told = (one: Decision) =>
    receipts.filter(({ decision: id }) => id === one.id).map(({ state }) => state);
  return { runner, clock, receipts, alarms, listed, told, switches };
}

const of = (n: number, more: Partial<Decision> = {}) => decision({ source: `203.0.113.${n}` }, more);

it('places what was left out once there is room, the best proof first, and says so by receipts', async () => {
  const { runner, receipts, alarms, listed, told } = setUp({ limit: 2 });
  const [first, second] = [of(1), of(2)];
  await runner.start([first, second]);
  const [weak, strong, ordered] = [
    of(3, { evidence: 'E3' }),
    of(4, { evidence: 'E5' }),
    of(5, { evidence: 'E0', actor: 'alice' }),
  ];
  runner.want([weak]);
  runner.want([strong, ordered]);
  await runner.settled();
  expect(listed()).toEqual(['203.0.113.1', '203.0.113.2']);
  for (const one of [weak, strong, ordered]) expect(told(one)).toEqual(['not_enforced']);
  expect(receipts.find((one) => one.decision === weak.id)?.reason).toMatch(
    /^Left out: .* until there is room\.$/,
  );
  expect(alarms).toEqual(['blocklist is full: denies over 2 elements wait for room']);

  runner.drop([first.id]);
  await runner.settled();
  expect(listed()).toEqual(['203.0.113.2', '203.0.113.5']);
  expect(told(ordered)).toEqual(['not_enforced', 'applied']);
  runner.drop([second.id]);
  await runner.settled();
  expect(listed()).toEqual(['203.0.113.4', '203.0.113.5']);
  expect([told(strong), told(weak)]).toEqual([['not_enforced', 'applied'], ['not_enforced']]);
  await runner.close();
});

it('makes room by terms that end and by refusals too, and leaves what has ended meanwhile', async () => {
  const { runner, clock, listed, told } = setUp({ limit: 2 });
  const brief = of(1, { until: clock.now() + 60_000 });
  await runner.start([brief, of(2)]);
  const [over, ended, next] = [of(3, { until: clock.now() + 30_000 }), of(4), of(5)];
  runner.want([over, ended, next]);
  runner.drop([ended.id]);
  clock.advance(60_000);
  runner.poll();
  await runner.settled();
  expect(listed()).toEqual(['203.0.113.2', '203.0.113.5']);
  expect([told(over), told(ended), told(next)]).toEqual([
    ['not_enforced'],
    ['not_enforced'],
    ['not_enforced', 'applied'],
  ]);
  // Never-block refuses what comes first, and so the next has its room.
  runner.drop([next.id]);
  await runner.settled();
  runner.want([of(66, { evidence: 'E5' }), of(6)]);
  await runner.settled();
  expect(listed()).toEqual(['203.0.113.2', '203.0.113.6']);
  await runner.close();
});

it('replaces a deny while it is full', async () => {
  const { runner, listed, told } = setUp({ limit: 1 });
  const old = of(1);
  await runner.start([old]);
  const wider = decision({ source: '203.0.113.0/24' });
  runner.want([wider]);
  runner.drop([old.id]);
  await runner.settled();
  expect(listed()).toEqual(['203.0.113.0/24']);
  expect(told(wider).at(-1)).toBe('applied');
  await runner.close();
});

it('places nothing while the kill switch is set, and what there is room for after', async () => {
  const { runner, listed, switches } = setUp({ limit: 1 });
  const first = of(1);
  await runner.start([first]);
  runner.want([of(2)]);
  switches.killed = true;
  runner.poll();
  runner.drop([first.id]);
  await runner.settled();
  expect(listed()).toEqual([]);
  switches.killed = false;
  await expect
    .poll(async () => {
      runner.poll();
      await runner.settled();
      return listed();
    })
    .toEqual(['203.0.113.2']);
  await runner.close();
});

it('holds no more than its limit, and passes over what is too large for the room', () => {
  const list = new LeftOut(3);
  const wait = (n: number, keys = 1) => ({
    ...{ decision: `${n}`, scope: { source: '203.0.113.1', ports: [] }, until: 10 },
    keys: Array.from({ length: keys }, (_, k) => `${n} ${k}`),
  });
  expect([list.add('E3', wait(1, 4)), list.add('E3', wait(2)), list.add('E4', wait(3))]).toEqual([
    true,
    true,
    true,
  ]);
  expect(list.add('E5', wait(4))).toBe(false);
  expect(list.take(2, 0).map((one) => one.decision)).toEqual(['3', '2']);
  expect(list.take(3, 0)).toEqual([]);
  expect(list.take(4, 10)).toEqual([]);
  expect(list.size).toBe(0);
});
