import type { Duplex } from 'node:stream';
import { neighbourhood } from '../../kit/ip.ts';
import type { Emulator } from '../emulator.ts';
import { Memory } from '../memory.ts';
import type { Surroundings } from '../session.ts';
import { answerFrame, frameReader, readArrival } from './frame.ts';
import { DatagramSession } from './session.ts';

const tickMs = 1_000;

/** A service that datagrams are brought to, and where it is. */
export interface DatagramService {
  emulator: Emulator;
  options: Record<string, unknown>;
  around: Surroundings;
  at: { ip: string; port: number };
}

interface Guest {
  session: DatagramSession;
  service: DatagramService;
  source: string;
  key: string;
}

/**
 * Takes datagrams to their services and joins those of one source and port into a session. Sources may be forged: what they remember
 * is kept apart from what connections do, and when there are too many, the new ones are not served.
 */
export class DatagramDoor {
  readonly #around: Surroundings;
  readonly #crowded: () => boolean;
  readonly #guests = new Map<string, Guest>();
  readonly #perSource = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  readonly #counters = { refusedSource: 0, refusedFull: 0, longer: 0, sessions: 0, dropped: 0 };
  #memoryBytes = 0;

  constructor(around: Surroundings, crowded: () => boolean = () => false) {
    this.#around = around;
    this.#crowded = crowded;
    this.#timer = setInterval(() => this.tick(), tickMs);
    this.#timer.unref();
  }

  /** Answers what the courier brings; `services` by their number, undefined where one takes no datagrams. */
  open(stream: Duplex, services: readonly (DatagramService | undefined)[]): void {
    stream.on('error', (error) => this.#around.log.error('The way of the datagrams broke', { error }));
    stream.on(
      'data',
      frameReader((frame) => {
        const { token, service, ip, port, bytes } = readArrival(frame);
        const answer = this.take(services[service]!, { ip, port }, bytes);
        if (answer) stream.write(answerFrame(token, answer));
      }),
    );
  }

  get counters(): Record<string, number> {
    const { sessions, dropped, longer, refusedFull, refusedSource } = this.#counters;
    return {
      datagramSessions: sessions,
      datagramSessionsActive: this.#guests.size,
      datagramsDroppedWhileCrowded: dropped,
      datagramsRefusedFull: refusedFull,
      datagramsRefusedSource: refusedSource,
      datagramAnswersTooLong: longer,
      datagramMemoryBytes: this.#memoryBytes,
    };
  }

  /** The answer to a datagram, if any: never longer than it. */
  take(service: DatagramService, src: { ip: string; port: number }, bytes: Buffer): Uint8Array | null {
    const guest = this.#guest(service, src);
    if (!guest) return null;
    const { session } = guest;
    session.hear(bytes);
    let answer: Uint8Array | null = null;
    try {
      answer = service.emulator.datagram!(session, bytes, service.options);
    } catch (error) {
      this.#around.fault(service.emulator.name, error);
    }
    session.heard(bytes.length);
    if (answer && answer.length > bytes.length) {
      this.#counters.longer++;
      answer = null;
    }
    if (answer) session.answered(answer);
    if (session.full) this.#end(guest, 'events');
    return answer;
  }

  /** Ends the sessions of those who have been silent. */
  tick(): void {
    const { clock, limits } = this.#around;
    const now = clock.now();
    for (const guest of this.#guests.values()) {
      const { heardAt, startedAt } = guest.session;
      if (now - heardAt >= limits.datagramIdleMs) this.#end(guest, 'idle');
      else if (now - startedAt >= limits.sessionMs) this.#end(guest, 'duration');
    }
  }

  close(): void {
    clearInterval(this.#timer);
    for (const guest of this.#guests.values()) this.#end(guest, 'shutdown');
  }

  #guest(service: DatagramService, src: { ip: string; port: number }): Guest | undefined {
    const key = `${src.ip} ${src.port} ${service.at.ip} ${service.at.port}`;
    const known = this.#guests.get(key);
    if (known) return known;
    const { limits } = this.#around;
    const source = neighbourhood(src.ip);
    const open = this.#perSource.get(source) ?? 0;
    if (this.#crowded()) this.#counters.dropped++;
    else if (this.#guests.size >= limits.datagramSessions) this.#counters.refusedFull++;
    else if (open >= limits.datagramSessionsPerSource) this.#counters.refusedSource++;
    else {
      this.#counters.sessions++;
      this.#perSource.set(source, open + 1);
      const ends = { src: { ip: src.ip, port: src.port }, dst: service.at };
      const session = new DatagramSession(service.around, service.emulator.name, ends, this.#memory());
      const guest = { session, service, source, key };
      this.#guests.set(key, guest);
      return guest;
    }
    return undefined;
  }

  #memory(): Memory {
    const { limits } = this.#around;
    return new Memory({
      perAttacker: limits.datagramSessionBytes,
      take: (bytes) => {
        if (this.#memoryBytes + bytes > limits.datagramMemoryBytes) return false;
        this.#memoryBytes += bytes;
        return true;
      },
      give: (bytes) => {
        this.#memoryBytes -= bytes;
      },
    });
  }

  #end({ session, service, source, key }: Guest, reason: string): void {
    try {
      service.emulator.settle?.(session);
    } catch (error) {
      this.#around.fault(service.emulator.name, error);
    }
    session.close(reason);
    this.#memoryBytes -= session.memory.used;
    this.#guests.delete(key);
    const open = (this.#perSource.get(source) ?? 1) - 1;
    if (open > 0) this.#perSource.set(source, open);
    else this.#perSource.delete(source);
  }
}
