import { expect, it } from 'vitest';
import type { Event } from '../../model/event.ts';
import { eventOf } from '../event-fixture.ts';
import { SessionBuilder } from './builder.ts';
import type { Session } from './session.ts';

const started = 1_750_000_000_000;
function build(limits = {}) {
  const done: Session[] = [];
  const builder = new SessionBuilder((session) => done.push(session), limits);
  const command = (session: string, at: number, input = 'w') =>
    builder.push(eventOf({ kind: 'command', input }, { session, time: started + at }) as Event);
  return { done, builder, command };
}

it('ends a session by its close, and lets no late event begin another', () => {
  const { done, builder, command } = build();
  command('a', 0);
  builder.push(eventOf({ kind: 'close', durationMs: 1 }, { session: 'a', time: started + 5 }) as Event);
  command('a', 6);
  builder.end();
  expect(done).toMatchObject([{ session: 'a', ended: 'closed', start: started, end: started + 5 }]);
  expect(builder.late).toBe(1);
});

it('ends it by event time, and at the end of the input', () => {
  const { done, builder, command } = build({ idleMs: 1_000 });
  command('a', 0);
  command('b', 900);
  command('b', 1_500);
  expect(done.map(({ session, ended }) => [session, ended])).toEqual([['a', 'idle']]);
  command('a', 1_600);
  builder.end();
  expect(done.map(({ session, ended }) => [session, ended])).toEqual([
    ['a', 'idle'],
    ['b', 'input-end'],
    ['a', 'input-end'],
  ]);
});

it('keeps to its limits, and counts what does not fit', () => {
  const { done, builder, command } = build({ events: 3, bytes: 100_000, open: 10, allBytes: 1_000_000 });
  for (let n = 0; n < 5; n++) command('a', n);
  command('big', 0, 'x'.repeat(60_000));
  command('big', 0, 'x'.repeat(60_000));
  for (let n = 0; n < 1_000; n++) command(`s${n}`, n);
  expect(builder.size).toBeLessThanOrEqual(10);
  builder.end();
  expect(done).toHaveLength(1_002);
  expect(done.find(({ session }) => session === 'a')).toMatchObject({ cut: 2 });
  expect(done.find(({ session }) => session === 'big')).toMatchObject({ cut: 1 });
});
