import { expect, it } from 'vitest';
import { seeded } from '../../kit/seeded.ts';
import { believe, radiusOf } from './belief.ts';
import { buildRows, sharedFloat32 } from './layer.ts';
import { Propagation } from './propagation.ts';

it.each([
  { workers: 1, count: 3, shardBytes: undefined },
  { workers: 2, count: 1, shardBytes: undefined },
  { workers: 3, count: 3, shardBytes: 2_300_000 },
])('comes to the same over blocks as row by row: %o', async ({ workers, count, shardBytes }) => {
  const draw = seeded(workers);
  const nodes = 100_000;
  const rows = (seed: number, edges: number) =>
    buildRows(nodes, (edge) => {
      const next = seeded(seed);
      for (let n = 0; n < edges; n++) edge(Math.floor(next() * nodes), Math.floor(next() ** 3 * nodes));
    });
  const layers = [rows(1, 100_000), rows(2, 20_000), rows(3, 0)].slice(0, count).map((one, n) => ({
    ...one,
    ...{ type: n, age: 0, weight: 0.5 - 0.15 * n, firstDay: new Uint16Array(0), lastDay: new Uint16Array(0) },
  }));
  const scale = sharedFloat32(nodes).map((_, i) => (i % 97 === 0 ? 0 : 0.2));
  const shared = sharedFloat32(nodes);
  shared.set(scale);
  const prior = Float32Array.from({ length: nodes }, () => draw() * 4 - 2);
  const pool = new Propagation(workers, shardBytes);
  try {
    const blocks = await pool.load(layers);
    expect(blocks.shards.length > 1).toBe(shardBytes !== undefined);
    for (const passes of [1, 4]) {
      const { belief, passMs } = await pool.run(blocks, shared, prior, 0.3, passes);
      const rows = believe(layers, shared, prior, 0.3, passes);
      expect(Buffer.compare(Buffer.from(belief.slice().buffer), Buffer.from(rows.slice().buffer))).toBe(0);
      expect(passMs).toHaveLength(passes);
    }
    expect(await pool.radius(blocks, shared)).toBe(radiusOf(layers, shared));
  } finally {
    await pool.close();
  }
});
