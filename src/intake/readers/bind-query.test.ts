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

// No named of 9.20 was at hand: these lines are made up, from those of the query log and with a response code.
it('reads the responses of 9.20 beside the questions, and counts each question once', () => {
  const head = '22-Nov-2026 11:49:47.455 responses: info: client @0x7f2b 198.51.100.7#41772';
  const { events, refused, silent } = readLines(bindQuery, [
    '22-Nov-2026 11:49:47.450 queries: info: client @0x7f2b 198.51.100.7#41772 (a.example): query: a.example IN A +E(0)K (192.0.2.53)',
    `${head} (a.example): response: a.example IN A NOERROR +E(0)K (192.0.2.53)`,
    `${head} (b.example): view inside: response: b.example IN AAAA NXDOMAIN -T (192.0.2.53)`,
    `${head} (c.example): response: c.example IN MX SERVFAIL 0 0 1 +E(0) (192.0.2.53)`,
    `${head} (version.bind): response: version.bind CH TXT REFUSED + (192.0.2.53)`,
    `${head} (d.example): response: d.example IN A + (192.0.2.53)`,
    `${head} (a\\032b.example): response: a\\032b.example IN A NXDOMAIN + (192.0.2.53)`,
  ]);
  expect(
    events.map(({ name, type, rcode, count, transport }) => [name, type, rcode, count, transport]),
  ).toEqual([
    ['a.example', 'A', undefined, undefined, 'udp'],
    ['a.example', 'A', 'NOERROR', 0, 'udp'],
    ['b.example', 'AAAA', 'NXDOMAIN', undefined, 'tcp'],
    ['c.example', 'MX', 'SERVFAIL', undefined, 'udp'],
  ]);
  expect(events[1]).toMatchObject({ src: { ip: '198.51.100.7', port: 41_772 }, dst: { ip: '192.0.2.53' } });
  expect(silent).toBe(2);
  expect(refused).toEqual(['the name that was asked for is no domain name']);
});
