import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, type Server } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Clock, systemClock } from '../kit/clock.ts';
import { compiled } from '../kit/compiled.ts';
import type { Log } from '../kit/log.ts';
import { printable } from '../kit/printable.ts';
import { notePid, settlePid } from '../kit/process.ts';
import { emulators } from './emulators/index.ts';
import { buildCell, type Cell, type CellOptions, type Isolation } from './isolation.ts';
import type { Machine } from './layout.ts';
import { limitsSchema } from './limits.ts';
import { defaultKind } from './personas.ts';
import { derivedSeed } from './seed.ts';
import type { FromSensor, SensorConfig, ToSensor } from './status.ts';
import { Courier } from './udp/courier.ts';

export interface ServiceAddress {
  emulator: string;
  host: string;
  /** 0 takes a free one, and keeps it over restarts. */
  port: number;
  transport?: 'tcp' | 'udp';
  options?: Record<string, unknown>;
  /** Which of the machines it belongs to; the first where it is left out. */
  machine?: number;
}

/** A machine that is shown: under which name its events are told, and which addresses wear it. */
export interface ShownMachine {
  name: string;
  kind: string;
  hosts: string[];
}

export interface SuperviseOptions {
  name: string;
  /** What its machines are made of: each from this and its salt. */
  seed: string;
  machines?: Machine[] | undefined;
  spoolDir: string;
  payloadDir: string;
  limits?: Partial<SensorConfig['limits']>;
  services: ServiceAddress[];
  /** Where the process is noted, so that after a crash of ours the next start waits for it to end. */
  pidFile?: string;
  /** Called at each start of the process with its end of the link (`link.ts` says what it speaks). */
  onLink: (stream: Duplex) => void;
  log: Log;
  clock?: Clock;
  memoryMb?: number;
  uid?: number;
  gid?: number;
  without?: CellOptions['without'];
}

export interface SensorStatus {
  running: boolean;
  pid: number | undefined;
  starts: number;
  isolation: Isolation;
  machines: ShownMachine[];
  services: ServiceAddress[];
  counters: Record<string, number | boolean>;
}

export interface SensorHandle {
  readonly status: SensorStatus;
  stop(): Promise<void>;
}

const firstBackOffMs = 100;
const longestBackOffMs = 30_000;
/** A process that lived this long was healthy: its next restart is quick again. */
const healthyMs = 60_000;
const stopMs = 8_000;
const settleMs = 8_000;
const stderrLine = 8_192;

/**
 * Runs the sensor process: binds its ports (low ones too, if we may), hands the listening sockets over, and starts it
 * anew when it dies. Reads not one byte that an attacker sent. Rejects where a port cannot be bound at the first start.
 */
