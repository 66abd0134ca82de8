import { callFunction, Failed, runScript, type Walker } from './execute.ts';
import { type FileSystem, FsError } from './fs.ts';
import type { Hooks } from './hooks.ts';
import { parse } from './parse.ts';
import { dropped, runFile } from './program.ts';
import { type Call, Exhausted, Exit, Jump, type ShellCommand, type Streams, shellLimits } from './shell.ts';
import { greeting, nobody } from './streams.ts';
import { type Command, type Script, SyntaxFault, Unfinished } from './syntax.ts';
import { Work } from './work.ts';

/** What one attacker's shells have in common. */
export interface ShellOptions {
  fs: FileSystem;
  hooks: Hooks;
  commands: ReadonlyMap<string, ShellCommand>;
  /** The name that errors start with: `-sh` after a login, `sh` else. */
  name: string;
  cwd: string;
  variables: Iterable<[string, string]>;
}

/** A shell that pretends: it runs nothing but the commands of its list, over files that are not there. */
export class Shell implements Walker {
  readonly fs: FileSystem;
  readonly hooks: Hooks;
  readonly variables: Map<string, string>;
  name: string;
  cwd: string;
  status = 0;
  positional: string[] = [];
  readonly commands: ReadonlyMap<string, ShellCommand>;
  readonly functions: Map<string, Command>;
  readonly #work: Work;
  #levels = 0;
  readonly #captured: Set<string>;
  /** Files that were written to, for `finish`. */
  readonly written: Set<string>;

  constructor(options: ShellOptions, parent?: Shell) {
    this.fs = options.fs;
    this.hooks = options.hooks;
    this.name = options.name;
    this.cwd = options.cwd;
    this.variables = new Map(options.variables);
    this.commands = options.commands;
    this.functions = new Map(parent ? parent.functions : []);
    this.#work = parent ? parent.#work : new Work();
    this.#captured = parent ? parent.#captured : new Set();
    this.written = parent?.written ?? new Set();
  }

  /**
   * Runs what was typed. Resolves to false where the shell has ended (`exit`), else true; `status` has the result.
   * Throws `Unfinished` where more lines are needed.
   */
  async line(text: string, streams: Streams): Promise<boolean> {
    this.#work.begin();
    this.fs.now = this.hooks.now();
    const script = this.#read(text, streams);
    if (!script) return true;
    try {
      await runScript(this, script, streams);
    } catch (error) {
      if (error instanceof Exit) {
        this.status = error.status;
        return this.#levels-- > 0;
      }
      if (!(error instanceof Exhausted) && !(error instanceof Jump) && !(error instanceof Failed))
        throw error;
      this.status = error instanceof Jump ? 0 : 2;
    }
    return true;
  }

  /** Whether every command that a line names outright is known here. */
  knows(text: string): boolean {
    try {
      return parse(text).every(({ pipeline }) =>
        pipeline.every((command) => {
          const first = command.kind === 'simple' ? command.words[0] : undefined;
          if (!first?.every((part) => part.kind === 'text')) return true;
          return this.which(first.map((part) => part.text).join('')) !== undefined;
        }),
      );
    } catch (error) {
      if (error instanceof Unfinished) return true;
      if (error instanceof SyntaxFault || error instanceof FsError) return false;
      throw error;
    }
  }

  get(name: string): string | undefined {
    switch (name) {
      case '?':
        return String(this.status);
      case '$':
        return String(900 + (this.hooks.src.port % 3_000));
      case '!':
        return '';
      case '#':
        return String(this.positional.length);
      case '@':
      case '*':
        return this.positional.join(' ');
      case '0':
        return this.name;
      case '-':
        return 'himBH';
      default:
        return /^\d$/.test(name) ? this.positional[Number(name) - 1] : this.variables.get(name);
    }
  }

  set(name: string, value: string): void {
    if (!this.variables.has(name) && this.variables.size >= shellLimits.variables) throw new Exhausted();
    this.variables.set(name, value.slice(0, shellLimits.variableBytes));
  }

  path(path: string): string {
    return path.startsWith('/') ? path : `${this.cwd}/${path}`;
  }

  step(count = 1): void {
    this.#work.step(count);
  }

  enter(): number {
    this.#levels = Math.min(this.#levels + 1, shellLimits.levels);
    this.hooks.write(greeting);
    return 0;
  }

  exit(status: number): never {
    throw new Exit(status);
  }

  fail(message: string): never {
    throw new Failed(message);
  }

