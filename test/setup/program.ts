import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const root = join(import.meta.dirname, '..', '..');

/** The compiled program on a data directory of its own, as a user runs it: started, asked, killed and started again. */
export class Program {
  readonly folder = mkdtempSync(join(tmpdir(), 'caltrop-system-'));
  readonly data = join(this.folder, 'data');
  readonly config = join(this.folder, 'caltrop.yaml');
  main: ChildProcess | undefined;
  /** Ports of the decoys, by emulator. */
  ports: Record<string, number> = {};

  constructor(yaml: string) {
    // The sensor's own user has to come through to its spool.
    chmodSync(this.folder, 0o711);
    writeFileSync(this.config, yaml);
  }

  async start(): Promise<void> {
    const child = spawn(
      join(root, 'caltrop'),
      ['up', '--config', this.config, '--data', this.data, '--json'],
      {
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    this.main = child;
    for await (const line of createInterface({ input: child.stdout! })) {
      const { services } = JSON.parse(line) as { services: { emulator: string; port: number }[] };
      this.ports = Object.fromEntries(services.map(({ emulator, port }) => [emulator, port]));
      return;
    }
    throw new Error('the system did not start');
  }

  /** Waits for the end of our main process, which was told to end or killed. */
  async ended(): Promise<void> {
    const { main } = this;
    if (main && main.exitCode === null && main.signalCode === null) await once(main, 'exit');
  }

  async stop(): Promise<void> {
    this.main?.kill('SIGTERM');
    await this.ended();
  }

  remove(): void {
    this.main?.kill('SIGKILL');
    // What it started may still be ending, and writing.
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** A command of the command line, with its answer as JSON lines, whatever its exit code. */
  ask<T>(...args: string[]): T[] {
    let text: string;
    try {
      text = execFileSync(
        join(root, 'caltrop'),
        [...args, '--config', this.config, '--data', this.data, '--json'],
        {
          encoding: 'utf8',
          maxBuffer: 64 * 1024 * 1024,
          stdio: ['ignore', 'pipe', 'ignore'],
        },
      );
    } catch (error) {
      text = String((error as { stdout: string }).stdout);
    }
    return text
      .trim()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as T);
  }

  /** Our processes, by what they are: those below our main process, told by their command lines. */
  processes(): Record<string, number> {
    const found: Record<string, number> = {};
    if (this.main?.pid) found.main = this.main.pid;
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        const parent = Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[1]);
        if (parent !== this.main?.pid) continue;
        if (line.includes('/lake/process.js')) found.lake = Number(pid);
        if (line.includes('/sensor/main.js')) found.sensor = Number(pid);
      } catch {
        // It has gone meanwhile.
      }
    }
    return found;
  }

  /** Says one line to the Redis decoy from an address; resolves with whether an answer came. */
  redis(ip: string, words: string, timeout = 2_000): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect({ host: '127.0.0.1', port: this.ports.redis!, localAddress: ip, timeout });
      const end = (answered: boolean) => {
        socket.destroy();
        resolve(answered);
      };
      socket.on('connect', () => socket.write(`${words}\r\n`));
      socket.on('data', () => end(true));
      socket.on('error', () => end(false));
      socket.on('timeout', () => end(false));
      socket.on('close', () => end(false));
    });
  }
}
