import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type FeedEntry, FeedProblem } from '../feeds/format.ts';
import { readFeed } from '../feeds/read-feed.ts';
import { doubtOf, withoutFalsePositives } from './false-positives.ts';
import { agedMs, type Knowledge } from './knowledge.ts';
import { readWarningLists } from './warning-lists.ts';

const now = Date.UTC(2026, 0, 31);
const entry = (type: FeedEntry['type'], value: string): FeedEntry => ({ type, value });
const domain = (value: string) => entry('domain', value);
const list = (type: string, entries: string[], id: string) =>
  JSON.stringify({ id, name: id, type, list: entries });

const lists = readWarningLists(
  [
    list('hostname', ['big.example', 'blogspot.com'], 'top'),
    list('string', ['exact.example', 'd41d8cd98f00b204e9800998ecf8427e'], 'strings'),
    list('cidr', ['192.0.2.0/24', '2001:db8::/32'], 'public-dns'),
    list('cidr', ['203.0.113.0/24'], 'amazon-aws'),
    list('regex', ['(a+)+$'], 'regexes'),
  ].join('\n'),
  'file',
);
const knowledge: Knowledge = {
  now,
  warning: (one) => lists.match(one),
  popularity: (name) => ({ 'known.example': 9, 'old.example': 50_000, 'new.example': 50_000 })[name] ?? null,
  firstSeen: (name) => (name === 'old.example' ? now - agedMs : now - 1),
  neverBlock: ({ value }) => (value === '198.51.100.1' ? 'our own resolver' : null),
};

it.each([
  [domain('big.example'), 0, 'The warning list top names it.'],
  [domain('www.big.example'), 5, 'The warning list top names it.'],
  [domain('notbig.example'), 0, null],
  // Strangers' names under a shared suffix are not the suffix.
  [domain('evil.blogspot.com'), 0, null],
  [domain('exact.example'), 0, 'The warning list strings names it.'],
  [domain('sub.exact.example'), 0, null],
  [entry('ip', '192.0.2.7'), 0, 'The warning list public-dns names it.'],
  [entry('ip:port', '[2001:db8::1]:53'), 0, 'The warning list public-dns names it.'],
  [entry('cidr', '192.0.0.0/16'), 0, 'The warning list public-dns names it.'],
  [entry('ip', '203.0.113.7'), 0, null],
  [entry('hash', 'd41d8cd98f00b204e9800998ecf8427e'), 0, 'The warning list strings names it.'],
  // A file on a popular host is not the host.
  [entry('url', 'http://big.example/'), 0, 'The warning list top names it.'],
  [entry('url', 'http://big.example/malware.bin'), 0, null],
  [entry('ip', '198.51.100.1'), 9, 'Never-block holds it: our own resolver.'],
  [domain('known.example'), 0, 'It is popular (place 9), and no other feed lists it.'],
  [domain('known.example'), 1, 'It is popular (place 9), and only one other feed lists it.'],
  [domain('known.example'), 2, null],
  [
    domain('old.example'),
    0,
    'It is known (place 50000) and was first seen on 2025-01-31, and no other feed lists it.',
  ],
  [domain('old.example'), 1, null],
  [domain('new.example'), 0, null],
  [domain('unknown.example'), 0, null],
])('%j with %i others: %s', (one, others, why) => {
  expect(doubtOf(one, others, knowledge)).toBe(why);
});

it('takes likely mistakes out of a feed and tells of each', () => {
  const removed: string[] = [];
  const feed = [domain('big.example'), domain('bad.example'), entry('ip', '192.0.2.1')];
  const kept = withoutFalsePositives(
    feed,
    () => 0,
    knowledge,
    ({ entry: { value }, why }) => removed.push(`${value}: ${why}`),
  );
  expect([...kept]).toEqual([domain('bad.example')]);
  expect(removed).toEqual([
    'big.example: The warning list top names it.',
    '192.0.2.1: The warning list public-dns names it.',
  ]);
});

it('reads a list alone, does not run its expressions, and refuses what is none', () => {
  expect(lists).toMatchObject({ lists: 5, entries: 8, unused: 1 });
  expect(
    readWarningLists('{\n"name":"x","type":"string",\n"list":["a.example"]}', 'x').match(domain('a.example')),
  ).toEqual({
    list: 'x',
    context: false,
  });
  for (const text of ['{}', '[]', 'x']) expect(() => readWarningLists(text, 'x')).toThrow(FeedProblem);
});

const data = process.env.CALTROP_TEST_DATA ?? '../shared/data';

describe.skipIf(!existsSync(join(data, 'warninglists')))(
  'real warning lists (skipped without CALTROP_TEST_DATA or ../shared/data)',
  () => {
    it('hold few of what stands on block lists of addresses, and all public resolvers', () => {
      const text = gunzipSync(readFileSync(join(data, 'warninglists/warninglists.jsonl.gz'))).toString(
        'utf8',
      );
      const real = readWarningLists(text, 'misp');
      expect(real.lists).toBe(136);
      expect(real.entries).toBe(528_972);
      expect(real.match(entry('ip', '8.8.8.8'))?.context).toBe(false);
      expect(real.match(domain('google.com'))?.context).toBe(false);
      const feed = readFeed(readFileSync(join(data, 'ipsum/ipsum.txt.gz')), { format: 'plain', now });
      let removed = 0;
      const kept = [
        ...withoutFalsePositives(
          feed,
          () => 0,
          { now, warning: (one) => real.match(one) },
          () => removed++,
        ),
      ];
      expect(kept.length + removed).toBe(120_430);
      expect(removed).toBeGreaterThan(0);
      expect(removed / 120_430).toBeLessThan(0.01);
    }, 120_000);
  },
);
