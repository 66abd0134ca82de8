import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { seeded } from '../../kit/seeded.ts';
import { packageFolder } from '../../version.ts';
import { hubBreadth } from '../graph/belief.ts';
import { Graph } from '../graph/graph.ts';
import { kindNumber } from '../graph/kinds.ts';
import { type Item, observe } from '../graph/observe.ts';
import { ownersOf } from '../graph/owners.ts';
import { openNameModel } from '../names/name-model.ts';
import { Company } from './company.ts';
import type { Seed } from './priors.ts';
import { Standings } from './standing.ts';

const today = 20_500;
const model = openNameModel(readFileSync(packageFolder('models/names.model')));

it('says after many moves what it says of the whole graph at once', () => {
  const draw = seeded(3);
  const pick = (count: number) => Math.floor(draw() ** 2 * count);
  const graph = new Graph();
  const move = (on: number) => {
    const domain = `d${pick(400)}.com`;
    const name = draw() < 0.4 ? domain : `h${pick(3)}.${domain}`;
    const type = ['A', 'A', 'NS', 'MX', 'CNAME'][pick(5)]!;
    const data = type === 'A' ? `203.0.113.${pick(40)}` : `x${pick(12)}.host${pick(6)}.net`;
    const items: Item[] = [{ owner: name, type, data }];
    if (type === 'CNAME') items.push({ owner: data, type: 'A', data: `203.0.113.${pick(40)}` });
    observe(graph, name, items, on);
    return graph.find('name', name);
  };
  // A wide address, which becomes a hub in between.
  let wide = 0;
  const widen = (on: number) => {
    const name = `w.wide${wide++}.org`;
    observe(graph, name, [{ owner: name, type: 'A', data: '203.0.113.0' }], on);
  };
  for (let n = 0; n < 700; n++) move(today - 45 + (n % 45));
  for (let n = 0; n < 300; n++) widen(today - 10);
  graph.rebuild(today);
  const seedsOf = (from: number): Seed[] => {
    const seeds: Seed[] = [];
    for (let n = from; n < from + 200; n += 4)
      for (const node of [graph.find('domain', `d${n}.com`), graph.find('name', `h0.d${n}.com`)])
        if (node >= 0 && (node + n) % 3 > 0) seeds.push({ node, weight: 0.9, says: 'is on a list' });
    // What a list names before anybody has asked for its names.
    const later = graph.find('domain', `d${from + 300}.com`);
    return later < 0 ? seeds : [...seeds, { node: later, weight: 0.9, says: 'is on a list' }];
  };
  const owners = ownersOf(graph);
  let seeds = seedsOf(0);
  const company = new Company(graph, owners, seeds);
  let told = 0;
  let judged = 0;
  for (let n = 0; n < 900; n++) {
    // Older days come as well: an import beside what is live.
    const asked = move(today - (n % 7 === 0 ? 20 : 0));
    if (n % 3 === 0) widen(today);
    told += company.follow([asked]).size;
    if (n % 200 === 150) {
      seeds = seedsOf(n / 50);
      company.reseed(seeds);
    }
    if (n % 75 !== 0) continue;
    const whole = new Company(graph, owners, seeds);
    for (let node = 0; node < graph.nodes.size; node++) {
      const said = company.of(node);
      if (graph.nodes.kind(node) === kindNumber.name && said.length > 0) judged++;
      expect(said, graph.nodes.text(node)).toEqual(whole.of(node));
    }
  }
  expect(judged).toBeGreaterThan(1_000);
  expect(wide).toBeGreaterThan(hubBreadth);
  expect(told).toBeGreaterThan(0);
});

it('tells each name at a wide address by and by, and all that wait once seeds are heard', () => {
  const graph = new Graph();
  const join = (name: string, ip: string, on: number) =>
    observe(graph, name, [{ owner: name, type: 'A', data: ip }], on);
  for (let n = 0; n < 20; n++) join(`www.meadow${n}.net`, `198.51.100.${n + 1}`, today - 60 + n);
  const names = Array.from({ length: 400 }, (_, n) => `www.harbour${n}.org`);
  names.forEach((name, n) => {
    join(name, '203.0.113.9', today - 20 + (n % 20));
  });
  graph.rebuild(today);
  const seeds = names
    .filter((_, n) => n % 3 === 0)
    .map((name) => ({ node: graph.find('name', name), weight: 0.9, says: 'is on a list' }));
  const standings = new Standings(graph, model, seeds);
  const told = new Map([...standings.ranked()].map(({ name, score }) => [name, score]));
  const off = () =>
    Math.max(...[...standings.ranked()].map(({ name, score }) => Math.abs(score - told.get(name)!)));
  let most = 0;
  for (let n = 0; n < 60; n++) {
    join(`www.new${n}.com`, '203.0.113.9', today);
    const rows = standings.follow([`www.new${n}.com`]);
    expect(rows.map(({ name }) => name)).toContain(`www.new${n}.com`);
    most = Math.max(most, rows.length);
    for (const { name, score } of rows) told.set(name, score);
  }
  // No answer waits for all of them.
  expect(most).toBeLessThan(50);
  expect(off()).toBeGreaterThan(0.5);
  // Where they stand is told in the right order at any time.
  const scores = [...standings.ranked()].map(({ score }) => score);
  scores.forEach((score, at) => {
    expect(score).toBeLessThanOrEqual((scores[at - 1] ?? 100) + 1e-3);
  });
  const rows = standings.reseed(seeds)!;
  expect(rows.length).toBeGreaterThan(100);
  for (const { name, score } of rows) told.set(name, score);
  expect(off()).toBeLessThan(0.5);
});
