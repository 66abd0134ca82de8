import { expect, it } from 'vitest';
import { Graph } from './graph.ts';
import { loopy } from './loopy.ts';

const none = 0xffff_ffff;

/** A tree: on it, belief propagation is exact. */
function tree() {
  const graph = new Graph();
  const names = ['a', 'b', 'c', 'd'].map((name) => graph.node('name', name, 9));
  const hosts = ['h', 'k'].map((ip) => graph.node('ip', ip, 9));
  for (const [name, host] of [
    [0, 0],
    [1, 0],
    [2, 0],
    [2, 1],
    [3, 1],
  ] as const)
    graph.join('resolves', names[name]!, hosts[host]!, 9);
  graph.rebuild(9);
  return graph;
}

it('is exact on a tree', () => {
  const graph = tree();
  const size = graph.nodes.size;
  const scale = new Float32Array(size).fill(0.8);
  const named = Uint8Array.from({ length: size }, (_, i) => (i < 4 ? 1 : 0));
  const prior = Float32Array.from([2, -1, 0.5, 3, 0, 0]);
  const heard = loopy(graph.layers, scale, named, prior, new Uint32Array(size).fill(none));
  // The sum over all 64 worlds: each edge is in favour of equal ends by its coupling.
  const coupling = graph.layers[0]!.weight * 0.8;
  const marginal = new Float64Array(size);
  let all = 0;
  for (let world = 0; world < 64; world++) {
    const state = (node: number) => (world >> node) & 1;
    let weight = 1;
    for (let i = 0; i < size; i++) weight *= state(i) ? Math.exp(prior[i]! / 2) : Math.exp(-prior[i]! / 2);
    for (let i = 0; i < size; i++)
      graph.each(i, (j) => {
        if (j > i) weight *= state(i) === state(j) ? (1 + coupling) / 2 : (1 - coupling) / 2;
      });
    all += weight;
    for (let i = 0; i < size; i++) if (state(i)) marginal[i]! += weight;
  }
  for (let i = 0; i < size; i++) {
    const p = marginal[i]! / all;
    // Half of each message is the one before: what is left after twelve rounds is small.
    expect(Math.abs(prior[i]! + heard[i]! - Math.log(p / (1 - p)))).toBeLessThan(0.01);
  }
});

it('does not hear whom it is not to hear, nor what is a hub', () => {
  const graph = tree();
  const size = graph.nodes.size;
  const named = Uint8Array.from({ length: size }, (_, i) => (i < 4 ? 1 : 0));
  const prior = Float32Array.from([4, 0, 0, 0, 0, 0]);
  const own = new Uint32Array(size).fill(none);
  own[1] = graph.find('ip', 'h');
  const scale = new Float32Array(size).fill(0.8);
  expect(loopy(graph.layers, scale, named, prior, own)[1]).toBeCloseTo(0, 6);
  scale[graph.find('ip', 'h')] = 0;
  expect(loopy(graph.layers, scale, named, prior, new Uint32Array(size).fill(none))[2]).toBeCloseTo(0, 6);
});
