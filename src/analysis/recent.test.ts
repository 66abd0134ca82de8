import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Recent } from './recent.ts';

it('keeps what was seen within half the limit, and never more than the limit', () => {
  const key = fc.integer({ min: 0, max: 30 }).map(String);
  const step = fc.tuple(fc.constantFrom('get', 'set', 'delete'), key);
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const recent = new Recent<string>(10);
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
          const value = recent.get(of);
          if (value !== undefined) order.push(of);
        } else recent.delete(of);
        expect(recent.size).toBeLessThanOrEqual(10);
      }
    }),
  );
});

it('counts what it forgets', () => {
  const recent = new Recent<number>(4);
  for (let n = 0; n < 10; n++) recent.set(`${n}`, n);
  expect(recent.evicted + recent.size).toBe(10);
});
