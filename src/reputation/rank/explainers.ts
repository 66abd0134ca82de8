import { Worker } from 'node:worker_threads';
import { compiled } from '../../kit/compiled.ts';
import { type Forest, sharedForest } from '../learn/forest.ts';
import { type Explained, explainBatch } from './explain-batch.ts';

/** A thread's heap. What it holds is a batch or two; the forests, and what it makes of them, lie outside. */
const heapMb = 128;

/** Batches that a thread has before it at once, so that it never waits. */
export const ahead = 2;

/** Threads that explain rows of features by the same forests. */
export interface Explainers {
  explain(features: Float32Array<ArrayBuffer>): Promise<Explained>;
  close(): Promise<void>;
}

/** `threads` of them, or the caller's own for one. A batch goes to them in turns, and its features go with it. */
export function startExplainers(forests: readonly Forest[], threads: number): Explainers {
  if (threads <= 1)
    return { explain: async (features) => explainBatch(forests, features), close: async () => {} };
  const shared = forests.map(sharedForest);
  const all = Array.from({ length: threads }, () => startThread(shared));
  let turn = 0;
  return {
    explain: (features) => all[turn++ % threads]!.explain(features),
    async close() {
      await Promise.all(all.map(({ close }) => close()));
    },
  };
}

function startThread(forests: readonly Forest[]) {
  const worker = new Worker(compiled('./score-worker.js', import.meta.url), {
    workerData: forests,
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
  });
  /** Those that wait, in the order in which they asked. */
  const waiting: { resolve(explained: Explained): void; reject(cause: Error): void }[] = [];
  let failure: Error | undefined;
  const fail = (cause: Error) => {
    failure ??= cause;
    for (const one of waiting.splice(0)) one.reject(failure);
  };
  worker.on('message', (explained: Explained) => waiting.shift()?.resolve(explained));
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('a thread that explains scores ended')));
  return {
    explain(features: Float32Array<ArrayBuffer>): Promise<Explained> {
      if (failure) return Promise.reject(failure);
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        worker.postMessage(features, [features.buffer]);
      });
    },
    async close(): Promise<void> {
      await worker.terminate();
    },
  };
}
