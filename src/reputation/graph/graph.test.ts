import { expect, it } from 'vitest';
import { seeded } from '../../kit/seeded.ts';
import { Graph } from './graph.ts';
import { edgeTypes } from './kinds.ts';

/** Every edge as text, from both ends. */
function edgesOf(graph: Graph): string[] {
  const all: string[] = [];
  for (let node = 0; node < graph.nodes.size; node++)
    graph.each(node, (other, type, first, last) => {
      all.push(`${node} ${other} ${edgeTypes[type]!.name} ${first} ${last}`);
    });
  return all.sort();
}

function grow(graph: Graph, seed: number, count: number, day: number): Map<string, [number, number]> {
  const draw = seeded(seed);
  const known = new Map<string, [number, number]>();
  for (let n = 0; n < count; n++) {
    const a = graph.node('name', `n${Math.floor(draw() * 60)}.example`, day);
    const b = graph.node('ip', `192.0.2.${Math.floor(draw() * 40)}`, day);
    const type = draw() < 0.8 ? 'resolves' : 'cname';
    const at = day + Math.floor(draw() * 30);
    graph.join(type, a, b, at);
    const key = `${Math.min(a, b)} ${Math.max(a, b)} ${type}`;
    const [first, last] = known.get(key) ?? [at, at];
    known.set(key, [Math.min(first, at), Math.max(last, at)]);
  }
  return known;
}

const told = (known: Map<string, [number, number]>) =>
  [...known]
    .flatMap(([key, [first, last]]) => {
      const [a, b, type] = key.split(' ');
      return [`${a} ${b} ${type} ${first} ${last}`, `${b} ${a} ${type} ${first} ${last}`];
    })
    .sort();

it('knows each edge once, with its days, before and after its rows are built, and what comes after', () => {
  const graph = new Graph();
  const first = grow(graph, 1, 500, 20_000);
  expect(edgesOf(graph)).toEqual(told(first));
  graph.rebuild(20_030);
  expect(graph.log.size).toBe(0);
  expect(edgesOf(graph)).toEqual(told(first));
  const second = grow(graph, 2, 500, 20_020);
  const all = new Map(first);
  for (const [key, [from, to]] of second) {
    const [a, b] = all.get(key) ?? [from, to];
    all.set(key, [Math.min(a, from), Math.max(b, to)]);
  }
  expect(edgesOf(graph)).toEqual(told(all));
  graph.rebuild(20_060);
  expect(edgesOf(graph)).toEqual(told(all));
  expect(graph.edges).toBe(all.size);
});

it('weighs an edge less the longer it was not seen', () => {
  const graph = new Graph();
  const [a, b, c] = [graph.node('name', 'a', 0), graph.node('ip', 'b', 0), graph.node('ip', 'c', 0)];
  graph.join('resolves', a, b, 20_000);
  graph.join('resolves', a, c, 20_089);
  graph.rebuild(20_090);
  const weights = new Map<number, number>();
  graph.each(a, (other, _type, _first, _last, weight) => weights.set(other, weight));
  expect(weights.get(c)!).toBeGreaterThan(10 * weights.get(b)!);
});

it('joins nothing with itself, and nothing that there is no room for', () => {
  const graph = new Graph();
  const node = graph.node('name', 'a.example', 1);
  expect(graph.join('cname', node, node, 1)).toBe(false);
  expect(graph.node('name', 'x'.repeat(2_000), 1)).toBe(-1);
  expect(graph.join('cname', node, -1, 1)).toBe(false);
  expect([graph.edges, graph.refused]).toEqual([0, 1]);
});
