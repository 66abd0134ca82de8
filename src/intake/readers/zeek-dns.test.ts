import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { answersOf } from '../../model/answers.ts';
import { detectFormat } from '../detect-format.ts';
import { examples } from './examples.ts';
import { readLines } from './parts/read-lines.ts';
import { zeekDns } from './zeek-dns.ts';

it('reads the table: who asked whom, the chain in its order, and times to live', () => {
  const { events, refused } = readLines(zeekDns, examples['zeek-dns']!);
  expect(refused).toEqual([]);
  expect(events[0]).toMatchObject({
    time: 1_750_000_000_123,
    session: 'Cq1',
    protocol: 'dns',
    transport: 'udp',
    src: { ip: '198.51.100.7', port: 41_772 },
    dst: { ip: '198.51.100.53', port: 53 },
    handshake: 'none',
    decoy: false,
    name: 'www.example',
    type: 'A',
    rcode: 'NOERROR',
  });
  expect(answersOf(events[0]!)).toEqual([
    { owner: 'www.example', type: 'CNAME', data: 'web.example', ttl: 60 },
    { owner: 'web.example', type: 'A', data: '192.0.2.10', ttl: 120 },
  ]);
  expect(events[1]).toMatchObject({ transport: 'tcp', rcode: 'NXDOMAIN', answers: [] });
  expect(events[2]!.answers).toEqual([{ type: 'TXT', data: 'a, b', ttl: 300 }]);
  // The same in JSON.
  expect(answersOf(events[3]!).map(({ type }) => type)).toEqual(['CNAME', 'AAAA']);
});

it('goes by the columns that the file names, and refuses rows before it has', () => {
  const row = '1750000000.1\twww.example\tA\t192.0.2.1';
  expect(readLines(zeekDns, [row]).refused).toEqual(['no line of field names came before']);
  const { events } = readLines(zeekDns, ['#fields\tts\tquery\tqtype_name\tanswers', row]);
  expect(events[0]).toMatchObject({ name: 'www.example', src: { ip: '0.0.0.0', port: 0 } });
});

it('refuses names that are none, and passes over lines that ask nothing and other classes', () => {
  const json = (fields: object) => JSON.stringify({ ts: 1_750_000_000, qtype_name: 'A', ...fields });
  const { events, refused, silent } = readLines(zeekDns, [
    json({ query: 'a b.example' }),
    json({ query: '.' }),
    json({ query: '192.0.2.1' }),
    json({ query: `${'a'.repeat(64)}.example` }),
    json({}),
    json({ query: 'version.bind', qclass: 3 }),
  ]);
  expect(events).toEqual([]);
  expect(refused).toEqual(Array(4).fill('the name that was asked for is no domain name'));
  expect(silent).toBe(2);
});

it('keeps what it can of an answer with targets that are no names, and counts the rest', () => {
  const answers = ['a b.example', ...Array.from({ length: 300 }, (_, i) => `192.0.2.${i % 256}`)];
  const { events } = readLines(zeekDns, [
    JSON.stringify({ ts: 1_750_000_000, query: 'www.example', qtype_name: 'A', answers }),
  ]);
  expect(events[0]!.answers.length).toBe(256);
  expect(events[0]!.unread).toBe(45);
});

const real = join(process.env.CALTROP_TEST_DATA ?? '../shared/data', 'zed-sample/dns.log.gz');
it.skipIf(!existsSync(real))(
  'a real log of 53,615 rows (skipped without CALTROP_TEST_DATA or ../shared/data)',
  () => {
    const lines = gunzipSync(readFileSync(real)).toString('latin1').trimEnd().split('\n');
    expect(detectFormat(lines)?.name).toBe('zeek-dns');
    const read = zeekDns.start({ source: 'dns.log', now: () => 0 });
    const counts = { events: 0, silent: 0, refused: {} as Record<string, number>, records: 0, unread: 0 };
    for (const line of lines) {
      try {
        const made = read(line);
        if (made === null) counts.silent++;
        for (const one of [made ?? []].flat()) {
          if (one.kind !== 'answer') continue;
          counts.events++;
          counts.records += one.answers.length;
          counts.unread += one.unread ?? 0;
        }
      } catch (error) {
        const { message } = error as Error;
        counts.refused[message] = (counts.refused[message] ?? 0) + 1;
      }
    }
    expect(counts).toEqual({
      events: 53_561,
      // Nine lines of the head, and seven without a question.
      silent: 16,
      refused: {
        'the name that was asked for is no domain name': 40,
        'the record type is missing or is none': 7,
      },
      records: 79_658,
      unread: 0,
    });
  },
);
