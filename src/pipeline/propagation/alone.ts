import { cpus } from 'node:os';
import { Propagation } from '../../reputation/graph/propagation.ts';
import type { Weighted } from '../../reputation/sql/index.ts';

/** Threads that one run takes at most. */
const mostThreads = 16;

/** Spreads belief on this machine, with a thread for each processor. */
export async function propagateAlone(
  { layers, scale, prior, eps }: Weighted,
  passes: number,
): Promise<{ belief: Float32Array; passMs: number[] }> {
  const pool = new Propagation(Math.min(mostThreads, cpus().length));
  try {
    return await pool.run(await pool.load(layers), scale, prior, eps, passes);
  } finally {
    await pool.close();
  }
}
