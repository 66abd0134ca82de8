import type { TermOptions } from './options.ts';

/** What is remembered of a source between denies: the step it was released from, and when. */
export interface Past {
  step: number;
  /** In milliseconds since the epoch. */
  ended: number;
}

/**
 * The step of a source that is denied again at `at`. Within the watch window it goes one step up; each whole window of
 * silence takes one step off, until nothing is left of it (catch and release, as Zeek does it).
 */
export function nextStep(past: Past | undefined, at: number, { ladderMs, watchMs }: TermOptions): number {
  if (!past) return 0;
  let step = Math.min(past.step, ladderMs.length - 1);
  let from = past.ended;
  while (step >= 0 && at - from > watchMs[step]!) {
    from += watchMs[step]!;
    step--;
  }
  return Math.min(step + 1, ladderMs.length - 1);
}

/** Why a time cannot carry a term, or null. A time ahead of the arrival clock by more than the skew is a lie or a bad clock. */
export function timeFault(time: number, now: number, skewMs: number): string | null {
  if (!Number.isSafeInteger(time) || time < 0) return 'its time is no time';
  return time - now > skewMs ? 'its time lies ahead of its arrival' : null;
}

/**
 * When a deny of this step ends. The term runs from the event's own time, never from after its arrival, and never ends
 * before what already stands. Null where it would be over already: late evidence makes no deny.
 */
export function termEnd(
  step: number,
  time: number,
  now: number,
  standing: number,
  { ladderMs }: TermOptions,
): number | null {
  const until = Math.max(Math.min(time, now) + ladderMs[step]!, standing);
  return until > now ? until : null;
}
