import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalName } from '../../kit/domain-name.ts';
import { canonicalIp, parsePrefix, prefixText } from '../../kit/ip.ts';
import { printable } from '../../kit/printable.ts';
import { entryTypes, type FeedEntry, FeedProblem } from './format.ts';
import { now, reading, values } from './formats/fixture.ts';
import { formats } from './formats/index.ts';
import { feedLimits } from './limits.ts';
import { readFeed } from './read-feed.ts';

/** Parts of all formats, so that random texts get past the first check. */
const pieces = fc.array(
  fc.oneof(
    fc.constantFrom(
      ...'0.0.0.0 |bad.example|192.0.2.7|:80|/24|http://|[2001:db8::1]|"|,|\t|\n|\r\n|# |{|}|[|]|"Event":|"Attribute":|"type":"domain"|"value":"a.example"|"objects":[|"pattern":"[domain-name:value = \'a.example\']"|AND|OR|*.|%|d41d8cd98f00b204e9800998ecf8427e|hxxp|\u001b[2J|\u202e|\u0000'.split(
        '|',
      ),
    ),
    fc.string({ maxLength: 12, unit: 'binary' }),
  ),
  { maxLength: 40 },
);

function check({ type, value, family = '', note = '', first = 0, last = 0 }: FeedEntry): void {
  expect(entryTypes).toContain(type);
  expect(value.length).toBeLessThanOrEqual(feedLimits.urlChars);
  if (type === 'domain') expect(normalName(value)).toBe(value);
  else if (type === 'ip') expect(canonicalIp(value)).toBe(value);
  else if (type === 'cidr') expect(prefixText(parsePrefix(value)!)).toBe(value);
  else if (type === 'url') expect(new URL(value).href).toBe(value);
  for (const text of [value, family, note]) expect(printable(text)).toBe(text);
  for (const time of [first, last]) expect(Number.isSafeInteger(time)).toBe(true);
}

it.each(formats.map(({ name }) => name))('%s: any text gives valid, inert entries or a problem', (format) => {
  fc.assert(
    fc.property(
      fc.oneof(
        pieces.map((all) => all.join('')),
        fc.json(),
        fc.string(),
      ),
      (text) => {
        try {
          for (const entry of reading(text, format)[0]) check(entry);
        } catch (error) {
          if (!(error instanceof FeedProblem)) throw error;
        }
      },
    ),
    { numRuns: 500 },
  );
});

it.each(formats)('$name: how it looks is a share', ({ sniff }) => {
  fc.assert(
    fc.property(pieces, (all) => {
      const fit = sniff(all.join(''));
      expect(fit >= 0 && fit <= 1).toBe(true);
    }),
  );
});

it('unpacks gzip, and no more than the limit', () => {
  const read = (bytes: Uint8Array) => [...readFeed(bytes, { format: 'plain', now })];
  expect(values(read(gzipSync('bad.example\n')))).toEqual(['domain bad.example']);
  expect(() => read(gzipSync(Buffer.alloc(feedLimits.bytes + 1, 10)))).toThrow(FeedProblem);
  expect(() => read(gzipSync('bad.example\n').subarray(0, 15))).toThrow(FeedProblem);
});

it('refuses JSON that is nested too deep, and a text of no known format', () => {
  expect(() => reading(`${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'misp')).toThrow(/nested too deep/);
  expect(reading(`{"a":"${'['.repeat(1_000)}","Event":{"Attribute":[]}}`, 'misp')[0]).toEqual([]);
  expect(() => reading('<html>\n<p>Not today.</p>\n')).toThrow(/format is not known/);
});

it('counts a line that is too long, and lines over the limit', () => {
  const [entries, refused] = reading(`${'a'.repeat(feedLimits.lineChars + 1)}\nbad.example\n`, 'plain');
  expect([values(entries), refused]).toEqual([['domain bad.example'], { 'too long': 1 }]);
  expect(reading('\n'.repeat(feedLimits.lines + 1), 'plain')[1]).toEqual({ 'over the limit of lines': 1 });
});

const data = process.env.CALTROP_TEST_DATA ?? '../shared/data';

describe.skipIf(!existsSync(join(data, 'ipsum')))(
  'real lists (skipped without CALTROP_TEST_DATA or ../shared/data)',
  () => {
    const real = (path: string, format = 'auto', column?: string) => {
      const read = readFeed(readFileSync(join(data, path)), { format, now, column });
      let n = 0;
      for (const entry of read) if (n++ % 100 === 0) check(entry);
      return read;
    };

    it('ipsum', () => {
      const read = real('ipsum/ipsum.txt.gz');
      expect([read.format.name, read.counts, read.rejected]).toEqual(['plain', { ip: 120_430 }, 0]);
    });

    it('ThreatFox names', () => {
      const read = real('threatfox/names.tsv.gz');
      expect(read.format.name).toBe('csv');
      expect(read.rejected / read.entries).toBeLessThan(0.01);
    });

    it.each([
      ['examples/threat-reports/poisonivy.json', 'stix'],
      ['examples/threat-reports/apt1.json', 'stix'],
      ['examples/indicator-for-c2-ip-address.json', 'stix'],
    ])('STIX %s', (path, format) => {
      const read = real(join('stix2', path));
      expect(read.format.name).toBe(format);
      expect(read.entries).toBeGreaterThan(0);
    });

    it('maltrail, its first 100,000 rows', () => {
      const text = gunzipSync(readFileSync(join(data, 'maltrail/indicators.tsv.gz'))).toString('utf8');
      const [entries, refused, format] = reading(text.split('\n', 100_001).join('\n'));
      expect(format).toBe('csv');
      expect(new Set(entries.map(({ type }) => type))).toEqual(new Set(['domain', 'ip', 'ip:port', 'url']));
      // Paths and words are neither names nor addresses.
      const parts = Object.values(refused).reduce((sum, n) => sum + n, entries.length);
      expect(parts).toBe(100_000);
      expect(entries.length).toBeGreaterThan(85_000);
    });
  },
);
