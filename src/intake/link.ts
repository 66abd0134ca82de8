import type { Event } from '../model/event.ts';
import type { Positions } from './journal.ts';

/** The intake's end of a connection that brings events. */
export interface Link {
  /** Takes what came. Throws where the peer does not speak the protocol. */
  bytes(chunk: Buffer): void;
  /** How far the peer's events are: to be kept with the commit. */
  readonly positions: Positions;
  /** Events of this batch that are worth showing live. */
  readonly taken: readonly Event[];
  /** What was taken is durable. */
  acknowledge(): void;
  /** The connection has ended. */
  end(): void;
}
