import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { compiled } from '../kit/compiled.ts';
import { Fault } from '../kit/fault.ts';
import type { Log } from '../kit/log.ts';
import { notePid, settlePid } from '../kit/process.ts';
import type { Lake, Query, Row, Segment } from './lake.ts';
import type { Request } from './protocol.ts';

export interface EmbeddedOptions {
  /** The engine's data directory. */
  folder: string;
  /** Where the socket goes: a folder that only our user can enter. */
  runFolder: string;
  log: Log;
  /** How long after the engine's first, second … failure it is started again, in milliseconds. */
  restartAfterMs?: number[];
}

const queryTimeoutMs = 30_000;
/** How long an engine that an earlier, killed process left behind may take to close. */
const settleMs = 10_000;

type Plain = { op: 'ping' } | { op: 'command'; sql: string } | { op: 'load'; segment: Segment };

/** chDB in a process of its own, started again when it dies. Calls made while it is down wait for it, or for their limit. */
export async function openEmbeddedLake(
  options: EmbeddedOptions,
): Promise<Lake & { readonly pid: number | undefined }> {
  const { folder, runFolder, log, restartAfterMs = [100, 1_000, 5_000] } = options;
  mkdirSync(runFolder, { recursive: true, mode: 0o700 });
  const socket = join(runFolder, 'lake.sock');
  const secret = randomBytes(32).toString('hex');
  const pidFile = join(runFolder, 'lake.pid');
  await settlePid(pidFile, settleMs);
  let child: ChildProcess | undefined;
  let failures = 0;
  let closing = false;
  let ready = start();
  ready.catch(() => {});

  function start(): Promise<void> {
    const started = fork(compiled('./process.js', import.meta.url), [], {
      env: {
        PATH: process.env.PATH,
        UV_THREADPOOL_SIZE: '8',
        CALTROP_LAKE: JSON.stringify({ socket, secret, folder }),
      },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      detached: true,
    });
    child = started;
    notePid(pidFile, started.pid);
    return new Promise((resolve, reject) => {
      started.once('message', () => {
        failures = 0;
        resolve();
      });
      started.once('exit', (code, signal) => {
        reject(new Fault('unavailable', 'The lake has stopped.'));
        if (closing) return;
        const wait = restartAfterMs[Math.min(failures++, restartAfterMs.length - 1)] ?? 1_000;
        log.error('the lake stopped and is started again', { code, signal, wait });
        ready = sleep(wait).then(() => (closing ? undefined : start()));
        ready.catch(() => {});
      });
    });
  }

  async function* ask(
    request: Plain | { op: 'rows'; query: Pick<Query, 'sql' | 'params'> },
    signal?: AbortSignal,
  ) {
    await ready;
    const wire = connect(socket);
    const abort = () => wire.destroy();
    signal?.addEventListener('abort', abort, { once: true });
    try {
      wire.write(`${JSON.stringify({ secret, ...request } satisfies Request)}\n`);
      let ended = false;
      let text = '';
      wire.setEncoding('utf8');
      for await (const chunk of wire) {
        const lines = (text + chunk).split('\n');
        text = lines.pop()!;
        for (const line of lines) {
          if (line === '!end') ended = true;
          else if (line.startsWith('!error ')) throw new Fault('unavailable', JSON.parse(line.slice(7)));
          else yield line;
        }
      }
      if (!ended) throw new Fault('unavailable', 'The lake went away while it answered.');
    } catch (cause) {
      if (signal?.aborted) throw new Fault('unavailable', 'The query was stopped.', { cause });
      throw cause;
    } finally {
      signal?.removeEventListener('abort', abort);
      wire.destroy();
    }
  }

  async function run(request: Plain): Promise<void> {
    for await (const _ of ask(request));
  }

  await ready;
  return {
    get pid() {
      return child?.pid;
    },
    load: (segment) => run({ op: 'load', segment }),
    command: (sql) => run({ op: 'command', sql }),
    ping: () => run({ op: 'ping' }),
    async *rows({ sql, params, timeout = queryTimeoutMs, signal }: Query): AsyncIterable<Row> {
      const limit = AbortSignal.timeout(timeout);
      const either = signal ? AbortSignal.any([signal, limit]) : limit;
      for await (const line of ask({ op: 'rows', query: { sql, params } }, either))
        yield JSON.parse(line) as Row;
    },
    async close() {
      closing = true;
      const gone = new Promise((resolve) => child?.once('exit', resolve));
      if (child?.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await Promise.race([gone, sleep(10_000, undefined, { ref: false })]);
      child.kill('SIGKILL');
    },
  };
}
