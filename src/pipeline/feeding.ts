import { Worker } from 'node:worker_threads';
import type { Met } from '../intel/index.ts';
import { compiled } from '../kit/compiled.ts';
import type { Log } from '../kit/log.ts';
import type { FeedingMessage, FeedingOrder, FeedingSetup } from './feeds-worker.ts';

/** How long the thread may take to end by itself, in milliseconds. */
const graceMs = 5_000;

/** How often feeds are told what decoys met, in milliseconds: all lists are read anew for it where that is news. */
const metMs = 3_600_000;

/**
 * Keeps the feeds of a running system fresh, in a thread of its own, and tells them what decoys met. Null where there are none. What becomes of
 * it touches nothing else.
 */
export function startFeeding(
  setup: FeedingSetup,
  log: Log,
  { met, everyMs = metMs }: { met?: () => Promise<readonly Met[]>; everyMs?: number } = {},
) {
  if (setup.config.lists.length === 0) return null;
  const worker = new Worker(compiled('./feeds-worker.js', import.meta.url), { workerData: setup });
  worker.unref();
  worker.on('error', (cause) => log.error('the feeds are no longer kept fresh', { cause }));
  worker.on('message', (message: FeedingMessage) => {
    if (message.type === 'weighed') log.info('feeds were weighed by what decoys met', {});
    else if (message.type === 'fault')
      log.error('the feeds could not be looked at', { cause: message.cause });
    else
      for (const { name, entries, problem } of message.feeds) {
        if (problem !== null) log.warn('a feed was not taken over', { name, problem });
        else log.info('a feed is up to date', { name, entries });
      }
  });
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const order = (one: FeedingOrder) => worker.postMessage(one);
  const timer = met && setInterval(() => void tell(met), everyMs).unref();
  async function tell(ask: () => Promise<readonly Met[]>): Promise<void> {
    try {
      order({ type: 'met', met: await ask() });
    } catch (cause) {
      log.error('feeds could not be told what decoys met', { cause });
    }
  }
  return {
    async stop(): Promise<void> {
      clearInterval(timer);
      worker.ref();
      order({ type: 'stop' });
      // In the middle of a large list it does not listen; what it writes is whole or not there at all.
      const late = setTimeout(() => void worker.terminate(), graceMs);
      await ended;
      clearTimeout(late);
    },
  };
}
