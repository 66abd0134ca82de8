import type { Body, Event, Handshake, Head } from '../model/event.ts';
import { clip } from './clip.ts';
import { isEchoed } from './echo.ts';
import { looksRelayed } from './relayed.ts';
import type { Ends, Surroundings } from './session.ts';

/** Of whom an account tells: bound at the door. */
interface Subject extends Ends {
  readonly id: string;
  readonly startedAt: number;
}

/**
 * What a session tells: bodies with their heads, each with the bytes that were read since the one before. Holds the first events
 * back until the first words show whether they may be a third party's.
 */
export class Account {
  readonly #around: Surroundings;
  readonly #subject: Subject;
  readonly #protocol: string;
  readonly #transport: 'tcp' | 'udp';
  #handshake: Handshake;
  /** Events that wait for the first words; null once those are known. */
  #held: Event[] | null;
  #first: Buffer | null = null;
  #undecided: boolean;
  #raw: Buffer | null = null;
  #opaque = false;

  constructor(around: Surroundings, subject: Subject, protocol: string, transport: 'tcp' | 'udp' = 'tcp') {
    this.#around = around;
    this.#subject = subject;
    this.#protocol = protocol;
    this.#transport = transport;
    // Nothing proves where a datagram comes from.
    this.#handshake = transport === 'udp' ? 'none' : 'established';
    // A browser may speak HTTP to an HTTP service by right; there, the request itself tells who caused it.
    this.#undecided = transport === 'tcp' && protocol !== 'http' && protocol !== 'https';
    this.#held = this.#undecided ? [] : null;
  }

  /** Hears what the peer sends, as long as it matters who may have caused it. */
  hear(chunk: Buffer): void {
    if (!this.#undecided) return;
    this.#first = this.#first ? Buffer.concat([this.#first, chunk]) : chunk;
    const verdict = looksRelayed(this.#first);
    if (verdict === undefined) return;
    this.#first = null;
    if (verdict) {
      this.#handshake = 'relayed';
      for (const event of this.#held ?? []) event.handshake = 'relayed';
    }
    this.#undecided = false;
    this.reveal();
  }

  /** Waits for first words no longer than the limit. */
  tick(now: number): void {
    const waited = now - this.#subject.startedAt;
    if (this.#held && !this.#first && waited >= this.#around.limits.firstWordsMs) this.reveal();
  }

  /** Hands on what was held back. */
  reveal(): void {
    const held = this.#held;
    this.#held = null;
    if (held) for (const event of held) this.#around.append(event);
  }

  /** What is read from here on is not kept with the events. */
  opaque(): void {
    this.#opaque = true;
    this.#raw = null;
  }

  /** Consumed bytes since the last event: the next one carries them. */
  taken(bytes: Buffer): void {
    if (this.#opaque) return;
    const room = this.#around.limits.raw - (this.#raw?.length ?? 0);
    if (room <= 0) return;
    // A copy where little is wanted of much, so that the rest can be freed.
    const piece = bytes.length > room ? Buffer.from(bytes.subarray(0, room)) : bytes;
    this.#raw = this.#raw ? Buffer.concat([this.#raw, piece]) : piece;
  }

  returned(size: number): void {
    if (!this.#raw) return;
    this.#raw = this.#raw.length > size ? this.#raw.subarray(0, this.#raw.length - size) : null;
  }

  /** Forgets bytes that were read but not told: they are part of a handshake. */
  forget(): void {
    this.#raw = null;
  }

  /** Tells of what was sent but never asked for, or, of `size` bytes that were, what no event carries yet. */
  rest(left: Buffer, size = 0): void {
    if (this.#opaque) return;
    if (left.length === 0 && !this.#raw) return;
    if (left.length) this.taken(left);
    this.tell({ kind: 'data', size: Math.max(left.length, size, this.#raw?.length ?? 0) });
  }

  tell(body: Body): void {
    const { id, src, dst } = this.#subject;
    const now = this.#around.clock.now();
    const head: Head = {
      id: this.#around.nextId(now),
      time: now,
      arrived: now,
      sensor: this.#around.sensor,
      session: id,
      protocol: this.#protocol,
      transport: this.#transport,
      src,
      dst,
      handshake:
        this.#handshake === 'relayed' && isEchoed(this.#protocol, body) ? 'established' : this.#handshake,
      decoy: true,
    };
    // The head comes last: nothing in a body can stand in for it.
    const event: Event = { ...clip(body), ...head };
    if (this.#raw && body.raw === undefined) event.raw = this.#raw.toString('latin1');
    this.#raw = null;
    if (this.#held) this.#held.push(event);
    else this.#around.append(event);
  }
}
