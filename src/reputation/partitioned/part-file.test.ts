import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { madeGraph } from './fixture.ts';
import { partOf } from './part.ts';
import { partPath, readPart, writePart } from './part-file.ts';
import { nodesOf, positionOf, shareOut } from './shares.ts';

const folder = mkdtempSync(join(tmpdir(), 'caltrop-part-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('gives every node one place, in runs of about the same size', () => {
  for (const [nodes, parts] of [
    [0, 2],
    [1, 3],
    [63, 1],
    [100_001, 5],
  ] as const) {
    const shares = shareOut(nodes, parts);
    const places = Uint32Array.from({ length: nodes }, (_, node) => positionOf(shares, node));
    expect(places.toSorted().every((place, i) => place === i)).toBe(true);
    for (let part = 0; part < parts; part++)
      expect([...nodesOf(shares, part)].every((node, i) => places[node] === shares.bounds[part]! + i)).toBe(
        true,
      );
  }
  const { bounds } = shareOut(1_000_000, 8);
  for (let part = 0; part < 8; part++)
    expect(Math.abs(bounds[part + 1]! - bounds[part]! - 125_000)).toBeLessThan(12_500);
  expect(() => shareOut(10, 0)).toThrow(RangeError);
});

it('reads a part as it was written, and no byte that was altered', async () => {
  const { layers, scale, prior } = madeGraph(60);
  const path = partPath(folder, 'small', 1);
  const part = partOf(shareOut(scale.length, 3), 1, layers, scale, prior);
  await writePart(part, path);
  expect(readPart(path)).toEqual(part);
  const good = readFileSync(path);
  for (let at = 0; at < good.length; at += 211) {
    const bad = Buffer.from(good);
    bad[at]! ^= 1 << (at % 8);
    writeFileSync(path, bad);
    expect(() => readPart(path)).toThrow(RangeError);
    writeFileSync(path, good.subarray(0, at));
    expect(() => readPart(path)).toThrow(RangeError);
  }
  expect(() => partPath(folder, '../x', 0)).toThrow(RangeError);
});
