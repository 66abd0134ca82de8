import { type Blocks, partSize, scratchOf } from './blocks.ts';
import { type Kernel, kernelOver } from './kernel.ts';
import type { Vectors } from './pass.ts';

/** One worker's hands on blocks: a pass is `scatter` of every part, and once all of that is done `gather` of every part. */
export class BlockPass {
  readonly #blocks: Blocks;
  readonly #kernels: Kernel[];
  readonly #z: Float32Array[];
  readonly #sums: Float64Array[];
  readonly #scratch: { z: number; sum: number };
  readonly #all = new Float64Array(partSize);

  /** `worker`: which of those that the blocks were laid out for. */
  constructor(blocks: Blocks, worker: number) {
    this.#blocks = blocks;
    this.#scratch = scratchOf(worker);
    const { z, sum } = this.#scratch;
    this.#kernels = blocks.shards.map(({ memory }) => kernelOver(memory));
    this.#z = blocks.shards.map(({ memory }) => new Float32Array(memory.buffer, z, partSize));
    this.#sums = blocks.shards.map(({ memory }) => new Float64Array(memory.buffer, sum, partSize));
  }

  /** What the nodes of one part say goes to all that listen. */
  scatter(from: Float32Array, part: number): void {
    const said = from.subarray(part * partSize, (part + 1) * partSize);
    this.#blocks.shards.forEach(({ layers }, n) => {
      this.#z[n]!.set(said);
      for (const { sources, values, runs } of layers) {
        const begin = runs[part]!;
        const end = runs[part + 1]!;
        if (begin === end) continue;
        this.#kernels[n]!.scatter(
          sources + begin * 2,
          sources + end * 2,
          values + begin * 4,
          this.#scratch.z,
        );
      }
    });
  }

  /** What the nodes of one part hear is added up: their numbers of the next pass, as `pass` has them. */
  gather({ prior, scale, to }: Omit<Vectors, 'from'>, eps: number, part: number): void {
    const { shards, parts, nodes } = this.#blocks;
    const n = shards.findIndex(({ end }) => part < end);
    const { layers } = shards[n]!;
    const sum = this.#sums[n]!;
    const first = part * partSize;
    const end = Math.min(nodes, first + partSize);
    const all = this.#all.fill(0);
    for (let layer = 0; layer < layers.length; layer++) {
      const { weight, targetStart } = layers[layer]!;
      if (targetStart[part * parts] === targetStart[(part + 1) * parts]) continue;
      sum.fill(0);
      this.#hear(n, layer, part);
      for (let i = 0; i < partSize; i++) all[i]! += weight * sum[i]!;
    }
    for (let i = first; i < end; i++) {
      const own = scale[i]!;
      to[i] = own * (prior[i]! + eps * own * all[i - first]!);
    }
  }

  #hear(n: number, layer: number, part: number): void {
    const { shards, parts } = this.#blocks;
    const kernel = this.#kernels[n]!;
    const { first, layers } = shards[n]!;
    const { values, targets, valueStart, targetStart } = layers[layer]!;
    const base = targetStart[first * parts]!;
    const { sum } = this.#scratch;
    let at = targetStart[part * parts]!;
    for (let bin = part * parts; bin < (part + 1) * parts; bin++) {
      const end = targetStart[bin + 1]!;
      if (at !== end)
        kernel.gather(
          targets + (at - base) * 2,
          targets + (end - base) * 2,
          values + valueStart[bin]! * 4,
          sum,
        );
      at = end;
    }
  }
}
