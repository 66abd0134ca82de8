import { expect, it } from 'vitest';
import { examples } from './examples.ts';
import { readLines } from './parts/read-lines.ts';
import { passiveDns } from './passive-dns.ts';

it('reads what was put together: the span, how often, and nobody who asked', () => {
  const { events } = readLines(passiveDns, examples['passive-dns']!);
  expect(events[0]).toMatchObject({
    time: 1_750_000_000_000,
    src: { ip: '0.0.0.0', port: 0 },
    name: 'www.example',
    count: 17,
    first: 1_749_000_000_000,
    last: 1_750_000_000_000,
    answers: [
      { type: 'A', data: '192.0.2.10' },
      { type: 'A', data: '192.0.2.11' },
    ],
  });
  // The name that mail goes to, without its preference.
  expect(events[1]!.answers).toEqual([{ type: 'MX', data: 'host.example' }]);
});

it('refuses a row without times, and counts data that does not fit its type', () => {
  const row = { rrname: 'a.example', rrtype: 'A', rdata: ['192.0.2.1', 'x.example', 7], count: 1 };
  expect(readLines(passiveDns, [JSON.stringify(row)]).refused).toEqual([
    'the time is missing or cannot be read',
  ]);
  const timed = { ...row, time_first: '2025-06-01T00:00:00Z', time_last: 1_750_000_000.5 };
  const { events } = readLines(passiveDns, [JSON.stringify(timed)]);
  expect(events[0]).toMatchObject({ unread: 2, time: 1_750_000_000_500, answers: [{ data: '192.0.2.1' }] });
});
