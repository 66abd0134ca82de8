import type { Body } from '../../model/event.ts';
import type { Persona } from '../persona.ts';

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
  readonly src: { ip: string; port: number };
  readonly dst: { ip: string; port: number };
}
