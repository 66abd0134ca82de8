import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { detectFormat } from '../detect-format.ts';
import { edges } from './edges.ts';
import { examples } from './examples.ts';
import { readLines } from './parts/read-lines.ts';

it('reads columns by their names, an address or a name, and keeps the others', () => {
  const { events, silent } = readLines(edges, examples.edges!);
  expect(silent).toBe(1);
  expect(events.map(({ time, answers }) => [time, answers[0]])).toEqual([
    [Date.UTC(2025, 5, 15, 15, 6, 40), { type: 'A', data: '192.0.2.10' }],
    [Date.UTC(2025, 5, 15), { type: 'AAAA', data: '2001:db8::10' }],
    [1_750_000_000_000, { type: 'CNAME', data: 'www.example' }],
  ]);
  expect(events[0]!.detail).toEqual({ family: 'some' });
});

it('takes two bare columns, dated by when the file was written, so that it gives the same events each time', () => {
  const written = Date.UTC(2025, 0, 2);
  const { events } = readLines(edges, ['www.example\t192.0.2.1', 'www.example\tns.example'], { written });
  expect(events.map(({ time }) => time)).toEqual([written, written]);
  const named = ['name\ttarget\ttype\tcount\tlast_seen', 'example\tns.example\tNS\t7\t2025-06-15'];
  expect(readLines(edges, named).events[0]).toMatchObject({
    count: 7,
    last: Date.UTC(2025, 5, 15),
    answers: [{ type: 'NS', data: 'ns.example' }],
  });
});

it('refuses what is no edge between names and addresses', () => {
  const { refused } = readLines(edges, [
    'www.example',
    '17\t4',
    'a.example\ta b',
    'a.example\t192.0.2.1\tsoon',
  ]);
  expect(refused).toEqual([
    'fewer than two columns',
    'the name that was asked for is no domain name',
    'the second end is neither an address nor a domain name',
    'the time is missing or cannot be read',
  ]);
});

const real = join(process.env.CALTROP_TEST_DATA ?? '../shared/data', 'maltrail/edges_domain_ip.tsv.gz');
it.skipIf(!existsSync(real))('a real list (skipped without CALTROP_TEST_DATA or ../shared/data)', () => {
  const lines = gunzipSync(readFileSync(real)).toString('utf8').trimEnd().split('\n').slice(0, 20_000);
  expect(detectFormat(lines)?.name).toBe('edges');
  const { events, refused } = readLines(edges, lines);
  expect([events.length, refused.length]).toEqual([19_999, 0]);
});
