import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { seeded } from '../../kit/seeded.ts';
import { scaleOf } from '../graph/belief.ts';
import { Graph } from '../graph/graph.ts';
import { nodeKinds } from '../graph/kinds.ts';
import { observe } from '../graph/observe.ts';
import { breadthOf, ownersOf } from '../graph/owners.ts';
import { addressNode } from '../graph/places.ts';
import { scaleAt } from '../graph/scale-at.ts';
import { openNameModel } from '../names/name-model.ts';
import { LiveBelief } from './live-belief.ts';
import { Lexical, type Seed } from './priors.ts';
import { Standings } from './standing.ts';

const model = openNameModel(readFileSync(join(import.meta.dirname, '../../../models/names.model')));
const day = 20_000;
const draw = seeded(11);

function answer(graph: Graph, pool: number): string {
  const name = `h${Math.floor(draw() * 3)}.domain${Math.floor(draw() ** 2 * pool)}.example`;
  const ip = `198.51.${Math.floor(draw() * 4)}.${Math.floor(draw() ** 2 * 200)}`;
  observe(graph, name, [{ owner: name, type: 'A', data: ip }], day);
  return name;
}

/** Bad addresses, and a name that is known to be bad. */
function seedsIn(graph: Graph, count: number): Seed[] {
  return Array.from({ length: count }, (_, n) => ({
    node: addressNode(graph, `198.51.${n % 4}.${n * 7}`, day),
    ...{ weight: 0.9, says: 'was told' },
  }));
}

function began(answers: number): { graph: Graph; seeds: Seed[] } {
  const graph = new Graph();
  for (let n = 0; n < answers; n++) answer(graph, 400);
  const seeds = seedsIn(graph, 12);
  graph.rebuild(day);
  return { graph, seeds };
}

it('follows new answers to within a point of score of what a new ranking says', () => {
  const { graph, seeds } = began(3_000);
  const standings = new Standings(graph, model, seeds);
  for (let n = 0; n < 300; n++) standings.follow([answer(graph, 500)]);
  expect(standings.due).toBe(false);
  const before = new Map([...standings.ranked()].map(({ name, score }) => [name, score]));
  graph.rebuild(day);
  const anew = [...new Standings(graph, model, seeds).ranked()];
  expect(before.size).toBe(anew.length);
  const apart = anew.map(({ name, score }) => Math.abs(score - before.get(name)!)).sort((a, b) => b - a);
  expect(apart[0]).toBeLessThan(1);
  expect(apart[Math.floor(apart.length / 100)]).toBeLessThan(0.5);
});

it('follows the company that names keep to what a new ranking says: new names, new carriers, and bad ones that become known', () => {
  const graph = new Graph();
  observe(graph, 'old.example', [{ owner: 'old.example', type: 'A', data: '192.0.2.1' }], day - 40);
  const pick = (of: number) => Math.floor(draw() ** 2 * of);
  const answerOn = (on: number) => {
    const domain = `d${pick(300)}.com`;
    const name = `h${pick(2)}.${domain}`;
    const ip = `203.0.${pick(3)}.${pick(60)}`;
    observe(graph, name, [{ owner: name, type: 'A', data: ip }], on);
    observe(graph, domain, [{ owner: domain, type: 'NS', data: `ns.h${pick(40)}.net` }], on);
    return [name, domain];
  };
  for (let n = 0; n < 500; n++) answerOn(day - 20 + (n % 20));
  // Every fifth domain is bad, and by turns so is a name of it, the domain, or both.
  const seeds = (from: number, to: number): Seed[] => {
    const found: Seed[] = [];
    for (let n = from; n < to; n += 5)
      for (const node of [graph.find('domain', `d${n}.com`), graph.find('name', `h0.d${n}.com`)])
        if (node >= 0 && (node + n) % 3 > 0) found.push({ node, weight: 0.9, says: 'was told' });
    return found;
  };
  graph.rebuild(day);
  let known = seeds(0, 100);
  const standings = new Standings(graph, model, known);
  const moved = new Map([...standings.ranked()].map(({ name, score }) => [name, score]));
  const raised = () => [...standings.ranked()].filter(({ name }) => !!company(standings, name)).length;
  expect(raised()).toBeGreaterThan(20);
  for (let n = 0; n < 150; n++) {
    for (const { name, score } of standings.follow(answerOn(day + (n % 2)))) moved.set(name, score);
    if (n % 30 !== 9) continue;
    known = seeds(n - 20, 100 + n);
    for (const { name, score } of standings.reseed(known)!) moved.set(name, score);
  }
  expect(standings.due).toBe(false);
  const before = new Map([...standings.ranked()].map(({ name, score }) => [name, score]));
  const said = new Map([...before.keys()].map((name) => [name, company(standings, name)]));
  // Who came to stand elsewhere was told of; what still waits is told with the next look at what is known.
  for (const { name, score } of standings.reseed(known)!) moved.set(name, score);
  for (const [name, score] of before) expect(Math.abs(score - moved.get(name)!), name).toBeLessThan(0.5);
  const builtOn = graph.builtOn;
  graph.rebuild(builtOn);
  const anew = new Standings(graph, model, known);
  const apart: number[] = [];
  for (const { name, score } of anew.ranked()) {
    expect(company(anew, name), name).toBe(said.get(name));
    apart.push(Math.abs(score - before.get(name)!));
  }
  apart.sort((a, b) => b - a);
  expect(apart.length).toBe(before.size);
  expect(apart[0]).toBeLessThan(1);
  expect(apart[Math.floor(apart.length / 100)]).toBeLessThan(0.5);
});

