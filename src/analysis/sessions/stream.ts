import type { Event } from '../../model/event.ts';
import { SessionBuilder } from './builder.ts';
import type { Classified, Classifier, Counted } from './classify.ts';

/** Sessions that are held back until the input has ended, so that how common they are and whose they are is known of all. */
export const heldLimit = { sessions: 20_000, bytes: 64 * 1_024 * 1_024 } as const;

export interface SessionStream {
  push(event: Event): void;
  /** The input has ended. */
  end(): void;
}

/**
 * Events in, sessions out: each once, in the order of their ends. Up to `held` of them wait for those that come after; beyond, the
 * first ones are told with what is known by then.
 */
export function createSessionStream(
  classifier: Classifier,
  told: (session: Classified) => void,
  held: { sessions: number; bytes: number } = heldLimit,
): SessionStream {
  let waiting: Counted[] = [];
  let bytes = 0;
  const release = () => {
    const all = waiting;
    waiting = [];
    bytes = 0;
    for (const one of all) told(one.tell());
  };
  const builder = new SessionBuilder((session) => {
    waiting.push(classifier.count(session));
    bytes += session.bytes;
    if (waiting.length > held.sessions || bytes > held.bytes) release();
  });
  return {
    push: (event) => builder.push(event),
    end() {
      builder.end();
      release();
    },
  };
}
