import { expect, it } from 'vitest';
import { parseKey, reachOf, setKeys } from './element.ts';

it('gives each scope its set', () => {
  const keys = (source: string, ports: number[] = [], transport?: 'tcp' | 'udp') =>
    setKeys({ source, ports, ...(transport ? { transport } : {}) });
  expect(keys('192.0.2.7')).toEqual(['deny4 192.0.2.7']);
  expect(keys('192.0.2.7/32')).toEqual(['deny4 192.0.2.7']);
  expect(keys('2001:db8:1:2:3::4')).toEqual(['deny6 2001:db8:1:2::']);
  expect(keys('2001:db8:1:2::/64')).toEqual(['deny6 2001:db8:1:2::']);
  expect(keys('192.0.2.0/24')).toEqual(['range4 192.0.2.0/24']);
  expect(keys('2001:db8::/32')).toEqual(['range6 2001:db8::/32']);
  expect(keys('192.0.2.7', [22, 23], 'tcp')).toEqual(['deny4p 192.0.2.7 tcp 22', 'deny4p 192.0.2.7 tcp 23']);
  expect(keys('2001:db8::1', [53])).toEqual(['deny6p 2001:db8:: tcp 53', 'deny6p 2001:db8:: udp 53']);
  expect(keys('192.0.2.0/24', [22], 'tcp')).toEqual([]);
  expect(keys('not an address')).toEqual([]);
});

it('takes keys apart and refuses what is none', () => {
  expect(parseKey('deny4p 192.0.2.7 tcp 22')).toEqual({
    part: 'deny4p',
    source: '192.0.2.7',
    transport: 'tcp',
    port: 22,
  });
  for (const bad of [
    '',
    'deny4',
    'deny4 ',
    'deny4 192.0.2.7; flush ruleset',
    'deny4 192.0.2.7}\nflush ruleset',
    'deny4 192.0.2.07',
    'deny4 ::ffff:192.0.2.7',
    'range4 192.0.2.1/24',
    'deny4p 192.0.2.7 tcp 0',
    'deny4p 192.0.2.7 tcp 65536',
    'deny4p 192.0.2.7 icmp 1',
    'deny4p 192.0.2.7 tcp 22 22',
    'DENY 192.0.2.7',
  ])
    expect(parseKey(bad), bad).toBeNull();
});

it('knows how far an element reaches', () => {
  expect(reachOf({ part: 'deny6', source: '2001:db8::' })).toBe('2001:db8::/64');
  expect(reachOf({ part: 'deny4', source: '192.0.2.7' })).toBe('192.0.2.7');
  expect(reachOf({ part: 'range6', source: '2001:db8::/32' })).toBe('2001:db8::/32');
});
