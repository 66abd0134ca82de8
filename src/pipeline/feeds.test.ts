import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { feedsOptions } from '../intel/index.ts';
import { metOf } from './feed-met.ts';
import { openFeeds } from './feeds.ts';

const dayMs = 86_400_000;
const first = 20_000;
const names = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => `n${from + n}.example`);

/** Two lists over some days, with what decoys met in between: all times are those of the story. */
async function story(): Promise<{
  told: ReturnType<ReturnType<typeof openFeeds>['list']>[];
  learnt: string;
}> {
  const data = mkdtempSync(join(tmpdir(), 'caltrop-feeds-'));
  const path = (name: string) => join(data, name);
  const config = feedsOptions.parse({
    lists: ['good', 'other'].map((name) => ({ name, path: path(name), format: 'plain' })),
  });
  let now = first * dayMs;
  const feeds = openFeeds({ config, data, now: () => now, neverBlock: ['198.51.100.0/24'] });
  const write = (name: string, entries: string[]) =>
    writeFileSync(path(name), entries.map((entry) => `${entry}\n`).join(''));
  const told: ReturnType<typeof feeds.list>[] = [];
  const look = async (day: number, met: Parameters<typeof metOf>[0] = []) => {
    now = (first + day) * dayMs;
    await feeds.refresh();
    feeds.hear(metOf(met));
    told.push(feeds.list());
  };
  write('good', names(0, 40));
  write('other', [...names(100, 140), '198.51.100.7']);
  await look(0);
  // Decoys of several networks are told to fetch from ten of the first list's; two of the other's were met before it had them.
  const met = (host: string, day: number, n: number) => ({
    ...{ host, says: 'is named in a URL' },
    sightings: [{ id: `s${n}`, source: `192.0.${n}.7`, day: first + day }],
  });
  const seeds = [
    ...names(0, 10).map((host, n) => met(host, 2, n)),
    ...names(100, 102).map((host, n) => met(host, -3, 20 + n)),
  ];
  await look(2, seeds);
  // The second list takes over what the first had, and drops what it never should have had.
  write('other', [...names(10, 30), ...names(100, 140)]);
  await look(3, seeds);
  // The first list lets go of what has been dealt with.
  write('good', names(10, 40));
  await look(4, seeds);
  const learnt = readFileSync(join(data, 'feeds/reliability.json'), 'utf8');
  rmSync(data, { recursive: true });
  return { told, learnt };
}

it('believes a list by what decoys met after it had it, by who follows it, and by its mistakes, and remembers both', async () => {
  const { told, learnt } = await story();
  const at = (day: number) =>
    Object.fromEntries(told[day]!.map(({ name, reliability }) => [name, reliability!]));
  expect(at(0).good!.weight).toBe(0.5);
  expect(at(0).other!.weight).toBeLessThan(0.5);
  expect([at(1).good!.confirmed, at(1).other!.confirmed]).toEqual([10, 0]);
  expect(at(1).good!.weight).toBeGreaterThan(0.65);
  // A mistake stays one though it is listed no more.
  expect([at(1).other!.refuted, at(2).other!.refuted]).toEqual([1, 1]);
  expect([at(2).good!.ahead, at(2).other!.ahead]).toEqual([20, 0]);
  expect(at(2).good!.weight).toBeGreaterThan(at(1).good!.weight);
  // And so does what was confirmed.
  expect(at(3).good!.confirmed).toBe(10);
  expect(at(3).good!.says.join(' ')).toContain('Evidence of our own confirmed 10.');
  // The same story told again is learnt the same way.
  expect((await story()).learnt).toBe(learnt);
});
