import {
  closeSync,
  fdatasyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { syncFolder } from '../../kit/atomic-file.ts';

/** Records of one block, and bytes in front of each: its length and its CRC-32. */
const blockRecords = 4_096;
const head = 8;

/**
 * Records as JSON in blocks, each with a checksum, one behind the other in a file. What `flush` came back from survives `kill -9` and a
 * loss of power; a block that is not whole ends the file, and is cut off with all behind it. Blocks its thread while it writes.
 */
export class RecordFile {
  readonly #path: string;
  #file: number;
  #waiting: unknown[] = [];
  /** Bytes in the file. */
  bytes = 0;
  /** Bytes that were cut off when it was opened. */
  readonly cut: number;

  /** Opens or makes a file, and shows what is in it. */
  constructor(path: string, each: (record: unknown) => void) {
    this.#path = path;
    rmSync(`${path}.tmp`, { force: true });
    this.#file = openSync(path, 'a+', 0o600);
    const file = readFileSync(path);
    let at = 0;
    while (at + head <= file.length) {
      const end = at + head + file.readUInt32LE(at);
      if (end > file.length || crc32(file.subarray(at + head, end)) !== file.readUInt32LE(at + 4)) break;
      for (const record of JSON.parse(file.toString('utf8', at + head, end)) as unknown[]) each(record);
      at = end;
    }
    this.cut = file.length - at;
    if (this.cut > 0) ftruncateSync(this.#file, at);
    this.bytes = at;
  }

  /** Written with the next `flush`. */
  add(record: unknown): void {
    this.#waiting.push(record);
  }

  /** Comes back once everything so far is on disk. Throws where it cannot be; what waits then waits on. */
  flush(): void {
    this.#write();
    fdatasyncSync(this.#file);
  }

  /** Replaces all that is in it, and all that waits, as a whole. */
  rewrite(records: Iterable<unknown>): void {
    const file = openSync(`${this.#path}.tmp`, 'w', 0o600);
    let bytes = 0;
    let block: unknown[] = [];
    for (const record of records) {
      if (block.push(record) < blockRecords) continue;
      bytes += writeBlock(file, block);
      block = [];
    }
    if (block.length > 0) bytes += writeBlock(file, block);
    fdatasyncSync(file);
    closeSync(file);
    renameSync(`${this.#path}.tmp`, this.#path);
    syncFolder(dirname(this.#path));
    closeSync(this.#file);
    this.#file = openSync(this.#path, 'a', 0o600);
    this.#waiting = [];
    this.bytes = bytes;
  }

  close(): void {
    this.flush();
    closeSync(this.#file);
  }

  #write(): void {
    while (this.#waiting.length > 0) {
      try {
        this.bytes += writeBlock(this.#file, this.#waiting.slice(0, blockRecords));
      } catch (cause) {
        // Half a block would end the file for all that comes behind it.
        ftruncateSync(this.#file, this.bytes);
        throw cause;
      }
      this.#waiting.splice(0, blockRecords);
    }
  }
}

function writeBlock(file: number, records: readonly unknown[]): number {
  const text = Buffer.from(JSON.stringify(records));
  const block = Buffer.alloc(head + text.length);
  block.writeUInt32LE(text.length, 0);
  block.writeUInt32LE(crc32(text), 4);
  text.copy(block, head);
  for (let at = 0; at < block.length; ) at += writeSync(file, block, at);
  return block.length;
}
