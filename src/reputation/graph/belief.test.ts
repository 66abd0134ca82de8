import { expect, it } from 'vitest';
import { seeded } from '../../kit/seeded.ts';
import { believe, epsOf, hubBreadth, radiusOf, scaleOf } from './belief.ts';
import { Graph } from './graph.ts';
import { breadthOf, ownersOf } from './owners.ts';
import { pushed } from './push-from.ts';

/** With `dense` names of one owner at as many hosts, all at all. */
function made(names: number, hosts: number, edges: number, dense = 0) {
  const draw = seeded(7);
  const graph = new Graph();
  for (let n = 0; n < edges; n++) {
    const name = graph.node('name', `n${Math.floor(draw() * names)}.example`, 100);
    const ip = graph.node('ip', `ip${Math.floor(draw() ** 2 * hosts)}`, 100);
    graph.join(draw() < 0.9 ? 'resolves' : 'ns', name, ip, 100 - Math.floor(draw() * 40));
  }
  for (let n = 0; n < dense; n++)
    for (let host = 0; host < dense; host++)
      graph.join(
        'resolves',
        graph.node('name', `n${n}.dense.example`, 100),
        graph.node('ip', `dense${host}`, 100),
        100,
      );
  graph.rebuild(100);
  const scale = scaleOf(graph, breadthOf(graph, ownersOf(graph)));
  const prior = Float32Array.from({ length: graph.nodes.size }, () => (draw() < 0.3 ? draw() * 8 - 4 : 0));
  return { graph, scale, prior, eps: epsOf(graph.layers, scale) };
}

/** The weights as a dense matrix. */
function dense(graph: Graph, scale: Float32Array): number[][] {
  const size = graph.nodes.size;
  const w = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  for (let i = 0; i < size; i++)
    graph.each(i, (j, _type, _first, _last, weight) => {
      w[i]![j]! += weight * scale[i]! * scale[j]!;
    });
  return w;
}

it('comes to what the linear system says', () => {
  const { graph, scale, prior, eps } = made(60, 30, 200);
  const w = dense(graph, scale);
  let exact = [...prior];
  for (let round = 0; round < 400; round++)
    exact = exact.map((_, i) => prior[i]! + eps * w[i]!.reduce((sum, x, j) => sum + x * exact[j]!, 0));
  const found = believe(graph.layers, scale, prior, eps, 60);
  const apart = Math.max(...exact.map((value, i) => Math.abs(value - found[i]!)));
  expect(apart).toBeLessThan(1e-4);
  // Ten passes, as they are used, are off by less than 0.7^10 of the whole.
  const short = believe(graph.layers, scale, prior, eps);
  expect(Math.max(...exact.map((value, i) => Math.abs(value - short[i]!)))).toBeLessThan(0.3);
});

it.each([
  ['a graph as others are', () => made(40, 20, 100)],
  ['one that is dense in a corner', () => made(300, 200, 500, 12)],
  ['hardly an edge', () => made(40, 20, 3)],
])('finds the largest eigenvalue of %s to within two in a hundred, from below', (_, make) => {
  const { graph, scale } = make();
  const w = dense(graph, scale);
  let x = w.map(() => 1);
  let radius = 0;
  for (let round = 0; round < 1_000; round++) {
    const y = w.map((row) => row.reduce((sum, value, j) => sum + value * x[j]!, 0));
    radius = Math.hypot(...y) / Math.hypot(...x);
    const unit = Math.hypot(...y);
    x = y.map((value) => value / unit);
  }
  const found = radiusOf(graph.layers, scale);
  expect(found).toBeGreaterThan(0.98 * radius);
  expect(found).toBeLessThan(1.000_01 * radius);
});

it('has no eigenvalue where there is no edge', () => {
  expect(epsOf([], new Float32Array(3))).toBe(0);
  expect(epsOf([], new Float32Array(3).fill(1))).toBe(0);
});

it('says exactly who put how much into a belief', () => {
  const { graph, scale, prior, eps } = made(60, 30, 200);
  const belief = believe(graph.layers, scale, prior, eps, 80);
  for (const node of [0, 5, 17, 42]) {
    let sum = 0;
    for (const [source, share] of pushed({ graph, scale, eps }, node)) sum += share * prior[source]!;
    expect(Math.abs(sum - belief[node]!)).toBeLessThan(0.02);
  }
});

it('lets no belief pass a host that everybody is at', () => {
  const graph = new Graph();
  const shared = graph.node('ip', '192.0.2.1', 1);
  for (let n = 0; n <= hubBreadth; n++) {
    const name = graph.node('name', `www.d${n}.example`, 1);
    graph.join('under', name, graph.node('domain', `d${n}.example`, 1), 1);
    graph.join('resolves', name, shared, 1);
  }
  const few = graph.node('ip', '192.0.2.2', 1);
  for (let n = 0; n < 2_000; n++) {
    // Many names of one owner are no crowd.
    const name = graph.node('name', `h${n}.one.example`, 1);
    graph.join('under', name, graph.node('domain', 'one.example', 1), 1);
    graph.join('resolves', name, few, 1);
  }
  graph.rebuild(1);
  const scale = scaleOf(graph, breadthOf(graph, ownersOf(graph)));
  expect(scale[shared]).toBe(0);
  expect(scale[few]).toBe(1);
  const prior = new Float32Array(graph.nodes.size);
  prior[graph.find('name', 'www.d0.example')] = 4;
  const belief = believe(graph.layers, scale, prior, epsOf(graph.layers, scale));
  expect(belief[graph.find('name', 'www.d1.example')]).toBe(0);
});
