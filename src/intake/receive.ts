import { z } from 'zod';
import { type Event, parseEvent } from '../model/event.ts';
import type { Intake } from './intake.ts';
import type { Positions } from './journal.ts';
import { LineCutter } from './lines.ts';
import type { Link } from './link.ts';
import { Reject } from './reader.ts';
import type { Rejects } from './rejects.ts';

const hello = z.strictObject({
  hello: z.strictObject({
    sensor: z.string().max(64),
    spool: z.string().min(8).max(64),
    version: z.literal(1),
  }),
});
const message = z.strictObject({ seq: z.int().positive(), event: z.unknown() });

export interface SensorLinkParts {
  /** The name under which the operator configured this sensor; what it says of itself must agree. */
  sensor: string;
  intake: Intake;
  /** How far each spool is in the journal. */
  positions: Positions;
  rejects: Rejects;
  now(): number;
  send(line: string): void;
}

/**
 * The intake's end of a sensor's link. The sensor says which spool it reads from; we answer how far we have it, and it goes on
 * from there: delivery at least once, stored once. Events are checked: the sensor holds hostile bytes, and may be taken over.
 */
export class SensorLink implements Link {
  readonly #parts: SensorLinkParts;
  readonly #cutter = new LineCutter();
  #spool = '';
  #have = 0;
  #acknowledged = 0;
  /** Events of this batch, in the order in which they were taken. */
  readonly taken: Event[] = [];

  constructor(parts: SensorLinkParts) {
    this.#parts = parts;
  }

  /** Takes what came. Call `positions` and commit, then `acknowledge`. Throws where the peer does not speak the protocol. */
  bytes(chunk: Buffer): void {
    this.#cutter.cut(
      chunk,
      (bytes, from, to) => this.#line(bytes.toString('utf8', from, to)),
      () => this.#parts.rejects.add(this.#parts.sensor, this.#have, 'the message is over its limit', ''),
    );
  }

  get positions(): Positions {
    return this.#spool ? { [this.#spool]: this.#have } : {};
  }

  /** Tells the sensor what is durable now. */
  acknowledge(): void {
    this.taken.length = 0;
    if (this.#have === this.#acknowledged) return;
    this.#acknowledged = this.#have;
    this.#parts.send(`{"ack":${this.#have}}\n`);
  }

  end(): void {}

  #line(line: string): void {
    const { sensor, rejects, intake } = this.#parts;
    if (!this.#spool) {
      const { spool } = hello.parse(JSON.parse(line)).hello;
      this.#spool = `${sensor}/${spool}`;
      this.#have = this.#acknowledged = this.#parts.positions[this.#spool] ?? 0;
      this.#parts.send(`{"have":${this.#have}}\n`);
      return;
    }
    const { seq, event } = message.parse(JSON.parse(line));
    // A sensor that reconnects may send what we have: it is stored already.
    if (seq <= this.#have) return;
    this.#have = seq;
    try {
      const checked = parseEvent(event);
      checked.sensor = sensor;
      checked.arrived = Math.max(this.#parts.now(), 0);
      intake.take(checked);
      this.taken.push(checked);
    } catch (error) {
      const reason = error instanceof Reject ? error.message : 'the event does not have the right form';
      rejects.add(sensor, seq, reason, line);
    }
  }
}
