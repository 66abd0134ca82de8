import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { caltrop, json, unprintable } from '../../../test/setup/commands.ts';
import { seeded } from '../../kit/seeded.ts';

const folder = mkdtempSync(join(tmpdir(), 'caltrop-domains-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A made world: names of both kinds look alike, but the bad ones share a few hosts. */
const draw = seeded(5);
const word = () => Array.from({ length: 7 }, () => 'abcdefghijklmnop'[Math.floor(draw() * 16)]).join('');
const edges: string[] = ['domain\tip'];
const seeds: string[] = [];
const asked: { name: string; bad: boolean }[] = [];
for (let n = 0; n < 600; n++) {
  const bad = n % 2 === 0;
  const name = `www.${word()}.example`.replace('example', n % 3 ? 'com' : 'net');
  for (let k = 0; k < 2; k++)
    edges.push(
      `${name}\t${bad ? '192.0.2' : '198.51.100'}.${Math.floor(draw() * (bad ? 12 : 120))}\t2026-01-01`,
    );
  if (n < 480) seeds.push(`${name}\t${bad ? 'malicious' : 'benign'}`);
  else asked.push({ name, bad });
}
const path = (name: string, lines: string[]) => {
  const file = join(folder, name);
  const text = `${lines.join('\n')}\n`;
  writeFileSync(file, name.endsWith('.gz') ? gzipSync(text) : text);
  return file;
};
const files = [
  ...['--edges', path('edges.tsv.gz', [...edges, 'no edge at all', `${'x'.repeat(300)}\t192.0.2.1`])],
  ...['--seeds', path('seeds.tsv', [...seeds, 'strange.example\tperhaps'])],
];

it('scores names by what they are joined to, with reasons that sum to the score', async () => {
  const names = path('names.txt', [...asked.map(({ name }) => name), 'Never.Seen.EXAMPLE.', '<b>\u001b[31m']);
  const ran = await caltrop('domains', 'score', ...files, '--names', names, '--json');
  expect(ran.code).toBe(0);
  const told = json(ran) as {
    name: string;
    score: number;
    base: number;
    class: string;
    reasons: { points: number }[];
  }[];
  expect(told).toHaveLength(asked.length + 1);
  for (const { score, base, reasons } of told) {
    const sum = reasons.reduce((all, { points }) => all + points, base);
    expect(Math.abs(sum - score)).toBeLessThan(1e-4);
    expect(score).toBeGreaterThanOrEqual(0);
    expect(score).toBeLessThanOrEqual(100);
  }
  const right = asked.filter(({ bad }, n) => told[n]!.score > 50 === bad).length;
  expect(right / asked.length).toBeGreaterThan(0.95);
  expect(told.slice(0, 20).some((one) => one.class === 'Malicious')).toBe(true);
  expect(told.at(-1)!.name).toBe('never.seen.example');
});

it('shows people a line a name, and says what could not be read', async () => {
  const names = path('few.txt', ['a.example', 'b\u001b[31m.example', asked[0]!.name]);
  const ran = await caltrop('domains', 'score', ...files, '--names', names);
  expect(ran.out).toContain(asked[0]!.name);
  expect(ran.out).not.toMatch(unprintable);
  expect(ran.err).toMatch(/2 names scored; 1 were no domain names; 2 lines: an edge joins/);
  expect(ran.err).toContain('1 lines: a seed is a name and a label');
});

it('says what is missing', async () => {
  const few = path('few.tsv', ['a.example\tbad']);
  const names = path('one.txt', ['a.example']);
  expect((await caltrop('domains', 'score', '--edges', few, '--seeds', few, '--names', names)).err).toContain(
    '50 bad names are needed at least, not 1',
  );
  expect((await caltrop('domains', 'score')).code).toBe(64);
  expect((await caltrop('domains', 'guess')).code).toBe(64);
  expect((await caltrop('domains', 'score', '--edges', join(folder, 'none'))).err).toContain(
    'cannot be read',
  );
});
