import { expect, it } from 'vitest';
import { seeded } from '../../kit/seeded.ts';
import { buildRows } from './layer.ts';
import { passOver } from './pass-over.ts';

it('comes to the same over blocks as over rows, pass after pass', () => {
  const nodes = 70_001;
  const draw = seeded(4);
  const layers = [40_000, 0, 9_000].map((edges, n) => ({
    ...buildRows(nodes, (edge) => {
      const next = seeded(n);
      for (let i = 0; i < edges; i++) edge(Math.floor(next() * nodes), Math.floor(next() ** 4 * nodes));
    }),
    ...{ type: n, age: 0, weight: 0.7 - 0.2 * n },
  }));
  const prior = Float32Array.from({ length: nodes }, () => draw() * 4 - 2);
  const scale = prior.map((value, i) => (i % 31 === 0 ? 0 : Math.abs(value) / 4));
  const run = (from: number) => {
    const pass = passOver(layers, nodes, from);
    let [now, next] = [prior.slice(), new Float32Array(nodes)];
    for (let n = 0; n < 3; n++) {
      pass({ prior, scale, from: now, to: next }, 0.4);
      [now, next] = [next, now];
    }
    return Buffer.from(now.buffer);
  };
  expect(run(0).equals(run(Number.POSITIVE_INFINITY))).toBe(true);
  expect(run(0).equals(Buffer.from(prior.slice().buffer))).toBe(false);
});
