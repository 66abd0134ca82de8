import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { DatedLayer } from './dated-layer.ts';
import { Graph } from './graph.ts';
import { growable } from './growing.ts';
import { Interner } from './interner.ts';
import type { HashKey } from './key-batch.ts';
import { decay, edgeTypes } from './kinds.ts';
import { NodeTable } from './node-table.ts';

const magic = 0x50_41_4e_53;
const version = 2;
const chunk = 16 * 1_024 * 1_024;
const footLimit = 1_024 * 1_024;

interface Section {
  bytes: number;
  crc: number;
}
interface Foot {
  version: number;
  count: number;
  rows: number;
  builtOn: number;
  hashKey: HashKey;
  layers: { type: number; age: number }[];
  sections: Section[];
}

type Numbers = Uint8Array | Uint16Array | Uint32Array;

/**
 * Writes a graph whose log is empty as one file: its arrays, one after another, then what they are, with a CRC-32 of each. Under
 * another name first, so that a file of this name is whole. Lets others work in between; a day that changes while it is written
 * comes out as either.
 */
export async function writeSnapshot(graph: Graph, path: string): Promise<void> {
  const { nodes, layers } = graph;
  const count = nodes.size;
  const arrays: Numbers[] = [
    nodes.arena.subarray(0, nodes.words),
    nodes.table.records(count),
    nodes.slots,
    ...layers.flatMap(({ rowPtr, cols, firstDay, lastDay }) => [rowPtr, cols, firstDay, lastDay]),
  ];
  const file = await open(`${path}.tmp`, 'w', 0o600);
  try {
    const sections: Section[] = [];
    for (const array of arrays) {
      const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
      let crc = 0;
      for (let at = 0; at < bytes.length; at += chunk) {
        // A copy: what is written is what was summed up, and shared memory cannot be handed to the disk.
        const piece = bytes.slice(at, at + chunk);
        const own = new Uint8Array(piece.length);
        own.set(piece);
        crc = crc32(own, crc);
        await file.writeFile(own);
      }
      sections.push({ bytes: bytes.length, crc });
    }
    const foot: Foot = {
      ...{ version, count, rows: graph.rows, builtOn: graph.builtOn, hashKey: nodes.hashKey, sections },
      layers: layers.map(({ type, age }) => ({ type, age })),
    };
    const text = Buffer.from(JSON.stringify(foot));
    const end = Buffer.alloc(12);
    end.writeUInt32LE(text.length, 0);
    end.writeUInt32LE(crc32(text), 4);
    end.writeUInt32LE(magic, 8);
    await file.writeFile(Buffer.concat([text, end]));
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(`${path}.tmp`, path);
}

/** Reads a snapshot. Throws a `RangeError` where it is not whole. */
export function readSnapshot(path: string): Graph {
  const { size } = statSync(path);
  const file = openSync(path, 'r');
  try {
    const foot = readFoot(file, size);
    let at = 0;
    let n = 0;
    const take = <T extends Numbers>(
      make: new (buffer: ArrayBufferLike, from: number, length: number) => T,
      unit: number,
      length: number,
      /** What grows later on is given room. */
      memory = (bytes: number) => new SharedArrayBuffer(bytes),
    ): T => {
      const section = foot.sections[n++];
      if (section?.bytes !== length * unit) throw new RangeError(`${path}: section ${n} has another size`);
      const bytes = new Uint8Array(memory(section.bytes), 0, section.bytes);
      let crc = 0;
      const piece = Buffer.allocUnsafe(Math.min(chunk, section.bytes));
      for (let done = 0; done < bytes.length; ) {
        const got = readSync(file, piece, 0, Math.min(piece.length, bytes.length - done), at + done);
        if (got === 0) throw new RangeError(`${path}: it ends within section ${n}`);
        const part = piece.subarray(0, got);
        crc = crc32(part, crc);
        bytes.set(part, done);
        done += got;
      }
      at += section.bytes;
      if (crc !== section.crc) throw new RangeError(`${path}: section ${n} is damaged`);
      return new make(bytes.buffer, 0, length);
    };
    const { count, rows, builtOn, hashKey } = foot;
    const arena = take(Uint32Array, 4, (foot.sections[0]?.bytes ?? 0) / 4, growable);
    const table = new NodeTable(take(Uint32Array, 4, (foot.sections[1]?.bytes ?? 0) / 4, growable));
    if (!table.sound(count, arena.length))
      throw new RangeError(`${path}: its keys do not lie one behind the other`);
    // Edges that came while it was written are in the journal.
    table.unlink(count);
    const slots = take(Uint32Array, 4, (foot.sections[2]?.bytes ?? 0) / 4);
    // A table that is full, or that names keys beyond the last, would be walked without an end.
    if ((slots.length & (slots.length - 1)) !== 0 || slots.length * 7 < count * 20)
      throw new RangeError(`${path}: its table of keys has no sound size`);
    const layers = foot.layers.map(({ type, age }): DatedLayer => {
      const coupling = edgeTypes[type];
      if (!coupling || !(age >= 0 && age < 8)) throw new RangeError(`${path}: a layer of an unknown kind`);
      const rowPtr = take(Uint32Array, 4, rows + 1);
      const entries = rowPtr[rows]!;
      const cols = take(Uint32Array, 4, entries);
      if (!rising(rowPtr, entries)) throw new RangeError(`${path}: its rows do not lie one behind the other`);
      return {
        ...{ type, age, weight: coupling.weight * decay(age), rowPtr, cols },
        firstDay: take(Uint16Array, 2, entries),
        lastDay: take(Uint16Array, 2, entries),
      };
    });
    const nodes = new Interner({ arena, table, count, found: { slots, key: hashKey } });
    return new Graph({ nodes, layers, rows, builtOn });
  } finally {
    closeSync(file);
  }
}

function readFoot(file: number, size: number): Foot {
  const end = Buffer.alloc(12);
  if (size < end.length || readSync(file, end, 0, 12, size - 12) < 12 || end.readUInt32LE(8) !== magic)
    throw new RangeError('this is no snapshot of a graph');
  const length = end.readUInt32LE(0);
  if (length > footLimit || length > size - 12) throw new RangeError('the foot of a snapshot is too long');
  const text = Buffer.alloc(length);
  readSync(file, text, 0, length, size - 12 - length);
  if (crc32(text) !== end.readUInt32LE(4)) throw new RangeError('the foot of a snapshot is damaged');
  const foot = JSON.parse(text.toString()) as Foot;
  if (foot.version !== version) throw new RangeError(`a snapshot of version ${foot.version} cannot be read`);
  return foot;
}

function rising(numbers: Uint32Array, most: number): boolean {
  let before = 0;
  for (let i = 0; i < numbers.length; i++) {
    if (numbers[i]! < before) return false;
    before = numbers[i]!;
  }
  return before <= most;
}
