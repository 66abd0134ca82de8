import { readFileSync } from 'node:fs';
import { hubBreadth } from '../../src/reputation/graph/belief.ts';
import type { Blocks } from '../../src/reputation/graph/blocks.ts';
import { sharedFloat32 } from '../../src/reputation/graph/layer.ts';
import { orderOf } from '../../src/reputation/graph/order.ts';
import { Propagation } from '../../src/reputation/graph/propagation.ts';
import { collect, quantile } from '../bench.ts';
import { madeRows } from './made-graph.ts';

/** Edges of the largest graph, edges for each node, and bytes that one of them takes at most while blocks are cut from rows. */
const most = 1_000_000_000;
const perNode = 10;
const bytesPerEdge = 17.5;
/** Memory left to everybody else, in bytes. */
const spare = 1.5e9;
const passes = 10;

/**
 * The largest graph up to a billion edges that fits the memory that is free: cut into blocks, its largest eigenvalue sought, ten
 * passes of belief, and its names put in order.
 */
export async function rankLargest(workers: number, say: (line: string) => void) {
  const free = availableBytes();
  const nodes = Math.floor(Math.min(most, (free - spare) / bytesPerEdge) / perNode / 1e6) * 1e6;
  if (nodes < 10_000_000) return { largest_edges: null };
  say(`${nodes} nodes, ${nodes * perNode} edges: building rows`);
  const blocks = await cut(nodes, workers);
  collect();
  say(`cut into blocks in ${(blocks.ms / 1_000).toFixed(1)} s`);
  const pool = new Propagation(workers);
  try {
    const began = performance.now();
    const { scale } = blocks;
    const prior = sharedFloat32(nodes);
    for (let i = 0; i < nodes; i++) prior[i] = (i % 7) - 3;
    const radius = await pool.radius(blocks.cut, scale);
    say(`the largest eigenvalue, ${radius.toFixed(3)}, after ${seconds(began)} s`);
    const { belief, passMs } = await pool.run(blocks.cut, scale, prior, 0.7 / radius, passes);
    const order = orderOf(belief);
    const ranked = seconds(began) + blocks.ms / 1_000;
    say(
      `ranked after ${ranked.toFixed(1)} s, ${(passMs.reduce((sum, ms) => sum + ms, 0) / 1_000).toFixed(1)} of them in passes; the highest is ${order[0]}`,
    );
    return {
      largest_edges: blocks.cut.entries / 2,
      largest_pass_s: Math.round(quantile(passMs, 0.5)) / 1_000,
      largest_rank_s: Math.round(ranked),
      largest_rss_gb: Math.round(process.memoryUsage.rss() / 1e8) / 10,
    };
  } finally {
    await pool.close();
  }
}

/** Rows live only in here, and in workers that end with it: memory holds either them or what passes write. */
async function cut(
  nodes: number,
  workers: number,
): Promise<{ cut: Blocks; scale: Float32Array; ms: number }> {
  const rows = madeRows(nodes, nodes * perNode);
  const pool = new Propagation(workers);
  try {
    const began = performance.now();
    const layers = [{ type: 0, age: 0, weight: 1, ...rows }];
    const blocks = await pool.load(layers);
    const scale = weights(rows.rowPtr);
    return { cut: blocks, scale, ms: performance.now() - began };
  } finally {
    await pool.close();
  }
}

/** As `scaleOf` has it, where each name has an owner of its own. */
function weights(rowPtr: Uint32Array): Float32Array {
  const scale = sharedFloat32(rowPtr.length - 1);
  for (let node = 0; node < scale.length; node++) {
    const edges = rowPtr[node + 1]! - rowPtr[node]!;
    scale[node] = edges > hubBreadth ? 0 : 1 / Math.sqrt(Math.max(1, edges));
  }
  return scale;
}

const seconds = (began: number) => (performance.now() - began) / 1_000;
function availableBytes(): number {
  const [, kib] = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8')) ?? [];
  return Number(kib ?? 0) * 1_024;
}
