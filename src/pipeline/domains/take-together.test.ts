import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { configSchema } from '../../config.ts';
import { seeded } from '../../kit/seeded.ts';
import type { Graph } from '../../reputation/graph/graph.ts';
import { GraphStore } from '../../reputation/graph/graph-store.ts';
import { kindNumber } from '../../reputation/graph/kinds.ts';
import { knownHostsFile } from '../../reputation/known/known-hosts.ts';
import { packageFolder } from '../../version.ts';
import { createDomainGraph } from './graph.ts';
import type { Crossed, TakenAnswer } from './messages.ts';
import { takeTogether } from './take-together.ts';

const folder = mkdtempSync(join(tmpdir(), 'caltrop-together-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const day = 20_500;
const now = day * 86_400_000 + 3_600_000;

it('takes all but what cannot be taken, which costs itself alone, and is counted', () => {
  const taken = new Set<number>();
  const calls: number[] = [];
  const items = Array.from({ length: 1_000 }, (_, n) => n);
  const { faults, latest } = takeTogether(items, (some) => {
    calls.push(some.length);
    for (const item of some) {
      if (item === 300 || item === 301) throw new Error(`no room for ${item}`);
      taken.add(item);
    }
  });
  expect(faults).toBe(2);
  expect(latest).toMatchObject({ message: 'no room for 301' });
  expect([...taken].sort((a, b) => a - b)).toEqual(items.filter((item) => item !== 300 && item !== 301));
  expect(calls.filter((size) => size > 1)).toHaveLength(4);
  let first = true;
  const once = takeTogether(items.slice(0, 9), () => {
    if (first) {
      first = false;
      throw new Error('once');
    }
  });
  expect(once.faults).toBe(1);
});

/** What resolvers answer over some days: names, aliases, name servers, known hosts, and a client that asks for generated names. */
function answers(): TakenAnswer[] {
  const draw = seeded(7);
  const pick = (count: number) => Math.floor(draw() * count);
  const letters = () => Array.from({ length: 12 }, () => 'bcdfghjklmnpqrtvwxz'[pick(19)]).join('');
  return Array.from({ length: 1_500 }, (_, n) => {
    const missing = n >= 700 && n < 760 && n % 2 === 0;
    // Within minutes of each other.
    const time = now - 86_400_000 * 2 + (missing ? 700 * 115_200 + n : n * 115_200);
    const name = missing ? `${letters()}.com` : `www.garden${pick(400)}.${pick(2) ? 'org' : 'co.uk'}`;
    const ip = pick(8) === 0 ? `104.16.0.${pick(90)}` : `203.0.${pick(9)}.${pick(200)}`;
    const items = missing ? [] : [{ owner: name, type: 'A', data: ip, ttl: pick(2) ? 60 : 3_600 }];
    if (!missing && pick(5) === 0)
      items.push({ owner: name, type: 'NS', data: `ns.park${pick(9)}.net`, ttl: 60 });
    if (!missing && pick(5) === 0)
      items.push({ owner: name, type: 'CNAME', data: `e${pick(60)}.edge.net`, ttl: 60 });
    return {
      ...{ name, items, day: Math.floor(time / 86_400_000) },
      asked: {
        client: `198.51.100.${missing ? 7 : pick(30)}`,
        time,
        rcode: missing ? 'NXDOMAIN' : 'NOERROR',
      },
    };
  });
}

/** A graph of its own that is told of answers so many at a time, and all that it holds then. */
async function graphOf(name: string, size: number, ranked: boolean) {
  const data = join(folder, name);
  const known = [packageFolder(knownHostsFile)];
  const setup = { data, feeds: configSchema.parse({}).feeds, model: packageFolder('models/names.model') };
  const faults: number[] = [];
  const domains = createDomainGraph({ ...setup, known, crossed: [] }, (_says, count) => faults.push(count));
  const seeds = [{ host: '203.0.3.9', says: 'fetched' }];
  const all = answers();
  const crossed: Crossed[] = [];
  // Such a thing has no way through the readers: it stands for a bug.
  const broken = { name: 'b.example', day } as TakenAnswer;
  const rest = ranked ? all.splice(1_200) : [];
  all.splice(400, 0, broken);
  for (const part of [all, rest]) {
    for (let at = 0; at < part.length; at += size)
      crossed.push(...(await domains.answer('take', { answers: part.slice(at, at + size) })).crossed);
    if (ranked && part === all) await domains.answer('refresh', { now, seeds, neverBlock: [] });
  }
  await domains.answer('keep', {});
  const store = await GraphStore.open(join(data, 'reputation', 'graph'));
  const held = dump(store.graph);
  await store.close();
  const scores = () => domains.answer('rank', { limit: 2_000 });
  return { held, faults, crossed, scores };
}

/** All that a graph holds, whatever the order in which it came to know it. */
function dump(graph: Graph): string[] {
  const { nodes } = graph;
  const text = (node: number) => `${nodes.kind(node)} ${nodes.text(node)}`;
  const lines: string[] = [];
  for (let node = 0; node < nodes.size; node++) {
    lines.push(`${text(node)}: ${graph.flags(node)} ${graph.firstDay(node)} ${graph.lastDay(node)}`);
    graph.each(node, (other, type, first, last) => {
      lines.push(`${text(node)} - ${type} - ${text(other)}: ${first} ${last}`);
    });
  }
  return lines.sort();
}

it('learns the same from answers that come at once as from one after the other', async () => {
  const one = await graphOf('one', 1, false);
  const many = await graphOf('many', 5_000, false);
  expect(one.held.some((line) => line.startsWith(`${kindNumber.burst} `))).toBe(true);
  expect(many.held).toEqual(one.held);
  expect(many.held.length).toBeGreaterThan(5_000);
  expect([one.faults, many.faults]).toEqual([[1], [1]]);
});

it('tells the same, and comes to the same scores, whether it follows many answers at once or one by one', {
  timeout: 60_000,
}, async () => {
  const one = await graphOf('ranked-one', 1, true);
  const many = await graphOf('ranked-many', 5_000, true);
  expect(many.held).toEqual(one.held);
  expect(many.crossed.map(({ name }) => name).sort()).toEqual(one.crossed.map(({ name }) => name).sort());
  const [alone, together] = [await one.scores(), await many.scores()];
  expect(together.length).toBe(alone.length);
  const scores = new Map(alone.map(({ name, score }) => [name, score]));
  const off = together.map(({ name, score }) => Math.abs(score - scores.get(name)!));
  expect(Math.max(...off)).toBeLessThan(1);
});
