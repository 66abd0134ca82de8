import { expect, it } from 'vitest';
import { answersOf } from '../../model/answers.ts';
import { dnsmasq } from './dnsmasq.ts';
import { examples } from './examples.ts';
import { readLines } from './parts/read-lines.ts';

const said = (message: string) => `Nov 22 11:49:48 dnsmasq[5899]: ${message}`;

it('joins the lines of an answer: the chain, each address, who asked', () => {
  const { events, refused } = readLines(dnsmasq, examples.dnsmasq!);
  expect(refused).toEqual([]);
  expect(events.map(({ name, count, rcode, src }) => [name, count, rcode, src.ip])).toEqual([
    ['www.example', undefined, undefined, '127.0.0.1'],
    ['www.example', 0, 'NOERROR', '127.0.0.1'],
    ['www.example', 0, 'NOERROR', '127.0.0.1'],
    ['nope.example', undefined, undefined, '127.0.0.1'],
    ['nope.example', 0, 'NXDOMAIN', '127.0.0.1'],
  ]);
  expect(answersOf(events[2]!).map(({ owner, type, data }) => [owner, type, data])).toEqual([
    ['www.example', 'CNAME', 'web.example'],
    ['web.example', 'CNAME', 'host.example'],
    ['host.example', 'A', '192.0.2.10'],
  ]);
});

it('does not take what the box itself decided for an answer', () => {
  const { events, silent } = readLines(dnsmasq, [
    said('query[A] ads.example from 198.51.100.7'),
    said('gravity blocked ads.example is 0.0.0.0'),
    said('config local.test is 192.0.2.9'),
    said('/etc/hosts box.test is 192.0.2.8'),
    said('forwarded ads.example to 198.51.100.53'),
    said('reply error is REFUSED'),
  ]);
  expect([events.length, silent]).toEqual([1, 5]);
});

it('does not read a line out of a name that holds one', () => {
  const { events, refused } = readLines(dnsmasq, [
    said('query[A] bank.test is 203.0.113.9.evil.example from 198.51.100.7'),
    said('reply bank.test is 203.0.113.9.evil.example is NXDOMAIN'),
    said('reply bank.test is 203.0.113.9.evil.example is 192.0.2.1'),
    said('query[A] x from 203.0.113.9 from 198.51.100.7'),
    said('reply x y is <CNAME>'),
  ]);
  expect(events).toEqual([]);
  expect(refused.length).toBe(2);
});
