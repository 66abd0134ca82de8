import { createHash } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { createEvidence } from '../analysis/index.ts';
import {
  type Classified,
  createClassifier,
  fingerprintsOf,
  loadLibrary,
  type Session,
  SessionBuilder,
} from '../analysis/sessions/index.ts';
import { Bounded } from '../kit/bounded.ts';
import { uuidv8 } from '../kit/uuid.ts';
import type { Event } from '../model/event.ts';
import type { SessionRecord } from '../model/session.ts';
import { type EvidenceClass, weakest } from '../model/signal.ts';
import type { FromSessions, SessionSetup, ToSessions } from './session-messages.ts';

/** The worker thread that says of whole sessions what they are: beside the intake, never in its way. */
const setup = workerData as SessionSetup;
const port = parentPort!;

const limits = {
  /** Stored sessions that are known by their ids, and those whose events a restart shows again. */
  known: 200_000,
};

let merges: FromSessions['merges'] = [];
const classifier = createClassifier(loadLibrary(setup.behaviours), {
  ours: setup.ours,
  merged: (merge) => merges.push(merge),
});
const evidence = createEvidence();
const known = new Bounded<string, true>(limits.known);
/** When sessions that are stored ended: what a restart shows of them again is not a session of its own. */
const covered = new Bounded<string, number>(limits.known);

interface Run {
  builder: SessionBuilder;
  ended: Session[];
}
const runs = new Map<string, Run>();

function runOf(name: string): Run {
  let run = runs.get(name);
  if (run === undefined) {
    const ended: Session[] = [];
    run = { builder: new SessionBuilder((session) => ended.push(session)), ended };
    runs.set(name, run);
  }
  return run;
}

const keyOf = (run: string, { session, sensor }: { session: string; sensor: string }) =>
  `${run}\n${sensor}\n${session}`;

/** Says of the sessions that have ended what they are, after all of them have been counted. */
function tell(name: string, { builder, ended }: Run): FromSessions {
  const counted = ended.splice(0).flatMap((session) => {
    const id = idOf(session);
    if (known.has(id) || !session.events.some(acts)) return [];
    known.set(id, true);
    return [{ id, session, counted: classifier.count(session) }];
  });
  const actors = new Map<string, FromSessions['actors'][number]>();
  const sessions = counted.map(({ id, session, counted: { tell, sequence, traces } }) => {
    const classified = tell();
    const { actor } = classified;
    if (actor) actors.set(actor.id, { id: actor.id, addresses: actor.addresses, joins: actor.joins });
    return recordOf(id, name, session, classified, { sequence: sequence ?? null, traces });
  });
  const all = { sessions, merges, actors: [...actors.values()], oldest: builder.oldest ?? null };
  merges = [];
  return all;
}

function acts({ kind }: Event): boolean {
  return kind !== 'connect' && kind !== 'close';
}

function idOf({ sensor, session, start, events }: Session): string {
  const text = JSON.stringify([sensor, session, events[0]?.id]);
  return uuidv8(start, createHash('sha256').update(text).digest());
}

function recordOf(
  id: string,
  run: string,
  session: Session,
  told: Classified,
  { sequence, traces }: Pick<SessionRecord, 'sequence' | 'traces'>,
): SessionRecord {
  const { actorKind, actorConfidence, actorReasons, spread, actor, src: _, ...rest } = told;
  return {
    ...rest,
    id,
    run,
    src: session.src.ip,
    port: session.dst.port,
    decoy: session.decoy,
    kind: actorKind,
    kindConfidence: actorConfidence,
    kindReasons: actorReasons.map((one) => one.slice(0, 512)),
    scope: spread.scope,
    scopeReasons: spread.reasons.map((one) => one.slice(0, 512)),
    sources: spread.sources,
    sensors: spread.sensors,
    sessions: spread.sessions,
    sequence,
    fingerprints: fingerprintsOf(session),
    actor: actor?.id ?? null,
    indicators: told.indicators.map((one) => ({ ...one, value: one.value.slice(0, 8_192) })),
    traces: { ...traces, keys: traces.keys.map((key) => key.slice(0, 4_096)) },
    evidence: evidenceOf(session),
  };
}

/** The weakest class of what the source said, and of the rest where it said nothing. */
function evidenceOf({ events }: Session): EvidenceClass {
  const words = events.filter(({ kind }) => kind === 'command' || kind === 'request' || kind === 'upload');
  return weakest((words.length > 0 ? words : events.filter(acts)).map((event) => evidence.classOf(event)));
}

port.on('message', (message: ToSessions) => {
  if (message.type === 'restore') {
    for (const one of message.sessions) {
      const { id, run, src, end, sequence, traces } = one;
      known.set(id, true);
      covered.set(keyOf(run, one), Math.max(end, covered.peek(keyOf(run, one)) ?? 0));
      classifier.restore({
        session: { session: one.session, sensor: one.sensor, src: { ip: src, port: 0 }, end },
        sequence: sequence ?? undefined,
        traces: { ...traces, entered: traces.entered },
      });
    }
    merges = [];
    return;
  }
  const run = runOf(message.run);
  switch (message.type) {
    case 'events':
      for (const { event, seq } of message.events) {
        const end = covered.size === 0 ? undefined : covered.peek(keyOf(message.run, event));
        if (end !== undefined && event.time <= end) continue;
        evidence.observe(event);
        run.builder.push(event, seq);
      }
      break;
    case 'quiet':
      run.builder.quiet(message.now);
      break;
    case 'end':
      run.builder.end();
      runs.delete(message.run);
      break;
  }
  port.postMessage(tell(message.run, run) satisfies FromSessions);
});
