import fc from 'fast-check';
import { expect, it } from 'vitest';
import { normalName } from './domain-name.ts';

it.each([
  ['Example.COM.', 'example.com'],
  ['bücher.example', 'xn--bcher-kva.example'],
  ['BÜCHER.example.', 'xn--bcher-kva.example'],
  ['_dmarc.example.com', '_dmarc.example.com'],
  ['*.example.com', '*.example.com'],
  ['localhost', 'localhost'],
  ['例え.テスト', 'xn--r8jz45g.xn--zckzah'],
])('writes %s as %s', (text, name) => {
  expect(normalName(text)).toBe(name);
  expect(normalName(name)).toBe(name);
});

it.each([
  ['the root', '.'],
  ['nothing', ''],
  ['an empty label', 'a..b'],
  ['a leading dot', '.example.com'],
  ['an IPv4 address', '192.0.2.1'],
  ['an IPv4 address in hexadecimal', '0x7f.1'],
  ['an IPv6 address', '2001:db8::1'],
  ['a blank', 'a b.example'],
  ['an escape', 'a\\032b.example'],
  ['a control character', 'a\u0000.example'],
  ['a line end', 'a.example\n'],
  ['a label of 64', `${'a'.repeat(64)}.example`],
  ['254 characters', `${'a.'.repeat(126)}aa`],
  ['markup', '<b>.example'],
])('refuses %s', (_, text) => expect(normalName(text)).toBeNull());

it('takes the longest labels and names', () => {
  expect(normalName(`${'a'.repeat(63)}.example`)).toHaveLength(71);
  expect(normalName(`${'a.'.repeat(126)}a`)).toHaveLength(253);
});

it('never throws, and what it gives is normal', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      const name = normalName(text);
      return name === null || normalName(name) === name;
    }),
  );
});
