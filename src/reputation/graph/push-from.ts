import type { Graph } from './graph.ts';

/** Steps that one push may take, and the share of a source below which it is not followed further. */
const stepLimit = 20_000;
const least = 1e-4;

/**
 * The row of `G = (I - eps W)^-1` that belongs to a node: how much of each other's prior ends up in its belief (W is symmetric, so one
 * push from the node yields it). Local: as far as shares are worth following; what is left over stays unsaid.
 */
export function pushed(
  { graph, scale, eps }: { graph: Graph; scale: Float32Array; eps: number },
  from: number,
  /** Is told through which node each was first reached. */
  parents?: Map<number, number>,
): Map<number, number> {
  const row = new Map<number, number>();
  const rest = new Map<number, number>([[from, 1]]);
  const queue = [from];
  let steps = 0;
  for (let at = 0; at < queue.length && steps < stepLimit; at++) {
    const node = queue[at]!;
    const share = rest.get(node) ?? 0;
    if (Math.abs(share) < least) continue;
    rest.set(node, 0);
    row.set(node, (row.get(node) ?? 0) + share);
    const own = eps * scale[node]! * share;
    if (own === 0) continue;
    graph.each(node, (other, _type, _first, _last, weight) => {
      if (weight === 0) return;
      steps++;
      const gain = own * weight * scale[other]!;
      if (gain === 0) return;
      const before = rest.get(other) ?? 0;
      rest.set(other, before + gain);
      if (parents && other !== from && !parents.has(other)) parents.set(other, node);
      if (Math.abs(before) < least && Math.abs(before + gain) >= least) queue.push(other);
    });
  }
  return row;
}
