import { expect, it } from 'vitest';
import { reading, values } from './fixture.ts';

const bundle = (...patterns: (string | object)[]) =>
  JSON.stringify({
    type: 'bundle',
    id: 'bundle--1',
    objects: [
      ...patterns.map((one, i) => ({
        type: 'indicator',
        id: `indicator--${i}`,
        pattern_type: 'stix',
        valid_from: '2026-01-01T00:00:00Z',
        ...(typeof one === 'string' ? { pattern: one } : one),
      })),
      { type: 'malware', id: 'malware--1', name: 'Mirai' },
      {
        type: 'relationship',
        relationship_type: 'indicates',
        source_ref: 'indicator--0',
        target_ref: 'malware--1',
      },
    ],
  });

it('takes what holds by itself', () => {
  const sha = 'ab'.repeat(32);
  const [entries, refused, format] = reading(
    bundle(
      "[domain-name:value = 'Bad.example' OR ipv4-addr:value IN ('192.0.2.7', '192.0.2.8')]",
      "[ipv4-addr:value ISSUBSET '198.51.100.0/24'] OR [ipv6-addr:value='2001:db8::1']",
      `[file:hashes.'SHA-256' = '${sha}' AND file:hashes.MD5 = '${'0'.repeat(32)}']`,
      "[url:value = 'http://bad.example/it\\'s']",
    ),
  );
  expect(format).toBe('stix');
  expect(values(entries)).toEqual([
    'domain bad.example',
    'ip 192.0.2.7',
    'ip 192.0.2.8',
    'cidr 198.51.100.0/24',
    'ip 2001:db8::1',
    `hash ${sha}`,
    `hash ${'0'.repeat(32)}`,
    "url http://bad.example/it's",
  ]);
  expect(entries[0]).toMatchObject({ family: 'Mirai', first: Date.UTC(2026, 0, 1) });
  expect(entries[3]).not.toHaveProperty('family');
  expect(refused).toEqual({});
});

it.each([
  ["[domain-name:value = 'a.example' AND network-traffic:dst_port = 80]", 'a pattern of several conditions'],
  [
    "[domain-name:value = 'a.example'] FOLLOWEDBY [url:value = 'http://a.example/']",
    'a pattern of several conditions',
  ],
  ["[domain-name:value = 'a.example'] REPEATS 5 TIMES WITHIN 60 SECONDS", 'a pattern of several conditions'],
  [
    "[domain-name:value = 'a.example'] START t'2026-01-01T00:00:00Z' STOP t'2026-02-01T00:00:00Z'",
    'a pattern of several conditions',
  ],
  ["[domain-name:value NOT = 'a.example']", 'a kind that is not used'],
  ["[domain-name:value != 'a.example']", 'a kind that is not used'],
  ["[domain-name:value LIKE '%.example']", 'a kind that is not used'],
  ["[email-message:subject MATCHES '^x\\\\.exe$']", 'a kind that is not used'],
  ["[domain-name:value = 'a.example'", 'a pattern that cannot be read'],
  ["[domain-name:value = 'a.example] OR", 'a pattern that cannot be read'],
  [
    `${'('.repeat(5_000)}[domain-name:value = 'a.example']${')'.repeat(5_000)}`,
    'a pattern that cannot be read',
  ],
  ["[domain-name:value = 'domain a.example']", 'no name, address, URL or hash'],
])('gives no entry of %s', (pattern, reason) => {
  expect(reading(bundle(pattern)).slice(0, 2)).toEqual([[], { [reason]: 1 }]);
});

it('leaves out what was withdrawn, is over, or is written in another language', () => {
  const pattern = "[domain-name:value = 'a.example']";
  const [entries, refused] = reading(
    bundle(
      { pattern, revoked: true },
      { pattern, valid_until: '2026-01-30T00:00:00Z' },
      { pattern: 'alert tcp any any', pattern_type: 'snort' },
      { pattern, valid_until: '2026-02-01T00:00:00Z' },
    ),
  );
  expect(values(entries)).toEqual(['domain a.example']);
  expect(refused).toEqual({
    'withdrawn by its author': 1,
    'no longer valid': 1,
    'a kind that is not used': 1,
  });
});
