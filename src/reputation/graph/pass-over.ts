import { BlockPass } from './block-pass.ts';
import { emptyCounts, layOut, partsOf } from './blocks.ts';
import { Cutter } from './cutter.ts';
import type { Layer } from './layer.ts';
import { pass, type Vectors } from './pass.ts';

/** Entries from which on it is worth it to cut rows into blocks, on one thread: that takes about as long as one pass over rows. */
const blocksFrom = 2_000_000;

/** One pass over all nodes of a graph. */
export type Pass = (vectors: Vectors, eps: number) => void;

/** Passes over all nodes of a graph, for one thread: over its rows where it is small, over blocks where it is large. The result is the same. */
export function passOver(all: readonly Layer[], nodes: number, from = blocksFrom): Pass {
  const layers = all.filter(({ weight }) => weight > 0);
  const entries = layers.reduce((sum, { cols }) => sum + cols.length, 0);
  if (entries < from) return (vectors, eps) => pass(layers, vectors, eps, 0, nodes);
  const parts = partsOf(nodes);
  const each = (work: (part: number) => void) => {
    for (let part = 0; part < parts; part++) work(part);
  };
  const cutter = new Cutter(nodes);
  const counts = layers.map(() => emptyCounts(nodes));
  for (const [n, layer] of layers.entries()) each((part) => cutter.count(layer, counts[n]!, part));
  const blocks = layOut(nodes, layers, counts, 1);
  for (const [n, layer] of layers.entries()) each((part) => cutter.fill(layer, blocks, n, part));
  const hands = new BlockPass(blocks, 0);
  return (vectors, eps) => {
    each((part) => hands.scatter(vectors.from, part));
    each((part) => hands.gather(vectors, eps, part));
  };
}
