// The worker thread that explains rows of features. It is handed the forests once, in memory that all threads share.
import { parentPort, workerData } from 'node:worker_threads';
import type { Forest } from '../learn/forest.ts';
import { explainBatch } from './explain-batch.ts';

const forests = workerData as Forest[];
const port = parentPort!;
port.on('message', (features: Float32Array) => {
  const explained = explainBatch(forests, features);
  port.postMessage(explained, [explained.shares.buffer, explained.starts.buffer]);
});
