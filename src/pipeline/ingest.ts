import type { Duplex } from 'node:stream';
import { Worker } from 'node:worker_threads';
import type { ImportResult, Sealed } from '../intake/index.ts';
import { compiled } from '../kit/compiled.ts';
import { Fault, type FaultCode } from '../kit/fault.ts';
import type { Log } from '../kit/log.ts';
import type { Event } from '../model/event.ts';
import type { Signal } from '../model/signal.ts';
import type { FromIngest, IngestCounters, IngestSetup, LinkProtocol, ToIngest } from './messages.ts';

export interface IngestHooks {
  log: Log;
  sealed(segment: Sealed, overlaps: boolean): void;
  signals(signals: Signal[], networks: Record<string, number>): void;
  events?(events: Event[]): void;
  progress?(at: { file: string; bytes: number; lines: number; events: number }): void;
  imported?(result: ImportResult): void;
}

export interface Ingest {
  readonly counters: IngestCounters | null;
  /** Shows the detectors what they had seen before a restart. To be called before `start`. */
  warm(events: Event[], lastSeq: number): void;
  start(): Promise<void>;
  /** Takes the link of a sensor's process, or of a resolver, under the name that the operator gave it. */
  link(sensor: string, stream: Duplex, protocol?: LinkProtocol): void;
  loaded(token: string): void;
  stop(): Promise<void>;
  /** Ends with the worker: resolves where it stopped as told, rejects where it failed. */
  readonly done: Promise<void>;
}

/** Bytes of one link on the way to the worker; the sensor waits, and spools, while more are. */
const inFlightLimit = 4 * 1024 * 1024;
const warmBatch = 2_000;
/** A worker's heap: several times what its detectors hold at their limits. A lower one is also collected sooner. */
const heapMb = 1_024;

/** The main thread's end of an intake worker. */
export function startIngest(setup: IngestSetup, hooks: IngestHooks): Ingest {
  const worker = new Worker(compiled('./worker.js', import.meta.url), {
    workerData: setup,
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
  });
  const say = (message: ToIngest, transfer: ArrayBuffer[] = []) => worker.postMessage(message, transfer);
  const links = new Map<number, { stream: Duplex; inFlight: number }>();
  let nextLink = 0;
  let counters: IngestCounters | null = null;
  let failure: Fault | null = null;
  let stopped = false;
  let ready: (() => void) | undefined;
  let finish: { resolve(): void; reject(cause: unknown): void };
  const done = new Promise<void>((resolve, reject) => {
    finish = { resolve, reject };
  });
  done.catch(() => {});

  worker.on('message', (message: FromIngest) => {
    switch (message.type) {
      case 'ready':
        if (message.cut > 0)
          hooks.log.warn('the journal had a torn end, which was cut', { bytes: message.cut });
        ready?.();
        break;
      case 'say':
        links.get(message.link)?.stream.write(message.line);
        break;
      case 'broken':
        links.get(message.link)?.stream.destroy();
        break;
      case 'took': {
        const link = links.get(message.link);
        if (!link) break;
        link.inFlight -= message.bytes;
        if (link.inFlight < inFlightLimit) link.stream.resume();
        break;
      }
      case 'sealed':
        hooks.sealed(message.segment, message.overlaps);
        break;
      case 'signals':
        hooks.signals(message.signals, message.networks);
        break;
      case 'events':
        hooks.events?.(message.events);
        break;
      case 'progress':
        hooks.progress?.(message);
        break;
      case 'imported':
        hooks.imported?.(message.result);
        break;
      case 'counters':
        counters = message.counters;
        break;
      case 'stopped':
        stopped = true;
        break;
      case 'failed':
        failure = Fault.told(message.code as FaultCode, message.message);
        break;
    }
  });
  worker.on('error', (cause) => {
    failure ??= new Fault('internal', 'The intake worker failed.', { cause });
  });
  worker.on('exit', () => {
    for (const { stream } of links.values()) stream.destroy();
    if (stopped && !failure) finish.resolve();
    else finish.reject(failure ?? new Fault('internal', 'The intake worker ended.'));
  });

  return {
    get counters() {
      return counters;
    },
    warm(events, lastSeq) {
      for (let at = 0; at < events.length; at += warmBatch) {
        say({ type: 'warm', events: events.slice(at, at + warmBatch), lastSeq });
      }
    },
    start() {
      say({ type: 'start' });
      return Promise.race([new Promise<void>((resolve) => (ready = resolve)), done]);
    },
    link(sensor, stream, protocol = 'sensor') {
      const number = nextLink++;
      const link = { stream, inFlight: 0 };
      links.set(number, link);
      say({ type: 'link', link: number, sensor, protocol });
      stream.on('data', (chunk: Buffer) => {
        const bytes = new Uint8Array(chunk);
        link.inFlight += bytes.length;
        if (link.inFlight >= inFlightLimit) stream.pause();
        say({ type: 'bytes', link: number, bytes }, [bytes.buffer]);
      });
      const gone = () => {
        if (links.delete(number)) say({ type: 'gone', link: number });
      };
      stream.on('error', gone);
      stream.on('close', gone);
    },
    loaded: (token) => say({ type: 'loaded', token }),
    async stop() {
      say({ type: 'stop' });
      await done.catch(() => {});
    },
    done,
  };
}
