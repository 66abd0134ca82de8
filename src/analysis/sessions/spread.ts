import { hash } from '../hash.ts';
import { Recent } from '../recent.ts';
import type { ActorKind } from './actor-kind.ts';
import { commandsOf } from './pace.ts';
import type { SequenceHash } from './sequence-hash.ts';
import type { Session } from './session.ts';
import type { Traces } from './traces.ts';

/** How common what a session did is, and whether it is aimed at us. */
export interface Spread {
  scope: 'bulk' | 'targeted' | 'unclassified';
  /** Addresses, sensors and sessions that the sequence was seen from; addresses and sensors up to their limit. */
  sources: number;
  sensors: number;
  sessions: number;
  reasons: string[];
}

export const spreadLimits = { sequences: 100_000, sources: 64, sensors: 32, planted: 50_000 } as const;
const keepMs = 30 * 86_400_000;
/** Sessions after which a sequence that was never seen is worth telling. */
const experience = 500;
/** Sources from which on a sequence is bulk. */
const bulkSources = 3;

interface Seen {
  sources: number[];
  sensors: number[];
  sessions: number;
}

/** Counts sequences over sources and sensors, within bounds; knows what sessions have planted, and by whom. */
export class SpreadCounter {
  readonly #seen = new Recent<Seen>(spreadLimits.sequences, keepMs);
  /** By sensor and pair: the session that set it. */
  readonly #planted = new Recent<string>(spreadLimits.planted, keepMs);
  readonly #ours: readonly string[];
  #sessions = 0;

  /** `ours` are names by which only somebody who means us would call: hosts, personas, the company. */
  constructor(ours: readonly string[] = []) {
    this.#ours = ours.map((name) => name.toLowerCase()).filter((name) => name.length >= 4);
  }

  /** Counts a session; returns what the others need to be told later, when all have been counted. */
  add(
    session: Pick<Session, 'session' | 'sensor' | 'src' | 'end' | 'events'>,
    sequence: SequenceHash | undefined,
    traces: Traces,
  ): SpreadNote {
    this.#sessions++;
    let first = false;
    if (sequence) {
      let seen = this.#seen.get(sequence.value, session.end);
      if (seen === undefined) {
        first = this.#sessions > experience;
        seen = { sources: [], sensors: [], sessions: 0 };
        this.#seen.set(sequence.value, seen);
      }
      seen.sessions++;
      keep(seen.sources, hash(session.src.ip), spreadLimits.sources);
      keep(seen.sensors, hash(session.sensor), spreadLimits.sensors);
    }
    const { entered } = traces;
    const from = entered && this.#planted.get(`${session.sensor}\n${entered}`, session.end);
    for (const pair of traces.planted) this.#planted.set(`${session.sensor}\n${pair}`, session.session);
    const names = this.#ours.length > 0 ? named(session, this.#ours) : undefined;
    return { first, continues: from && from !== session.session ? from : undefined, names };
  }

  /** How things stand now. */
  of(time: number, sequence: SequenceHash | undefined, note: SpreadNote, kind: ActorKind): Spread {
    const seen = sequence && this.#seen.get(sequence.value, time);
    const sources = seen?.sources.length ?? 0;
    const sensors = seen?.sensors.length ?? 0;
    const sessions = seen?.sessions ?? 0;
    const reasons: string[] = [];
    if (note.names !== undefined) reasons.push(`It names ${note.names}, which is ours.`);
    if (note.continues !== undefined)
      reasons.push(`It came in with a password that session ${note.continues} had set.`);
    const alone = note.first && sources <= 1;
    if (alone && kind === 'hands-on') reasons.push('A person did what nobody had done here before.');
    if (reasons.length > 0) return { scope: 'targeted', sources, sensors, sessions, reasons };
    if (sources >= bulkSources)
      return {
        scope: 'bulk',
        sources,
        sensors,
        sessions,
        reasons: [
          `The same sequence came from ${atLeast(sources, spreadLimits.sources)} addresses to ${atLeast(sensors, spreadLimits.sensors)} sensors.`,
        ],
      };
    return {
      scope: 'unclassified',
      sources,
      sensors,
      sessions,
      reasons: alone ? ['The first of its kind here.'] : [],
    };
  }
}

export interface SpreadNote {
  first: boolean;
  continues: string | undefined;
  names: string | undefined;
}

function keep(list: number[], value: number, limit: number): void {
  if (list.length < limit && !list.includes(value)) list.push(value);
}

function atLeast(count: number, limit: number): string {
  return count >= limit ? `${limit} or more` : String(count);
}

function named(session: Pick<Session, 'events'>, ours: readonly string[]): string | undefined {
  const texts = commandsOf(session).map(({ input }) => input.slice(0, 4_096));
  for (const event of session.events)
    if (event.kind === 'login') texts.push(event.user.slice(0, 256), event.secret.slice(0, 256));
    else if (event.kind === 'request') texts.push(event.target.slice(0, 2_048));
  const all = texts.join('\n').toLowerCase();
  return ours.find((name) => all.includes(name));
}
