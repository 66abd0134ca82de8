import type { Server, Socket } from 'node:net';
import { canonicalIp, neighbourhood } from '../kit/ip.ts';
import type { Emulator } from './emulator.ts';
import { Memories } from './memory.ts';
import { Session, type Surroundings } from './session.ts';

/** How often sessions are looked at for their deadlines, in milliseconds. */
const tickMs = 250;
/** How many of those that wait are let in at each look while the sensor is short of room. */
const admittedPerTick = 8;

interface Guest {
  socket: Socket;
  session: Session;
  source: string;
  /** When its dialogue was over; 0 before. */
  closedAt: number;
}

interface Waiting {
  socket: Socket;
  service: Service;
}

interface Service {
  emulator: Emulator;
  options: Record<string, unknown>;
}

export interface DoorCounters {
  accepted: number;
  active: number;
  waiting: number;
  refusedSource: number;
  refusedFull: number;
  goneBeforeAccept: number;
  memoryBytes: number;
  attackersForgotten: number;
}

/**
 * Takes connections from listening servers, one emulator each, and holds every limit on them. While `crowded` says so
 * (spool or intake lag behind), newcomers wait unread at the door and are let in slowly.
 */
export class Door {
  readonly #around: Surroundings;
  readonly #crowded: () => boolean;
  readonly #memories: Memories;
  readonly #guests = new Set<Guest>();
  readonly #waiting: Set<Waiting> = new Set();
  readonly #perSource = new Map<string, number>();
  readonly #servers: Server[] = [];
  readonly #timer: NodeJS.Timeout;
  #accepted = 0;
  #refusedSource = 0;
  #refusedFull = 0;
  #gone = 0;
  #idle: (() => void) | undefined;

  constructor(around: Surroundings, crowded: () => boolean = () => false) {
    this.#around = around;
    this.#crowded = crowded;
    this.#memories = new Memories(around.limits);
    this.#timer = setInterval(() => this.#tick(), tickMs);
    this.#timer.unref();
  }

  /** Serves a listening server. `options` have been checked against the emulator's schema. */
  open(server: Server, emulator: Emulator, options: Record<string, unknown>): void {
    const service = { emulator, options };
    this.#servers.push(server);
    server.on('connection', (socket) => this.arrive(socket, service));
    server.on('error', (error) => this.#around.log.error('A listening socket failed', { error }));
  }

  arrive(socket: Socket, service: Service): void {
    socket.on('error', () => socket.destroy());
    // Who has said its last word may still listen: it is we who end our side.
    socket.allowHalfOpen = true;
    if (this.#guests.size + this.#waiting.size >= this.#around.limits.sessions) {
      this.#refusedFull++;
      socket.destroy();
      return;
    }
    const ip = canonicalIp((socket.remoteAddress ?? '').replace(/%.*/, ''));
    if (!ip) {
      this.#gone++;
      socket.destroy();
      return;
    }
    const source = neighbourhood(ip);
    const open = this.#perSource.get(source) ?? 0;
    if (open >= this.#around.limits.perSource) {
      this.#refusedSource++;
      socket.destroy();
      return;
    }
    this.#perSource.set(source, open + 1);
    socket.once('close', () => this.#leave(source));
    if (!this.#crowded()) {
      this.#admit(socket, service, ip, source);
      return;
    }
    const waiting = { socket, service };
    this.#waiting.add(waiting);
    socket.once('close', () => this.#waiting.delete(waiting));
  }

  get counters(): DoorCounters {
    return {
      accepted: this.#accepted,
      active: this.#guests.size,
      waiting: this.#waiting.size,
      refusedSource: this.#refusedSource,
      refusedFull: this.#refusedFull,
      goneBeforeAccept: this.#gone,
      memoryBytes: this.#memories.used,
      attackersForgotten: this.#memories.forgotten,
    };
  }

  /** Takes nobody in any more, ends every session, and resolves when each has told its `close`. */
  async close(): Promise<void> {
    for (const server of this.#servers) server.close();
    for (const { socket } of this.#waiting) socket.destroy();
    const all = new Promise<void>((resolve) => {
      this.#idle = resolve;
    });
    for (const guest of this.#guests) guest.session.stop('shutdown');
    this.#settle();
    await all;
    clearInterval(this.#timer);
    for (const guest of this.#guests) guest.socket.destroy();
  }

  #admit(socket: Socket, { emulator, options }: Service, ip: string, source: string): void {
    this.#accepted++;
    const ends = {
      src: { ip, port: socket.remotePort ?? 0 },
      dst: {
        ip: canonicalIp((socket.localAddress ?? '').replace(/%.*/, '')) ?? '0.0.0.0',
        port: socket.localPort ?? 0,
      },
    };
    const memory = this.#memories.hold(ip);
    const session = new Session(this.#around, emulator, socket, ends, memory);
    const guest: Guest = { socket, session, source, closedAt: 0 };
    this.#guests.add(guest);
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => session.deliver(chunk));
    socket.on('end', () => session.finish());
    socket.on('close', () => {
      session.finish();
      if (guest.closedAt) this.#guests.delete(guest);
    });
    void session
      .run(options)
      .catch((error: unknown) => this.#around.fault(emulator.name, error))
      .then(() => {
        this.#memories.release(memory);
        guest.closedAt = Math.max(1, this.#around.clock.now());
        if (socket.destroyed) this.#guests.delete(guest);
        else {
          socket.end();
          socket.resume();
        }
        this.#settle();
      });
  }

  #leave(source: string): void {
    const open = (this.#perSource.get(source) ?? 1) - 1;
    if (open > 0) this.#perSource.set(source, open);
    else this.#perSource.delete(source);
  }

  #settle(): void {
    if (!this.#idle) return;
    for (const guest of this.#guests) if (!guest.closedAt) return;
    this.#idle();
  }

  #tick(): void {
    const now = this.#around.clock.now();
    for (const guest of this.#guests) {
      if (!guest.closedAt) guest.session.tick(now);
      else if (now - guest.closedAt > this.#around.limits.lingerMs) guest.socket.destroy();
    }
    if (this.#waiting.size === 0) return;
    let room = this.#crowded() ? 0 : admittedPerTick;
    for (const waiting of this.#waiting) {
      if (room-- <= 0) return;
      this.#waiting.delete(waiting);
      const ip = canonicalIp((waiting.socket.remoteAddress ?? '').replace(/%.*/, ''));
      if (ip) this.#admit(waiting.socket, waiting.service, ip, neighbourhood(ip));
      else waiting.socket.destroy();
    }
  }
}
