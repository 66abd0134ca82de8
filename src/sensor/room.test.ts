import { expect, it } from 'vitest';
import { Memory } from './memory.ts';
import { Room } from './room.ts';

it('takes from the whole, and gives everything back once', () => {
  const whole = new Memory();
  const room = new Room(whole);
  room.set('files', {});
  expect(room.take(1_000)).toBe(true);
  room.give(200);
  expect([room.used, whole.used]).toEqual([800, 800]);
  room.release();
  expect([room.used, whole.used, room.size]).toEqual([0, 0, 0]);
  // Whoever still works in it gains nothing by giving back twice.
  room.give(800);
  expect(room.take(1)).toBe(false);
  expect([room.used, whole.used]).toEqual([0, 0]);
});
