import { expect, it } from 'vitest';
import { httpRequest } from './http-request.ts';

it('keeps order, case and body', () => {
  expect(httpRequest('POST /a HTTP/1.1\r\nhost: x\r\nA:b: c\r\nbroken\r\n\r\nbody\r\n\r\n')).toEqual({
    kind: 'request',
    method: 'POST',
    target: '/a',
    status: 0,
    headers: [
      ['host', 'x'],
      ['A', 'b: c'],
      ['broken', ''],
    ],
    body: 'body\r\n\r\n',
  });
});

it('takes a request that was cut short', () => {
  expect(httpRequest('GET / HTTP/1.0\r\nHost: x')).toMatchObject({ headers: [['Host', 'x']] });
});

it.each(['', 'GET /', 'SSH-2.0-Go\r\n', 'HELLO there\r\n', '\x16\x03\x01'])(
  'is not fooled by %j',
  (words) => {
    expect(httpRequest(words)).toBeNull();
  },
);

it('takes no more headers than the model has room for', () => {
  expect(httpRequest(`GET / HTTP/1.1\r\n${'a: b\r\n'.repeat(1_000)}\r\n`)?.headers).toHaveLength(256);
});
