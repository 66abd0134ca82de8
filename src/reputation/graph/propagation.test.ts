import { expect, it } from 'vitest';
import { seeded } from '../../kit/seeded.ts';
import { believe } from './belief.ts';
import { buildRows, sharedFloat32 } from './layer.ts';
import { Propagation } from './propagation.ts';

it.each([1, 2, 3])('comes to the same with %i workers as without', async (workers) => {
  const draw = seeded(workers);
  const nodes = 50_000;
  const rows = (seed: number, count: number) =>
    buildRows(nodes, (edge) => {
      const next = seeded(seed);
      for (let n = 0; n < count; n++) edge(Math.floor(next() * nodes), Math.floor(next() ** 3 * nodes));
    });
  const layers = [rows(1, 100_000), rows(2, 20_000)].map((one, n) => ({
    ...one,
    ...{ type: n, age: 0, weight: 0.5 - 0.2 * n, firstDay: new Uint16Array(0), lastDay: new Uint16Array(0) },
  }));
  const scale = sharedFloat32(nodes).map((_, i) => (i % 97 === 0 ? 0 : 0.2));
  const shared = sharedFloat32(nodes);
  shared.set(scale);
  const prior = Float32Array.from({ length: nodes }, () => draw() * 4 - 2);
  const pool = new Propagation(workers);
  try {
    for (const passes of [1, 4]) {
      const { belief, passMs } = await pool.run(layers, shared, prior, 0.3, passes);
      expect(Buffer.from(belief.slice().buffer)).toEqual(
        Buffer.from(believe(layers, shared, prior, 0.3, passes).slice().buffer),
      );
      expect(passMs).toHaveLength(passes);
    }
  } finally {
    await pool.close();
  }
});
