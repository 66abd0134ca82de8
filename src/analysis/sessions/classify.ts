import { Recent } from '../recent.ts';
import { type Act, createActs, type Deed } from './act.ts';
import { type ActorKind, actorKindOf } from './actor-kind.ts';
import { type Actor, Actors, type Merge } from './actors.ts';
import type { Technique } from './behaviour-schema.ts';
import { indicatorsIn, type Named } from './dropper/indicators.ts';
import { gather, type Indicator } from './gather.ts';
import type { Library } from './load.ts';
import { createMatcher, type Shown } from './matcher.ts';
import { type SequenceHash, sequenceOf } from './sequence-hash.ts';
import type { Session } from './session.ts';
import { type Spread, SpreadCounter, type SpreadNote } from './spread.ts';
import { createTechniques } from './technique.ts';
import { toolOf } from './tool.ts';
import { type Traces, tracesOf } from './traces.ts';

/** What is said of one session. */
export interface Classified {
  session: string;
  sensor: string;
  protocol: string;
  src: string;
  start: number;
  end: number;
  ended: Session['ended'];
  logins: number;
  commands: number;
  /** Events that did not fit the limits, and were not looked at. */
  cut: number;
  /** Labels of the behaviours that it shows, the surest first; none where it is not known. */
  labels: string[];
  /** How sure the first label is, from 0 to 1. */
  confidence: number;
  behaviours: {
    name: string;
    label: string;
    confidence: number;
    seen: number;
    of: number;
    cve: string[];
    because: string[];
  }[];
  tool: string | null;
  campaign: string | null;
  intent: string | null;
  /** ATT&CK: tactics by their short names, techniques by their ids. */
  tactics: string[];
  techniques: string[];
  /** ATT&CK of single acts, by the event that told of them: the first ones. */
  acts: { event: string; techniques: string[]; tactics: string[] }[];
  actorKind: ActorKind;
  actorConfidence: number;
  actorReasons: string[];
  spread: Spread;
  sequence: string | null;
  actor: Actor | null;
  indicators: Indicator[];
}

/** A session that has been counted, and can be told of once the others have been as well. */
export interface Counted {
  tell(): Classified;
  sequence: SequenceHash | undefined;
  traces: Traces;
}

/** What a classifier has to be told of a session that it had counted before a restart. */
export interface Remembered {
  session: Pick<Session, 'session' | 'sensor' | 'src' | 'end'>;
  sequence: SequenceHash | undefined;
  traces: Traces;
}

export interface Classifier {
  /** Takes a session in; what it is depends on those before it, and how common it is on those until it is told. */
  count(session: Session): Counted;
  /** Counts it again, without a word: to be called in the order of the first time. */
  restore(remembered: Remembered): void;
  actors: Actors;
}

/** Texts whose indicators are remembered, and characters of one up to which they are. */
const textsRemembered = 16_384;
const textLimit = 1_024;

/** Says of whole sessions what they are. Pure but for what it has counted; synchronous; bounded by the limits of its parts. */
export function createClassifier(
  library: Library,
  options: { ours?: readonly string[]; merged?: (merge: Merge) => void } = {},
): Classifier {
  const actsOf = createActs();
  const match = createMatcher(library.behaviours);
  const techniquesOf = createTechniques(library.techniques);
  const tacticsOf = new Map(library.techniques.map(({ id, tactics }) => [id, tactics]));
  const spread = new SpreadCounter(options.ours);
  const actors = new Actors({}, options.merged);
  const remembered = new Recent<readonly Named[]>(textsRemembered, Number.MAX_SAFE_INTEGER);
  const named = (text: string): readonly Named[] => {
    if (text.length > textLimit) return indicatorsIn(text);
    let found = remembered.get(text, 0);
    if (found === undefined) {
      found = indicatorsIn(text);
      remembered.set(text, found);
    }
    return found;
  };

  return {
    actors,
    count(session) {
      const acts = actsOf(session);
      const shown = match(session.protocol, acts);
      const sequence = sequenceOf(acts);
      const traces = tracesOf(session);
      const note = spread.add(session, sequence, traces);
      actors.add(session, traces, sequence);
      const techniques = new Set<string>();
      const tactics = new Set<string>();
      const told: Classified['acts'] = [];
      for (const act of acts) {
        const these = techniquesOf(act);
        if (these.length > 0) tellOf(act, these, told);
        for (const { id, tactics: of } of these) {
          if (techniques.has(id)) continue;
          techniques.add(id);
          for (const tactic of of) tactics.add(tactic);
        }
      }
      for (const { behaviour } of shown)
        for (const id of behaviour.attack) {
          techniques.add(id);
          for (const tactic of tacticsOf.get(id) ?? []) tactics.add(tactic);
        }
      const indicators = gather(session, named);
      const found = { shown, sequence, note, acts: told, indicators };
      return {
        tell: () =>
          tell(session, { ...found, techniques: [...techniques], tactics: [...tactics] }, spread, actors),
        sequence,
        traces,
      };
    },
    restore({ session, sequence, traces }) {
      spread.add({ ...session, events: [] }, sequence, traces);
      actors.add({ ...session }, traces, sequence);
    },
  };
}

