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

test('agrees with comparing every block bit by bit', () => {
  const block = fc
    .tuple(fc.nat(3), fc.nat(3), fc.constantFrom(8, 15, 16, 24, 31, 32))
    .map(([a, b, bits]) => prefixText(parsePrefix(`${10 + a}.${b}.0.${b}/${bits}`)!));
  const bitsOf = (text: string) => {
    const { bytes, bits } = parsePrefix(text)!;
    return [...bytes]
      .map((byte) => byte.toString(2).padStart(8, '0'))
      .join('')
      .slice(0, bits);
  };
  fc.assert(
    fc.property(fc.array(block, { maxLength: 12 }), block, (all, one) => {
      const expected = all.some(
        (other) => bitsOf(other).startsWith(bitsOf(one)) || bitsOf(one).startsWith(bitsOf(other)),
      );
      expect(map(...all).overlapping(one) !== undefined).toBe(expected);
    }),
  );
});
