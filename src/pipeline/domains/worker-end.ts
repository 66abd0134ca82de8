import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { compiled } from '../../kit/compiled.ts';
import { Fault } from '../../kit/fault.ts';
import type { Log } from '../../kit/log.ts';
import type { DomainsAsk, DomainsQuestion, DomainsSetup, DomainsTalk, FromDomains } from './messages.ts';

const limits = {
  /** The worker's heap: names and scores lie outside of it, in arrays. */
  heapMb: 2_048,
  /** Questions that may wait for their answer. */
  waiting: 256,
};
/** How long it is waited before a worker that ended is started anew, the more often it did without an answer in between. */
const restartMs = [0, 200, 1_000, 5_000, 30_000];

interface Waiting {
  resolve(answer: never): void;
  reject(cause: unknown): void;
}

/**
 * The main thread's end of the worker that holds the graph of domains. It is started with the first question, and anew with the next one
 * after it has ended: what it had flushed is there again, what it had not is to be given to it once more (`runs` tells).
 */
export function domainsWorkerEnd(
  setup: DomainsSetup,
  log: Log,
  start: (setup: DomainsSetup) => Worker = startWorker,
) {
  const waiting = new Map<number, Waiting>();
  const counters = { starts: 0, deaths: 0, faults: 0 };
  let worker: Worker | null = null;
  let starting: Promise<Worker> | null = null;
  let fruitless = 0;
  let id = 0;
  let stopping = false;

  function ended(one: Worker, cause?: unknown): void {
    if (worker !== one) return;
    worker = null;
    starting = null;
    const fault = new Fault('unavailable', 'The worker that holds the graph of domains ended.', { cause });
    for (const { reject } of waiting.values()) reject(fault);
    waiting.clear();
    if (stopping) return;
    counters.deaths++;
    fruitless++;
    log.error('the worker that holds the graph of domains ended; it is started anew', { cause });
  }

  async function begin(): Promise<Worker> {
    const delay = restartMs[Math.min(fruitless, restartMs.length - 1)]!;
    if (delay > 0) await sleep(delay, undefined, { ref: false });
    if (stopping) throw new Fault('unavailable', 'The system is stopping.');
    counters.starts++;
    const one = start(setup);
    worker = one;
    one.unref();
    one.on('message', (message: FromDomains) => {
      if (message.type === 'fault') {
        counters.faults += message.count;
        log.error('the graph of domains met something unexpected', {
          ...{ says: message.says, count: message.count, cause: message.cause },
        });
        return;
      }
      const asked = waiting.get(message.id);
      waiting.delete(message.id);
      if (waiting.size === 0) one.unref();
      if (message.type === 'failed') asked?.reject(message.cause);
      else {
        fruitless = 0;
        asked?.resolve(message.answer as never);
      }
    });
    one.on('error', (cause) => ended(one, cause));
    one.on('exit', () => ended(one));
    return one;
  }

  return {
    /** `starts`, `deaths`, and `faults`: items that were passed over because of a bug. */
    counters,
    /** The number of the worker that runs; 0 where none does. What one knew the next does not. */
    get runs(): number {
      return worker ? counters.starts : 0;
    },
    /** Throws what the worker threw, `unavailable` where it has ended or too much waits already. */
    async ask<K extends DomainsQuestion>(
      type: K,
      question: DomainsTalk[K]['question'],
    ): Promise<DomainsTalk[K]['answer']> {
      if (stopping || waiting.size >= limits.waiting)
        throw new Fault('unavailable', 'The graph of domains has no time now.');
      starting ??= begin();
      const to = await starting;
      return new Promise<DomainsTalk[K]['answer']>((resolve, reject) => {
        if (worker !== to) {
          reject(new Fault('unavailable', 'The worker that holds the graph of domains ended.'));
          return;
        }
        waiting.set(++id, { resolve, reject });
        // Whoever waits for an answer keeps the process alive.
        to.ref();
        to.postMessage({ id, type, question } satisfies DomainsAsk<K>);
      });
    },
    async stop(): Promise<void> {
      stopping = true;
      const last = worker;
      await last?.terminate();
      if (last) ended(last);
    },
  };
}

export type DomainsWorkerEnd = ReturnType<typeof domainsWorkerEnd>;

const startWorker = (setup: DomainsSetup) =>
  new Worker(compiled('./worker.js', import.meta.url), {
    workerData: setup,
    resourceLimits: { maxOldGenerationSizeMb: limits.heapMb },
  });
