import { hash as digestOf } from 'node:crypto';
import type { z } from 'zod';
import { Fault, type Remedy } from '../kit/fault.ts';
import { type Log, sampled, silentLog } from '../kit/log.ts';
import { uuidv8 } from '../kit/uuid.ts';
import { type Event, type Kind, kinds } from '../model/event.ts';
import { type Signal, type Target, weakest } from '../model/signal.ts';
import type { Claim, Ref } from './detector.ts';
import { createEvidence } from './evidence.ts';

/** A detector of any kinds and options, as a list holds them. */
export interface AnyDetector {
  name: string;
  summary: string;
  on: readonly Kind[];
  options: z.ZodObject;
  start(options: never): (event: never, ref: () => Ref) => Claim | undefined;
}

export interface AnalysisOptions {
  /** What each detector is to be started with, by its name; absent ones have their defaults. */
  detectors?: Record<string, unknown>;
  log?: Log;
}

export interface Analysis {
  /**
   * The signals that this event completes; mostly none, and then the same empty array each time. `name` is called before
   * anything rests on the event, to give it its id.
   */
  push(event: Event, name?: () => void): Signal[];
  /** How often each detector has thrown, by name: bugs of ours, each of which cost one event of one detector. */
  faults(): Record<string, number>;
}

interface Running {
  name: string;
  see(event: Event, ref: () => Ref): Claim | undefined;
  faults: number;
  complain(error: unknown): void;
}

/** The most that `signalSchema` takes. */
const listLimit = 64;
const saysLimit = 1_024;
const none: Signal[] = [];
Object.freeze(none);

/** Starts the detectors. Throws a `Fault` that names every wrong option at once. */
export function createAnalysis(detectors: readonly AnyDetector[], options: AnalysisOptions = {}): Analysis {
  const log = options.log ?? silentLog;
  const byKind = Object.fromEntries(kinds.map((kind) => [kind, [] as Running[]])) as Record<Kind, Running[]>;
  const all: Running[] = [];
  const remedies: Remedy[] = [];
  for (const detector of detectors) {
    const parsed = detector.options.safeParse(options.detectors?.[detector.name] ?? {});
    if (!parsed.success) {
      for (const { path, message } of parsed.error.issues)
        remedies.push({ path: ['analysis', detector.name, ...path].join('.'), expected: message });
      continue;
    }
    const running: Running = {
      name: detector.name,
      // `on` says which kinds the detector takes, and it is handed no others; its options have just been parsed.
      see: detector.start(parsed.data as never) as Running['see'],
      faults: 0,
      complain: () => {},
    };
    let latest: unknown;
    const say = sampled((count) =>
      log.error('A detector threw.', { detector: detector.name, count, error: latest }),
    );
    running.complain = (error) => {
      latest = error;
      say();
    };
    all.push(running);
    for (const kind of detector.on) byKind[kind].push(running);
  }
  for (const name of Object.keys(options.detectors ?? {}))
    if (!detectors.some((detector) => detector.name === name))
      remedies.push({
        path: `analysis.${name}`,
        expected: 'the name of a detector or rule',
        remedy: 'Remove it.',
      });
  if (remedies.length > 0) throw new Fault('config', '', { remedies });

  const evidence = createEvidence();
  let current: Event | undefined;
  let made: Ref | undefined;
  let named: (() => void) | undefined;
  const ref = (): Ref => {
    if (made) return made;
    named?.();
    made = evidence.ref(current!);
    return made;
  };

  return {
    push(event, name) {
      evidence.observe(event);
      const watching = byKind[event.kind];
      let signals = none;
      current = event;
      named = name;
      made = undefined;
      for (let i = 0; i < watching.length; i++) {
        const running = watching[i]!;
        try {
          const claim = running.see(event, ref);
          if (claim === undefined) continue;
          const signal = signalOf(running.name, event.time, claim);
          if (signals === none) signals = [signal];
          else signals.push(signal);
        } catch (error) {
          running.faults++;
          running.complain(error);
        }
      }
      return signals;
    },
    faults: () => Object.fromEntries(all.map(({ name, faults }) => [name, faults])),
  };
}

function signalOf(detector: string, time: number, claim: Claim): Signal {
  const { subject, confidence, attack } = claim;
  const ids = [...new Set(claim.because.map(({ id }) => id))].slice(-listLimit);
  if (ids.length === 0) throw new TypeError('a claim rests on events');
  const targets: Target[] = [];
  for (const { target } of claim.because)
    if (targets.length < listLimit && !targets.some((other) => same(other, target))) targets.push(target);
  const digest = digestOf(
    'sha256',
    `${detector}\n${subject.type}\n${subject.value}\n${ids.join('\n')}`,
    'buffer',
  );
  return {
    id: uuidv8(time, digest),
    time,
    detector,
    subject,
    confidence,
    // Over all that the claim rests on, also where the list of ids had to be cut.
    evidence: weakest(claim.because.map((one) => one.evidence)),
    attack,
    says: claim.says.slice(0, saysLimit),
    ...(claim.account !== undefined && { account: claim.account }),
    because: ids,
    targets,
  };
}

function same(a: Target, b: Target): boolean {
  return (
    a === b ||
    (a.port === b.port &&
      a.sensor === b.sensor &&
      a.protocol === b.protocol &&
      a.transport === b.transport &&
      a.decoy === b.decoy)
  );
}
