import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { Random } from '../kit/uuid.ts';
import type { Body, Event } from '../model/event.ts';
import { clip } from './clip.ts';
import type { Emulator, Wire } from './emulator.ts';
import { Input, type InputEvents, LimitReached } from './input.ts';
import type { Limits } from './limits.ts';
import type { Memory } from './memory.ts';
import { Nap } from './nap.ts';
import type { Persona } from './persona.ts';
import { looksRelayed } from './relayed.ts';

/** What the sessions of one sensor share. */
export interface Surroundings {
  sensor: string;
  persona: Persona;
  limits: Limits;
  clock: Clock;
  random: Random;
  /** An event's id at this time (milliseconds since the epoch): each sorts behind the one before. */
  nextId(ms: number): string;
  log: Log;
  /** Resolves after `ms`; handed in so that a test need not wait. */
  sleep(ms: number): Promise<void>;
  /** False where the event could not be kept; whoever keeps events counts that. */
  append(event: Event): boolean;
  keep(bytes: Uint8Array): { sha256: string; size: number };
  /** Counts a bug in an emulator. */
  fault(protocol: string, error: unknown): void;
}

/** The other end: a socket, or what stands for one in a test. */
export interface Peer {
  write(data: Uint8Array): unknown;
  /** Bytes given to `write` that have not left yet. */
  readonly writableLength: number;
  pause(): unknown;
  resume(): unknown;
}

export interface Ends {
  src: { ip: string; port: number };
  dst: { ip: string; port: number };
}

/** One connection: the wire that its emulator speaks over, its limits, and the head of its events. */
export class Session implements Wire, InputEvents {
  readonly id: string;
  readonly src: Ends['src'];
  readonly dst: Ends['dst'];
  readonly memory: Memory;
  readonly startedAt: number;
  heardAt: number;
  received = 0;
  sent = 0;
  readonly #around: Surroundings;
  readonly #over: (peer: Peer) => void;
  /** The options of a dialogue that waits for the peer's first bytes. */
  #unheard: Record<string, unknown> | null = null;
  readonly #emulator: Emulator;
  readonly #peer: Peer;
  readonly #input: Input;
  #handshake: 'established' | 'relayed' = 'established';
  /** Events that wait for the first words; null once those are known. */
  #held: Event[] | null;
  #first: Buffer | null = null;
  #undecided: boolean;
  #paused = false;
  #reason = '';
  #events = 0;
  #raw: Buffer | null = null;
  #nap: Nap | undefined;
  #opaque = false;
  #deadline = Number.POSITIVE_INFINITY;

  /** `over` is told, with the peer, once the dialogue is. */
  constructor(
    around: Surroundings,
    emulator: Emulator,
    peer: Peer,
    ends: Ends,
    memory: Memory,
    over: (peer: Peer) => void,
  ) {
    this.#around = around;
    this.#over = over;
    this.#emulator = emulator;
    this.#peer = peer;
    this.#input = new Input(this);
    this.src = ends.src;
    this.dst = ends.dst;
    this.memory = memory;
    this.id = Buffer.from(around.random(8)).toString('hex');
    this.startedAt = around.clock.now();
    this.heardAt = this.startedAt;
    // A browser may speak HTTP to an HTTP service by right; there, the request itself tells who caused it.
    this.#undecided = emulator.name !== 'http';
    this.#held = this.#undecided ? [] : null;
  }

  get persona(): Persona {
    return this.#around.persona;
  }

  /** Why it ended, or is ending; empty while it lives. */
  get reason(): string {
    return this.#reason;
  }

  /**
   * Greets, and speaks the dialogue: at once, or from the peer's first bytes on where the emulator has a greeting. Until then no call
   * waits here. `over` is told once there is no more to say.
   */
  start(options: Record<string, unknown>): void {
    this.emit({ kind: 'connect' });
    const emulator = this.#emulator;
    if (!emulator.greet) {
      this.#begin(options);
      return;
    }
    try {
      this.#unheard = options;
      if (emulator.greet(this, options) === false) this.#refuse();
    } catch (error) {
      this.#around.fault(emulator.name, error);
      this.#refuse();
    }
  }