/** What the company of a name is said to be. */
function company(standings: Standings, name: string): string | undefined {
  return standings.show(name)!.reasons.find(({ says }) => says.includes('are known to be bad'))?.says;
}

it('brings a name over the threshold that joins what is known to be bad, without ranking all', () => {
  const graph = new Graph();
  for (let n = 0; n < 500; n++) {
    const name = `www.shop${n}.example`;
    observe(graph, name, [{ owner: name, type: 'A', data: `192.0.2.${n % 200}` }], day);
  }
  const carriers = ['203.0.113.9', '203.0.113.77'];
  const seeds = carriers.map((ip) => ({ node: addressNode(graph, ip, day), weight: 0.9, says: 'was told' }));
  graph.rebuild(day);
  const standings = new Standings(graph, model, seeds);
  const name = 'xj4kq9vz2.example';
  observe(
    graph,
    name,
    carriers.map((data) => ({ owner: name, type: 'A', data })),
    day,
  );
  const [row] = standings.follow([name]);
  expect(row).toMatchObject({ name });
  expect(row!.score).toBeGreaterThan(70);
  expect([...standings.ranked()][0]!.name).toBe(name);
  const shown = standings.show(name)!;
  expect(shown.score).toBe(row!.score);
  expect(shown.reasons.reduce((sum, { points }) => sum + points, shown.base)).toBeCloseTo(shown.score, 6);
  expect(shown.reasons.some(({ says }) => says.includes('it is on 203.0.113.9'))).toBe(true);
  // And a whole ranking says so, too.
  graph.rebuild(day);
  expect(new Standings(graph, model, seeds).row(name)!.score).toBeCloseTo(row!.score, 0);
});

it('hears what else becomes known, and what is taken back', () => {
  const { graph, seeds } = began(2_000);
  const standings = new Standings(graph, model, seeds.slice(0, 6));
  const first = new Map([...standings.ranked()].map(({ name, score }) => [name, score]));
  const moved = standings.reseed(seeds)!;
  expect(moved.length).toBeGreaterThan(0);
  const whole = new Map([...new Standings(graph, model, seeds).ranked()].map((row) => [row.name, row.score]));
  for (const { name, score } of standings.ranked())
    expect(Math.abs(score - whole.get(name)!)).toBeLessThan(0.5);
  standings.reseed(seeds.slice(0, 6));
  for (const { name, score } of standings.ranked())
    expect(Math.abs(score - first.get(name)!)).toBeLessThan(0.5);
});

it('says when so much is new that all is to be believed anew', () => {
  const { graph, seeds } = began(500);
  const live = new LiveBelief(graph, model, seeds, new Lexical());
  for (let n = 0; n < 10_000; n++)
    observe(
      graph,
      `n${n}.example`,
      [{ owner: `n${n}.example`, type: 'A', data: `10.${n >> 8}.${n & 255}.1` }],
      day,
    );
  live.follow();
  expect(live.due).toBe(true);
  // What came then is there to be looked at, and believed to be nothing.
  expect(live.value(graph.find('name', 'n9999.example'))).toBe(0);
  expect(live.shape().scale.length).toBeGreaterThanOrEqual(graph.nodes.size);
});

it('weighs one node as the whole graph is weighed', () => {
  const { graph } = began(2_000);
  for (let n = 0; n < 700; n++)
    observe(
      graph,
      `x${n}.wide${n}.example`,
      [{ owner: `x${n}.wide${n}.example`, type: 'A', data: '192.0.2.1' }],
      day,
    );
  const scale = scaleOf(graph, breadthOf(graph, ownersOf(graph)));
  const kinds = new Set<string>();
  for (let node = 0; node < graph.nodes.size; node++) {
    expect(Math.fround(scaleAt(graph, node))).toBe(scale[node]);
    kinds.add(nodeKinds[graph.nodes.kind(node)]!);
  }
  expect([...kinds].sort()).toEqual(['domain', 'ip', 'name', 'net']);
  expect(scaleAt(graph, graph.find('ip', '192.0.2.1'))).toBe(0);
});
