import { readFileSync, truncateSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

/** What happened to a graph, in the order in which it happened: enough to do it again. */
export interface Changes {
  node(kind: number, text: string, day: number): void;
  seen(node: number, day: number): void;
  edge(type: number, a: number, b: number, day: number): void;
  flags(node: number, flags: number): void;
}

const ops = { node: 1, seen: 2, edge: 3, flags: 4 } as const;
/** Bytes that are gathered before they are written, and that may wait for the disk. */
const blockBytes = 256 * 1_024;
const opLimit = 1_100;
const head = 8;

/**
 * A file of changes in blocks: length and CRC-32, then the changes. What `flush` resolved for survives `kill -9` and a loss of power;
 * a block that was cut ends the file.
 */
export class Journal implements Changes {
  #block = Buffer.allocUnsafe(blockBytes + opLimit);
  #at = head;
  #file: FileHandle;
  #writing: Promise<void> = Promise.resolve();
  #error: unknown;
  /** Bytes in the file, and on their way to it. */
  bytes: number;

  private constructor(file: FileHandle, bytes: number) {
    this.#file = file;
    this.bytes = bytes;
  }

  static async open(path: string): Promise<Journal> {
    const file = await open(path, 'a', 0o600);
    return new Journal(file, (await file.stat()).size);
  }

  node(kind: number, text: string, day: number): void {
    const block = this.#op(ops.node);
    const length = block.write(text, this.#at + 5, 'latin1');
    block.writeUInt8(kind, this.#at);
    block.writeUInt16LE(day, this.#at + 1);
    block.writeUInt16LE(length, this.#at + 3);
    this.#at += 5 + length;
  }

  seen(node: number, day: number): void {
    const block = this.#op(ops.seen);
    block.writeUInt32LE(node, this.#at);
    block.writeUInt16LE(day, this.#at + 4);
    this.#at += 6;
  }

  edge(type: number, a: number, b: number, day: number): void {
    const block = this.#op(ops.edge);
    block.writeUInt8(type, this.#at);
    block.writeUInt16LE(day, this.#at + 1);
    block.writeUInt32LE(a, this.#at + 3);
    block.writeUInt32LE(b, this.#at + 7);
    this.#at += 11;
  }

  flags(node: number, flags: number): void {
    const block = this.#op(ops.flags);
    block.writeUInt32LE(node, this.#at);
    block.writeUInt8(flags, this.#at + 4);
    this.#at += 5;
  }

  /** Resolves once everything so far is on disk; rejects where it cannot be. */
  async flush(): Promise<void> {
    this.#send();
    await this.#writing;
    if (this.#error) throw this.#error;
    await this.#file.datasync();
  }

  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      await this.#file.close();
    }
  }

  #op(op: number): Buffer {
    if (this.#at >= blockBytes) this.#send();
    this.#block[this.#at++] = op;
    return this.#block;
  }

  #send(): void {
    if (this.#at === head) return;
    const block = this.#block.subarray(0, this.#at);
    block.writeUInt32LE(block.length - head, 0);
    block.writeUInt32LE(crc32(block.subarray(head)), 4);
    this.#block = Buffer.allocUnsafe(blockBytes + opLimit);
    this.#at = head;
    this.bytes += block.length;
    this.#writing = this.#writing.then(async () => {
      try {
        if (!this.#error) await this.#file.writeFile(block);
      } catch (error) {
        this.#error = error;
      }
    });
  }
}

/**
 * Does again what a file of changes says, up to the first block that is not whole, which is cut off with all behind it. Gives the bytes
 * that were read.
 */
export function replay(path: string, changes: Changes): number {
  const file = readFileSync(path);
  let at = 0;
  while (at + head <= file.length) {
    const end = at + head + file.readUInt32LE(at);
    if (end > file.length || crc32(file.subarray(at + head, end)) !== file.readUInt32LE(at + 4)) break;
    replayBlock(file.subarray(at + head, end), changes);
    at = end;
  }
  if (at < file.length) truncateSync(path, at);
  return at;
}

function replayBlock(block: Buffer, changes: Changes): void {
  for (let at = 0; at < block.length; ) {
    const op = block[at++]!;
    if (op === ops.node) {
      const length = block.readUInt16LE(at + 3);
      const text = block.toString('latin1', at + 5, at + 5 + length);
      changes.node(block[at]!, text, block.readUInt16LE(at + 1));
      at += 5 + length;
    } else if (op === ops.seen) {
      changes.seen(block.readUInt32LE(at), block.readUInt16LE(at + 4));
      at += 6;
    } else if (op === ops.edge) {
      changes.edge(
        block[at]!,
        block.readUInt32LE(at + 3),
        block.readUInt32LE(at + 7),
        block.readUInt16LE(at + 1),
      );
      at += 11;
    } else if (op === ops.flags) {
      changes.flags(block.readUInt32LE(at), block[at + 4]!);
      at += 5;
    } else throw new RangeError(`a journal of the graph holds an unknown change, ${op}`);
  }
}
