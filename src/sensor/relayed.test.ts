import { expect, it } from 'vitest';
import { looksRelayed } from './relayed.ts';

it.each<[string, boolean | undefined]>([
  ['GET / HTTP/1.1\r\nHost: x\r\n', true],
  ['POST /a b HTTP/1.0\r\n', true],
  ['FOO-BAR * HTTP/2.0\n', true],
  ['GET', undefined],
  ['GET /never-ending', undefined],
  [`GET /${'a'.repeat(9_000)}`, true],
  ['GET key\r\n', false],
  ['*1\r\n$4\r\nPING\r\n', false],
  ['root\r\n', false],
  ['\x16', undefined],
  ['\x16\x03\x01\x02\x00\x01', true],
  ['\xff\xfd\x01', false],
  ['\x00\x03\x00\x08\x21\x12\xa4\x42', true],
  ['\x00\x03\x00\x08\x00\x00\x00\x00', false],
  ['', undefined],
])('%j', (text, expected) => {
  expect(looksRelayed(Buffer.from(text, 'latin1'))).toBe(expected);
});
