import { expect, it } from 'vitest';
import type { EntryType } from '../feeds/format.ts';
import { type Met, metBy } from './met.ts';

const by = ['192.0.2.0/24'];
const asked = (type: EntryType, value: string, met: Met[] = hosts) => metBy(met)()({ type, value }, 100);
const hosts: Met[] = [
  { host: 'load.bad.example', day: 100, by },
  { host: '203.0.113.9', day: 105, by },
  { host: '2001:db8::9', day: 105, by },
  { host: 'early.example', day: 99, by },
];

it.each([
  ['domain', 'load.bad.example', true],
  ['domain', 'bad.example', true],
  ['domain', 'other.bad.example', false],
  ['domain', 'early.example', false],
  ['ip', '203.0.113.9', true],
  ['ip:port', '203.0.113.9:8080', true],
  ['ip:port', '[2001:db8::9]:80', true],
  ['url', 'http://203.0.113.9/x.sh', true],
  // Another file on the same host: hosts of strangers have many.
  ['url', 'http://load.bad.example/x.sh', false],
  ['cidr', '203.0.113.0/24', false],
  ['hash', 'd41d8cd98f00b204e9800998ecf8427e', false],
] as const)('%s %s: %s', (type, value, met) => {
  expect(asked(type, value)).toBe(met);
});

it('lets the word of one network count for five entries of a list, and hosts of strangers stay strangers', () => {
  const many = (network: (n: number) => string) =>
    Array.from({ length: 20 }, (_, n): Met => ({ host: `n${n}.example`, day: 100, by: [network(n)] }));
  const count = (met: Met[]) => {
    const ask = metBy(met)();
    return met.filter(({ host }) => ask({ type: 'domain', value: host }, 100)).length;
  };
  expect(count(many(() => '192.0.2.0/24'))).toBe(5);
  expect(count(many((n) => `198.51.${n}.0/24`))).toBe(20);
  expect(asked('domain', 'github.io', [{ host: 'x.github.io', day: 100, by }])).toBe(false);
  expect(asked('domain', 'x.example', [{ host: 'x.example', day: 100, by: [] }])).toBe(false);
});
