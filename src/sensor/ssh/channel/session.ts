import { Malformed, type Reader, uint32 } from '../data.ts';
import type { Guest } from '../guest.ts';
import { runScp, scpRequest } from '../scp/index.ts';
import { Sftp } from '../sftp/sftp.ts';
import { type Channel, sessionWindow } from './channel.ts';
import { type PtyRequest, readPty } from './pty.ts';
import { Run } from './run.ts';

/** Environment variables that one session may set, and what AcceptEnv lets through. */
const variablesMax = 64;
const accepted = /^(LANG|LC_[A-Z_]*)$/;

/** A session channel: what a client asks for before it runs something, and what it runs (RFC 4254 §6). */
export class Session {
  readonly #guest: Guest;
  readonly #channel: Channel;
  #pty: PtyRequest | undefined;
  #variables: [string, string][] = [];
  #run: Run | undefined;
  readonly #openssh: boolean;
  #started = false;

  constructor(guest: Guest, channel: Channel) {
    this.#guest = guest;
    this.#openssh = guest.transport.product.family === 'openssh';
    this.#channel = channel;
  }

  /** Answers a request: no, yes, or yes and this is what runs now. */
  request(name: string, body: Reader): boolean | (() => Promise<void>) {
    switch (name) {
      case 'pty-req':
        return this.#askPty(body);
      case 'env':
        return this.#env(body.text(), body.text());
      case 'shell':
        return this.#start(() => this.#shell());
      case 'exec': {
        const command = body.text();
        return this.#start(() => this.#exec(command));
      }
      case 'subsystem': {
        const subsystem = body.text();
        if (subsystem !== 'sftp') return false;
        return this.#start(() => this.#sftp());
      }
      case 'window-change':
        if (this.#pty) {
          this.#pty.columns = body.uint32();
          this.#pty.rows = body.uint32();
        }
        return this.#openssh || this.#pty !== undefined;
      case 'signal':
        this.#run?.signal(body.text());
        return this.#started;
      case 'break':
        return this.#started;
      case 'x11-req':
        return false;
      case 'auth-agent-req@openssh.com':
        // The client offers its keys to whoever is root here: worth knowing.
        this.#guest.wire.emit({ kind: 'fingerprint', method: 'ssh-agent', value: 'forwarded' });
        return true;
      default:
        return false;
    }
  }

  /** Whether something runs, or has run. */
  get started(): boolean {
    return this.#started;
  }

  hangUp(): void {
    this.#run?.signal('HUP');
  }

  #askPty(body: Reader): boolean {
    if (this.#pty) this.#guest.transport.violation('Protocol error: you already have a pty.');
    if (this.#pty || this.#started) return false;
    const pty = readPty(body);
    this.#pty = pty;
    const value = `${pty.term} ${pty.columns}x${pty.rows}`.slice(0, 4_096);
    this.#guest.wire.emit({ kind: 'fingerprint', method: 'ssh-pty', value });
    return true;
  }

  #env(name: string, value: string): boolean {
    this.#guest.wire.emit({
      kind: 'fingerprint',
      method: 'ssh-env',
      value: `${name}=${value}`.slice(0, 4_096),
    });
    if (!this.#openssh || this.#variables.length >= variablesMax || !accepted.test(name)) return false;
    this.#variables.push([name, value.slice(0, 4_096)]);
    return true;
  }

  #start(work: () => Promise<number>): boolean | (() => Promise<void>) {
    if (this.#started) return false;
    this.#started = true;
    this.#channel.tap = (way, bytes) => this.#guest.wire.record(way, bytes);
    if (this.#openssh) this.#channel.grant(sessionWindow);
    return async () => {
      const status = await work();
      this.#finish(status);
    };
  }

  /** What OpenSSH says when a command ends depends on whether the client may still want to send. */
  #finish(status: number): void {
    const channel = this.#channel;
    const openssh = this.#openssh;
    channel.afterOutput(() => {
      if (channel.sentClose) return;
      const tell = () => channel.request('exit-status', uint32(status));
      // As recorded: the end of a silent command is seen before its status, that of a speaking one behind it.
      const eofFirst = !openssh || channel.gotEof || !channel.wrote;
      if (eofFirst) channel.eof();
      tell();
      if (openssh && !channel.gotEof && this.#guest.client.startsWith('SSH-2.0-OpenSSH')) {
        channel.request('eow@openssh.com');
      }
      channel.eof();
      channel.close();
    });
  }

  #shell(): Promise<number> {
    this.#run = new Run(this.#guest, this.#channel, this.#variables, this.#pty);
    return this.#run.shell();
  }

  #exec(command: string): Promise<number> {
    const scp = scpRequest(command);
    if (scp) {
      this.#guest.wire.emit({ kind: 'command', input: command, ok: true, detail: { exec: true } });
      return runScp(scp, this.#guest, this.#channel);
    }
    this.#run = new Run(this.#guest, this.#channel, this.#variables, this.#pty);
    return this.#run.exec(command);
  }

  async #sftp(): Promise<number> {
    this.#guest.wire.emit({ kind: 'command', input: 'sftp', ok: true, detail: { subsystem: true } });
    try {
      return await new Sftp(this.#guest, this.#channel).run();
    } catch (error) {
      // sftp-server gives up on a client that does not speak its protocol.
      if (error instanceof Malformed) return 255;
      throw error;
    }
  }
}
