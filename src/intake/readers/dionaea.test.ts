import { expect, it } from 'vitest';
import type { Reading } from '../reader.ts';
import { dionaea } from './dionaea.ts';
import { examples } from './examples.ts';

const read = dionaea.start({ source: 'dionaea.json', now: () => 0 });
const [smb = '', ftp = ''] = examples.dionaea!;

it('reads a connection', () => {
  expect(read(smb)).toEqual([
    {
      time: Date.UTC(2025, 1, 11, 16, 29, 6, 553),
      session: '192.0.2.7:55280-m70p5s3d',
      protocol: 'smb',
      transport: 'tcp',
      src: { ip: '192.0.2.7', port: 55_280 },
      dst: { ip: '198.51.100.5', port: 445 },
      handshake: 'established',
      decoy: true,
      kind: 'connect',
    },
  ]);
});

it('tells credentials as logins and other commands once', () => {
  const acts = (read(ftp) as Reading[]).map((event) => (event.kind === 'command' ? event.input : event.kind));
  expect(acts).toEqual(['connect', 'login', 'OPTS UTF8 ON', 'PWD']);
});

it('marks what a browser may have sent, and datagrams', () => {
  const spoken = JSON.parse(ftp);
  spoken.ftp.commands = { command: ['GET'], arguments: ['/ HTTP/1.1'] };
  expect(read(JSON.stringify(spoken))).toMatchObject([
    { handshake: 'relayed' },
    {},
    { handshake: 'relayed' },
  ]);
  const datagram = JSON.parse(smb);
  datagram.connection.transport = 'udp';
  expect(read(JSON.stringify(datagram))).toMatchObject([{ handshake: 'none', transport: 'udp' }]);
});

it("passes over the trap's own ports and connections", () => {
  for (const type of ['listen', 'connect'])
    expect(read(smb.replace('"accept"', `"${type}"`).replace('192.0.2.7', ''))).toBeNull();
});
