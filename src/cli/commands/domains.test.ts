import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { caltrop, json, newData, unprintable } from '../../../test/setup/commands.ts';
import { seeded } from '../../kit/seeded.ts';
import type { Lead } from '../../reputation/track/lead.ts';
import { Track } from '../../reputation/track/track.ts';

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
  for (const threads of ['0', '257', 'all'])
    expect((await caltrop('domains', 'score', '--threads', threads)).err).toContain('--threads');
  expect((await caltrop('domains', 'guess')).code).toBe(64);
  expect((await caltrop('domains', 'score', '--edges', join(folder, 'none'))).err).toContain(
    'cannot be read',
  );
});

it('says how long before lists names crossed, and gives no figure of a few', {
  timeout: 120_000,
}, async () => {
  const made = await newData();
  const reputation = join(made.data, 'reputation');
  mkdirSync(reputation, { recursive: true });
  const run = (...words: string[]) => caltrop('domains', 'lead', ...words, '--data', made.data);
  const today = Math.floor(Date.now() / 86_400_000);
  const cross = (from: number, to: number) => {
    const track = new Track(join(reputation, 'track'));
    for (let n = from; n < to; n++) {
      track.cross(`bad${n}.example`, today - 60);
      // Every fourth waits, and of every fifth the list says that it had it before.
      if (n % 4 > 0) track.list(`bad${n}.example`, today - 60 + (n % 5 === 1 ? -3 : n % 10), 'late');
    }
    track.close();
  };
  try {
    cross(0, 12);
    const few = await run();
    expect(few.out).toContain(
      '12 names came to the threshold and were in no list then; 9 are in one now, 3 are in none',
    );
    expect(few.out).toContain('no figure of 9 names that are listed: at least 30 are needed');
    expect(few.out).not.toContain('%');
    cross(12, 80);
    const [told] = json<Lead>(await run('--json'));
    expect(told).toMatchObject({
      crossed: 80,
      listed: 60,
      before: 12,
      waiting: 20,
      least: 30,
      listedShare: 0.75,
    });
    expect(told!.over!.map(({ days }) => days)).toEqual([0, 1, 7]);
    expect(told!.untilListed!.within.map(({ days }) => days)).toEqual([1, 7, 30]);
    const many = await run();
    expect(many.out).toContain('listed later: 75.0 %');
    expect(many.out).toContain(`lead ${told!.median} days (median)`);
    expect(many.out).toContain('of 12 the list says itself that it had them before');
    expect(many.out).toContain(`half are listed within ${told!.untilListed!.median} days`);
  } finally {
    made.remove();
  }
});
