import type { z } from 'zod';
import type { Body } from '../model/event.ts';
import type { Memory } from './memory.ts';
import type { Persona } from './persona.ts';

/**
 * All that an emulator sees of the world. No socket, no clock, no randomness of its own: the sensor owns accept, deadlines,
 * limits on bytes, lines and rates, back-pressure, the raw record, and the head of each event.
 */
export interface Wire {
  /** The next line without its end (CRLF, LF or CR NUL), or null once the peer has gone. One character a byte (latin1). */
  line(): Promise<string | null>;
  /** Exactly `size` bytes, or null once the peer has gone before them. */
  bytes(size: number): Promise<Buffer | null>;
  /** Whatever comes next, at least one byte, or null once the peer has gone. */
  read(): Promise<Buffer | null>;
  /** Puts bytes back in front of what comes next. */
  unread(bytes: Buffer): void;
  /** Text goes out one byte a character (latin1). */
  send(data: string | Uint8Array): void;
  /** Goes on over TLS, with the persona's certificate. False where the peer did not agree; nothing can be said then. */
  startTls(): Promise<boolean>;
  /** The head is added outside: attacker bytes cannot forge it. */
  emit(body: Body): void;
  /** Keeps a payload by its SHA-256, up to the store's caps. Never executed, never sent on. */
  keep(bytes: Uint8Array): { sha256: string; size: number };
  /** What comes from here on is encrypted: it is not kept with the events, nor recorded, as it would tell nothing. */
  opaque(): void;
  /** Records what was said inside of what is encrypted; all else is recorded as it is. */
  record(way: 'in' | 'out', bytes: Uint8Array): void;
  /** Ends the session at this time (milliseconds since the epoch) unless it is set anew; infinity lifts it. */
  deadline(at: number): void;
  /** Waits as a real service would. Ends early where the peer goes; with `stay`, also for a peer that only listens now. */
  pause(ms: number, options?: { stay?: boolean }): Promise<void>;
  /** A number from 0 to below 1. */
  random(): number;
  /** Milliseconds since the epoch. */
  now(): number;
  readonly persona: Persona;
  /** What lasts for this attacker over connections: bounded, by the attacker's address, shared by the services of one sensor. */
  readonly memory: Memory;
  readonly src: { ip: string; port: number };
  readonly dst: { ip: string; port: number };
}

/** What a datagram's emulator sees of the world: a source that may be forged, so nothing can be read, sent or waited for. */
export interface DatagramWire
  extends Pick<Wire, 'emit' | 'keep' | 'random' | 'now' | 'persona' | 'memory' | 'src' | 'dst'> {
  /** This datagram is part of what another event will tell. */
  understood(): void;
}

interface Named<Options extends z.ZodObject> {
  name: string;
  summary: string;
  /** The port of the real service, and the one used without privileges. */
  port: number;
  highPort: number;
  options: Options;
}

interface Datagrams<Options extends z.ZodObject> {
  /**
   * The answer to one datagram, or null. It may not be longer than what it answers: such a one is not sent. `memory` lasts as long
   * as this source goes on from the same port, `Wire.emit` heads its events with the handshake `none`.
   */
  datagram(wire: DatagramWire, bytes: Buffer, options: z.infer<Options>): Uint8Array | null;
  /** Tells what is still to be told once the source has fallen silent. */
  settle?(wire: DatagramWire): void;
}

/** A protocol spoken to attackers over TCP: a pure dialogue over a wire. It may answer datagrams too. */
export interface StreamEmulator<Options extends z.ZodObject = z.ZodObject>
  extends Named<Options>,
    Partial<Datagrams<Options>> {
  /**
   * What the service says before it has heard anything. Where there is a greeting, `session` only begins with the client's first
   * bytes, or with its end: most who come say nothing for long, and until then nothing waits here that would take memory. False
   * where the service closes at once.
   */
  greet?(wire: Wire, options: z.infer<Options>): boolean;
  /** Returns when the service would close; a throw costs this session and never shows on the wire. */
  session(wire: Wire, options: z.infer<Options>): Promise<void>;
}

/** A protocol spoken over UDP alone. */
export interface DatagramEmulator<Options extends z.ZodObject = z.ZodObject>
  extends Named<Options>,
    Datagrams<Options> {
  session?: undefined;
}

/** It listens on TCP where it has a `session`, and on UDP where it has a `datagram`. */
export type Emulator<Options extends z.ZodObject = z.ZodObject> =
  | StreamEmulator<Options>
  | DatagramEmulator<Options>;

export function defineEmulator<Options extends z.ZodObject>(
  emulator: StreamEmulator<Options>,
): StreamEmulator<Options> {
  return emulator;
}

export function defineDatagramEmulator<Options extends z.ZodObject>(
  emulator: DatagramEmulator<Options>,
): DatagramEmulator<Options> {
  return emulator;
}

/** Where it listens. */
export function transportsOf(emulator: Emulator): ('tcp' | 'udp')[] {
  return [...(emulator.session ? ['tcp' as const] : []), ...(emulator.datagram ? ['udp' as const] : [])];
}
