import { expect, it } from 'vitest';
import { examples } from './examples.ts';
import { readLines } from './parts/read-lines.ts';
import { unbound } from './unbound.ts';

it('reads queries and replies, and counts a question once', () => {
  const { events } = readLines(unbound, examples.unbound!);
  expect(events.map(({ name, type, rcode, count }) => [name, type, rcode, count])).toEqual([
    ['www.example', 'A', undefined, undefined],
    ['www.example', 'A', 'NOERROR', 0],
    ['nope.example', 'A', 'NXDOMAIN', undefined],
    ['host.example', 'AAAA', undefined, undefined],
  ]);
  expect(events[0]).toMatchObject({ time: 1_795_348_188_000, src: { ip: '127.0.0.1', port: 0 } });
});

it('passes over its other messages, and refuses what it wrote of names that cannot be printed', () => {
  const { refused, silent } = readLines(unbound, [
    '[1795348185] unbound[5897:0] info: start of service (unbound 1.17.1).',
    '[1795348188] unbound[5897:0] info: 127.0.0.1 version.bind. TXT CH',
    '[1795348188] unbound[5897:0] info: 127.0.0.1 a?b.example. A IN',
    '[1795348188] unbound[5897:0] info: 127.0.0.1 . NS IN',
    'something else',
  ]);
  expect(silent).toBe(2);
  expect(refused).toEqual([
    'the name that was asked for is no domain name',
    'the name that was asked for is no domain name',
    'not a line of Unbound',
  ]);
});
