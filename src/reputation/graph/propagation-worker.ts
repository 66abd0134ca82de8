// The worker thread that takes its share of each step. All of a job lies in memory that its workers share.
import { parentPort } from 'node:worker_threads';
import { BlockPass } from './block-pass.ts';
import { partsOf } from './blocks.ts';
import { Cutter } from './cutter.ts';
import { type PropagationJob, places, receivedLayer } from './propagation.ts';

/** Parts are shared out as they are finished: a hub's takes as long as many others. The last worker in opens the next step for all. */
function stepsOf({ control, workers }: PropagationJob) {
  let step = 0;
  return (parts: number, each: (part: number) => void): void => {
    for (;;) {
      const part = Atomics.add(control, places.part, 1);
      if (part >= parts) break;
      each(part);
    }
    step++;
    if (Atomics.add(control, places.arrived, 1) + 1 === workers * step) {
      Atomics.store(control, places.part, 0);
      Atomics.store(control, places.step, step);
      Atomics.notify(control, places.step);
    } else while (Atomics.load(control, places.step) < step) Atomics.wait(control, places.step, step - 1);
  };
}

function work(job: PropagationJob): number[] {
  const inStep = stepsOf(job);
  const busy: number[] = [];
  if (job.kind === 'count') {
    const { layers, counts, nodes } = job;
    const cutter = new Cutter(nodes);
    for (const [n, layer] of layers.map(receivedLayer).entries())
      inStep(partsOf(nodes), (part) => cutter.count(layer, counts[n]!, part));
  } else if (job.kind === 'fill') {
    const { layers, blocks } = job;
    const cutter = new Cutter(blocks.nodes);
    for (const [n, layer] of layers.map(receivedLayer).entries())
      inStep(blocks.parts, (part) => cutter.fill(layer, blocks, n, part));
  } else {
    const { blocks, passes, eps, vectors, worker } = job;
    const { prior, scale } = vectors;
    const hands = new BlockPass(blocks, worker);
    for (let round = 0; round < passes; round++) {
      const began = performance.now();
      const [from, to] = round % 2 === 0 ? [vectors.even, vectors.odd] : [vectors.odd, vectors.even];
      inStep(blocks.parts, (part) => hands.scatter(from, part));
      inStep(blocks.parts, (part) => hands.gather({ prior, scale, to }, eps, part));
      busy.push(performance.now() - began);
    }
  }
  return busy;
}

parentPort!.on('message', (job: PropagationJob) => parentPort!.postMessage(work(job)));
