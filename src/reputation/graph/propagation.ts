import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { compiled } from '../../kit/compiled.ts';
import { type Layer, sharedFloat32 } from './layer.ts';

/** Rows that a worker takes at a time. */
export const blockRows = 16_384;
/** Places in a job's control: the next block, how many have arrived, the pass that may begin. */
export const places = { block: 0, arrived: 1, round: 2 } as const;

/** A run of passes; its arrays are shared between workers. */
export interface PropagationJob {
  layers: Layer[];
  prior: Float32Array;
  scale: Float32Array;
  even: Float32Array;
  odd: Float32Array;
  control: Int32Array;
  eps: number;
  passes: number;
  workers: number;
}

/** Workers that spread belief over a graph, pass by pass, off the main thread. */
export class Propagation {
  readonly #workers: Worker[];

  constructor(workers: number) {
    const file = compiled('./propagation-worker.js', import.meta.url);
    this.#workers = Array.from({ length: workers }, () => new Worker(file));
  }

  /**
   * As `believe`, with the same result. `scale` and the layers' rows must lie in shared memory. Also tells how long each pass took, in
   * milliseconds.
   */
  async run(
    layers: readonly Layer[],
    scale: Float32Array,
    prior: Float32Array,
    eps: number,
    passes: number,
  ): Promise<{ belief: Float32Array; passMs: number[] }> {
    const nodes = scale.length;
    const job: PropagationJob = {
      layers: layers.map(({ type, age, weight, rowPtr, cols }) => ({ type, age, weight, rowPtr, cols })),
      prior: shared(prior),
      scale,
      even: sharedFloat32(nodes),
      odd: sharedFloat32(nodes),
      control: new Int32Array(new SharedArrayBuffer(12)),
      ...{ eps, passes, workers: this.#workers.length },
    };
    for (let i = 0; i < nodes; i++) job.even[i] = scale[i]! * prior[i]!;
    const done = await Promise.all(
      this.#workers.map(async (worker) => {
        worker.postMessage(job);
        const [busy] = (await once(worker, 'message')) as [number[]];
        return busy;
      }),
    );
    const belief = passes % 2 === 0 ? job.even : job.odd;
    for (let i = 0; i < nodes; i++) belief[i] = scale[i] === 0 ? prior[i]! : belief[i]! / scale[i]!;
    return {
      belief,
      passMs: Array.from({ length: passes }, (_, n) => Math.max(...done.map((busy) => busy[n]!))),
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

function shared(values: Float32Array): Float32Array {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const copy = sharedFloat32(values.length);
  copy.set(values);
  return copy;
}
