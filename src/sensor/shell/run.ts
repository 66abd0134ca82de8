// Over 300 lines: the state of one shell and the operations that share it.
import { ash, type Dialect, dialectOf } from './dialect.ts';
import { callFunction, Failed, runScript, type Walker } from './execute.ts';
import { type FileSystem, FsError } from './fs.ts';
import type { Hooks } from './hooks.ts';
import { type Identity, root } from './identity.ts';
import { knows } from './known.ts';
import { parse, parseLines } from './parse.ts';
import { type Job, noticesOf, ProcessTable } from './processes.ts';
import { keepDropped, runFile } from './program.ts';
import {
  type Call,
  Exhausted,
  Exit,
  Jump,
  type RunOptions,
  type ShellCommand,
  type ShellView,
  type Streams,
  shellLimits,
} from './shell.ts';
import type { ShellOptions } from './shell-options.ts';
import { special } from './special.ts';
import { greeting, nobody } from './streams.ts';
import { type Command, type Script, SyntaxFault, Unfinished } from './syntax.ts';
import { Work } from './work.ts';

/** A shell that pretends: it runs nothing but the commands of its list, over files that are not there. */
export class Shell implements Walker {
  readonly fs: FileSystem;
  readonly hooks: Hooks;
  readonly variables: Map<string, string>;
  readonly arrays: Map<string, Map<string, string>>;
  name: string;
  cwd: string;
  status = 0;
  positional: string[] = [];
  lineNumber = 1;
  /** Lines that were read before the text that is read now. */
  before = 0;
  testing = 0;
  interactive = false;
  identity: Identity;
  dialect: Dialect;
  readonly options: Set<string>;
  readonly aliases: Map<string, string>;
  readonly traps = new Map<string, string>();
  readonly readOnly: Set<string>;
  readonly jobs: Job[];
  readonly processes: ProcessTable;
  readonly history: string[];
  readonly commands: ReadonlyMap<string, ShellCommand>;
  readonly functions: Map<string, Command>;
  readonly #work: Work;
  readonly #parent: Shell | undefined;
  #command = false;
  #levels = 0;
  /** Who the shells were before `su` and `sudo -i`. */
  readonly #before: (Pick<Shell, 'identity' | 'cwd' | 'name' | 'dialect'> & { home: string | undefined })[] =
    [];
  #inside = 0;
  #opened: string[] = [];
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
    this.dialect = options.dialect ?? ash;
    this.identity = options.identity ?? root;
    this.processes = options.processes ?? new ProcessTable();
    this.history = options.history ?? [];
    this.#parent = parent;
    this.arrays = new Map();
    for (const [name, array] of parent?.arrays ?? []) this.arrays.set(name, new Map(array));
    this.options = new Set(parent?.options);
    this.aliases = parent?.aliases ?? new Map();
    this.readOnly = new Set(parent?.readOnly);
    this.functions = new Map(parent ? parent.functions : []);
    this.jobs = parent?.jobs ?? [];
    this.#work = parent ? parent.#work : new Work();
    this.#captured = parent ? parent.#captured : new Set();
    this.written = parent?.written ?? new Set();
  }

  get extended(): boolean {
    return this.dialect.extended;
  }

  get prefix(): string {
    const { name, interactive } = this;
    return this.dialect.prefix({
      name,
      interactive,
      line: this.before + this.lineNumber,
      command: this.#command,
    });
  }

  /**
   * Runs what was typed. Resolves to false where the shell has ended (`exit`), else true; `status` has the result.
   * Throws `Unfinished` where more lines are needed.
   */
  async line(text: string, streams: Streams, { command = false } = {}): Promise<boolean> {
    this.#work.begin();
    this.fs.now = this.hooks.now();
    this.fs.as(this.identity);
    this.#command = command;
    this.err = streams.err;
    try {
      await this.#read(text, streams);
    } catch (error) {
      if (error instanceof Exit) {
        this.status = error.status;
        if (this.#back()) return true;
        if (this.#levels-- > 0) return true;
        await this.#leave(streams);
        return false;
      }
      if (!(error instanceof Exhausted) && !(error instanceof Jump) && !(error instanceof Failed))
        throw error;
      this.status = error instanceof Jump ? 0 : error instanceof Failed && this.extended ? 1 : 2;
    }
    if (command) await this.#leave(streams);
    else if (!this.interactive) this.before += text.split('\n').length;
    return true;
  }

  /** Whether every command that a line names outright is known here. */
  knows(text: string): boolean {
    return knows(this, text);
  }

  get(name: string): string | undefined {
    if (/^\d+$/.test(name) && name !== '0') return this.positional[Number(name) - 1];
    return this.variables.get(name) ?? this.arrays.get(name)?.get('0') ?? special(name, this);
  }

  set(name: string, value: string): void {
    if (this.readOnly.has(name))
      this.fail(this.extended ? `${name}: readonly variable` : `${name}: is read only`);
    if (!this.variables.has(name) && this.variables.size >= shellLimits.variables) throw new Exhausted();
    const array = this.arrays.get(name);
    if (array) array.set('0', value.slice(0, shellLimits.variableBytes));
    else this.variables.set(name, value.slice(0, shellLimits.variableBytes));
  }

  removeFunction(name: string): void {
    this.functions.delete(name);
  }

  has(option: string): boolean {
    return this.options.has(option);
  }

  get inCommand(): boolean {
    return this.#command;
  }

  /** How many shells this one stands inside of. */
  get depth(): number {
    return this.#levels + (this.#parent ? this.#parent.depth + 1 : 0);
  }

  path(path: string): string {
    return path.startsWith('/') ? path : `${this.cwd}/${path}`;
  }

  step(count = 1): void {
    this.#work.step(count);
  }

  enter(): number {
    this.#levels = Math.min(this.#levels + 1, shellLimits.levels);
    if (this.dialect.id === 'ash') this.hooks.write(greeting);
    return 0;
  }

  switchTo(identity: Identity, login: boolean): void {
    const { cwd, name, dialect } = this;
    if (this.#before.length >= shellLimits.levels) throw new Exhausted();
    this.#before.push({ identity: this.identity, cwd, name, dialect, home: this.variables.get('HOME') });
    this.identity = identity;
    this.fs.as(identity);
    this.dialect = dialectOf(identity.shell, dialect.id !== 'ash');
    const program = this.dialect.id === 'dash' ? 'sh' : this.dialect.id;
    this.name = login ? `-${program}` : program;
    for (const key of ['USER', 'LOGNAME']) this.variables.set(key, identity.name);
    this.variables.set('HOME', identity.home);
    if (login) this.cwd = this.fs.exists(identity.home) ? this.fs.resolve(identity.home) : '/';
  }

  /** Back to who one was before `su`; false where there was nobody. */
  #back(): boolean {
    const before = this.#before.pop();
    if (!before) return false;
    Object.assign(this, {
      identity: before.identity,
      cwd: before.cwd,
      name: before.name,
      dialect: before.dialect,
    });
    this.fs.as(before.identity);
    for (const key of ['USER', 'LOGNAME']) this.variables.set(key, before.identity.name);
    if (before.home !== undefined) this.variables.set('HOME', before.home);
    return true;
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

  async process(script: Script): Promise<string> {
    const text = await this.substitute(script);
    const path = `/dev/fd/${63 - (this.#opened.length % 60)}`;
    try {
      this.fs.write(path, Buffer.from(text, 'latin1'));
      this.#opened.push(path);
    } catch (error) {
      if (!(error instanceof FsError)) throw error;
    }
    return path;
  }

  closeProcesses(): void {
    for (const path of this.#opened.splice(0)) if (this.fs.exists(path)) this.fs.remove(path);
  }

  async run(script: string, streams: Streams, options: RunOptions = {}): Promise<number> {
    if (!options.apart) return this.nested(() => this.#within(() => this.#read(script, streams)));
    return this.apart(async (shell) => {
      shell.name = options.name ?? shell.name;
      shell.positional = options.args ?? [];
      shell.dialect = options.dialect ?? shell.dialect;
      shell.interactive = false;
      shell.before = 0;
      shell.lineNumber = 1;
      shell.#command = options.command ?? false;
      shell.options.clear();
      if (options.dialect) shell.functions.clear();
      try {
        await shell.#read(script, streams);
      } catch (error) {
        if (!(error instanceof Exit)) throw error;
        shell.status = error.status;
      }
      await shell.#leave(streams);
      return shell.status;
    });
  }

  which(name: string): string | undefined {
    if (this.functions.has(name) || this.aliases.has(name)) return name;
    if (name.includes('/')) return this.fs.exists(this.path(name)) ? name : undefined;
    return this.builtin(name) ? name : this.program(name);
  }

  /** A built-in of this shell's dialect. */
  builtin(name: string): ShellCommand | undefined {
    const command = this.commands.get(name);
    if (!command || command.folder !== null) return undefined;
    return command.only && !command.only.includes(this.dialect.id) ? undefined : command;
  }

  exported(name: string): boolean {
    return /^[A-Z_][A-Z0-9_]*$/.test(name) && !/^(OPTIND|OPTARG|REPLY|IFS|PS1|PS2|PS4)$/.test(name);
  }

  /** Where a program lies, by `PATH`. */
  program(name: string): string | undefined {
    const folders = (this.variables.get('PATH') ?? '').split(':').slice(0, 16);
    return folders.map((folder) => `${folder}/${name}`).find((path) => this.fs.exists(path));
  }

  async call(args: string[], streams: Streams): Promise<number> {
    this.step();
    const name = args[0]!;
    const body = this.functions.get(name);
    if (body) return callFunction(this, body, args, streams);
    const alias = this.interactive ? this.aliases.get(name) : undefined;
    if (alias !== undefined && !alias.startsWith(`${name} `) && alias !== name) {
      const rest = args.slice(1).map((arg) => `'${arg.replaceAll("'", "'\\''")}'`);
      return this.run([alias, ...rest].join(' '), streams);
    }
    const builtin = name.includes('/') ? undefined : this.builtin(name);
    return builtin ? this.apply(builtin, args, streams) : this.#start(args, streams);
  }

  async callProgram(args: string[], streams: Streams): Promise<number> {
    this.step();
    return this.#start(args, streams);
  }

  async #start(args: string[], streams: Streams): Promise<number> {
    const name = args[0]!;
    if (name.includes('/'))
      return runFile(this, this.fs.exists(this.path(name)) ? name : undefined, args, streams, name);
    const path = this.program(name);
    const command = this.commands.get(name);
    if (path && command && !this.fs.stat(this.path(path)).foreign) return this.apply(command, args, streams);
    return runFile(this, path, args, streams, name);
  }

  capture(path: string, how: string): void {
    keepDropped(this, this.path(path), how, this.#captured);
  }

  /** Runs a text line by line; a broken line is told when it is reached. */
  async #read(text: string, streams: Streams): Promise<number> {
    this.step(text.length >> 6);
    try {
      // Somebody who types may go on typing: nothing of an unfinished text has run then.
      if (this.#inside === 0 && !this.#command) parse(text, this.dialect);
      for (const { script } of parseLines(text, this.dialect)) {
        const inside = this.#inside;
        this.#inside++;
        try {
          await runScript(this, script, streams);
        } finally {
          this.#inside = inside;
        }
      }
    } catch (error) {
      if (!(error instanceof SyntaxFault)) throw error;
      if (error instanceof Unfinished && this.#inside === 0 && !this.#command && !this.#work.inside)
        throw error;
      const { name, before: line, interactive } = this;
      streams.err(this.dialect.syntax({ name, line, interactive, command: this.#command }, error, text));
      this.status = 2;
    }
    return this.status;
  }

  async #within(work: () => Promise<number>): Promise<number> {
    this.#inside++;
    try {
      return await work();
    } finally {
      this.#inside--;
    }
  }

  /** What `trap … EXIT` asked for. */
  async #leave(streams: Streams): Promise<void> {
    const script = this.traps.get('EXIT');
    this.traps.delete('EXIT');
    if (!script) return;
    const { status } = this;
    try {
      await this.#within(() => this.#read(script, streams));
      this.status = status;
    } catch (error) {
      if (!(error instanceof Exit) && !(error instanceof Failed) && !(error instanceof Exhausted))
        throw error;
      if (error instanceof Exit) this.status = error.status;
    }
  }

  async yieldTurn(): Promise<void> {
    if (this.#work.due()) await this.hooks.pause(0);
  }

  nested<T>(work: () => Promise<T>): Promise<T> {
    return this.#work.nested(work);
  }

  /** Runs in a copy of this shell: its variables, folder and exit stay its own. */
  async apart(work: (shell: Shell) => Promise<number>, other: Partial<ShellOptions> = {}): Promise<number> {
    return this.nested(async () => {
      this.step(this.variables.size >> 2);
      const { fs, hooks, commands, variables, name, cwd, dialect, identity, processes, history } = this;
      const own = { fs, hooks, commands, variables, name, cwd, dialect, identity, processes, history };
      const shell = new Shell({ ...own, ...other }, this);
      shell.positional = this.positional;
      shell.status = this.status;
      shell.err = this.err;
      shell.lineNumber = this.lineNumber;
      shell.before = this.before;
      shell.interactive = this.interactive;
      shell.testing = this.testing;
      shell.#inside = this.#inside + 1;
      try {
        this.status = await work(shell);
      } catch (error) {
        if (error instanceof Exit) this.status = error.status;
        else if (error instanceof Failed) this.status = this.extended ? 1 : 2;
        else if (error instanceof Jump) this.status = 2;
        else throw error;
      }
      return this.status;
    });
  }

  async background(text: string, work: (shell: Shell) => Promise<number>): Promise<void> {
    const now = this.hooks.now();
    const pid = this.processes.nextPid(now);
    let until = now;
    const pause = async (ms: number) => {
      until += ms;
      await this.hooks.pause(0);
    };
    const { status } = this;
    const number = (this.jobs.at(-1)?.number ?? 0) + 1;
    const job: Job = { number, pid, text, until: now, status: 0 };
    if (this.jobs.length >= shellLimits.jobs) this.jobs.shift();
    this.jobs.push(job);
    this.variables.set('!', String(pid));
    if (this.interactive && !this.#parent) this.err(`[${number}] ${pid}\n`);
    job.status = await this.apart(work, { hooks: { ...this.hooks, pause } });
    job.until = until;
    if (until > now)
      this.processes.add({ pid, user: this.identity.name, command: text, startedAt: now, until });
    this.status = status;
  }

  /** What an interactive shell says of its jobs before it prompts. */
  notices(): string {
    return noticesOf(this.jobs, this.hooks.now());
  }

  async become(identity: Identity, work: (shell: ShellView) => Promise<number>): Promise<number> {
    try {
      return await this.apart((shell) => {
        shell.identity = identity;
        this.fs.as(identity);
        return work(shell);
      });
    } finally {
      this.fs.as(this.identity);
    }
  }

  async beyond(options: ShellOptions, work: (shell: ShellView) => Promise<number>): Promise<number> {
    try {
      return await this.apart((shell) => {
        shell.functions.clear();
        shell.arrays.clear();
        shell.fs.now = this.hooks.now();
        shell.fs.as(shell.identity);
        return work(shell);
      }, options);
    } finally {
      this.fs.as(this.identity);
    }
  }

  /** Runs a known command; what fails in the files is told in its name. */
  async apply(command: ShellCommand, args: string[], streams: Streams): Promise<number> {
    const call: Call = {
      stdin: streams.stdin,
      stdinLine: streams.stdinLine,
      isTerminal: streams.isTerminal,
      out: this.#work.counted(streams.out),
      err: this.#work.counted(streams.err),
      args,
      shell: this,
      fs: this.fs,
      hooks: this.hooks,
    };
    this.fs.as(this.identity);
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
    this.closeProcesses();
  }
}
