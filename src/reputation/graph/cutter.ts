import { type Blocks, type Counts, partBits, partSize, partsOf } from './blocks.ts';
import { type Kernel, kernelOver } from './kernel.ts';
import type { Layer } from './layer.ts';

/** Entries that are sorted at a time: they and what they become fit in a processor's second cache. */
const atOnce = 1 << 18;
const pageBytes = 65_536;

/**
 * Cuts rows into blocks, part by part of their sources, for one worker. Entries are copied here, many at a time, and sorted by the
 * part of their target: thousands of places that are written in turns lie near each other then, and each block is written in one go.
 */
export class Cutter {
  readonly #parts: number;
  readonly #most: number;
  readonly #kernel: Kernel;
  readonly #cols: Uint32Array;
  /** Where each row of the piece ends, in bytes. */
  readonly #ends: Uint32Array;
  /** By part of targets: how many sources and targets, and then where the next one goes, in bytes. */
  readonly #sent: Uint32Array;
  readonly #heard: Uint32Array;
  /** All of the memory by words of two bytes, and where sources and targets begin in it. */
  readonly #words: Uint16Array;
  readonly #sources: number;
  readonly #targets: number;

  constructor(nodes: number, most = atOnce) {
    const parts = partsOf(nodes);
    this.#parts = parts;
    this.#most = most;
    const numbers = most + partSize + 2 * parts;
    const pages = Math.ceil((numbers * 4 + 2 * most * 2) / pageBytes);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    this.#kernel = kernelOver(memory);
    const all = new Uint32Array(memory.buffer);
    this.#cols = all.subarray(0, most);
    this.#ends = all.subarray(most, most + partSize);
    this.#sent = all.subarray(most + partSize, numbers - parts);
    this.#heard = all.subarray(numbers - parts, numbers);
    this.#words = new Uint16Array(memory.buffer);
    this.#sources = numbers * 2;
    this.#targets = numbers * 2 + most;
  }

  /** Counts the bins of one part of sources. */
  count(layer: Layer, { values, targets }: Counts, part: number): void {
    const parts = this.#parts;
    this.#pieces(layer, part, () => {
      for (let target = 0; target < parts; target++) {
        values[target * parts + part]! += this.#sent[target]!;
        targets[target * parts + part]! += this.#heard[target]!;
      }
    });
  }

  /** Fills the bins of one part of sources in a layer. */
  fill(layer: Layer, { parts, shards }: Blocks, number: number, part: number): void {
    const nextValue = new Uint32Array(parts);
    const nextTarget = new Uint32Array(parts);
    for (const { first, end, layers } of shards) {
      const { sources, targets, valueStart, targetStart } = layers[number]!;
      for (let target = first; target < end; target++) {
        const bin = target * parts + part;
        nextValue[target] = sources / 2 + valueStart[bin]!;
        nextTarget[target] = targets / 2 + targetStart[bin]! - targetStart[first * parts]!;
      }
    }
    const memories = shards.map(({ memory }) => new Uint16Array(memory.buffer));
    this.#pieces(layer, part, (sort) => {
      sort();
      let value = this.#sources;
      let entry = this.#targets;
      for (const [shard, { first, end }] of shards.entries()) {
        const words = memories[shard]!;
        for (let target = first; target < end; target++) {
          const behind = { value: this.#sent[target]! / 2, entry: this.#heard[target]! / 2 };
          if (behind.entry === entry) continue;
          words.set(this.#words.subarray(value, behind.value), nextValue[target]!);
          words.set(this.#words.subarray(entry, behind.entry), nextTarget[target]!);
          nextValue[target]! += behind.value - value;
          nextTarget[target]! += behind.entry - entry;
          ({ value, entry } = behind);
        }
      }
    });
  }

  /** Calls back with each piece of a part's rows, once it is counted. */
  #pieces({ rowPtr, cols }: Layer, part: number, each: (sort: () => void) => void): void {
    const nodes = rowPtr.length - 1;
    const end = Math.min(nodes, (part + 1) * partSize);
    const ends = this.#ends;
    let node = part * partSize;
    let last = -1;
    let at = rowPtr[node]!;
    while (at < rowPtr[end]!) {
      const first = node;
      const stop = Math.min(rowPtr[end]!, at + this.#most);
      let rows = 0;
      for (; node < end && rowPtr[node + 1]! <= stop; node++) ends[rows++] = (rowPtr[node + 1]! - at) * 4;
      // The next row goes on in the next piece.
      const parted = node < end && rowPtr[node]! < stop;
      if (parted) ends[rows++] = (stop - at) * 4;
      this.#cols.set(cols.subarray(at, stop));
      this.#sent.fill(0);
      this.#heard.fill(0);
      const run = [
        this.#cols.byteOffset,
        ends.byteOffset,
        ends.byteOffset + rows * 4,
        last,
        this.#sent.byteOffset,
        this.#heard.byteOffset,
      ] as const;
      this.#kernel.count(...run);
      each(() => {
        places(this.#sent, this.#sources * 2);
        places(this.#heard, this.#targets * 2);
        this.#kernel.place(...run, first & (partSize - 1));
      });
      last = parted ? (cols[stop - 1]! >>> partBits) << 2 : -1;
      at = stop;
    }
  }
}

/** Counts of words become the bytes at which they begin. */
function places(counts: Uint32Array, from: number): void {
  let at = from;
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i]!;
    counts[i] = at;
    at += count * 2;
  }
}
