import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  caltrop,
  hostile,
  json,
  newData,
  openData,
  type System,
  unprintable,
} from '../../../test/setup/commands.ts';
import type { Decision } from '../../model/decision.ts';
import type { FeedStanding } from '../../pipeline/feeds.ts';

let system: System;
let path: string;
const names = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `n${from + i}.bad.example\n`).join('');

beforeAll(async () => {
  const made = await newData();
  path = join(made.folder, 'one.txt');
  const other = join(made.folder, 'two.csv');
  const lists = join(made.folder, 'warning.json');
  writeFileSync(path, `${names(0, 100)}203.0.113.9\n10.1.2.3\nbig.example\n`);
  writeFileSync(
    other,
    `id,domain,family\n1,n1.bad.example,"Mirai ${hostile.replaceAll('\n', '')}"\n${names(50, 60).replace(/^/gm, '2,').trimEnd().slice(0, -2)}`,
  );
  writeFileSync(lists, JSON.stringify({ name: 'Popular sites', type: 'hostname', list: ['big.example'] }));
  writeFileSync(
    made.config,
    `feeds:
  lists:
    - { name: one, path: ${path} }
    - { name: two, path: ${other}, format: csv }
    - { name: gone, path: ${made.folder}/gone }
  warningLists: [${lists}]
`,
  );
  system = await openData(made);
});
afterAll(() => system?.close());

it('lists what was never fetched, and says so where no feed is named', async () => {
  expect((await system.ask<FeedStanding>('feeds')).map(({ name, taken }) => [name, taken])).toEqual([
    ['one', null],
    ['two', null],
    ['gone', null],
  ]);
  expect((await caltrop('feeds', '--data', join(system.folder, 'none'))).out).toMatch(/^No feeds: /);
});

it('fetches feeds and lists them, on a system that runs as on one that does not', async () => {
  const { code, out } = await system.run('feeds', 'fetch');
  expect(out).toMatch(
    /^one: 103 entries\.\ntwo: \d+ entries\.\ngone was not taken over: its file cannot be read\.\n$/,
  );
  expect(code).toBe(1);
  const table = (await system.run('feeds')).out;
  expect(table).toMatch(
    /^NAME +TAKEN \(UTC\) +AGE +ENTRIES +RELIABILITY +MET +DOUBTED +FROM +LAST PROBLEM\none +\d{4}-.* 0 h +103 +0\.\d\d +0 +2 /,
  );
  expect(table).toContain('its file cannot be read');
  expect(table).not.toMatch(unprintable);
  const [one] = await system.ask<FeedStanding>('feeds', 'list');
  expect(one).toMatchObject({ entries: 103, types: { domain: 101, ip: 2 }, problem: null, format: 'plain' });
  expect(one!.reliability!.refuted).toBe(2);
  expect(one!.reliability!.says.length).toBeGreaterThan(1);
});

it('says which entries are likely mistakes, and why', async () => {
  expect(await system.ask('feeds', 'doubts')).toEqual([
    { feed: 'one', type: 'ip', value: '10.1.2.3', why: 'Never-block holds it: private use, RFC 1918.' },
    { feed: 'one', type: 'domain', value: 'big.example', why: 'The warning list warning names it.' },
  ]);
});

it('keeps the last good copy until a person accepts the new one', async () => {
  writeFileSync(path, names(0, 5_000));
  const held = await system.run('feeds', 'fetch', 'one');
  expect([held.code, held.out]).toEqual([1, 'one was not taken over: it grew from 103 entries to 5000.\n']);
  expect((await system.ask<FeedStanding>('feeds'))[0]).toMatchObject({ entries: 103 });
  expect((await system.run('feeds', 'fetch', 'one', '--accept')).code).toBe(0);
  expect((await system.ask<FeedStanding>('feeds'))[0]).toMatchObject({ entries: 5_000, problem: null });
});

it('denies nothing by a list alone, and nothing more for what is on one', async () => {
  appendFileSync(path, '203.0.113.9\n');
  await system.run('feeds', 'fetch', 'one');
  const log = join(system.folder, 'listed.json');
  const event = {
    timestamp: '2025-02-12T00:00:00.000Z',
    session: 's',
    sensor: 'pot',
    protocol: 'ssh',
    src_port: 40_000,
  };
  const connect = {
    eventid: 'cowrie.session.connect',
    src_ip: '203.0.113.9',
    dst_ip: '192.0.2.10',
    dst_port: 22,
  };
  writeFileSync(log, `${JSON.stringify({ ...event, ...connect })}\n`);
  expect((await system.run('import', log)).code).toBe(0);
  expect(await system.ask<Decision>('decisions')).toEqual([]);
  // The same log with an act in it is decided upon: the way from a log to a decision is open.
  await system.attacked('198.51.100.4');
  const sources = (await system.ask<Decision>('decisions')).map((one) => JSON.stringify(one));
  expect(sources.length).toBeGreaterThan(0);
  expect(sources.join()).not.toContain('203.0.113.9');
});

it('tells all that is wrong with the configuration at once', async () => {
  const config = join(system.folder, 'bad.yaml');
  writeFileSync(
    config,
    `feeds:
  lists:
    - { name: Upper, path: /x }
    - { name: both, path: /x, url: "https://a.example/x" }
    - { name: ftp, url: "ftp://a.example/x" }
    - { name: ok, path: relative, format: nonsense }
    - { name: ok2, path: /x, everyMinutes: 1, more: 1 }
  guard: { shrink: 2 }
`,
  );
  const { code, out } = await caltrop('feeds', '--json', '--config', config, '--data', system.data);
  const [{ remedies }] = json<{ remedies: { path: string }[] }>({ code, out, err: '' }) as [never];
  expect(code).toBe(78);
  expect((remedies as { path: string }[]).map((one) => one.path).sort()).toEqual([
    'feeds.guard.shrink',
    'feeds.lists.0.name',
    'feeds.lists.1',
    'feeds.lists.2.url',
    'feeds.lists.3.format',
    'feeds.lists.3.path',
    'feeds.lists.4.everyMinutes',
    'feeds.lists.4.more',
  ]);
});

it('refuses what it does not know', async () => {
  expect((await system.run('feeds', 'dance')).code).toBe(64);
  expect((await system.run('feeds', 'fetch', 'nothere')).code).toBe(1);
});
