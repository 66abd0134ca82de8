import { expect, it } from 'vitest';
import { Guard } from './guard.ts';

const now = Date.UTC(2026, 0, 5);
const host = () => [{ address: '192.0.2.10', role: 'own' as const }];
const guard = (blocks = ['10.0.0.0/8', '127.0.0.1/32'], readAt = now, own = host) => {
  const one = new Guard(own);
  one.protect(blocks, readAt);
  return one;
};

it('lets strangers be placed', () => {
  for (const key of [
    'deny4 198.51.100.7',
    'deny6 2001:db8:1::',
    'deny4p 198.51.100.7 tcp 22',
    'range4 203.0.113.0/24',
  ])
    expect(guard().refuses(key, now), key).toBe(false);
});

it('refuses what the list or this machine holds, and what is no key', () => {
  for (const key of [
    'deny4 10.1.2.3',
    'deny4p 10.1.2.3 tcp 22',
    'deny4 127.0.0.1',
    'deny4 192.0.2.10',
    'range4 192.0.2.0/24',
    'range4 8.0.0.0/6',
    'range6 ::/0',
    'nonsense',
  ])
    expect(guard().refuses(key, now), key).toBe(true);
});

it('refuses a /64 that an own address is in', () => {
  const own = () => [{ address: '2001:db8:1::10', role: 'own' as const }];
  expect(guard(undefined, now, own).refuses('deny6 2001:db8:1::', now)).toBe(true);
  expect(guard(undefined, now, own).refuses('deny6 2001:db8:1:1::', now)).toBe(false);
});

it('5 refuses everything without a list, and with an empty, malformed or stale one', () => {
  const fails = () => {
    throw new Error('EACCES');
  };
  const broken = [
    new Guard(host),
    guard([]),
    guard(['x']),
    guard(['10.0.0.0/8'], now - 25 * 3_600_000),
    guard(undefined, now, fails),
  ];
  for (const one of broken) expect(one.refuses('deny4 198.51.100.7', now)).toBe(true);
});
