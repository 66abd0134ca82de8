import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Recent } from './recent.ts';

it('keeps what was seen within half the limit, and never more than the limit', () => {
  const key = fc.integer({ min: 0, max: 30 }).map(String);
  const step = fc.tuple(fc.constantFrom('get', 'set', 'delete'), key);
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const recent = new Recent<string>(10, 1_000);
      const order: string[] = [];
      for (const [what, of] of steps) {
        const at = order.indexOf(of);
        // The five last seen are surely there; what was never set, or was removed, is surely not.
        if (at >= 0 && order.length - at <= 5) expect(recent.has(of)).toBe(true);
        if (at < 0) expect(recent.has(of)).toBe(false);
        if (at >= 0 && (what === 'delete' || what === 'set' || recent.has(of))) order.splice(at, 1);
        if (what === 'set') {
          recent.set(of, of);
          order.push(of);
        } else if (what === 'get') {
          const value = recent.get(of, 0);
          if (value !== undefined) order.push(of);
        } else recent.delete(of);
        expect(recent.size).toBeLessThanOrEqual(10);
      }
    }),
  );
});

it('counts what it forgets', () => {
  const recent = new Recent<number>(4, 1_000);
  for (let n = 0; n < 10; n++) recent.set(`${n}`, n);
  expect(recent.evicted + recent.size).toBe(10);
});

it('forgets what was not seen for twice its time, and keeps what was seen within it', () => {
  const recent = new Recent<number>(100, 1_000);
  for (let time = 0; time <= 10_000; time += 100) {
    if (time % 1_000 === 0) recent.get('steady', time) ?? recent.set('steady', 1);
    recent.get(`${time}`, time);
    recent.set(`${time}`, time);
    if (time >= 1_000) expect(recent.get(`${time - 900}`, time)).toBe(time - 900);
    expect(recent.has('steady')).toBe(true);
  }
  expect(recent.has('5000')).toBe(false);
  expect(recent.size).toBeLessThan(40);
  // Events of before turn nothing.
  recent.get('steady', 0);
  expect(recent.has('10000')).toBe(true);
});
