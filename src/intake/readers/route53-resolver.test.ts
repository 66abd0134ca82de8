import { expect, it } from 'vitest';
import { examples } from './examples.ts';
import { readLines } from './parts/read-lines.ts';
import { route53Resolver } from './route53-resolver.ts';

const line = examples['route53-resolver']![0]!;

it('reads question, answers without times to live, and which instance asked', () => {
  const { events } = readLines(route53Resolver, [line]);
  expect(events[0]).toMatchObject({
    time: Date.UTC(2025, 5, 15, 15, 6, 40),
    src: { ip: '198.51.100.7', port: 41_772 },
    name: 'www.example',
    rcode: 'NOERROR',
    answers: [
      { type: 'CNAME', data: 'web.example' },
      { type: 'A', data: '192.0.2.10' },
    ],
    detail: { instance: 'i-1', action: 'ALERT' },
  });
});

it('refuses what is no name, and tells TCP', () => {
  const odd = line.replace('"www.example."', '"a b."');
  expect(readLines(route53Resolver, [odd]).refused).toEqual([
    'the name that was asked for is no domain name',
  ]);
  const tcp = line.replace('"UDP"', '"TCP"');
  expect(readLines(route53Resolver, [tcp]).events[0]!.transport).toBe('tcp');
});
