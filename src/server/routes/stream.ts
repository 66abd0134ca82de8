import { streamSSE } from 'hono/streaming';
import type { LiveMessage } from '../../pipeline/live.ts';
import type { Route } from './index.ts';

/** Messages that may wait for a slow reader; then it is closed, and comes back by itself (EventSource). */
const backlogLimit = 2_000;
const beatMs = 15_000;

/** What attackers do, as it happens: server-sent events (WHATWG HTML §9.2), each with a number to go on from. */
export const stream: Route = (app, { live }) => {
  app.get('/api/v1/stream', (c) => {
    const last = Number(c.req.header('last-event-id') ?? 0) || 0;
    // A number from before a restart is ahead of ours, and says nothing.
    const since = last > (live.recent().at(-1)?.seq ?? 0) ? 0 : last;
    return streamSSE(c, async (out) => {
      const queue: { seq: number; message: LiveMessage }[] = live.recent(since);
      let wake: (() => void) | undefined;
      let open = true;
      const stop = live.watch((seq, message) => {
        if (queue.push({ seq, message }) > backlogLimit) open = false;
        wake?.();
      });
      if (!stop) return out.writeSSE({ event: 'refused', data: 'too many watchers' });
      out.onAbort(() => {
        open = false;
        wake?.();
      });
      const beat = setInterval(() => void out.writeSSE({ event: 'beat', data: '' }), beatMs);
      try {
        await out.writeSSE({ event: 'beat', data: '' });
        while (open) {
          const next = queue.shift();
          if (next)
            await out.writeSSE({
              id: String(next.seq),
              event: next.message.type,
              data: JSON.stringify(next.message),
            });
          else await new Promise<void>((resolve) => (wake = resolve));
        }
      } finally {
        clearInterval(beat);
        stop();
      }
    });
  });
};
