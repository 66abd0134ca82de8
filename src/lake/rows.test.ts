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
] as const;

test('a row read back is the event that was written', () => {
  const writer = new RowWriter('live', 7, 1_024);
  const events = bodies.map((body) => parseEvent({ ...head, ...body }));
  for (const event of events) writer.write(event, { asn: 64_500, country: 'NL' });
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
  writer.write({ ...head, kind: 'connect' } as Event, { asn: 0, country: '' }, line, 1, 4);
  expect([...readRows(writer.take())][0]!.event.raw).toBe('\xff\x00\xc3');
});

test('a row that cannot be written leaves nothing behind', () => {
  const writer = new RowWriter('live');
  const bad = { ...head, src: { ip: 'not an address', port: 1 }, kind: 'connect' } as Event;
  expect(() => writer.write(bad, { asn: 0, country: '' })).toThrow(RangeError);
  expect(writer.size).toBe(0);
  expect(columns.length).toBe(30);
});
