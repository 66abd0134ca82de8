import { expect, test } from 'vitest';
import { DistinctHashes } from './distinct-hashes.ts';
import { FastFlux } from './fast-flux.ts';
import { FirstSeen } from './first-seen.ts';
import { NxdomainBursts } from './nxdomain-bursts.ts';

const start = Date.UTC(2026, 0, 1);

test('different things are counted within the window, and never more than the limit', () => {
  const distinct = new DistinctHashes(4);
  expect([1, 2, 2, 3].map((hash, i) => distinct.see(hash, i, 0))).toEqual([1, 2, 2, 3]);
  expect(distinct.see(4, 10, 2)).toBe(3);
  for (let i = 0; i < 100; i++) expect(distinct.see(100 + i, 20 + i, 0)).toBeLessThanOrEqual(4);
  expect(distinct.count(119)).toBe(1);
});

/** Looks generated where it has no vowels. */
const logit = (name: string) => (/[aeiou]/.test(name.split('.').at(-2) ?? '') ? -3 : 3);

test('many generated-looking names that do not exist are a burst of their group alone', () => {
  const bursts = new NxdomainBursts(logit, { burst: 5 });
  const name = (i: number) => `xkq${'bcdfghjk'[i]}zv.ws`;
  for (let i = 0; i < 4; i++) expect(bursts.see({ time: start + i, name: name(i) }, 'a')).toBeNull();
  expect(bursts.see({ time: start + 4, name: name(0) }, 'a')).toBeNull();
  expect(bursts.see({ time: start + 5, name: name(4) }, 'b')).toBeNull();
  expect(bursts.see({ time: start + 6, name: name(5) }, 'a')).toEqual({
    group: 'a',
    names: 5,
    since: start + 6,
  });
  expect(bursts.see({ time: start + 9, name: name(6) }, 'a')).toEqual({
    group: 'a',
    names: 6,
    since: start + 6,
  });
  expect(bursts.see({ time: start + 700_000, name: name(6) }, 'a')).toBeNull();
});

test('words, one zone with many missing hosts, and single labels are no burst', () => {
  const bursts = new NxdomainBursts(logit, { burst: 3 });
  for (let i = 0; i < 50; i++) {
    expect(bursts.see({ time: start + i, name: `host${i}.bcdfg.ws` }, 'a')).toBeNull();
    expect(bursts.see({ time: start + i, name: `goodword${i}.com` }, 'a')).toBeNull();
    expect(bursts.see({ time: start + i, name: 'wpad' }, 'a')).toBeNull();
  }
});

test('groups beyond the limit are pushed out and counted', () => {
  const bursts = new NxdomainBursts(logit, { groups: 10 });
  for (let i = 0; i < 25; i++) bursts.see({ time: start, name: 'xkqzv.ws' }, `g${i}`);
  expect(bursts.evicted).toBe(15);
});

test('short-lived answers all over the place are fast flux', () => {
  const flux = new FastFlux({ addresses: 4, blocks: 3, networks: 2 });
  const see = (address: string, ttl = 60, network?: number) =>
    flux.see({ time: start, name: 'flux.example' }, address, ttl, network);
  expect(see('192.0.2.1')).toEqual({ addresses: 1, blocks: 1, networks: 0, fast: false });
  expect(see('192.0.2.9')).toMatchObject({ addresses: 2, blocks: 1 });
  expect(see('198.51.100.1')).toMatchObject({ addresses: 3, blocks: 2 });
  expect(see('203.0.113.1', 86_400)).toBeNull();
  expect(see('no address')).toBeNull();
  expect(see('203.0.113.1', Number.NaN)).toBeNull();
  expect(see('2001:db8::1')).toEqual({ addresses: 4, blocks: 3, networks: 0, fast: true });
  expect(see('2001:db8::2', 60, 64_500)).toMatchObject({ addresses: 5, blocks: 3, networks: 1, fast: false });
  expect(see('2001:db8::2', 60, 64_501)).toMatchObject({ networks: 2, fast: true });
});

test('what was seen a day ago does not count', () => {
  const flux = new FastFlux({ addresses: 2, blocks: 1 });
  flux.see({ time: start, name: 'a.example' }, '192.0.2.1', 60);
  const later = flux.see({ time: start + 86_400_001, name: 'a.example' }, '192.0.2.2', 60);
  expect(later).toMatchObject({ addresses: 1, fast: false });
});

test('the age of a domain, whatever the order of sights', () => {
  const first = new FirstSeen(2);
  expect(first.see({ time: start, name: 'a.example' })).toBe(0);
  expect(first.see({ time: start + 5, name: 'a.example' })).toBe(5);
  expect(first.see({ time: start - 7, name: 'a.example' })).toBe(0);
  expect(first.see({ time: start, name: 'a.example' })).toBe(7);
  first.know('old.example', 0);
  expect(first.see({ time: start, name: 'old.example' })).toBe(start);
  first.see({ time: start, name: 'third.example' });
  expect(first.evicted).toBe(1);
});