  async substitute(script: Script): Promise<string> {
    let text = '';
    const streams = {
      ...nobody,
      out: (more: string) => {
        text += more;
      },
      err: this.err,
    };
    await this.apart((shell) => runScript(shell, script, streams));
    return text;
  }
  err: (text: string) => void = () => {};

  async run(
    script: string,
    streams: Streams,
    options: { apart?: boolean; name?: string; args?: string[] } = {},
  ): Promise<number> {
    if (!options.apart) {
      const read = this.#read(script, streams);
      return read ? this.nested(() => runScript(this, read, streams)) : 2;
    }
    return this.apart(async (shell) => {
      shell.name = options.name ?? shell.name;
      shell.positional = options.args ?? [];
      const read = shell.#read(script, streams);
      return read ? runScript(shell, read, streams) : 2;
    });
  }

  which(name: string): string | undefined {
    if (this.functions.has(name)) return name;
    if (name.includes('/')) return this.fs.exists(this.path(name)) ? name : undefined;
    const command = this.commands.get(name);
    if (command && !command.folder) return name;
    const folders = (this.variables.get('PATH') ?? '').split(':').slice(0, 16);
    return folders.map((folder) => `${folder}/${name}`).find((path) => this.fs.exists(path));
  }

  async call(args: string[], streams: Streams): Promise<number> {
    this.step();
    const name = args[0]!;
    const body = this.functions.get(name);
    if (body) return callFunction(this, body, args, streams);
    const command = name.includes('/') ? undefined : this.commands.get(name);
    if (command && (!command.folder || this.which(name))) return this.apply(command, args, streams);
    if (!name.includes('/')) return runFile(this, this.which(name), args, streams, name);
    return runFile(this, this.fs.exists(this.path(name)) ? name : undefined, args, streams, name);
  }

  capture(path: string, how: string): void {
    const found = dropped(this.fs, this.path(path));
    if (!found) return;
    const { sha256, size } = this.hooks.keep(found.content);
    const key = `${found.real}\0${sha256}`;
    if (this.#captured.has(key)) return;
    if (this.#captured.size > shellLimits.captured) this.#captured.clear();
    this.#captured.add(key);
    this.hooks.emit({ kind: 'upload', sha256, size, name: found.real, detail: { how } });
  }

  #read(text: string, streams: Streams): Script | undefined {
    this.step(text.length >> 6);
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof SyntaxFault)) throw error;
      // Somebody who types may go on typing; a script has said all it has to say.
      if (error instanceof Unfinished && !this.#work.inside) throw error;
      streams.err(`${this.name}: syntax error: ${error.message}\n`);
      this.status = 2;
      return undefined;
    }
  }

  async yieldTurn(): Promise<void> {
    if (this.#work.due()) await this.hooks.pause(0);
  }

  nested<T>(work: () => Promise<T>): Promise<T> {
    return this.#work.nested(work);
  }

  /** Runs in a copy of this shell: its variables, folder and exit stay its own. */
  apart(work: (shell: Shell) => Promise<number>): Promise<number> {
    return this.nested(async () => {
      this.step(this.variables.size >> 2);
      const shell = new Shell(
        {
          fs: this.fs,
          hooks: this.hooks,
          commands: this.commands,
          variables: this.variables,
          name: this.name,
          cwd: this.cwd,
        },
        this,
      );
      shell.positional = this.positional;
      shell.status = this.status;
      shell.err = this.err;
      try {
        this.status = await work(shell);
      } catch (error) {
        if (error instanceof Exit) this.status = error.status;
        else if (error instanceof Jump || error instanceof Failed) this.status = 2;
        else throw error;
      }
      return this.status;
    });
  }

  /** Runs a known command; what fails in the files is told in its name. */
  async apply(command: ShellCommand, args: string[], streams: Streams): Promise<number> {
    const counted = (write: (text: string) => void) => (text: string) => {
      this.#work.write(text.length);
      write(text);
    };
    const call: Call = {
      stdin: streams.stdin,
      stdinLine: streams.stdinLine,
      isTerminal: streams.isTerminal,
      out: counted(streams.out),
      err: counted(streams.err),
      args,
      shell: this,
      fs: this.fs,
      hooks: this.hooks,
    };
    try {
      return await this.nested(async () => command.run(call));
    } catch (error) {
      if (!(error instanceof FsError)) throw error;
      streams.err(`${args[0]}: ${error.message}\n`);
      return 1;
    }
  }

  /** Keeps what was dropped and never run. */
  finish(): void {
    for (const path of this.written) this.capture(path, 'left');
  }
}
