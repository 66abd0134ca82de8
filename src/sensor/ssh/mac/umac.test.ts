import { expect, it } from 'vitest';
import { Umac } from './umac.ts';

const key = Buffer.from('abcdefghijklmnop');
const nonce = Buffer.from('bcdefghi');

// RFC 4418, appendix.
it.each([
  ['', 1, '6e155fad26900be1'],
  ['a', 3, '44b5cb542f220104'],
  ['a', 2 ** 10, '26bf2f5d60118bd9'],
  ['a', 2 ** 15, '27f8ef643b0d118d'],
  ['abc', 1, 'd4d7b9f6bd4fbfcf'],
  ['abc', 500, 'd4cf26ddefd5c01a'],
])('gives the UMAC-64 of %j repeated %i times', (text, times, tag) => {
  expect(new Umac(8, false, key).tag(nonce, Buffer.from(text.repeat(times))).toString('hex')).toBe(tag);
});

// The first twelve bytes before the pad are those of UMAC-96; the pads of both differ in nothing but their length.
it.each([
  ['', 1, '32fedb100c79ad58f07ff764'],
  ['a', 3, '185e4fe905cba7bd85e4c2dc'],
  ['a', 2 ** 10, '7a54abe04af82d60fb298c3c'],
  ['abc', 500, '8824a260c53c66a36c9260a6'],
])('gives the head of UMAC-128 of %j repeated %i times', (text, times, tag) => {
  const got = new Umac(16, false, key).tag(nonce, Buffer.from(text.repeat(times)));
  expect(got.toString('hex', 0, 12)).toBe(tag);
});
