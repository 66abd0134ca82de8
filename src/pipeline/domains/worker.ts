import { parentPort, workerData } from 'node:worker_threads';
import { inTurn } from '../in-turn.ts';
import { createDomainGraph } from './graph.ts';
import type { DomainsAsk, DomainsSetup, FromDomains } from './messages.ts';

/** The worker thread that holds the graph of domains: whatever it takes to rank or to write it, nobody else waits. */
const port = parentPort!;
const tell = (message: FromDomains) => port.postMessage(message);
const graph = createDomainGraph(workerData as DomainsSetup, (says, count, cause) =>
  tell({ type: 'fault', says, count, cause }),
);
// Some of what is asked writes to the disk: what comes next must not find it half done.
const turn = inTurn((cause) => tell({ type: 'fault', says: 'a question was passed over', count: 1, cause }));

port.on('message', (ask: DomainsAsk) => {
  void turn.run(async () => {
    const { id } = ask;
    try {
      tell({ type: 'answer', id, answer: await graph.answer(ask.type, ask.question) });
    } catch (cause) {
      tell({ type: 'failed', id, cause });
    }
  });
});
