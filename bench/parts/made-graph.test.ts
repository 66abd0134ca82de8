import { expect, it } from 'vitest';
import { madeRows } from './made-graph.ts';

it('makes rows that are symmetric and in order, the same each time', () => {
  // Over one group of hosts, so that rows are turned around group by group.
  const nodes = 200_000;
  const { rowPtr, cols } = madeRows(nodes, 300_000);
  expect(rowPtr[nodes]).toBe(cols.length);
  expect(cols.length).toBe(600_000);
  const hosts = nodes / 4;
  // What joins a name to hosts, in order, is what joins those hosts to it, counted by the sum of a product that few others have.
  let forth = 0;
  let back = 0;
  let astray = 0;
  for (let node = 0; node < nodes; node++)
    for (let at = rowPtr[node]!; at < rowPtr[node + 1]!; at++) {
      const other = cols[at]!;
      if (at > rowPtr[node]! && other < cols[at - 1]!) astray++;
      if (node < hosts !== other >= hosts) astray++;
      if (node < hosts) back = (back + Math.imul(node + 1, Math.imul(other, 0x9e3779b1))) | 0;
      else forth = (forth + Math.imul(other + 1, Math.imul(node, 0x9e3779b1))) | 0;
    }
  expect(astray).toBe(0);
  expect(back).toBe(forth);
  expect(Buffer.compare(Buffer.from(madeRows(nodes, 300_000).cols.buffer), Buffer.from(cols.buffer))).toBe(0);
});
