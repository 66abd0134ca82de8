import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { z } from 'zod';
import type { Layer } from '../graph/layer.ts';
import type { Part } from './part.ts';

/** Bytes written and summed up at a time. */
const piece = 16 * 1_024 * 1_024;
const headLimit = 1_024 * 1_024;
const magic = 0x54_52_41_50;

/** What the arrays behind it are: 4-byte numbers, little-endian, scale and prior and then the rows and columns of each layer. */
const headSchema = z.strictObject({
  version: z.literal(1),
  number: z.int().min(0),
  nodes: z.int().min(0).max(0xffff_ffff),
  first: z.int().min(0),
  end: z.int().min(0),
  layers: z
    .array(z.strictObject({ type: z.int(), age: z.int(), weight: z.number(), entries: z.int().min(0) }))
    .max(256),
});

/** Where a part of a graph lies in a folder that all workers see. Throws a `RangeError` for a name that would lead out of it. */
export function partPath(folder: string, graph: string, part: number): string {
  if (!/^[a-z0-9-]{1,64}$/.test(graph)) throw new RangeError(`${graph} is no name of a graph`);
  return join(folder, `${graph}.${part}.part`);
}

/** Writes a part: its head as JSON, its arrays, and a CRC-32 of all. A file of this name is whole. */
export async function writePart(part: Part, path: string): Promise<void> {
  const { number, nodes, first, end, layers, scale, prior } = part;
  const head = Buffer.from(
    JSON.stringify({
      ...{ version: 1, number, nodes, first, end },
      layers: layers.map(({ type, age, weight, cols }) => ({ type, age, weight, entries: cols.length })),
    }),
  );
  const start = Buffer.alloc(8);
  start.writeUInt32LE(magic, 0);
  start.writeUInt32LE(head.length, 4);
  const file = await open(`${path}.tmp`, 'w', 0o600);
  try {
    let crc = 0;
    for (const array of [start, head, scale, prior, ...layers.flatMap(({ rowPtr, cols }) => [rowPtr, cols])])
      for (let at = 0; at < array.byteLength; at += piece) {
        const size = Math.min(piece, array.byteLength - at);
        const bytes = new Uint8Array(array.buffer, array.byteOffset + at, size);
        crc = crc32(bytes, crc);
        await file.writeFile(bytes);
      }
    const foot = Buffer.alloc(4);
    foot.writeUInt32LE(crc);
    await file.writeFile(foot);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(`${path}.tmp`, path);
}

/** Reads a part. Throws a `RangeError` where it is not whole, or names nodes that there are not. */
export function readPart(path: string): Part {
  const { size } = statSync(path);
  const file = openSync(path, 'r');
  try {
    let at = 0;
    let crc = 0;
    const fill = (bytes: Uint8Array): void => {
      if (at + bytes.length > size - 4) throw new RangeError(`${path} ends too early`);
      for (let done = 0; done < bytes.length; ) {
        const got = readSync(file, bytes, done, Math.min(piece, bytes.length - done), at);
        if (got === 0) throw new RangeError(`${path} ends too early`);
        crc = crc32(bytes.subarray(done, done + got), crc);
        done += got;
        at += got;
      }
    };
    const numbers = <T extends Uint32Array | Float32Array>(
      make: new (length: number) => T,
      length: number,
    ): T => {
      if (length * 4 > size) throw new RangeError(`${path} ends too early`);
      const array = new make(length);
      fill(new Uint8Array(array.buffer));
      return array;
    };
    const start = Buffer.alloc(8);
    fill(start);
    const length = start.readUInt32LE(4);
    if (start.readUInt32LE(0) !== magic || length > headLimit)
      throw new RangeError(`${path} is no part of a graph`);
    const text = Buffer.alloc(length);
    fill(text);
    const head = parsedHead(text);
    if (!head) throw new RangeError(`${path} has a head that cannot be read`);
    const { number, nodes, first, end } = head;
    const rows = end - first;
    if (!(rows >= 0 && end <= nodes)) throw new RangeError(`${path} has no sound size`);
    const scale = numbers(Float32Array, rows);
    const prior = numbers(Float32Array, rows);
    const layers = head.layers.map(({ type, age, weight, entries }): Layer => {
      const rowPtr = numbers(Uint32Array, rows + 1);
      return { type, age, weight, rowPtr, cols: numbers(Uint32Array, entries) };
    });
    const foot = Buffer.alloc(4);
    if (readSync(file, foot, 0, 4, at) < 4 || at + 4 !== size || foot.readUInt32LE(0) !== crc)
      throw new RangeError(`${path} is damaged`);
    for (const { rowPtr, cols } of layers)
      if (!rising(rowPtr, cols.length) || !cols.every((col) => col < nodes))
        throw new RangeError(`${path} has rows that are not sound`);
    return { number, nodes, first, end, layers, scale, prior };
  } finally {
    closeSync(file);
  }
}

function parsedHead(text: Buffer): z.infer<typeof headSchema> | null {
  try {
    return headSchema.safeParse(JSON.parse(text.toString())).data ?? null;
  } catch {
    return null;
  }
}

function rising(rowPtr: Uint32Array, entries: number): boolean {
  for (let i = 1; i < rowPtr.length; i++) if (rowPtr[i]! < rowPtr[i - 1]!) return false;
  return rowPtr[0] === 0 && rowPtr.at(-1) === entries;
}
