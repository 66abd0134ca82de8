import { expect, test } from 'vitest';
import type { Event } from '../model/event.ts';
import { parseEvent } from '../model/event.ts';
import { columns } from './columns.ts';
import { readRows } from './row-reader.ts';
import { RowWriter } from './row-writer.ts';

const head = {
  id: '01890a5d-ac96-774b-bcce-b302099a8057',
  time: 1_739_321_938_326,
  arrived: 1_739_321_938_400,
  sensor: 'north',
  session: 'f00',
  protocol: 'ssh',
  transport: 'tcp',
  src: { ip: '203.0.113.9', port: 51_234 },
  dst: { ip: '2001:db8::1', port: 22 },
  handshake: 'established',
  decoy: true,
} as const;

const bodies = [
  { kind: 'connect' },
  { kind: 'login', user: '', secret: 'pässwörd\u0000', ok: false, method: 'password' },
  { kind: 'command', input: `${'x'.repeat(70_000).slice(0, 60_000)}é` },
  {
    kind: 'request',
    method: 'GET',
    target: '/shell?cd+/tmp',
    status: 404,
    headers: [['host', 'a']],
    raw: 'GET \xff\x00\r\n',
  },
  { kind: 'upload', sha256: 'a'.repeat(64), size: 0, name: '.x', detail: { mode: 7, run: true } },
  { kind: 'close', durationMs: 12, received: 4 },
  {
    kind: 'answer',
    name: 'www.example',
    type: 'A',
    answers: [
      { type: 'CNAME', data: 'web.example', ttl: 0 },
      { owner: 'web.example', type: 'A', data: '192.0.2.1' },
    ],
    rcode: 'NOERROR',
    count: 0,
    first: 1,
    last: 2,
    unread: 3,
    detail: { message: 'CLIENT_RESPONSE' },
  },
  { kind: 'answer', name: 'nope.example', type: 'A', answers: [] },
] as const;

const nowhere = () => ({ asn: 0, country: '' });

test('a row read back is the event that was written', () => {
  const writer = new RowWriter('live', 7, 1_024);
  const events = bodies.map((body) => parseEvent({ ...head, ...body }));
  for (const event of events) writer.write(event, () => ({ asn: 64_500, country: 'NL' }));
  expect(writer.rows).toBe(events.length);
  const bytes = writer.take();
  const read = [...readRows(bytes)];
  expect(read.map(({ event }) => event)).toEqual(events);
  expect(read.map(({ seq }) => seq)).toEqual(events.map((_, i) => 7 + i));
  expect(read[0]!.origin).toEqual({ asn: 64_500, country: 'NL' });
  expect(read.at(-1)!.end).toBe(bytes.length);
  expect(writer.size).toBe(0);
});

test('a raw line is kept byte for byte, whatever its encoding', () => {
  const writer = new RowWriter('live');
  const line = Buffer.from([0x7b, 0xff, 0x00, 0xc3]);
  writer.write({ ...head, kind: 'connect' } as Event, nowhere, {
    ...{ id: { bytes: new Uint8Array(16) }, bytes: line },
    ...{ from: 1, to: 4 },
  });
  expect([...readRows(writer.take())][0]!.event.raw).toBe('\xff\x00\xc3');
});

test('a row that cannot be written leaves nothing behind', () => {
  const writer = new RowWriter('live');
  const bad = { ...head, src: { ip: 'not an address', port: 1 }, kind: 'connect' } as Event;
  expect(() => writer.write(bad, nowhere)).toThrow(RangeError);
  expect(writer.size).toBe(0);
  expect(columns.length).toBe(30);
});

test('what is read from lines is stored as it would be from events, whatever the order of their connections', () => {
  const id = '01980000-0000-8123-8456-0123456789ab';
  const bytes = Buffer.from(id.replaceAll('-', ''), 'hex');
  const line = { id: { bytes }, bytes: Buffer.from('x'), from: 0, to: 1 };
  // Two connections of one port, so that each pushes the other out, and one whose handshake changes on its way.
  const connections = [1, 2].map((n) => ({
    ...head,
    session: `s${n}`,
    src: { ip: `192.0.2.${n}`, port: 40_000 },
  }));
  const order = [0, 0, 1, 1, 0, 1, 1, 0];
  const writer = new RowWriter('live');
  const expected = order.map((which, n) => {
    const changed = n >= 4 && which === 1 ? { handshake: 'relayed' as const } : {};
    const event = { ...connections[which]!, ...changed, id: '', kind: 'connect' as const };
    writer.write(event, (ip) => ({ asn: Number(ip.at(-1)), country: 'NL' }), line);
    return { event: { ...event, id, raw: 'x' }, origin: { asn: which + 1, country: 'NL' } };
  });
  expect([...readRows(writer.take())].map(({ event, origin }) => ({ event, origin }))).toEqual(expected);
});
