import { expect, it } from 'vitest';
import { speaksWeb } from './relayed.ts';

it.each([
  'GET / HTTP/1.1',
  'POST /x',
  'Host: 192.0.2.1',
  'CONNECT a:1',
  '\x16\x03\x01\x00',
  '\x00\x03\x00\x08\x21\x12\xa4\x42',
])('knows %j', (text) => {
  expect(speaksWeb(text)).toBe(true);
});

it.each(['', 'root', 'get / HTTP/1.1', 'GETTY', 'Hostmaster', '\x16\x05', 'wget http://192.0.2.1/'])(
  'passes %j',
  (text) => {
    expect(speaksWeb(text)).toBe(false);
  },
);