export async function supervise(options: SuperviseOptions): Promise<SensorHandle> {
  const { log } = options;
  const clock = options.clock ?? systemClock;
  const entry = compiled('./main.js', import.meta.url);
  const cell = await buildCell({
    entry,
    writable: [options.spoolDir, options.payloadDir],
    memoryMb: options.memoryMb ?? 512,
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    ...(options.gid === undefined ? {} : { gid: options.gid }),
    ...(options.without ? { without: options.without } : {}),
  });
  const { isolation } = cell;
  if (!isolation.uid || !isolation.network || !isolation.permissions) {
    log.warn('The sensor runs with less isolation than it could', {
      ...isolation,
      reasons: isolation.reasons.join('; '),
    });
  }

  const services = options.services.map((service) => ({ ...service }));
  const hosts = [...new Set(services.map(({ host }) => host))];
  const machines = (options.machines ?? [{ kind: defaultKind, hosts, salt: '' }]).map((one) => ({
    name: one.name ?? options.name,
    kind: one.kind,
    hosts: one.hosts,
    seed: one.salt ? derivedSeed(options.seed, one.salt) : options.seed,
  }));
  const courier = new Courier(limitsSchema.parse(options.limits ?? {}), clock, log);
  let child: ChildProcess | undefined;
  let counters: Record<string, number | boolean> = {};
  let starts = 0;
  let backOff = firstBackOffMs;
  let retry: NodeJS.Timeout | undefined;
  let stopping = false;
  let gone: Promise<void> = Promise.resolve();

  async function start(servers: Map<number, Server>): Promise<void> {
    if (stopping) {
      for (const server of servers.values()) server.close();
      return;
    }
    const startedAt = clock.now();
    const process = launch(cell, entry, log);
    child = process;
    if (options.pidFile) notePid(options.pidFile, process.pid);
    starts++;
    const ready = new Promise<void>((resolve, reject) => {
      process.on('message', (message: FromSensor) => {
        if (message.type === 'ready') resolve();
        else if (message.type === 'status') counters = message.counters;
      });
      process.once('exit', () => reject(new Error('the sensor process ended before it was ready')));
      process.once('error', reject);
    });
    gone = new Promise((resolve) => {
      const ended = (code: number | null, signal: string | null) => {
        if (child !== process) return;
        child = undefined;
        resolve();
        if (stopping) return;
        if (clock.now() - startedAt >= healthyMs) backOff = firstBackOffMs;
        log.error('The sensor process ended; it is started anew', { code, signal, inMs: backOff });
        again();
      };
      process.once('exit', ended);
      // One that could not be started at all has no exit.
      process.once('error', () => process.pid === undefined && ended(null, null));
    });
    const link = process.stdio[4] as Duplex;
    // The process may end with words of ours unread; its exit is what counts.
    link.on('error', (error) => log.debug('The link to the sensor broke', { error }));
    options.onLink(link);
    // Node's types count five at most.
    courier.attach((process.stdio as readonly unknown[])[5] as Duplex);
    const { name, spoolDir, payloadDir, limits = {} } = options;
    say(process, {
      type: 'start',
      config: {
        name,
        machines: machines.map(({ name, kind, seed }) => ({ name, kind, seed })),
        spoolDir,
        payloadDir,
        limits,
        services: services.map(({ emulator, options = {}, machine = 0, transport, host, port }) => ({
          emulator,
          options,
          machine,
          ...(transport === 'udp' ? { datagramsAt: { ip: host, port } } : {}),
        })),
      },
    });
    for (const [service, server] of servers) handOver(process, server, service);
    await ready;
  }

  function again(): void {
    const delay = backOff;
    backOff = Math.min(2 * backOff, longestBackOffMs);
    retry = setTimeout(() => {
      bindAll(services).then(
        // Where the process ends before it is ready, its end has asked for the next try.
        (servers) =>
          start(servers).catch((error: unknown) => log.error('The sensor did not start', { error })),
        (error: unknown) => {
          log.error('The sensor cannot take its ports', { error });
          if (!stopping) again();
        },
      );
    }, delay);
  }

  try {
    // One that a killed parent left behind still writes down what it has seen: the spool is its own until it ends.
    if (options.pidFile) await settlePid(options.pidFile, settleMs);
    for (const [index, service] of services.entries())
      if (service.transport === 'udp') service.port = await courier.bind(index, service, usualPort(service));
    await start(await bindAll(services));
  } catch (error) {
    stopping = true;
    courier.close();
    clearTimeout(retry);
    child?.kill('SIGKILL');
    throw error;
  }

  return {
    get status() {
      return {
        running: child !== undefined,
        pid: child?.pid,
        starts,
        isolation,
        // Their seeds are nobody's business.
        machines: machines.map(({ name, kind, hosts }) => ({ name, kind, hosts })),
        services,
        counters: { ...counters, ...courier.counters },
      };
    },
    async stop() {
      stopping = true;
      clearTimeout(retry);
      courier.close();
      const process = child;
      if (!process) return;
      say(process, { type: 'stop' });
      const patience = setTimeout(() => process.kill('SIGKILL'), stopMs);
      await gone;
      clearTimeout(patience);
    },
  };
}

function launch(cell: Cell, entry: string, log: Log): ChildProcess {
  const child = spawn(cell.command, [...cell.args, entry], {
    // Its words reach our terminal only as printable text, and it has no terminal of its own.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe', 'pipe'],
    detached: true,
    cwd: '/',
    env: {},
  });
  child.on('error', (error) => log.error('The sensor process failed', { error }));
  child.stdout?.resume();
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (piece: string) => {
    const lines = (text + piece).split('\n');
    text = lines.pop()!.slice(0, stderrLine);
    for (const line of lines) process.stderr.write(`${printable(line, stderrLine)}\n`);
  });
  return child;
}

/** The listening sockets by the service that they are for. */
async function bindAll(services: ServiceAddress[]): Promise<Map<number, Server>> {
  const servers = new Map<number, Server>();
  const bound = await Promise.allSettled(
    services.map(async (service, index) => {
      if (service.transport !== 'udp') servers.set(index, await bind(service));
    }),
  );
  const failed = bound.find((one) => one.status === 'rejected');
  if (!failed) return servers;
  for (const server of servers.values()) server.close();
  throw failed.reason;
}

function bind(service: ServiceAddress): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({ pauseOnConnect: true });
    server.once('error', reject);
    server.listen({ host: service.host, port: service.port, backlog: 4_096 }, () => {
      const address = server.address();
      if (address && typeof address === 'object') service.port = address.port;
      resolve(server);
    });
  });
}

/** Gives the socket away and closes ours. Who connects in between is passed on unread. */
function handOver(child: ChildProcess, server: Server, service: number): void {
  server.on('connection', (socket) => {
    if (!child.connected) return socket.destroy();
    child.send({ type: 'connection', service } satisfies ToSensor, socket, { keepOpen: false }, () => {});
  });
  child.send({ type: 'listen', service } satisfies ToSensor, server, {}, () => server.close());
}

/** Where clients of the real service speak to. */
function usualPort({ emulator, port }: ServiceAddress): number {
  return emulators.find(({ name }) => name === emulator)?.port ?? port;
}

function say(child: ChildProcess, message: ToSensor): void {
  if (child.connected) child.send(message, () => {});
}
