// The interpreter is one state machine over the syntax tree; cutting it would spread that state over files.
import { type Expander, expandPattern, expandText, expandWord } from './expand.ts';
import { type FileSystem, FsError } from './fs.ts';
import type { Hooks } from './hooks.ts';
import { parse } from './parse.ts';
import { matches } from './pattern.ts';
import { dropped, runFile } from './program.ts';
import { redirect } from './redirect.ts';
import {
  type Call,
  Exhausted,
  Exit,
  Jump,
  type ShellCommand,
  type ShellView,
  type Streams,
  shellLimits,
} from './shell.ts';
import { greeting, nobody, reading } from './streams.ts';
import { type Command, type Script, SyntaxFault, Unfinished } from './syntax.ts';

interface Work {
  steps: number;
  /** The steps at which others last got their turn. */
  yielded: number;
  output: number;
  depth: number;
}

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
export class Shell implements ShellView, Expander {
  readonly fs: FileSystem;
  readonly hooks: Hooks;
  readonly variables: Map<string, string>;
  name: string;
  cwd: string;
  status = 0;
  positional: string[] = [];
  readonly commands: ReadonlyMap<string, ShellCommand>;
  readonly #functions: Map<string, Command>;
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
    this.#functions = new Map(parent ? parent.#functions : []);
    this.#work = parent ? parent.#work : { steps: 0, yielded: 0, output: 0, depth: 0 };
    this.#captured = parent ? parent.#captured : new Set();
    this.written = parent?.written ?? new Set();
  }

  /**
   * Runs what was typed. Resolves to false where the shell has ended (`exit`), else true; `status` has the result.
   * Throws `Unfinished` where more lines are needed.
   */
  async line(text: string, streams: Streams): Promise<boolean> {
    this.#work.steps = 0;
    this.#work.yielded = 0;
    this.#work.output = 0;
    this.fs.now = this.hooks.now();
    const script = this.#read(text, streams);
    if (!script) return true;
    try {
      await this.#script(script, streams);
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
    this.#work.steps += count;
    if (this.#work.steps > shellLimits.steps) throw new Exhausted();
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
    this.#failure = message;
    throw new Failed(message);
  }
  #failure = '';

  async substitute(script: Script): Promise<string> {
    let text = '';
    const streams = {
      ...nobody,
      out: (more: string) => {
        text += more;
      },
      err: this.#err,
    };
    await this.#apart((shell) => shell.#script(script, streams));
    return text;
  }
  #err: (text: string) => void = () => {};

  async run(
    script: string,
    streams: Streams,
    options: { apart?: boolean; name?: string; args?: string[] } = {},
  ): Promise<number> {
    if (!options.apart) {
      const read = this.#read(script, streams);
      return read ? this.#nested(() => this.#script(read, streams)) : 2;
    }
    return this.#apart(async (shell) => {
      shell.name = options.name ?? shell.name;
      shell.positional = options.args ?? [];
      const read = shell.#read(script, streams);
      return read ? shell.#script(read, streams) : 2;
    });
  }

  which(name: string): string | undefined {
    if (this.#functions.has(name)) return name;
    if (name.includes('/')) return this.fs.exists(this.path(name)) ? name : undefined;
    const command = this.commands.get(name);
    if (command && !command.folder) return name;
    const folders = (this.variables.get('PATH') ?? '').split(':').slice(0, 16);
    return folders.map((folder) => `${folder}/${name}`).find((path) => this.fs.exists(path));
  }

  async call(args: string[], streams: Streams): Promise<number> {
    this.step();
    const name = args[0]!;
    const body = this.#functions.get(name);
    if (body) return this.#callFunction(body, args, streams);
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
      if (error instanceof Unfinished && this.#work.depth === 0) throw error;
      streams.err(`${this.name}: syntax error: ${error.message}\n`);
      this.status = 2;
      return undefined;
    }
  }

  async #nested<T>(work: () => Promise<T>): Promise<T> {
    if (++this.#work.depth > shellLimits.depth) {
      this.#work.depth--;
      throw new Exhausted();
    }
    try {
      return await work();
    } finally {
      this.#work.depth--;
    }
  }

  /** Runs in a copy of this shell: its variables, folder and exit stay its own. */
  #apart(work: (shell: Shell) => Promise<number>): Promise<number> {
    return this.#nested(async () => {
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
      shell.#err = this.#err;
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

  async #script(script: Script, streams: Streams): Promise<number> {
    for (const { pipeline, negated, join } of script) {
      if ((join === '&&' && this.status !== 0) || (join === '||' && this.status === 0)) continue;
      this.step();
      const status = await this.#pipeline(pipeline, streams);
      this.status = negated ? Number(status === 0) : status;
    }
    return this.status;
  }

  async #pipeline(pipeline: Command[], streams: Streams): Promise<number> {
    if (pipeline.length === 1) return this.#command(pipeline[0]!, streams);
    let status = 0;
    let before: Streams = streams;
    for (const [i, command] of pipeline.entries()) {
      const last = i === pipeline.length - 1;
      let text = '';
      const mine: Streams = {
        ...before,
        out: last
          ? streams.out
          : (more) => {
              text += more;
            },
        err: streams.err,
      };
      status = await this.#apart((shell) => shell.#command(command, mine));
      before = { ...streams, ...reading(text) };
    }
    return status;
  }

  async #command(command: Command, outer: Streams): Promise<number> {
    this.step();
    if (this.#work.steps - this.#work.yielded > shellLimits.turn) {
      this.#work.yielded = this.#work.steps;
      await this.hooks.pause(0);
    }
    const opened = await redirect(this, command.redirects, outer);
    if (!opened) return 1;
    const { streams, close } = opened;
    const before = this.#err;
    this.#err = streams.err;
    try {
      return await this.#nested(() => this.#execute(command, streams));
    } catch (error) {
      if (error instanceof Failed && this.#failure) {
        streams.err(`${this.name}: ${this.#failure}\n`);
        this.#failure = '';
      }
      throw error;
    } finally {
      this.#err = before;
      close();
    }
  }

  async #execute(command: Command, streams: Streams): Promise<number> {
    switch (command.kind) {
      case 'simple':
        return this.#simple(command, streams);
      case 'group':
        if (!command.subshell) return this.#script(command.body, streams);
        return this.#apart((shell) => shell.#script(command.body, streams));
      case 'function':
        if (this.#functions.size >= shellLimits.variables) throw new Exhausted();
        this.#functions.set(command.name, command.body);
        return 0;
      case 'if':
        for (const { test, body } of command.arms)
          if ((await this.#script(test, streams)) === 0) return this.#block(body, streams);
        return this.#block(command.otherwise, streams);
      case 'case': {
        const subject = await expandText(command.subject, this);
        for (const { patterns, body } of command.arms) {
          for (const pattern of patterns) {
            if (matches(await expandPattern(pattern, this), subject)) return this.#block(body, streams);
          }
        }
        return 0;
      }
      case 'for': {
        const words = command.words ? await this.#words(command.words) : this.positional;
        const queue = words[Symbol.iterator]();
        return this.#loop(command.body, streams, async () => {
          const next = queue.next();
          if (next.done) return false;
          this.set(command.name, next.value);
          return true;
        });
      }
      case 'loop':
        return this.#loop(command.body, streams, async () => {
          const status = await this.#script(command.test, streams);
          return (status === 0) !== command.until;
        });
    }
  }

  /** A body's status; that of an empty one is 0. */
  async #block(body: Script, streams: Streams): Promise<number> {
    this.status = 0;
    return this.#script(body, streams);
  }

  async #loop(body: Script, streams: Streams, more: () => Promise<boolean>): Promise<number> {
    let status = 0;
    while (await more()) {
      this.step();
      try {
        status = await this.#script(body, streams);
      } catch (error) {
        if (!(error instanceof Jump) || error.to === 'return') throw error;
        if (--error.levels > 0) throw error;
        if (error.to === 'break') return 0;
      }
    }
    this.status = status;
    return status;
  }

  async #words(words: Extract<Command, { kind: 'simple' }>['words']): Promise<string[]> {
    const all: string[] = [];
    for (const word of words) {
      for (const text of await expandWord(word, this)) all.push(text);
      if (all.length > shellLimits.words) throw new Exhausted();
    }
    return all;
  }

  async #simple(command: Extract<Command, { kind: 'simple' }>, streams: Streams): Promise<number> {
    const before = this.status;
    this.status = 0;
    const substituted = command.assigns.some(([, word]) => word.some((part) => part.kind === 'substitution'));
    this.status = before;
    const args = await this.#words(command.words);
    const assigned: [string, string][] = [];
    for (const [name, word] of command.assigns) assigned.push([name, await expandText(word, this)]);
    if (args.length === 0) {
      for (const [name, text] of assigned) this.set(name, text);
      return substituted ? this.status : 0;
    }
    const saved = assigned.map(([name]) => [name, this.variables.get(name)] as const);
    for (const [name, text] of assigned) this.set(name, text);
    try {
      return await this.call(args, streams);
    } finally {
      for (const [name, old] of saved) {
        if (old === undefined) this.variables.delete(name);
        else this.variables.set(name, old);
      }
    }
  }

  async #callFunction(body: Command, args: string[], streams: Streams): Promise<number> {
    const outer = this.positional;
    this.positional = args.slice(1);
    try {
      return await this.#command(body, streams);
    } catch (error) {
      if (error instanceof Jump && error.to === 'return') return error.status;
      throw error;
    } finally {
      this.positional = outer;
    }
  }

  /** Runs a known command; what fails in the files is told in its name. */
  async apply(command: ShellCommand, args: string[], streams: Streams): Promise<number> {
    const counted = (write: (text: string) => void) => (text: string) => {
      this.#count(text);
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
      return await this.#nested(async () => command.run(call));
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

  #count(text: string): void {
    this.#work.output += text.length;
    this.step(text.length >> 8);
    if (this.#work.output > shellLimits.output) throw new Exhausted();
  }
}

/** An expansion that cannot be: the line ends. */
class Failed extends Error {}