  #refuse(): void {
    this.#unheard = null;
    this.stop('server');
    this.#close();
  }

  #begin(options: Record<string, unknown>): void {
    this.#unheard = null;
    void this.#speak(options)
      .catch((error: unknown) => this.#around.fault(this.#emulator.name, error))
      .then(() => this.#over(this.#peer));
  }

  async #speak(options: Record<string, unknown>): Promise<void> {
    try {
      await this.#emulator.session(this, options);
      this.stop('server');
    } catch (error) {
      if (error instanceof LimitReached) this.stop(error.limit);
      else {
        this.#around.fault(this.#emulator.name, error);
        this.stop('fault');
      }
    }
    this.#tell();
  }

  #close(): void {
    this.#tell();
    this.#over(this.#peer);
  }

  #tell(): void {
    this.#tellRest();
    this.#reveal();
    this.#append({
      kind: 'close',
      durationMs: Math.max(0, this.now() - this.startedAt),
      received: this.received,
      sent: this.sent,
      reason: this.#reason,
    });
  }

  /** Bytes from the peer. */
  deliver(chunk: Buffer): void {
    if (this.#reason) return;
    this.heardAt = this.now();
    this.received += chunk.length;
    if (this.#undecided) this.#judge(chunk);
    this.#input.push(chunk);
    if (this.#unheard) this.#begin(this.#unheard);
    if (this.received > this.#around.limits.received) this.stop('received');
    else if (!this.#paused && this.#input.size > this.#around.limits.unread) {
      this.#paused = true;
      this.#peer.pause();
    }
  }

  /** The peer will say no more; what it said is still answered. */
  finish(): void {
    if (!this.#reason) this.#reason = 'peer';
    this.#end();
  }

  /** Ends the dialogue from our side, for the first reason given. */
  stop(reason: string): void {
    if (!this.#reason) this.#reason = reason;
    this.#end();
  }

  #end(): void {
    this.#input.end();
    this.#nap?.end();
    // Whoever leaves without a word is let out by the dialogue too: it may have something to put away.
    if (this.#unheard) this.#begin(this.#unheard);
  }

  /** Called now and then: ends what took too long, and stops waiting for first words. */
  tick(now: number): void {
    const { limits } = this.#around;
    if (this.#held && !this.#first && now - this.startedAt >= limits.firstWordsMs) this.#reveal();
    if (this.#reason) return;
    if (now - this.startedAt >= limits.sessionMs) this.stop('duration');
    else if (now >= this.#deadline) this.stop('grace');
    else if (this.received === 0 && now - this.startedAt >= limits.silentMs) this.stop('silent');
    else if (now - this.heardAt >= limits.idleMs) this.stop('idle');
  }

  line(): Promise<string | null> {
    return this.#input.line(this.#around.limits.line);
  }

  bytes(size: number): Promise<Buffer | null> {
    return this.#input.bytes(size, this.#around.limits.declared);
  }

  read(): Promise<Buffer | null> {
    return this.#input.read();
  }

  unread(bytes: Buffer): void {
    this.#input.unread(bytes);
  }

  send(data: string | Uint8Array): void {
    if (this.#reason && this.#reason !== 'peer') return;
    const bytes = typeof data === 'string' ? Buffer.from(data, 'latin1') : data;
    if (bytes.length === 0) return;
    this.sent += bytes.length;
    if (this.sent > this.#around.limits.sent) {
      this.stop('sent');
      return;
    }
    this.#peer.write(bytes);
    if (this.#peer.writableLength > this.#around.limits.unsent) this.stop('unsent');
  }

  emit(body: Body): void {
    if (++this.#events > this.#around.limits.events) this.stop('events');
    else this.#append(body);
  }

  keep(bytes: Uint8Array): { sha256: string; size: number } {
    return this.#around.keep(bytes);
  }

  async pause(ms: number): Promise<void> {
    if (this.#reason) return;
    const { sleep, limits } = this.#around;
    this.#nap ??= new Nap((time) => sleep(Math.min(time, limits.idleMs)));
    await this.#nap.sleep(ms);
  }

  random(): number {
    const bytes = this.#around.random(4);
    return (bytes[0]! * 0x1000000 + bytes[1]! * 0x10000 + bytes[2]! * 0x100 + bytes[3]!) / 0x1_0000_0000;
  }

  now(): number {
    return this.#around.clock.now();
  }

  opaque(): void {
    this.#opaque = true;
    this.#raw = null;
  }

  deadline(at: number): void {
    this.#deadline = at;
  }

  // Consumed bytes since the last event: the next one carries them.
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

  hungry(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#peer.resume();
  }

  #judge(chunk: Buffer): void {
    this.#first = this.#first ? Buffer.concat([this.#first, chunk]) : chunk;
    const verdict = looksRelayed(this.#first);
    if (verdict === undefined) return;
    this.#first = null;
    if (verdict) {
      this.#handshake = 'relayed';
      for (const event of this.#held ?? []) event.handshake = 'relayed';
    }
    this.#undecided = false;
    this.#reveal();
  }

  #reveal(): void {
    const held = this.#held;
    this.#held = null;
    if (held) for (const event of held) this.#around.append(event);
  }

  #tellRest(): void {
    const left = this.#input.abandon();
    if (this.#opaque) return;
    if (left.length === 0 && !this.#raw) return;
    if (left.length) this.taken(left);
    this.#append({ kind: 'data', size: Math.max(left.length, this.#raw?.length ?? 0) });
  }

  #append(body: Body): void {
    const now = this.now();
    // The head comes last: nothing in a body can stand in for it.
    const event = {
      ...clip(body),
      id: this.#around.nextId(now),
      time: now,
      arrived: now,
      sensor: this.#around.sensor,
      session: this.id,
      protocol: this.#emulator.name,
      transport: 'tcp',
      src: this.src,
      dst: this.dst,
      handshake: this.#handshake,
      decoy: true,
    } as Event;
    if (this.#raw && body.raw === undefined) event.raw = this.#raw.toString('latin1');
    this.#raw = null;
    if (this.#held) this.#held.push(event);
    else this.#around.append(event);
  }
}
