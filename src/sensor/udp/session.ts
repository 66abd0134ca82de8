import type { Body } from '../../model/event.ts';
import { Account } from '../account.ts';
import type { DatagramWire } from '../emulator.ts';
import type { Memory } from '../memory.ts';
import type { Persona } from '../persona.ts';
import { Recording, type Way } from '../recording.ts';
import type { Ends, Surroundings } from '../session.ts';

/** What one source says from one port to one service, until it falls silent. */
export class DatagramSession implements DatagramWire {
  readonly id: string;
  readonly src: Ends['src'];
  readonly dst: Ends['dst'];
  readonly memory: Memory;
  readonly startedAt: number;
  heardAt: number;
  received = 0;
  sent = 0;
  readonly #around: Surroundings;
  readonly #account: Account;
  readonly #protocol: string;
  #recording: Recording | undefined;
  #events = 0;

  constructor(around: Surroundings, protocol: string, ends: Ends, memory: Memory) {
    this.#around = around;
    this.#protocol = protocol;
    this.src = ends.src;
    this.dst = ends.dst;
    this.memory = memory;
    this.id = Buffer.from(around.random(8)).toString('hex');
    this.startedAt = around.clock.now();
    this.heardAt = this.startedAt;
    this.#account = new Account(around, this, protocol, 'udp');
    this.#account.tell({ kind: 'connect' });
  }

  get persona(): Persona {
    return this.#around.persona;
  }

  /** More than a session may tell: it is over. */
  get full(): boolean {
    const { events, received } = this.#around.limits;
    return this.#events > events || this.received > received;
  }

  hear(bytes: Buffer): void {
    this.heardAt = this.now();
    this.received += bytes.length;
    this.#account.taken(bytes);
    this.#record('in', bytes);
  }

  /** What nobody told of is told as it is. */
  heard(size: number): void {
    this.#account.rest(Buffer.alloc(0), size);
  }

  answered(bytes: Uint8Array): void {
    this.sent += bytes.length;
    this.#record('out', bytes);
  }

  close(reason: string): void {
    this.#recording?.end(this.now());
    this.#account.tell({
      kind: 'close',
      durationMs: Math.max(0, this.heardAt - this.startedAt),
      received: this.received,
      sent: this.sent,
      reason,
    });
  }

  emit(body: Body): void {
    if (++this.#events <= this.#around.limits.events) this.#account.tell(body);
  }

  understood(): void {
    this.#account.forget();
  }

  keep(bytes: Uint8Array): { sha256: string; size: number } {
    return this.#around.keep(bytes);
  }

  random(): number {
    return Buffer.from(this.#around.random(4)).readUInt32BE() / 0x1_0000_0000;
  }

  now(): number {
    return this.#around.clock.now();
  }

  #record(way: Way, bytes: Uint8Array): void {
    const { recordings } = this.#around;
    if (!recordings) return;
    this.#recording ??= new Recording(recordings, {
      session: this.id,
      protocol: this.#protocol,
      startedAt: this.startedAt,
    });
    this.#recording.add(way, bytes, this.now());
  }
}
