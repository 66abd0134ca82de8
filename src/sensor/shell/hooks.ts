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
  readonly src: { ip: string; port: number };
  readonly dst: { ip: string; port: number };
}
