import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { onLines } from '../../kit/line-stream.ts';
import type { Log } from '../../kit/log.ts';
import { downward, type Health, longestLine, protocols, type Upward } from '../../model/fleet.ts';
import { dial } from './dial.ts';
import { HeldConfig } from './held-config.ts';
import { endOf, type Membership, publicKeyOf, writeMembership } from './membership.ts';
import { carryDefaults, carryPayloads, type Settled } from './payloads.ts';
import { Relay } from './relay.ts';

/** A sensor's process, as a member runs it. */
export interface Running {
  status(): Omit<Health, 'version' | 'config'>;
  stop(): Promise<void>;
}

export interface MemberParts {
  folder: string;
  membership: Membership;
  version: string;
  /** Where the sensor keeps payloads. */
  payloads: string;
  /** Starts the sensor with what a signed configuration says. Throws where it cannot run that. */
  start(plan: unknown, link: (stream: Duplex) => void): Promise<Running>;
  log: Log;
  now(): number;
}

const healthMs = 5_000;
const firstWaitMs = 500;
const longestWaitMs = 10_000;
/** How long before its end a certificate is renewed. */
const renewBeforeMs = 30 * 24 * 3_600_000;

/**
 * Runs a sensor as its hub says, hub or no hub: with the last configuration that it was given, its spool takes what the hub does not,
 * and both connections are made anew for ever, at growing intervals.
 */
export function runMember(parts: MemberParts) {
  const { folder, log, now, version } = parts;
  let { membership } = parts;
  const held = new HeldConfig(folder, membership);
  if (held.damaged) log.error('the configuration that was kept is damaged; the hub is asked for it anew');
  const relay = new Relay(log);
  const leaving = new AbortController();
  let running: Running | null = null;
  let runs = 0;
  let work: Promise<void> = Promise.resolve();

  /** Makes the sensor what the held configuration says: the old one ends, its spool stays. */
  const apply = () => {
    work = work.then(async () => {
      const { current } = held;
      if (!current || current.serial === runs || leaving.signal.aborted) return;
      await running?.stop();
      running = null;
      try {
        running = await parts.start(current.plan, (stream) => relay.attach(stream));
        runs = current.serial;
        log.info('the sensor runs what its hub says', { config: runs });
      } catch (cause) {
        log.error('the sensor cannot run what its hub says', { config: current.serial, cause });
      }
    });
    return work;
  };

  const health = (): Health => ({
    version,
    config: runs,
    ...(running?.status() ?? { running: false, starts: 0, services: 0, isolation: [], counters: {} }),
  });

  function control(socket: TLSSocket): void {
    const say = (message: Upward) => socket.write(`${JSON.stringify(message)}\n`);
    const report = () => {
      say({ health: health() });
      if (endOf(membership.certificate) - now() < renewBeforeMs) say({ renew: publicKeyOf(membership.key) });
    };
    const timer = setInterval(report, healthMs);
    socket.on('close', () => clearInterval(timer));
    onLines(socket, longestLine, (line) => {
      try {
        const message = downward.parse(JSON.parse(line));
        if ('certificate' in message) {
          membership = { ...membership, certificate: message.certificate };
          writeMembership(folder, membership);
        } else if (held.take(message.config)) void apply().then(report);
      } catch (cause) {
        log.error('the hub said what cannot be taken', { cause });
        socket.destroy();
      }
    });
    report();
  }

  /** Holds one connection open, for ever. */
  async function keep(
    protocol: 'link' | 'control' | 'payload',
    serve: (socket: TLSSocket) => void,
  ): Promise<void> {
    let wait = firstWaitMs;
    while (!leaving.signal.aborted) {
      const since = now();
      try {
        const socket = await dial(membership.hub, protocols[protocol], membership);
        const leave = () => socket.destroy();
        leaving.signal.addEventListener('abort', leave);
        serve(socket);
        await new Promise((resolve) => socket.once('close', resolve));
        leaving.signal.removeEventListener('abort', leave);
        log.warn('the hub is gone', { connection: protocol });
      } catch (cause) {
        log.warn('the hub cannot be reached', { connection: protocol, cause, inMs: wait });
      }
      if (now() - since > longestWaitMs) wait = firstWaitMs;
      await sleep(wait, undefined, { signal: leaving.signal }).catch(() => {});
      wait = Math.min(2 * wait, longestWaitMs);
    }
  }

  const settled: Settled = new Set();
  const carry = (socket: TLSSocket) => {
    const pause = (ms: number) => sleep(ms, undefined, { signal: leaving.signal }).catch(() => {});
    carryPayloads(socket, parts.payloads, settled, { ...carryDefaults, sleep: pause }).catch(
      (cause: unknown) => {
        log.warn('payloads cannot be handed over', { cause });
        socket.destroy();
      },
    );
  };
  const connections = [
    keep('control', control),
    keep('link', (socket) => relay.connect(socket)),
    keep('payload', carry),
  ];
  void apply();
  return {
    health,
    async stop(): Promise<void> {
      await work;
      await running?.stop();
      leaving.abort();
      await Promise.all(connections);
    },
  };
}
