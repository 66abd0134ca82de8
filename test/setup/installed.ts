import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const root = join(import.meta.dirname, '../..');
/** How long something may take that a test waits for, in milliseconds. */
const patienceMs = 15_000;

export interface Listed {
  decision: {
    id: string;
    time: number;
    evidence: string;
    mode: string;
    policy: string;
    scope: { source: string; ports: number[] };
  };
  ended: { how: string } | null;
}

export interface Ran<T> {
  code: number;
  /** Its JSON lines. */
  lines: T[];
  err: string;
}

/** The compiled program as an operator uses it, on a data directory of its own: commands are awaited, its API and its files are read. */
export function createInstalled(name: string, config: string) {
  const folder = mkdtempSync(join(tmpdir(), `caltrop-${name}-`));
  // The sensor's own user has to come through to its spool.
  chmodSync(folder, 0o711);
  const data = join(folder, 'data');
  const path = join(folder, 'caltrop.yaml');
  writeFileSync(path, config);
  let main: ChildProcess | undefined;
  let log = '';

  /** Runs a command to its end. */
  function caltrop<T = Record<string, unknown>>(...args: string[]): Promise<Ran<T>> {
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        [join(root, 'caltrop'), ...args, '--config', path, '--data', data, '--json'],
        { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
        (error, out, err) =>
          resolve({
            code: error ? Number(error.code ?? 1) : 0,
            lines: out
              .split('\n')
              .filter((line) => line !== '')
              .map((line) => JSON.parse(line) as T),
            err,
          }),
      );
    });
  }

  return {
    folder,
    data,
    caltrop,
    /** Starts `up`, and resolves once it says where it listens. */
    async start(): Promise<void> {
      const child = spawn(
        process.execPath,
        [join(root, 'caltrop'), 'up', '--config', path, '--data', data, '--json'],
        { stdio: ['ignore', 'pipe', 'pipe'] },
      );
      main = child;
      child.stderr.on('data', (bytes: Buffer) => {
        log = (log + bytes.toString()).slice(-20_000);
      });
      for await (const line of createInterface({ input: child.stdout }))
        if (line.includes('"console"')) return;
      throw new Error(`the system did not start: ${log}`);
    },
    /** Ends it as an operator does. Resolves with its exit code. */
    async end(): Promise<number | null> {
      const child = main;
      if (!child || child.exitCode !== null) return child?.exitCode ?? null;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      const [code] = (await gone) as [number | null];
      return code;
    },
    /** Asks the API over its Unix socket. */
    get<T>(what: string): Promise<T> {
      return new Promise((resolve, reject) => {
        const socketPath = join(data, 'run/api.sock');
        const call = request({ socketPath, path: `/api/v1/${what}` }, (answer) => {
          let text = '';
          answer.setEncoding('utf8');
          answer.on('data', (piece: string) => {
            text += piece;
          });
          answer.on('end', () =>
            answer.statusCode === 200 ? resolve(JSON.parse(text) as T) : reject(new Error(text)),
          );
        });
        call.on('error', reject);
        call.end();
      });
    },
    /** The lines of a file of the blocklist, without its header. */
    listed(file: 'all' | 'ports'): string[] {
      return readFileSync(join(data, 'blocklist', `${file}.txt`), 'utf8')
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'));
    },
    /** Kills what still runs and removes the folder. */
    async remove(): Promise<void> {
      if (main && main.exitCode === null) {
        const gone = once(main, 'exit');
        main.kill('SIGKILL');
        await gone;
      }
      // The processes that it started end when they see that it has, and may write until then.
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

/** Waits until something that is on its way has come; fails with what was there instead. */
export async function eventually<T>(read: () => T | Promise<T>, come: (value: T) => boolean): Promise<T> {
  const until = Date.now() + patienceMs;
  for (;;) {
    const value = await read();
    if (come(value)) return value;
    if (Date.now() > until)
      throw new Error(`it did not come; there is ${JSON.stringify(value).slice(0, 2_000)}`);
    await sleep(50);
  }
}
