import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsePrefix, prefixText } from './ip.ts';
import { PrefixMap } from './prefix-map.ts';

const map = (...blocks: string[]) => {
  const made = new PrefixMap<string>();
  for (const block of blocks) made.set(block, block);
  return made;
};

test('the longest block that holds an address wins', () => {
  const blocks = map('10.0.0.0/8', '10.1.0.0/16', '10.1.2.3', '2001:db8::/32', '2001:db8:1::/48', '::/0');
  expect(blocks.size).toBe(6);
  expect(blocks.get('10.1.2.3')).toBe('10.1.2.3');
  expect(blocks.get('10.1.9.9')).toBe('10.1.0.0/16');
  expect(blocks.get('10.9.9.9')).toBe('10.0.0.0/8');
  expect(blocks.get('::ffff:10.9.9.9')).toBe('10.0.0.0/8');
  expect(blocks.get('2001:db8:1::7')).toBe('2001:db8:1::/48');
  expect(blocks.get('2001:db8:2::7')).toBe('2001:db8::/32');
  expect(blocks.get('nonsense')).toBeUndefined();
  expect(map('10.0.0.0/8').get('11.0.0.1')).toBeUndefined();
});

test('a block overlaps what is around it, equal to it, or inside it', () => {
  const blocks = map('198.51.100.0/24', '203.0.113.9', '2001:db8:1::/48');
  expect(blocks.overlapping('198.51.100.7')).toBe('198.51.100.0/24');
  expect(blocks.overlapping('198.51.0.0/16')).toBe('198.51.100.0/24');
  expect(blocks.overlapping('203.0.113.0/24')).toBe('203.0.113.9');
  expect(blocks.overlapping('203.0.112.0/24')).toBeUndefined();
  expect(blocks.overlapping('2001:db8::/32')).toBe('2001:db8:1::/48');
  expect(blocks.overlapping('::/0')).toBeDefined();
  expect(blocks.overlapping('198.51.100.0/25')).toBe('198.51.100.0/24');
});

test('an IPv6 block around all of IPv4 holds IPv4 addresses, which hold their own blocks first', () => {
  const blocks = map('::/0', '10.0.0.0/8');
  expect(blocks.get('10.1.2.3')).toBe('10.0.0.0/8');
  expect(blocks.get('192.0.2.1')).toBe('::/0');
  expect(blocks.overlapping('192.0.2.0/24')).toBe('::/0');
  expect(map('10.0.0.0/8').overlapping('::/0')).toBe('10.0.0.0/8');
  expect(map('10.0.0.0/8').overlapping('2001:db8::/32')).toBeUndefined();
  expect(map('0.0.0.0/0').get('192.0.2.1')).toBe('0.0.0.0/0');
});

test('agrees with comparing every block bit by bit', () => {
  const block = fc
    .tuple(fc.nat(3), fc.nat(3), fc.constantFrom(8, 15, 16, 24, 31, 32))
    .map(([a, b, bits]) => prefixText(parsePrefix(`${10 + a}.${b}.0.${b}/${bits}`)!));
  const block6 = fc
    .tuple(fc.nat(3), fc.nat(3), fc.constantFrom(0, 8, 16, 32, 48, 64, 80, 95, 97, 127, 128))
    .map(([a, b, bits]) => prefixText(parsePrefix(`${a ? '2001' : '0'}:${b}::${a}/${bits}`)!));
  const either = fc.oneof(block, block6);
  const bitsOf = (text: string) => {
    const { bytes, bits } = parsePrefix(text)!;
    return [...bytes]
      .map((byte) => byte.toString(2).padStart(8, '0'))
      .join('')
      .slice(0, bits);
  };
  fc.assert(
    fc.property(fc.array(either, { maxLength: 12 }), either, (all, one) => {
      const expected = all.some(
        (other) => bitsOf(other).startsWith(bitsOf(one)) || bitsOf(one).startsWith(bitsOf(other)),
      );
      expect(map(...all).overlapping(one) !== undefined).toBe(expected);
    }),
  );
});
