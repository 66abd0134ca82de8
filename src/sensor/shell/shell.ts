import type { Dialect } from './dialect.ts';
import type { FileSystem } from './fs.ts';
import type { Hooks } from './hooks.ts';
import type { Identity } from './identity.ts';
import type { Job, ProcessTable } from './processes.ts';
import type { ShellOptions } from './shell-options.ts';

/** Where a command reads from and writes to. Text is one character a byte. */
export interface Streams {
  /** All of the standard input; where it is a terminal, what is typed up to Ctrl-D. */
  stdin(): Promise<string>;
  /** The next line of the standard input, for `read`; null at its end. */
  stdinLine(): Promise<string | null>;
  out(text: string): void;
  err(text: string): void;
  /** True where the standard input is what somebody types. */
  isTerminal: boolean;
}

/** What a command may use: its arguments (the first is its name), the streams, and the shell it runs in. */
export interface Call extends Streams {
  args: string[];
  shell: ShellView;
  fs: FileSystem;
  hooks: Hooks;
}

export interface RunOptions {
  /** In a shell of its own: its variables, folder and exit stay its own. */
  apart?: boolean;
  name?: string;
  args?: string[];
  dialect?: Dialect;
  /** True for the text of `-c`. */
  command?: boolean;
}

/** What commands see of the shell. */
export interface ShellView {
  /** The name that errors start with, and what stands before an error's text: the name and, in some, the line. */
  name: string;
  readonly prefix: string;
  readonly dialect: Dialect;
  readonly hooks: Hooks;
  /** True where somebody types at its prompt. */
  interactive: boolean;
  /** Who it runs as. */
  identity: Identity;
  cwd: string;
  positional: string[];
  /** Options of `set -o`, by their long names. */
  readonly options: Set<string>;
  readonly arrays: Map<string, Map<string, string>>;
  readonly aliases: Map<string, string>;
  readonly functions: ReadonlyMap<string, unknown>;
  removeFunction(name: string): void;
  /** What `trap` was told, by signal. */
  readonly traps: Map<string, string>;
  readonly readOnly: Set<string>;
  readonly jobs: Job[];
  /** What the attacker started and what goes on running. */
  readonly processes: ProcessTable;
  /** Lines that were typed, oldest first. */
  readonly history: string[];
  get(name: string): string | undefined;
  /** Sets a variable, within the limits. */
  set(name: string, value: string): void;
  variables: Map<string, string>;
  status: number;
  readonly commands: ReadonlyMap<string, ShellCommand>;
  /** A path as seen from the current folder. */
  path(path: string): string;
  /** Runs a script here, or, with `apart`, in a shell of its own. */
  run(script: string, streams: Streams, options?: RunOptions): Promise<number>;
  /** Runs in a shell of another user. */
  become(identity: Identity, work: (shell: ShellView) => Promise<number>): Promise<number>;
  /** Runs a command by its arguments, without reading them as a script. */
  call(args: string[], streams: Streams): Promise<number>;
  /** Runs a program by its arguments, as another program starts one: no function, no alias, no built-in. */
  callProgram(args: string[], streams: Streams): Promise<number>;
  /** Works in a shell of another system, whose work counts as this one's. */
  beyond(options: ShellOptions, work: (shell: ShellView) => Promise<number>): Promise<number>;
  /** Goes on as another user, until `exit`. */
  switchTo(identity: Identity, login: boolean): void;
  /** Whether a name is a built-in, a function or a program, and where. */
  which(name: string): string | undefined;
  /** Where a program lies, by `PATH`. */
  program(name: string): string | undefined;
  /** Whether programs see a variable. */
  exported(name: string): boolean;
  exit(status: number): never;
  /** A shell inside this one, for who types: `exit` comes back. */
  enter(): number;
  /** Counts work; ends the line where it is too much. */
  step(count?: number): void;
  /** Keeps an attacker's file and tells of it, once for the same bytes. */
  capture(path: string, how: string): void;
  /** Files that were written to: kept at the end of the session. */
  readonly written: Set<string>;
}

/** One program or built-in. A program also has a file in `path`; a built-in has none. */
export interface ShellCommand {
  names: string[];
  /** The folder of its file; null for a built-in. */
  folder: string | null;
  /** The dialects that have it, for a built-in that not all have. */
  only?: readonly Dialect['id'][];
  run(call: Call): number | Promise<number>;
}

export function defineCommand(command: ShellCommand): ShellCommand {
  return command;
}

/** Bounds of one line that an attacker types. */
export const shellLimits = {
  steps: 100_000,
  /** Steps after which other sessions get their turn. */
  turn: 2_000,
  output: 1_048_576,
  depth: 24,
  variables: 512,
  variableBytes: 65_536,
  words: 4_096,
  sleepMs: 60_000,
  levels: 16,
  captured: 1_000,
  jobs: 64,
  history: 1_000,
  aliases: 128,
} as const;

/** The line did too much: it ends here, the session goes on. */
export class Exhausted extends Error {}

/** `exit`. No error: a stack trace of each session's end would cost as much as its key exchange. */
export class Exit {
  readonly status: number;
  constructor(status: number) {
    this.status = status;
  }
}

/** `break`, `continue` and `return`, on their way to what they end. */
export class Jump {
  readonly to: 'break' | 'continue' | 'return';
  levels: number;
  readonly status: number;
  constructor(to: 'break' | 'continue' | 'return', levels: number, status = 0) {
    this.to = to;
    this.levels = levels;
    this.status = status;
  }
}
