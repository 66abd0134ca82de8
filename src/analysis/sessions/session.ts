import type { Event, Head } from '../../model/event.ts';

/** One connection from its first event to its end, or what of it fits the limits. */
export interface Session extends Pick<Head, 'sensor' | 'session' | 'protocol' | 'src' | 'dst' | 'decoy'> {
  /** Times of the first and the last event, in milliseconds since the epoch. */
  start: number;
  end: number;
  /** How it ended: by its close, by nothing more in event time, by the end of the input, or pushed out by the limits. */
  ended: 'closed' | 'idle' | 'input-end' | 'limit';
  /** Where its first event stands in the stream that it was read from, where that was told. */
  at: number;
  /** In the order in which they came. */
  events: Event[];
  /** Characters that the events are taken to hold. */
  bytes: number;
  /** Events that did not fit. */
  cut: number;
}

/** What sessions may take. Bytes are characters of attackers' text. */
export const sessionLimits = {
  /** Events and bytes of one session; what comes after is counted and let go. */
  events: 1_024,
  bytes: 512 * 1_024,
  /** Sessions that are followed at a time, and bytes of all of them. */
  open: 50_000,
  allBytes: 128 * 1_024 * 1_024,
  /** Ended sessions whose late events are known as such. */
  ended: 50_000,
  /** After so long without an event, in event time, a session is over. */
  idleMs: 10 * 60_000,
} as const;
export type SessionLimits = { [K in keyof typeof sessionLimits]: number };
