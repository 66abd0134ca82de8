import { Fault } from '../kit/fault.ts';
import { Feed } from './feed.ts';
import { FrameCutter } from './frame-stream.ts';
import type { Intake } from './intake.ts';
import type { Positions } from './journal.ts';
import type { Link } from './link.ts';
import { dnstap, dnstapContent } from './readers/dnstap.ts';
import type { Rejects } from './rejects.ts';

export interface DnstapLinkParts {
  /** What the source is called in events. */
  source: string;
  /** Tells the ids of this connection's events from those of others. */
  connection: string;
  intake: Pick<Intake, 'take'>;
  rejects: Pick<Rejects, 'add'>;
  now(): number;
  send(bytes: Buffer): void;
  bug?(error: unknown): void;
}

/**
 * The intake's end of a resolver's dnstap: a bidirectional frame stream (READY, ACCEPT, START, frames, STOP, FINISH). The protocol
 * acknowledges nothing, so that what was on its way when either end dies is lost; and answers are too many to be shown live.
 */
export class DnstapLink implements Link {
  readonly #feed: Feed;
  #broken = false;
  readonly positions: Positions = {};
  readonly taken = [];

  constructor({ source, connection, intake, rejects, now, send, bug }: DnstapLinkParts) {
    const cutter = new FrameCutter(dnstapContent, {
      send,
      broken: () => {
        this.#broken = true;
      },
    });
    const reader = { ...dnstap, cutter: () => cutter };
    this.#feed = new Feed({
      ...{ reader, source, intake, rejects, now, ...(bug && { bug }) },
      identity: `${source}\n${connection}`,
      remembered: 1 << 12,
    });
  }

  bytes(chunk: Buffer): void {
    this.#feed.bytes(chunk);
    if (this.#broken) throw new Fault('invalid', 'Not a frame stream of dnstap.');
  }

  acknowledge(): void {}

  end(): void {
    this.#feed.end();
  }
}
