import { expect, it } from 'vitest';
import type { Event } from '../../model/event.ts';
import { eventOf } from '../event-fixture.ts';
import { fingerprintsOf } from './fingerprints.ts';

const request = (headers: [string, string][]) =>
  eventOf(
    { kind: 'request', method: 'GET', target: '/', status: 200, headers },
    { protocol: 'http' },
  ) as Event;
const seen = (method: string, value: string) => eventOf({ kind: 'fingerprint', method, value }) as Event;
const hashOf = (...names: string[]) =>
  fingerprintsOf({ events: [request(names.map((name) => [name, Math.random().toString()]))] });

it('tells clients apart by the order and the case of their headers, and by nothing in them', () => {
  const [one] = hashOf('Host', 'User-Agent', 'Accept');
  expect(one).toEqual({ method: 'http-headers', value: expect.stringMatching(/^[0-9a-f]{16}$/) });
  expect(hashOf('Host', 'User-Agent', 'Accept')).toEqual([one]);
  expect(hashOf('Host', 'Accept', 'User-Agent')).not.toEqual([one]);
  expect(hashOf('host', 'User-Agent', 'Accept')).not.toEqual([one]);
});

it('takes each fingerprint of a session once, up to a limit, and only of the first request', () => {
  const events = [
    seen('hassh', 'a'),
    seen('hassh', 'a'),
    seen('ja4', 'b'),
    seen('ssh-pty', 'xterm 80x24'),
    request([['Host', 'x']]),
    request([['Cookie', 'x']]),
  ];
  expect(fingerprintsOf({ events }).map(({ method }) => method)).toEqual(['hassh', 'ja4', 'http-headers']);
  const many = Array.from({ length: 100 }, (_, n) => seen('ssh-key', `${n}`));
  expect(fingerprintsOf({ events: many })).toHaveLength(16);
});
