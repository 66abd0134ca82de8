// A worker of a partitioned propagation as a process of its own, which stops in the middle of a run and waits to be killed.
import { randomUUID } from 'node:crypto';
import { openNatsBus } from '../../dist/src/bus/index.js';
import { systemClock } from '../../dist/src/kit/clock.js';
import { partPath, readPart } from '../../dist/src/reputation/partitioned/part-file.js';
import { runSubject } from '../../dist/src/reputation/partitioned/protocol.js';
import { startPartWorker } from '../../dist/src/reputation/partitioned/worker.js';

const { servers, topology, options, limits, folder, name, hangAfter } = JSON.parse(process.env.PART_WORKER);
const bus = await openNatsBus({ servers }, topology, options);
let said = 0;
await startPartWorker({
  ...{ name, life: randomUUID(), clock: systemClock, limits },
  bus: {
    ...bus,
    async publish(subject, id, data) {
      if (subject === runSubject && said++ === hangAfter) {
        process.send('stuck');
        await new Promise(() => {});
      }
      await bus.publish(subject, id, data);
    },
  },
  load: async (graph, part) => readPart(partPath(folder, graph, part)),
});
process.send('ready');