/** Events whose techniques are told, and how many techniques of one. */
const toldActs = 64;
const toldTechniques = 16;

/** Adds an act's techniques to those of its event: one line may be several acts, which follow each other. */
function tellOf({ event, deed }: Act, techniques: readonly Technique[], told: Classified['acts']): void {
  const last = told[told.length - 1];
  deed.told ??= firstOf(techniques);
  const first = deed.told;
  if (last?.event !== event.id) {
    if (told.length < toldActs) told.push({ event: event.id, ...first });
    return;
  }
  const more = first.techniques.filter((id) => !last.techniques.includes(id));
  if (more.length === 0) return;
  last.techniques = [...last.techniques, ...more].slice(0, toldTechniques);
  last.tactics = [...new Set([...last.tactics, ...first.tactics])];
}

function firstOf(techniques: readonly Technique[]): NonNullable<Deed['told']> {
  return {
    techniques: techniques.map(({ id }) => id).slice(0, toldTechniques),
    tactics: [...new Set(techniques.flatMap(({ tactics }) => tactics))],
  };
}

interface Found {
  shown: Shown[];
  sequence: SequenceHash | undefined;
  note: SpreadNote;
  acts: Classified['acts'];
  techniques: string[];
  tactics: string[];
  indicators: Indicator[];
}

function tell(session: Session, found: Found, spread: SpreadCounter, actors: Actors): Classified {
  const { shown, sequence, note } = found;
  const before = spread.of(session.end, sequence, note, 'unclassified');
  const actor = actorKindOf(session, shown, before.sources);
  const [first] = shown;
  let logins = 0;
  let commands = 0;
  for (const { kind } of session.events)
    if (kind === 'login') logins++;
    else if (kind === 'command') commands++;
  return {
    session: session.session,
    sensor: session.sensor,
    protocol: session.protocol,
    src: session.src.ip,
    start: session.start,
    end: session.end,
    ended: session.ended,
    logins,
    commands,
    cut: session.cut,
    labels: [...new Set(shown.map(({ behaviour }) => behaviour.label))],
    confidence: first?.confidence ?? 0,
    behaviours: shown.map(({ behaviour: { name, label, cve }, ...rest }) => ({
      name,
      label,
      confidence: rest.confidence,
      seen: rest.seen,
      of: rest.of,
      cve,
      because: rest.because,
    })),
    tool: first?.behaviour.tool ?? toolOf(session) ?? null,
    campaign: first?.behaviour.campaign ?? null,
    intent: first?.behaviour.intent ?? null,
    tactics: found.tactics,
    techniques: found.techniques,
    acts: found.acts,
    actorKind: actor.kind,
    actorConfidence: actor.confidence,
    actorReasons: actor.reasons,
    spread: actor.kind === 'hands-on' ? spread.of(session.end, sequence, note, actor.kind) : before,
    sequence: sequence?.value ?? null,
    actor: actors.of(session.src.ip) ?? null,
    indicators: found.indicators,
  };
}
