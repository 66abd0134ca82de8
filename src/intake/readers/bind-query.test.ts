import { expect, it } from 'vitest';
import { bindQuery } from './bind-query.ts';
import { examples } from './examples.ts';
import { readLines } from './parts/read-lines.ts';

it('reads the questions of files and of syslog', () => {
  const { events } = readLines(bindQuery, examples['bind-query']!);
  expect(events[0]).toMatchObject({
    time: Date.UTC(2026, 10, 22, 11, 49, 47, 455),
    src: { ip: '127.0.0.1', port: 36_213 },
    dst: { ip: '127.0.0.1', port: 53 },
    transport: 'udp',
    name: 'www.example',
    type: 'A',
    answers: [],
  });
  expect(events[0]!.rcode).toBeUndefined();
  expect(events[1]).toMatchObject({ transport: 'tcp', name: 'www.example' });
  expect(events[2]).toMatchObject({ src: { ip: '2001:db8::7' }, type: 'AAAA' });
});

it('reads each of its ways to write the time, and refuses a line without', () => {
  const rest = 'client @0x7f2b 127.0.0.1#1 (a.example): query: a.example IN A + (127.0.0.1)';
  const { events, refused } = readLines(bindQuery, [
    `2026-11-22T11:49:47.455Z queries: info: ${rest}`,
    `2026-11-22T11:49:47.455 ${rest}`,
    rest,
  ]);
  expect(events.map(({ time }) => time)).toEqual(Array(2).fill(Date.UTC(2026, 10, 22, 11, 49, 47, 455)));
  expect(refused).toEqual(['no time: have BIND write it (print-time), or log to syslog']);
});

it('is not led by what a client writes into a name', () => {
  const line = (name: string) =>
    `22-Nov-2026 11:49:47.455 client @0x7f2b 127.0.0.1#1 (${name}): query: ${name} IN A + (127.0.0.1)`;
  const { refused, events, silent } = readLines(bindQuery, [
    line('a\\032b.example'),
    line('x\\):\\032query:\\032evil.example'),
    line('version.bind').replace(' IN ', ' CH '),
    '22-Nov-2026 11:49:47.455 client @0x7f 127.0.0.1#1 (a.example): query (cache) "a.example/A/IN" denied',
  ]);
  expect(events).toEqual([]);
  expect(refused.length).toBe(2);
  expect(silent).toBe(2);
});
