// Over 300 lines: all that an emulator may ask of its connection, in one place; input, account, pauses and TLS have files of their own.
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { Random } from '../kit/uuid.ts';
import type { Body, Event } from '../model/event.ts';
import { Account } from './account.ts';
import type { StreamEmulator, Wire } from './emulator.ts';
import { Input, type InputEvents, LimitReached } from './input.ts';
import type { Limits } from './limits.ts';
import type { Memory } from './memory.ts';
import { Nap } from './nap.ts';
import type { Persona } from './persona.ts';
import { Recording, type Way } from './recording.ts';
import type { Recordings } from './recordings.ts';
import { type Secure, secure } from './tls/secure.ts';

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
  /** Where what is said is recorded; nowhere where it is left out. */
  recordings?: Recordings;
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

/** Characters and bytes of a greeting that are recorded once the peer answers: the first are mostly shared, the others never. */
const greetingLimits = { text: 4_096, bytes: 256 };

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
  readonly #emulator: StreamEmulator;
  readonly #peer: Peer;
  #input: Input;
  #secure: Secure | undefined;
  /** Gives up a handshake that the peer does not finish. */
  #giveUpTls: (() => void) | undefined;
  readonly #account: Account;
  #paused = false;
  #reason = '';
  #events = 0;
  #nap: Nap | undefined;
  #deadline = Number.POSITIVE_INFINITY;
  /** None before the peer's first byte: most who come say nothing. */
  #recording: Recording | undefined;
  /** What we had said by then, as it was given: mostly a text that all sessions share. */
  #greeted: string | Uint8Array | undefined;
  #opaque = false;

  /** `over` is told, with the peer, once the dialogue is. */
  constructor(
    around: Surroundings,
    emulator: StreamEmulator,
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
    this.#account = new Account(around, this, emulator.name);
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
    this.#tellEnd();
    this.#over(this.#peer);
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
    this.#account.rest(this.#input.abandon());
    if (this.#secure)
      await Promise.race([this.#secure.close(), this.#around.sleep(this.#around.limits.lingerMs)]);
    this.#tellEnd();
  }

  #tellEnd(): void {
    this.#account.reveal();
    this.#recording?.end(this.now());
    this.#account.tell({
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
    this.#account.hear(chunk);
    if (this.#secure) this.#secure.feed(chunk);
    else {
      this.#hearPlain('in', chunk);
      this.#input.push(chunk);
    }
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
    if (!this.#secure) {
      this.#end();
      return;
    }
    const input = this.#input;
    this.#secure.finish();
    this.#nap?.end();
    // What is still being deciphered is read; a peer that breaks off within a record is not waited for.
    void this.#around.sleep(this.#around.limits.lingerMs).then(() => {
      input.end();
      this.#giveUpTls?.();
    });
  }

  /** Ends the dialogue from our side, for the first reason given. */
  stop(reason: string): void {
    if (!this.#reason) this.#reason = reason;
    this.#end();
  }

  #end(): void {
    this.#input.end();
    this.#giveUpTls?.();
    this.#nap?.end();
    // Whoever leaves without a word is let out by the dialogue too: it may have something to put away.
    if (this.#unheard) this.#begin(this.#unheard);
  }

  /** Called now and then: ends what took too long, and stops waiting for first words. */
  tick(now: number): void {
    const { limits } = this.#around;
    this.#account.tick(now);
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
    const bytes = bytesOf(data);
    if (bytes.length === 0) return;
    this.#hearPlain('out', data);
    if (this.#secure) this.#secure.send(bytes);
    else this.#hand(bytes);
  }

  #hand(bytes: Uint8Array): void {
    this.sent += bytes.length;
    if (this.sent > this.#around.limits.sent) {
      this.stop('sent');
      return;
    }
    this.#peer.write(bytes);
    if (this.#peer.writableLength > this.#around.limits.unsent) this.stop('unsent');
  }

  async startTls(): Promise<boolean> {
    const waiting = this.#input.abandon();
    const ended = this.#reason !== '';
    const input = new Input(this);
    this.#input = input;
    this.#account.forget();
    this.#secure = secure(this.#around.persona, this.now(), {
      write: (bytes) => this.#hand(bytes),
      plain: (bytes) => {
        this.#hearPlain('in', bytes);
        input.push(bytes);
        if (this.#paused || input.size <= this.#around.limits.unread) return;
        this.#paused = true;
        this.#peer.pause();
      },
      ended: () => input.end(),
    });
    this.#secure.feed(Buffer.from(waiting));
    if (ended) this.finish();
    if (this.#paused) this.hungry();
    const given = new Promise<boolean>((resolve) => {
      this.#giveUpTls = () => resolve(false);
    });
    if (this.#reason && this.#reason !== 'peer') return false;
    return Promise.race([this.#secure.ready, given]);
  }

  emit(body: Body): void {
    if (++this.#events > this.#around.limits.events) this.stop('events');
    else this.#account.tell(body);
  }

  keep(bytes: Uint8Array): { sha256: string; size: number } {
    return this.#around.keep(bytes);
  }

  async pause(ms: number, { stay = false } = {}): Promise<void> {
    if (stay && this.#reason === 'peer') {
      await this.#around.sleep(Math.min(ms, this.#around.limits.lingerMs));
      return;
    }
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
    this.#greeted = undefined;
    if (this.#recording?.drop()) this.#recording = undefined;
    this.#account.opaque();
  }

  record(way: Way, bytes: Uint8Array, at = this.now()): void {
    const { recordings } = this.#around;
    if (!recordings) return;
    this.#recording ??= new Recording(recordings, {
      session: this.id,
      protocol: this.#emulator.name,
      startedAt: this.startedAt,
    });
    this.#recording.add(way, bytes, at);
  }

  #hearPlain(way: Way, data: string | Uint8Array): void {
    if (this.#opaque || !this.#around.recordings) return;
    const before = this.#greeted;
    if (way === 'out' && this.#recording === undefined) {
      const limit = typeof data === 'string' ? greetingLimits.text : greetingLimits.bytes;
      if ((before?.length ?? 0) + data.length > limit) return;
      if (before === undefined) this.#greeted = data;
      else this.#greeted = Buffer.concat([bytesOf(before), bytesOf(data)]);
      return;
    }
    this.#greeted = undefined;
    if (before !== undefined) this.record('out', bytesOf(before), this.startedAt);
    const first = this.#secure === undefined && (this.#recording === undefined || before !== undefined);
    const missing = first ? this.sent - (before?.length ?? 0) : 0;
    this.record(way, bytesOf(data));
    if (missing > 0 && way === 'in') this.#recording?.miss(missing);
  }

  deadline(at: number): void {
    this.#deadline = at;
  }

  taken(bytes: Buffer): void {
    this.#account.taken(bytes);
  }

  returned(size: number): void {
    this.#account.returned(size);
  }

  hungry(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#peer.resume();
  }
}

function bytesOf(data: string | Uint8Array): Uint8Array {
  return typeof data === 'string' ? Buffer.from(data, 'latin1') : data;
}
