import type { Body } from '../../model/event.ts';
import type { Wire } from '../emulator.ts';
import type { Persona } from '../persona.ts';
import type { ShellOptions } from './shell-options.ts';

/** All that a shell sees of the world: a part of the wire. */
export interface Hooks {
  readonly persona: Persona;
  emit(body: Body): void;
  keep(bytes: Uint8Array): { sha256: string; size: number };
  /** Shows what a command prints, as it prints it. */
  write(text: string): void;
  /** The next line that is typed while a command reads the terminal; null at Ctrl-D or where nobody types. */
  readLine(): Promise<string | null>;
  pause(ms: number): Promise<void>;
  now(): number;
  random(): number;
  /** Hears that an account's password was set; null where nothing opens it any more. */
  password?(user: string, secret: string | null): void;
  /** Whether a password would open an account. */
  knows?(user: string, secret: string): boolean;
  /** What is behind another root, in a container that sees its machine's files; undefined where there is no system. */
  beyond?(root: { path: string } | { process: number }): ShellOptions | undefined;
  readonly src: { ip: string; port: number };
  readonly dst: { ip: string; port: number };
}

/** What a shell sees of a wire, with nobody at a terminal unless `more` says otherwise. */
export function hooksOf(wire: Wire, more: Partial<Hooks> = {}): Hooks {
  return {
    persona: wire.persona,
    src: wire.src,
    dst: wire.dst,
    emit: (body) => wire.emit(body),
    keep: (bytes) => wire.keep(bytes),
    write: () => {},
    readLine: async () => null,
    pause: (ms) => wire.pause(ms),
    now: () => wire.now(),
    random: () => wire.random(),
    ...more,
  };
}
