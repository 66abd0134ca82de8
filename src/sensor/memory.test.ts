import { expect, it } from 'vitest';
import { Memories } from './memory.ts';

it('remembers an attacker over connections, an IPv6 one by its /64', () => {
  const memories = new Memories({ attackers: 10, attackerBytes: 10, memoryBytes: 100 });
  const first = memories.hold('192.0.2.1');
  first.set('a', 1);
  memories.release(first);
  expect(memories.hold('192.0.2.1').get('a')).toBe(1);
  memories.hold('2001:db8::1').set('b', 2);
  expect(memories.hold('2001:db8::2').get('b')).toBe(2);
  expect(memories.hold('2001:db8:0:1::2').has('b')).toBe(false);
});

it('refuses bytes over the limit of one, and forgets idle attackers for the sake of the living', () => {
  const memories = new Memories({ attackers: 10, attackerBytes: 10, memoryBytes: 15 });
  const old = memories.hold('192.0.2.1');
  expect(old.take(8)).toBe(true);
  expect(old.take(3)).toBe(false);
  const busy = memories.hold('192.0.2.2');
  expect(busy.take(8)).toBe(false);
  memories.release(old);
  expect(busy.take(8)).toBe(true);
  expect([memories.used, memories.forgotten]).toEqual([8, 1]);
  expect(memories.hold('192.0.2.1')).not.toBe(old);
});

it('counts the bytes of one forgotten while connected until it leaves', () => {
  const memories = new Memories({ attackers: 1, attackerBytes: 10, memoryBytes: 15 });
  const old = memories.hold('192.0.2.1');
  old.take(5);
  memories.hold('192.0.2.2');
  expect(memories.used).toBe(5);
  old.take(2);
  memories.release(old);
  expect(memories.used).toBe(0);
});
