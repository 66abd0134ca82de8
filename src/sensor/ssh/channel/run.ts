import {
  createShell,
  greeting,
  isGnu,
  loginGreeting,
  promptOf,
  type Shell,
  Unfinished,
} from '../../shell/index.ts';
import type { Streams } from '../../shell/shell.ts';
import type { Guest } from '../guest.ts';
import type { Channel } from './channel.ts';
import { completions } from './completion.ts';
import { LineEditor } from './line-editor.ts';
import type { PtyRequest } from './pty.ts';
import { StandardInput } from './standard-input.ts';

/** Lines that one command may span, and their bytes. */
const continuationLimit = 256;
const commandLimit = 65_536;
const historyLimit = 500;
/** Statuses of commands that a signal ended: 128 and its number (POSIX). */
const interrupted = 130;

/** Ctrl-C, or a hang-up, while a command runs. */
class Interrupt extends Error {}

/** A shell or one command in a session channel, over the pretended machine. */
export class Run {
  readonly #guest: Guest;
  readonly #channel: Channel;
  readonly #pty: PtyRequest | undefined;
  readonly #shell: Shell;
  readonly #bash: boolean;
  readonly #editor: LineEditor | undefined;
  #stopped = false;

  constructor(guest: Guest, channel: Channel, variables: [string, string][], pty: PtyRequest | undefined) {
    this.#guest = guest;
    this.#channel = channel;
    this.#pty = pty;
    const { home, shell } = guest.account;
    this.#bash = shell.endsWith('bash');
    const hooks = guest.hooks({
      write: (text) => this.#show(text),
      readLine: () => this.#typed(),
      pause: async (ms) => {
        await guest.nap.sleep(ms);
        if (this.#stopped) throw new Interrupt('interrupted');
      },
    });
    this.#shell = createShell(hooks, guest.wire.memory, {
      name: this.#bash ? '-bash' : '-sh',
      cwd: home,
      user: guest.user,
      program: shell,
    });
    this.#shell.variables.set('HOME', home);
    this.#shell.variables.set('SHELL', shell);
    const { src, dst } = guest.wire;
    this.#shell.variables.set('SSH_CLIENT', `${src.ip} ${src.port} ${dst.port}`);
    this.#shell.variables.set('SSH_CONNECTION', `${src.ip} ${src.port} ${dst.ip} ${dst.port}`);
    for (const [name, value] of variables) this.#shell.variables.set(name, value);
    if (pty) {
      this.#shell.variables.set('TERM', pty.term);
      this.#shell.variables.set('SSH_TTY', '/dev/pts/0');
      this.#editor = new LineEditor(channel.inbox, (text) => channel.write(text), pty.echo);
      channel.inbox.watch = (data) => this.#watch(data);
    } else this.#shell.variables.delete('TERM');
  }

  signal(name: string): void {
    if (name === 'HUP') return;
    this.#stopped = true;
    this.#guest.nap.wake();
  }

  /** Runs one command and resolves with its status. */
  async exec(command: string): Promise<number> {
    const shell = this.#shell;
    shell.name = this.#bash ? 'bash' : 'sh';
    this.#guest.wire.emit({
      kind: 'command',
      input: command,
      ok: shell.knows(command),
      detail: { exec: true },
    });
    const input = new StandardInput(this.#channel.inbox);
    const streams: Streams = {
      isTerminal: this.#pty !== undefined,
      out: (text) => this.#show(text),
      err: (text) => this.#complain(text),
      stdin: () => input.all(),
      stdinLine: () => input.line(),
    };
    try {
      // All of a command line is known: where it wants more, there is none.
      await this.#line(command, streams, true);
    } catch (error) {
      if (!(error instanceof Unfinished)) throw error;
      this.#complain(
        this.#bash
          ? `bash: -c: line 1: syntax error: unexpected end of file\n`
          : `sh: syntax error: ${error.message}\n`,
      );
      shell.status = 2;
    } finally {
      shell.finish();
    }
    return shell.status & 255;
  }

  /** A login shell: with a terminal it prompts, without one it reads a script. */
  async shell(): Promise<number> {
    try {
      if (this.#pty) await this.#converse();
      else await this.#script();
    } finally {
      this.#shell.finish();
    }
    return this.#shell.status & 255;
  }

  async #converse(): Promise<void> {
    this.#greet();
    const shell = this.#shell;
    shell.interactive = true;
    this.#remember();
    const streams: Streams = {
      isTerminal: true,
      out: (text) => this.#show(text),
      err: (text) => this.#show(text),
      stdinLine: () => this.#typed(),
      stdin: async () => {
        let text = '';
        for (let line = await this.#typed(); line !== null; line = await this.#typed()) {
          text += `${line}\n`;
          if (text.length > 1_048_576) break;
        }
        return text;
      },
    };
    // Readline switches bracketed paste on at terminals that have it.
    const lines = async (more: boolean) => {
      // Ubuntu's dash and BusyBox have no readline.
      const bracketed =
        shell.dialect.id === 'bash' ? this.#pty?.term !== 'dumb' : this.#bash && !isGnu(shell.hooks.persona);
      this.#show(shell.notices());
      const prompt = `${bracketed ? '\x1b[?2004h' : ''}${this.#prompt(more)}`;
      const line = await this.#editor!.edit(prompt, bracketed ? '\x1b[?2004l\r' : '', (before) =>
        completions(shell, before),
      );
      if (line === null && this.#bash && !this.#channel.gotEof && !this.#channel.sentClose)
        this.#show('logout\n');
      return line;
    };
    await this.#loop(lines, streams, { pty: true });
  }

  async #script(): Promise<void> {
    const input = new StandardInput(this.#channel.inbox);
    const streams: Streams = {
      isTerminal: false,
      out: (text) => this.#show(text),
      err: (text) => this.#complain(text),
      stdin: () => input.all(),
      stdinLine: () => input.line(),
    };
    if (this.#bash) this.#shell.name = '-bash';
    await this.#loop(() => input.line(), streams, {});
  }

  async #loop(
    next: (more: boolean) => Promise<string | null>,
    streams: Streams,
    detail: Record<string, boolean>,
  ): Promise<void> {
    const unfinished: string[] = [];
    const { wire } = this.#guest;
    for (let line = await next(false); line !== null; line = await next(unfinished.length > 0)) {
      if (line.trim() === '' && unfinished.length === 0) {
        this.#shell.before++;
        continue;
      }
      if (this.#pty && this.#shell.history.at(-1) !== line) {
        this.#shell.history.push(line);
        if (this.#shell.history.length > historyLimit) this.#shell.history.shift();
      }
      unfinished.push(line);
      const text = unfinished.join('\n');
      wire.emit({ kind: 'command', input: line, ok: this.#shell.knows(text), detail });
      try {
        if (!(await this.#line(text, streams))) {
          if (this.#bash && this.#pty) this.#show('logout\n');
          return;
        }
        unfinished.length = 0;
      } catch (error) {
        if (!(error instanceof Unfinished)) throw error;
        if (unfinished.length < continuationLimit && text.length < commandLimit) continue;
        unfinished.length = 0;
      }
      await this.#channel.room();
    }
  }

  /** Runs a line; a signal ends it. False where the shell has ended. */
  async #line(text: string, streams: Streams, command = false): Promise<boolean> {
    this.#stopped = false;
    this.#busy = true;
    try {
      return await this.#shell.line(text, streams, { command });
    } catch (error) {
      if (!(error instanceof Interrupt)) throw error;
      this.#shell.status = interrupted;
      return true;
    } finally {
      this.#busy = false;
    }
  }
  #busy = false;

  /** Ctrl-C while something runs ends it at once, whatever waits before it. */
  #watch(data: Buffer): boolean {
    if (!this.#busy || !data.includes(3)) return false;
    this.#channel.write('^C\r\n');
    this.signal('INT');
    return true;
  }

  async #typed(): Promise<string | null> {
    const editor = this.#editor;
    if (!editor) return null;
    const line = await editor.cooked();
    if (line !== null) {
      this.#guest.wire.emit({ kind: 'command', input: line, detail: { stdin: true } });
    }
    return line;
  }

  #greet(): void {
    const { files, wire } = this.#guest;
    if (isGnu(wire.persona)) {
      this.#show(loginGreeting(this.#shell.hooks, files, wire.memory));
      return;
    }
    if (files.exists('/etc/motd')) this.#show(files.read('/etc/motd').toString('latin1', 0, 8_192));
    const last = wire.memory.get('ssh last login') as string | undefined;
    if (last && this.#guest.transport.product.family === 'openssh') this.#show(`Last login: ${last}\n`);
    const date = new Date(wire.now())
      .toUTCString()
      .replace(/^(...), (..) (...) (....) (.*) GMT$/, '$1 $3 $2 $5 $4');
    wire.memory.set('ssh last login', `${date} from ${wire.src.ip}`);
    if (!this.#bash) this.#show(greeting);
  }

  /** What bash has read of its history file. */
  #remember(): void {
    const { home } = this.#guest.account;
    const { files } = this.#guest;
    if (!this.#bash || !files.exists(`${home}/.bash_history`)) return;
    const lines = files
      .read(`${home}/.bash_history`)
      .toString('latin1', 0, 65_536)
      .split('\n')
      .filter(Boolean);
    this.#shell.history.push(...lines.slice(-historyLimit));
    this.#editor?.remember(this.#shell.history);
  }

  #prompt(more: boolean): string {
    const shell = this.#shell;
    if (more || isGnu(shell.hooks.persona)) return promptOf(shell, more);
    const place = promptOf(shell).replace(/ [#$] $/, '');
    const sign = this.#guest.account.uid === 0 ? '#' : '$';
    if (!this.#bash) return `${place} ${sign} `;
    return `${this.#guest.user}@${this.#guest.wire.persona.hostname}:${place}${sign} `;
  }

  #show(text: string): void {
    this.#channel.write(this.#pty?.onlcr ? text.replaceAll('\n', '\r\n') : text);
  }

  /** Standard error: of its own where there is no terminal. */
  #complain(text: string): void {
    if (this.#pty) this.#show(text);
    else this.#channel.write(text, true);
  }
}
