import type { Server, Socket } from 'node:net';
import { canonicalIp, neighbourhood } from '../kit/ip.ts';
import type { StreamEmulator } from './emulator.ts';
import { Memories } from './memory.ts';
import { type Peer, Session, type Surroundings } from './session.ts';

/** How often sessions are looked at for their deadlines, in milliseconds. */
const tickMs = 250;
/** How many of those that wait are let in at each look while the sensor is short of room. */
const admittedPerTick = 8;

/** Where a socket holds its guest: listeners find it there, so that all connections share theirs. */
const guestOf = Symbol('guest');

interface Guest {
  socket: Arrived;
  ip: string;
  /** What its connections are counted by. */
  source: string;
  service: Service;
  /** Null while it waits at the door. */
  session: Session | null;
  /** When its dialogue was over; 0 before. */
  closedAt: number;
}

type Arrived = Socket & { [guestOf]?: Guest };

/** What a listening socket leads to. `options` have been checked against the emulator's schema. */
export interface Service {
  emulator: StreamEmulator;
  options: Record<string, unknown>;
  /** The machine that it belongs to, where that is not the door's own. */
  around?: Surroundings;
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
  readonly #waiting = new Set<Guest>();
  readonly #perSource = new Map<string, number>();
  readonly #servers: Server[] = [];
  readonly #machines = new Map<Surroundings, number>();
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

  /** Serves a listening server. */
  open(server: Server, service: Service): void {
    this.#servers.push(server);
    server.on('connection', (socket) => this.arrive(socket, service));
    server.on('error', (error) => this.#around.log.error('A listening socket failed', { error }));
  }

  arrive(socket: Socket, service: Service): void {
    socket.on('error', destroy);
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
    const guest: Guest = { socket, ip, source, service, session: null, closedAt: 0 };
    guest.socket[guestOf] = guest;
    socket.on('close', this.#onClose);
    if (this.#crowded()) this.#waiting.add(guest);
    else this.#admit(guest);
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
    for (const guest of this.#guests) guest.session?.stop('shutdown');
    this.#settle();
    await all;
    clearInterval(this.#timer);
    for (const guest of this.#guests) guest.socket.destroy();
  }

  #admit(guest: Guest): void {
    this.#accepted++;
    const { socket, ip, service } = guest;
    const ends = {
      src: { ip, port: socket.remotePort ?? 0 },
      dst: {
        ip: canonicalIp((socket.localAddress ?? '').replace(/%.*/, '')) ?? '0.0.0.0',
        port: socket.localPort ?? 0,
      },
    };
    const around = service.around ?? this.#around;
    // What somebody did to one machine, another one does not know.
    const memory = this.#memories.hold(ip, this.#machine(around));
    const session = new Session(around, service.emulator, socket, ends, memory, this.#over);
    guest.session = session;
    this.#guests.add(guest);
    socket.setNoDelay(true);
    socket.on('data', deliver);
    socket.on('end', finish);
    session.start(service.options);
  }

  #machine(around: Surroundings): number {
    let machine = this.#machines.get(around);
    if (machine === undefined) {
      machine = this.#machines.size;
      this.#machines.set(around, machine);
    }
    return machine;
  }

  readonly #onClose = ((door: Door) =>
    function (this: Arrived): void {
      const guest = this[guestOf]!;
      door.#leave(guest.source);
      door.#waiting.delete(guest);
      guest.session?.finish();
      if (guest.closedAt) door.#guests.delete(guest);
    })(this);

  readonly #over = (peer: Peer): void => {
    const { socket, session } = (peer as Arrived)[guestOf]!;
    const guest = socket[guestOf]!;
    this.#memories.release(session!.memory);
    guest.closedAt = Math.max(1, this.#around.clock.now());
    if (socket.destroyed) this.#guests.delete(guest);
    else {
      socket.end();
      socket.resume();
    }
    this.#settle();
  };

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
      if (!guest.closedAt) guest.session?.tick(now);
      else if (now - guest.closedAt > this.#around.limits.lingerMs) guest.socket.destroy();
    }
    if (this.#waiting.size === 0) return;
    let room = this.#crowded() ? 0 : admittedPerTick;
    for (const guest of this.#waiting) {
      if (room-- <= 0) return;
      this.#waiting.delete(guest);
      this.#admit(guest);
    }
  }
}

function destroy(this: Socket): void {
  this.destroy();
}

function deliver(this: Arrived, chunk: Buffer): void {
  this[guestOf]?.session?.deliver(chunk);
}

function finish(this: Arrived): void {
  this[guestOf]?.session?.finish();
}
