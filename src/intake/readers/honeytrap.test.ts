import { expect, it } from 'vitest';
import type { Reading } from '../reader.ts';
import { examples } from './examples.ts';
import { honeytrap } from './honeytrap.ts';

const read = honeytrap.start({ source: 'attackers.json', now: () => 0 });
const [line = ''] = examples.honeytrap!;
const withPayload = (words: string) =>
  read(
    line.replace(/"data_hex":"[^"]*"/, `"data_hex":"${Buffer.from(words, 'latin1').toString('hex')}"`),
  ) as Reading[];

it('reads HTTP on any port as a request', () => {
  expect(read(line)).toMatchObject([
    { kind: 'connect', protocol: 'http', dst: { port: 8902 } },
    { kind: 'request', method: 'GET', target: '/.env', headers: [['Host', 'x']], handshake: 'established' },
    { kind: 'close', durationMs: 1_000 },
  ]);
});

it('keeps other bytes with their hash, and names what they look like', () => {
  expect(withPayload('SSH-2.0-Go\r\n')[1]).toMatchObject({
    kind: 'data',
    protocol: 'ssh',
    raw: 'SSH-2.0-Go\r\n',
  });
  expect(withPayload('\x03\x00\x00\x13\x0e\xe0')[1]).toMatchObject({ protocol: 'rdp' });
  expect(withPayload('\x16\x03\x01\x00\x05')[1]).toMatchObject({ protocol: 'tls', handshake: 'relayed' });
  expect(withPayload('').map(({ kind }) => kind)).toEqual(['connect', 'close']);
});

it('refuses a payload that is no hexadecimal', () => {
  expect(() => read(line.replace('"data_hex":"47', '"data_hex":"4g'))).toThrow('hexadecimal');
});
