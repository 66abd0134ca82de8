import type { Actor } from '../model/actor.ts';
import type { Event } from '../model/event.ts';
import type { SessionRecord } from '../model/session.ts';

/** What the worker that looks at sessions is started with. */
export interface SessionSetup {
  /** Folders of behaviours. */
  behaviours: string[];
  /** Names by which only somebody who means us would call. */
  ours: string[];
}

/** A session that was stored before a restart, as far as others are compared with it. */
export type StoredSession = Pick<
  SessionRecord,
  'id' | 'run' | 'session' | 'sensor' | 'src' | 'end' | 'sequence' | 'traces'
>;

export type ToSessions =
  | { type: 'restore'; sessions: StoredSession[] }
  /** Events of one run in their order, each with its number in it. */
  | { type: 'events'; run: string; events: { event: Event; seq: number }[] }
  /** Nothing of before this time will come any more, in milliseconds since the epoch. */
  | { type: 'quiet'; run: string; now: number }
  | { type: 'end'; run: string };

/** The answer to each message but the first. */
export interface FromSessions {
  sessions: SessionRecord[];
  merges: { from: string; to: string }[];
  actors: { id: string; addresses: number; joins: Actor['joins'] }[];
  /** Number of the first event of the session that has been open for longest; null where none is. */
  oldest: number | null;
}
