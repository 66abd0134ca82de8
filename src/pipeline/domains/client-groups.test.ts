import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { configSchema } from '../../config.ts';
import { seeded } from '../../kit/seeded.ts';
import { groupOf } from '../../reputation/graph/client-groups.ts';
import type { Graph } from '../../reputation/graph/graph.ts';
import { GraphStore } from '../../reputation/graph/graph-store.ts';
import { edgeTypes } from '../../reputation/graph/kinds.ts';
import { knownHostsFile } from '../../reputation/known/known-hosts.ts';
import { packageFolder } from '../../version.ts';
import { askersKey } from './askers.ts';
import { createDomainGraph } from './graph.ts';
import type { TakenAnswer } from './messages.ts';

const folder = mkdtempSync(join(tmpdir(), 'caltrop-client-groups-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const day = 20_500;
const now = day * 86_400_000 + 43_200_000;
const names = 1_500;

/** Answers of two days to clients of nine networks, as a hub, narrow carriers, aliases and name servers have them. */
function answers(): TakenAnswer[] {
  const draw = seeded(11);
  const pick = (count: number) => Math.floor(draw() * count);
  return Array.from({ length: 12_000 }, (_, n) => {
    const at = pick(pick(names) + 1);
    const name = `www.garden${at}.${at % 3 ? 'org' : 'co.uk'}`;
    const time = now - 86_400_000 + n * 7_000;
    const data = at % 2 ? '192.0.2.1' : `203.0.${at % 7}.${at % 200}`;
    const items = [{ owner: name, type: 'A', data, ttl: 3_600 }];
    if (at % 5 === 0) items.push({ owner: name, type: 'NS', data: `ns.park${at % 9}.net`, ttl: 60 });
    if (at % 11 === 0) items.push({ owner: name, type: 'CNAME', data: `e${at % 3}.edge.net`, ttl: 60 });
    const asked = { client: `198.51.${pick(9)}.${pick(40)}`, time, rcode: 'NOERROR' };
    return { name, items, day: Math.floor(time / 86_400_000), asked };
  });
}

async function ranked(name: string, leastClients?: number) {
  const data = join(folder, name);
  const setup = { data, feeds: configSchema.parse({}).feeds, model: packageFolder('models/names.model') };
  const faults: unknown[] = [];
  const domains = createDomainGraph(
    {
      ...{ ...setup, known: [packageFolder(knownHostsFile)], crossed: [] },
      ...(leastClients !== undefined && { leastClients }),
    },
    (...fault) => faults.push(fault),
  );
  const seeds = ['203.0.3.6', '203.0.2.8', 'www.garden20.org', 'www.garden14.org', 'www.garden9.co.uk'].map(
    (host) => ({ host, says: 'fetched' }),
  );
  const all = answers();
  const refresh = (more = 0) =>
    domains.answer('refresh', { now: now + more * 86_400_000, seeds, neverBlock: [] });
  const take = async (some: TakenAnswer[]) => {
    for (let at = 0; at < some.length; at += 100)
      await domains.answer('take', { answers: some.slice(at, at + 100) });
  };
  const standing = async () => {
    const rows = await domains.answer('rank', { limit: 2 * names });
    const shown = [];
    for (const { name } of rows.slice(0, 60)) {
      const { near: _, ...one } = (await domains.answer('show', { name }))!;
      shown.push(one);
    }
    return { rows, shown };
  };
  await take(all.slice(0, 7_000));
  await refresh();
  const first = await standing();
  await take(all.slice(7_000));
  const live = await standing();
  const tomorrow = await refresh(1);
  const anew = await standing();
  await domains.answer('keep', {});
  expect(tomorrow.rankings).toBe(2);
  expect(faults).toEqual([]);
  return { data, domains, first, live, anew };
}

it('leaves each score what it is without them, as answers come and as all are ranked', {
  timeout: 120_000,
}, async () => {
  const [without, groups] = [await ranked('without'), await ranked('with', 3)];
  expect(groups.first).toEqual(without.first);
  expect(groups.live).toEqual(without.live);
  expect(groups.anew).toEqual(without.anew);
  expect(without.live.rows).not.toEqual(without.first.rows);
  expect(without.first.rows.length).toBeGreaterThan(800);

  const stores = [without, groups].map(({ data }) => GraphStore.open(join(data, 'reputation', 'graph')));
  const [plain, held] = [await stores[0]!, await stores[1]!];
  const asked = (graph: Graph) => {
    let count = 0;
    for (let node = 0; node < graph.nodes.size; node++)
      graph.each(node, (_, type) => {
        if (edgeTypes[type]!.name === 'asked') count++;
      });
    return count / 2;
  };
  expect(asked(plain.graph)).toBe(0);
  expect(asked(held.graph)).toBeGreaterThan(400);
  await plain.close();
  await held.close();
});

it('leads from a name to groups that asked for it, and from a group to what else it asked for', async () => {
  const { domains, data } = await ranked('walk', 3);
  const key = askersKey(join(data, 'reputation', 'key'));
  const own = new Set(Array.from({ length: 9 }, (_, n) => groupOf(key, `198.51.${n}.0/24`)));
  const shown = (await domains.answer('show', { name: 'www.garden1.org' }))!;
  const groups = shown.near.nodes.filter(({ kind }) => kind === 'client');
  expect(groups).toHaveLength(4);
  for (const { label } of groups) expect(own.has(label)).toBe(true);
  const walked = (await domains.answer('group', { group: groups[0]!.label }))!;
  const scores = walked.names.map(({ score }) => score);
  expect(scores).toEqual([...scores].sort((a, b) => b - a));
  expect(walked.names.map(({ name }) => name)).toContain('www.garden1.org');
  expect(walked.names.length).toBeGreaterThan(20);
  expect(await domains.answer('group', { group: 'ffffffffffff' })).toBeNull();
  // What of it is beside a name is among what it asked for.
  const at = shown.near.nodes.findIndex(({ label }) => label === groups[0]!.label);
  const beside = shown.near.edges.filter(({ a }) => a === at).map(({ b }) => shown.near.nodes[b]!.label);
  expect(beside).toHaveLength(6);
  for (const name of beside) expect(walked.names.map((one) => one.name)).toContain(name);
  const written = readFileSync(join(data, 'reputation', 'graph', '00000000.changes')).toString('latin1');
  expect(written).toContain(groups[0]!.label);
  expect(written).not.toContain('198.51.');
});
