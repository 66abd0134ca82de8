import { expect, it } from 'vitest';
import { ownedDomain, registeredDomain } from './registered-domain.ts';

it.each([
  ['a.b.example.co.uk', 'example.co.uk', 'example.co.uk'],
  ['a.b.github.io', 'github.io', 'b.github.io'],
  ['github.io', 'github.io', null],
  ['com', null, null],
  ['localhost', null, null],
  ['a.b.unknown-suffix', 'b.unknown-suffix', 'b.unknown-suffix'],
])('finds who owns %s', (name, registered, owned) => {
  expect(registeredDomain(name)).toBe(registered);
  expect(ownedDomain(name)).toBe(owned);
});
