import { describe, expect, it } from 'vitest';
import { Reject } from '../reader.ts';
import { combined } from './combined.ts';

const read = combined.start({ source: 'access.log', now: () => 0 });
const line = (request: string, { ip = '192.0.2.7', user = '-', tail = ' "-" "curl/8.5.0"' } = {}) =>
  `${ip} - ${user} [17/May/2025:10:05:03 +0200] "${request}" 404 162${tail}`;

describe('combined', () => {
  it('reads a line', () => {
    expect(read(line('GET /a%20b?c HTTP/1.1'))).toEqual({
      time: Date.UTC(2025, 4, 17, 8, 5, 3),
      session: '192.0.2.7-swebsf',
      protocol: 'http',
      transport: 'tcp',
      src: { ip: '192.0.2.7', port: 0 },
      dst: { ip: '0.0.0.0', port: 80 },
      handshake: 'established',
      decoy: false,
      kind: 'access',
      method: 'GET',
      target: '/a%20b?c',
      status: 404,
      size: 162,
      agent: 'curl/8.5.0',
    });
  });

  it('tells an agent that was not sent from one that was not logged', () => {
    expect(read(line('GET / HTTP/1.1', { tail: ' "-" "-"' }))).toMatchObject({ agent: '' });
    expect(read(line('GET / HTTP/1.1', { tail: '' }))).not.toHaveProperty('agent');
  });

  it('undoes the escapes of nginx and Apache, once', () => {
    expect(read(line('\\x16\\x03\\x01'))).toMatchObject({
      method: '',
      target: '\x16\x03\x01',
      handshake: 'relayed',
    });
    expect(read(line('GET /\\"\\\\x41\\x5Cx41 HTTP/1.1'))).toMatchObject({ target: '/"\\x41\\x41' });
  });

  it('counts only the peer: names, users and further fields do not move the source', () => {
    for (const made of [
      line('GET / HTTP/1.1', { user: '203.0.113.9 - - [17/May/2025:10:05:03 +0200]' }),
      line('GET / HTTP/1.1', { user: 'x [] \\"GET / HTTP/1.1\\" 200 1' }),
      line('GET / HTTP/1.1', { tail: ' "-" "a" "203.0.113.9"' }),
      line('GET http://203.0.113.9/ HTTP/1.1', { ip: 'www.example.org:443 192.0.2.7' }),
      line('GET / HTTP/1.1', { ip: 'www.example.org 192.0.2.7' }),
    ])
      expect(read(made), made).toMatchObject({
        src: { ip: '192.0.2.7' },
        time: Date.UTC(2025, 4, 17, 8, 5, 3),
      });
    expect(read(line('GET / HTTP/1.1', { ip: 'www.example.org:443 192.0.2.7' }))).toMatchObject({
      dst: { port: 443 },
    });
  });

  it.each([
    ['', 'not a line of the common or combined log format'],
    [line('GET / HTTP/1.1', { ip: 'client.example.org' }), 'the peer is a name, not an address'],
    [line('GET / HTTP/1.1').replace('17/May', '32/May'), 'the time is missing or cannot be read'],
    [line('GET / HTTP/1.1').replace('" 404', '"'), 'not a line of the common or combined log format'],
  ])('refuses %j', (bad, reason) => {
    expect(() => read(bad)).toThrow(new Reject(reason));
  });
});
