import { parentPort, workerData } from 'node:worker_threads';
import type { Met } from '../intel/index.ts';
import type { FeedsParts } from './feeds.ts';
import { openFeeds } from './feeds.ts';

/** What the thread is told, and what it tells. */
export type FeedingSetup = Omit<FeedsParts, 'now'>;
export type FeedingOrder = { type: 'stop' } | { type: 'met'; met: readonly Met[] };
export type FeedingMessage =
  | { type: 'looked'; feeds: { name: string; entries: number; problem: string | null }[] }
  | { type: 'weighed' }
  | { type: 'fault'; cause: unknown };

/** The worker thread that keeps feeds fresh: a large one takes seconds to read, which the rest need not wait for. */
const feeds = openFeeds({ ...(workerData as FeedingSetup), now: Date.now });
const port = parentPort!;
const stop = new AbortController();
const tell = (message: FeedingMessage) => port.postMessage(message);

/** How often it looks for what is due, in milliseconds. */
const lookMs = 60_000;
let timer: NodeJS.Timeout | undefined;

async function look(): Promise<void> {
  try {
    const states = await feeds.refresh({ signal: stop.signal });
    tell({
      type: 'looked',
      feeds: states.map(({ name, entries, problem }) => ({ name, entries, problem: problem?.says ?? null })),
    });
  } catch (cause) {
    tell({ type: 'fault', cause });
  }
  if (!stop.signal.aborted) timer = setTimeout(() => void look(), lookMs);
}

port.on('message', (order: FeedingOrder) => {
  if (order.type === 'met') {
    try {
      if (feeds.hear(order.met)) tell({ type: 'weighed' });
    } catch (cause) {
      tell({ type: 'fault', cause });
    }
    return;
  }
  stop.abort();
  clearTimeout(timer);
  port.close();
});
void look();
