import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { compiled } from '../../kit/compiled.ts';
import { type Blocks, type Counts, emptyCounts, layOut } from './blocks.ts';
import { type Layer, sharedFloat32 } from './layer.ts';
import { seekRadius } from './radius.ts';

/** Places in a job's control: the next part, how many have arrived, the step that may begin. */
export const places = { part: 0, arrived: 1, step: 2 } as const;

/** Rows as they are handed to a thread: V8 copies the length of a view with 32 bits, which a large array's bytes do not fit in. */
export interface SentLayer extends Omit<Layer, 'rowPtr' | 'cols'> {
  rowPtr: Sent;
  cols: Sent;
}
interface Sent {
  buffer: ArrayBufferLike;
  from: number;
  length: number;
}

const sent = ({ buffer, byteOffset, length }: Uint32Array): Sent => ({ buffer, from: byteOffset, length });
const received = ({ buffer, from, length }: Sent) => new Uint32Array(buffer, from, length);

export function receivedLayer({ rowPtr, cols, ...rest }: SentLayer): Layer {
  return { ...rest, rowPtr: received(rowPtr), cols: received(cols) };
}

/** What workers do together; its arrays are shared between them. */
export type PropagationJob = { control: Int32Array; worker: number; workers: number } & (
  | { kind: 'count'; layers: SentLayer[]; counts: Counts[]; nodes: number }
  | { kind: 'fill'; layers: SentLayer[]; blocks: Blocks }
  | { kind: 'pass'; blocks: Blocks; passes: number; eps: number; vectors: PassVectors }
);
type Work<T> = T extends unknown ? Omit<T, 'control' | 'worker' | 'workers'> : never;

/** What passes read and write in turns: `even` before the first one. */
export interface PassVectors {
  prior: Float32Array;
  scale: Float32Array;
  even: Float32Array;
  odd: Float32Array;
}

/** Workers that spread belief over a graph, pass by pass, off the main thread. Layers' rows and scales must lie in shared memory. */
export class Propagation {
  readonly #workers: Worker[];
  readonly #shardBytes: number | undefined;

  /** `shardBytes`: the most that one piece of memory may have. */
  constructor(workers: number, shardBytes?: number) {
    this.#shardBytes = shardBytes;
    const file = compiled('./propagation-worker.js', import.meta.url);
    this.#workers = Array.from({ length: workers }, () => new Worker(file));
  }

  /** Cuts rows into blocks; the rows are not needed for passes from then on. */
  async load(layers: readonly Layer[]): Promise<Blocks> {
    const rows = layers.map(({ type, age, weight, rowPtr, cols }) => ({ type, age, weight, rowPtr, cols }));
    const nodes = Math.max(0, ...rows.map(({ rowPtr }) => rowPtr.length - 1));
    const counts = rows.map(() => emptyCounts(nodes));
    const passed = rows.map((row) => ({ ...row, rowPtr: sent(row.rowPtr), cols: sent(row.cols) }));
    await this.#all({ kind: 'count', layers: passed, counts, nodes });
    const blocks = layOut(nodes, rows, counts, this.#workers.length, this.#shardBytes);
    await this.#all({ kind: 'fill', layers: passed, blocks });
    return blocks;
  }

  /** As `believe`, with the same result. Also tells how long each pass took, in milliseconds. */
  async run(
    blocks: Blocks,
    scale: Float32Array,
    prior: Float32Array,
    eps: number,
    passes: number,
  ): Promise<{ belief: Float32Array; passMs: number[] }> {
    const { nodes } = blocks;
    const vectors = { prior: shared(prior), scale, even: sharedFloat32(nodes), odd: sharedFloat32(nodes) };
    for (let i = 0; i < nodes; i++) vectors.even[i] = scale[i]! * prior[i]!;
    const passMs = await this.#pass(blocks, vectors, eps, passes);
    const belief = passes % 2 === 0 ? vectors.even : vectors.odd;
    for (let i = 0; i < nodes; i++) belief[i] = scale[i] === 0 ? prior[i]! : belief[i]! / scale[i]!;
    return { belief, passMs };
  }

  /** As `radiusOf`, with the same result. */
  async radius(blocks: Blocks, scale: Float32Array): Promise<number> {
    const { nodes } = blocks;
    const prior = sharedFloat32(nodes);
    const search = seekRadius(scale, sharedFloat32(nodes), sharedFloat32(nodes));
    for (;;) {
      const { done, value } = search.next();
      if (done) return value;
      await this.#pass(blocks, { prior, scale, even: value.from, odd: value.to }, 1, 1);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  async #pass(blocks: Blocks, vectors: PassVectors, eps: number, passes: number): Promise<number[]> {
    const done = await this.#all({ kind: 'pass', blocks, passes, eps, vectors });
    return Array.from({ length: passes }, (_, n) => Math.max(...done.map((busy) => busy[n]!)));
  }

  /** All workers at one job. Gives the milliseconds of each one's passes. */
  async #all(work: Work<PropagationJob>): Promise<number[][]> {
    const control = new Int32Array(new SharedArrayBuffer(12));
    const workers = this.#workers.length;
    return Promise.all(
      this.#workers.map(async (thread, worker) => {
        thread.postMessage({ ...work, control, worker, workers });
        const [busy] = (await once(thread, 'message')) as [number[]];
        return busy;
      }),
    );
  }
}

function shared(values: Float32Array): Float32Array {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const copy = sharedFloat32(values.length);
  copy.set(values);
  return copy;
}
