import type { Decision } from '../model/decision.ts';
import type { Event } from '../model/event.ts';
import type { Finding } from '../model/finding.ts';

/** What those who watch are told as it happens. */
export type LiveMessage =
  | { type: 'event'; event: Event }
  | { type: 'decision'; decision: Decision; ended?: string }
  | { type: 'finding'; finding: Finding }
  | { type: 'alarm'; text: string; time: number };

const limits = {
  /** Messages that a newcomer is shown. */
  recent: 300,
  watchers: 64,
};

/** Fans out what happens to those who watch, and remembers the latest for newcomers. */
export function createLive() {
  const recent: { seq: number; message: LiveMessage }[] = [];
  const watchers = new Set<(seq: number, message: LiveMessage) => void>();
  let seq = 0;
  return {
    tell(message: LiveMessage): void {
      seq++;
      recent.push({ seq, message });
      if (recent.length > limits.recent) recent.shift();
      for (const watch of watchers) watch(seq, message);
    },
    /** Messages after number `since` that are still remembered. */
    recent: (since = 0) => recent.filter((one) => one.seq > since),
    /** False where too many watch already. */
    watch(each: (seq: number, message: LiveMessage) => void): (() => void) | null {
      if (watchers.size >= limits.watchers) return null;
      watchers.add(each);
      return () => watchers.delete(each);
    },
  };
}

export type Live = ReturnType<typeof createLive>;
