// The worker thread that takes its share of each pass. All of a job lies in memory that its workers share.
import { parentPort } from 'node:worker_threads';
import { pass } from './pass.ts';
import { blockRows, type PropagationJob, places } from './propagation.ts';

parentPort!.on('message', (job: PropagationJob) => {
  const { layers, prior, scale, control, eps, passes, workers } = job;
  const nodes = scale.length;
  const busy: number[] = [];
  for (let round = 0; round < passes; round++) {
    const began = performance.now();
    const [from, to] = round % 2 === 0 ? [job.even, job.odd] : [job.odd, job.even];
    // Rows are shared out as they are finished: a hub's row takes as long as a million others.
    for (;;) {
      const first = Atomics.add(control, places.block, 1) * blockRows;
      if (first >= nodes) break;
      pass(layers, { prior, scale, from, to }, eps, first, Math.min(nodes, first + blockRows));
    }
    busy.push(performance.now() - began);
    // The last one in opens the next pass for all.
    if (Atomics.add(control, places.arrived, 1) + 1 === workers * (round + 1)) {
      Atomics.store(control, places.block, 0);
      Atomics.store(control, places.round, round + 1);
      Atomics.notify(control, places.round);
    } else while (Atomics.load(control, places.round) <= round) Atomics.wait(control, places.round, round);
  }
  parentPort!.postMessage(busy);
});
