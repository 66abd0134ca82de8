import { expect, it } from 'vitest';
import { seeded } from '../../kit/seeded.ts';
import { emptyCounts, layOut, partSize, partsOf } from './blocks.ts';
import { Cutter } from './cutter.ts';
import { buildRows } from './layer.ts';

const nodes = 3 * partSize - 5;
const draw = seeded(3);
const rows = buildRows(nodes, (edge) => {
  const next = seeded(4);
  // A few wide rows, many empty ones, and edges within a part.
  for (let n = 0; n < 40_000; n++) edge(Math.floor(next() ** 6 * nodes), Math.floor(next() * nodes));
});
const layer = { type: 0, age: 0, weight: 1, ...rows };

function cut(most?: number) {
  const cutter = new Cutter(nodes, most);
  const counts = emptyCounts(nodes);
  for (let part = 0; part < partsOf(nodes); part++) cutter.count(layer, counts, part);
  const blocks = layOut(nodes, [layer], [counts], 1);
  for (let part = 0; part < partsOf(nodes); part++) cutter.fill(layer, blocks, 0, part);
  return blocks;
}

it('cuts the same, however many entries are sorted at a time', () => {
  const [whole, ...others] = [undefined, 1, 7, 1_000].map((most) =>
    cut(most).shards.map(({ memory }) => Buffer.from(memory.buffer)),
  );
  for (const other of others) {
    expect(other.length).toBe(whole!.length);
    for (const [n, bytes] of other.entries()) expect(bytes.equals(whole![n]!)).toBe(true);
  }
});

it('keeps each entry: what its source says comes to its target', () => {
  const { shards, parts } = cut(1_000);
  const { memory, layers } = shards[0]!;
  const { sources, targets, valueStart, targetStart } = layers[0]!;
  const words = new Uint16Array(memory.buffer);
  for (let n = 0; n < 200; n++) {
    const node = Math.floor(draw() * nodes);
    const part = Math.floor(node / partSize);
    const heard: number[] = [];
    for (let from = 0; from < parts; from++) {
      const bin = part * parts + from;
      let source = sources / 2 + valueStart[bin]! - 1;
      for (let at = targetStart[bin]!; at < targetStart[bin + 1]!; at++) {
        const word = words[targets / 2 + at]!;
        if (word & partSize) source++;
        if ((word & (partSize - 1)) === node % partSize) heard.push(from * partSize + words[source]!);
      }
    }
    expect(heard).toEqual([...rows.cols.subarray(rows.rowPtr[node], rows.rowPtr[node + 1])]);
  }
});
