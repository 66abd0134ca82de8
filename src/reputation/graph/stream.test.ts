import { expect, it } from 'vitest';
import { seeded } from '../../kit/seeded.ts';
import { believe, epsOf, scaleOf } from './belief.ts';
import { Graph } from './graph.ts';
import { breadthOf, ownersOf } from './owners.ts';
import { BeliefStream } from './stream.ts';

const drained = (stream: BeliefStream) => {
  for (let n = 0; n < 1_000 && !stream.drain(100_000); n++);
};

it('comes to what a whole run comes to, edge by edge', () => {
  const draw = seeded(3);
  const graph = new Graph();
  const pair = () =>
    [
      graph.node('name', `n${Math.floor(draw() * 300)}`, 9),
      graph.node('ip', `i${Math.floor(draw() ** 2 * 100)}`, 9),
    ] as const;
  for (let n = 0; n < 300; n++) graph.node('name', `n${n}`, 9);
  for (let n = 0; n < 100; n++) graph.node('ip', `i${n}`, 9);
  for (let n = 0; n < 700; n++) graph.join('resolves', ...pair(), 9);
  graph.rebuild(9);
  const scale = scaleOf(graph, breadthOf(graph, ownersOf(graph)));
  const eps = 0.6 * epsOf(graph.layers, scale);
  const prior = Float32Array.from({ length: graph.nodes.size }, () => (draw() < 0.2 ? draw() * 8 - 4 : 0));
  const stream = new BeliefStream(graph, scale, eps, believe(graph.layers, scale, prior, eps, 60));
  for (let n = 0; n < 150; n++) {
    const [a, b] = pair();
    if (graph.join('resolves', a, b, 9)) stream.joined('resolves', a, b);
    const node = Math.floor(draw() * 300);
    prior[node]! += 1;
    stream.nudged(node, 1);
  }
  drained(stream);
  graph.rebuild(9);
  const whole = believe(graph.layers, scale, prior, eps, 60);
  let worst = 0;
  for (let node = 0; node < graph.nodes.size; node++)
    worst = Math.max(worst, Math.abs(stream.value(node) - whole[node]!));
  expect(worst).toBeLessThan(0.01);
});

it('does not walk the edges of the widest at once, and its neighbours know nonetheless', () => {
  const graph = new Graph();
  const wide = graph.node('domain', 'wide.example', 9);
  for (let n = 0; n < 50_000; n++) graph.join('under', graph.node('name', `h${n}.wide.example`, 9), wide, 9);
  const first = graph.find('name', 'h0.wide.example');
  graph.rebuild(9);
  const scale = scaleOf(graph, breadthOf(graph, ownersOf(graph)));
  const eps = epsOf(graph.layers, scale);
  const prior = new Float32Array(graph.nodes.size);
  const stream = new BeliefStream(graph, scale, eps, prior);
  stream.nudged(wide, 4);
  expect(stream.touched.length).toBeLessThan(10);
  prior[wide] = 4;
  const whole = believe(graph.layers, scale, prior, eps, 60);
  // One step of the way is told on reading; the rest once it is drained.
  expect(stream.value(first)).toBeGreaterThan(0.3 * whole[first]!);
  drained(stream);
  expect(Math.abs(stream.value(first) - whole[first]!)).toBeLessThan(0.01);
});

it('takes in names that it has never seen', () => {
  const graph = new Graph();
  const bad = graph.node('name', 'bad.example', 9);
  const host = graph.node('ip', '192.0.2.1', 9);
  graph.join('resolves', bad, host, 9);
  graph.rebuild(9);
  const scale = scaleOf(graph, breadthOf(graph, ownersOf(graph)));
  const eps = epsOf(graph.layers, scale);
  const prior = Float32Array.from([4, 0]);
  const stream = new BeliefStream(graph, scale, eps, believe(graph.layers, scale, prior, eps));
  const fresh = graph.node('name', 'fresh.example', 9);
  graph.join('resolves', fresh, host, 9);
  stream.joined('resolves', fresh, host);
  expect(stream.value(fresh)).toBeGreaterThan(0.1);
  expect(stream.touched).toContain(fresh);
});
