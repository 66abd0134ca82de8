import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { seeded } from '../../kit/seeded.ts';
import { packageFolder } from '../../version.ts';
import { Graph } from '../graph/graph.ts';
import { observe } from '../graph/observe.ts';
import { pushed } from '../graph/push-from.ts';
import { openNameModel } from '../names/name-model.ts';
import { GraphFeatures, graphWidth, shapeOf } from './graph-features.ts';
import { Standings } from './standing.ts';

const model = openNameModel(readFileSync(packageFolder('models/names.model')));
const today = 20_500;
const groups = 1_500;

/** Names on a few carriers, some of them bad, of which more come while scores are followed; with or without very many groups that ask. */
function played(asked: boolean) {
  const graph = new Graph();
  const draw = seeded(3);
  const pick = (count: number) => Math.floor(draw() * count);
  const ask = (name: string, count: number) => {
    for (let n = 0; asked && n < count; n++)
      graph.join('asked', graph.find('name', name), graph.node('client', `${n}`, today), today);
  };
  const come = (n: number) => {
    const name = `www.shop${n}.org`;
    const items = Array.from({ length: 1 + pick(3) }, () => {
      const data = `198.51.100.${pick(60)}`;
      return { owner: name, type: 'A', data };
    });
    observe(graph, name, items, today - pick(9));
    ask(name, 5 + pick(40));
    return name;
  };
  for (let n = 0; n < 300; n++) come(n);
  const wide = 'www.shop0.org';
  ask(wide, groups);
  graph.rebuild(today);
  const seeds = [2, 40, 77].map((n) => ({
    ...{ node: graph.find('ip', `198.51.100.${n % 60}`), weight: 0.9, says: 'fetched' },
  }));
  const standings = new Standings(graph, model, seeds);
  const followed = [...standings.ranked()].map(({ name, score }) => ({ name, score }));
  for (let n = 300; n < 360; n++) {
    const name = come(n);
    // The wide one comes to new carriers, among what else asks for it.
    observe(graph, wide, [{ owner: wide, type: 'A', data: `198.51.100.${n % 60}` }], today);
    ask(wide, groups + n);
    followed.push(...standings.follow([name, wide]).map(({ name, score }) => ({ name, score })));
  }
  const live = [...standings.ranked()].map(({ name, score }) => ({ name, score }));
  const { near: _, ...shown } = standings.show(wide)!;
  return { graph, seeds, standings, followed, live, shown };
}

it('tells the same of every name, however many groups of clients asked for it', () => {
  const [without, all] = [played(false), played(true)];
  expect(all.graph.edges).toBeGreaterThan(without.graph.edges + 8_000);
  expect(all.followed).toEqual(without.followed);
  expect(all.live).toEqual(without.live);
  expect(all.shown).toEqual(without.shown);
  // What asks is no reason to rank all anew.
  let n = 0;
  while (all.graph.edges < 60_000)
    all.graph.join('asked', 0, all.graph.node('client', `more ${n++}`, today), today);
  all.standings.follow();
  expect(all.standings.due).toBe(false);
});

it('gives each name the same features', () => {
  const rows = [played(false), played(true)].map(({ graph }) => {
    graph.rebuild(today + 1);
    const shape = shapeOf(graph);
    const labels = new Int8Array(graph.nodes.size);
    const lexical = new Float32Array(graph.nodes.size);
    const nodes = Array.from({ length: 360 }, (_, n) => graph.find('name', `www.shop${n}.org`));
    for (const [n, node] of nodes.entries()) {
      labels[node] = n % 7 === 0 ? 1 : n % 3 === 0 ? -1 : 0;
      lexical[node] = (n % 11) / 4 - 1;
    }
    const features = new GraphFeatures(shape, labels, lexical, 0.3);
    const reached = pushed(shape, nodes[0]!).size;
    const written = nodes.map((node) => {
      const row = new Float32Array(graphWidth);
      features.write(node, row, 0);
      return [...row, shape.breadth[node], shape.scale[node]];
    });
    return { eps: shape.eps, reached, written };
  });
  expect(rows[1]).toEqual(rows[0]);
});

it('shows who asked beside what carries a name, a few of them, and never as what matters most', () => {
  const { standings } = played(true);
  const shown = standings.show('www.shop0.org')!;
  const ring = ({ nodes, edges }: typeof shown.near) =>
    edges.filter(({ a }) => a === 0).map(({ b }) => nodes[b]!);
  const around = ring(shown.near);
  expect(around.filter(({ kind }) => kind === 'client')).toHaveLength(4);
  const carriers = around.filter(({ kind }) => kind !== 'client');
  expect(carriers).toEqual(ring(played(false).standings.show('www.shop0.org')!.near));
  expect(carriers).toHaveLength(12);
  expect(shown.without!.what).not.toContain('client');
  const asked = standings.group('3')!;
  expect(asked.names.length + asked.more).toBeGreaterThan(250);
  expect(asked.names[0]!.score).toBeGreaterThanOrEqual(asked.names.at(-1)!.score);
  expect(standings.group('nobody')).toBeNull();
});
