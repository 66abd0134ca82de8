import type { Event, Kind } from '../../model/event.ts';
import { type Condition, compile } from '../conditions.ts';
import type { Act } from './act.ts';
import type { Behaviour, Way } from './behaviour-schema.ts';
import { chainOf } from './chain.ts';
import { fold } from './command-text.ts';
import { Needles, needlesOf } from './needles.ts';

/** A behaviour that a session shows. */
export interface Shown {
  behaviour: Behaviour;
  confidence: number;
  /** How many steps were seen, of how many. */
  seen: number;
  of: number;
  /** Ids of the events that it rests on. */
  because: string[];
}

/** Acts whose steps are remembered: attackers' scripts repeat themselves. */
const memoryLimit = 16_384;
/** Characters of an act up to which it is remembered. */
const keyLimit = 1_024;
const becauseLimit = 64;

interface Step {
  kinds: ReadonlySet<Kind>;
  test(event: Event): boolean;
  /** One of these is in whatever passes the test; null where that cannot be said. */
  needles: string[] | null;
}

/** Says which behaviours the acts of a session show, the surest first. Holds nothing of a session, only what equal acts are. */
export function createMatcher(
  behaviours: readonly Behaviour[],
): (protocol: string, acts: readonly Act[]) => Shown[] {
  const steps: Step[] = [];
  const ways = behaviours.flatMap((behaviour) =>
    behaviour.ways.map((way) => {
      const first = steps.length;
      for (const step of way.steps) {
        const where = folded(step.where);
        steps.push({ kinds: new Set(step.on), test: compile(where), needles: needlesOf(where) });
      }
      return { behaviour, way, first, protocols: behaviour.protocols && new Set(behaviour.protocols) };
    }),
  );
  // Few acts have anything to do with few steps: one pass over an act's text tells which are worth a test.
  const always = new Map<Kind, number[]>();
  const texts: [string, number][] = [];
  for (const [at, { kinds, needles }] of steps.entries()) {
    if (needles?.every((needle) => ascii.test(needle)))
      for (const needle of needles) texts.push([needle, at]);
    else for (const kind of kinds) always.set(kind, [...(always.get(kind) ?? []), at]);
  }
  const needles = new Needles(texts);
  let memory = new Map<string, readonly number[]>();

  const stepsOf = (act: Act): readonly number[] => {
    const known = memory.get(act.key);
    if (known !== undefined) return known;
    const { event } = act;
    const worth = new Set(always.get(event.kind));
    needles.find(seekable(event), worth);
    const found: number[] = [];
    for (const at of worth) {
      const { kinds, test } = steps[at]!;
      if (kinds.has(event.kind) && test(event)) found.push(at);
    }
    if (act.key.length <= keyLimit) {
      if (memory.size >= memoryLimit) memory = new Map();
      memory.set(act.key, found);
    }
    return found;
  };

  return (protocol, acts) => {
    const seen: (number[] | undefined)[] = new Array(steps.length);
    let any = false;
    for (const [n, act] of acts.entries()) {
      for (const at of stepsOf(act)) {
        any = true;
        const list = seen[at];
        if (list === undefined) seen[at] = [n];
        else list.push(n);
      }
    }
    if (!any) return [];
    const shown = new Map<string, Shown>();
    for (const { behaviour, way, first, protocols } of ways) {
      if (protocols && !protocols.has(protocol)) continue;
      const one = show(behaviour, way, seen, first, acts);
      const other = one && shown.get(behaviour.name);
      if (one && (!other || one.confidence > other.confidence)) shown.set(behaviour.name, one);
    }
    const all = [...shown.values()];
    const strong = all.some(({ behaviour }) => !behaviour.weak);
    return all
      .filter(({ behaviour }) => !strong || !behaviour.weak)
      .sort(
        (a, b) =>
          b.confidence - a.confidence || b.seen - a.seen || (a.behaviour.name < b.behaviour.name ? -1 : 1),
      );
  };
}

const ascii = /^[\u0000-\u007f]+$/;
/** Characters of a field that conditions look at. */
const fieldLimit = 16_384;

/** All texts of an act that needles are sought in. */
function seekable(event: Event): string {
  let all = '';
  for (const field of ['input', 'name', 'value', 'url', 'target', 'body'] as const) {
    const text: unknown = field in event ? event[field as keyof Event] : undefined;
    if (typeof text === 'string') all += `${text.length > fieldLimit ? text.slice(0, fieldLimit) : text}\n`;
  }
  return all;
}

const none: readonly number[] = [];

function show(
  behaviour: Behaviour,
  way: Way,
  seen: readonly (readonly number[] | undefined)[],
  first: number,
  acts: readonly Act[],
): Shown | undefined {
  const ours = way.steps.map((_, at) => seen[first + at] ?? none);
  const needs = way.needs ?? way.steps.filter(({ optional }) => !optional).length;
  if (ours.reduce((count, list) => count + (list.length > 0 ? 1 : 0), 0) < needs) return undefined;
  const chain = chainOf(way.steps, ours, way.ordered);
  if (chain === undefined || chain.count < needs) return undefined;
  const ids = new Set(chain.acts.map((act) => acts[act]!.event.id));
  // What was seen beyond the need makes it surer, up to the behaviour's own confidence.
  const least = way.confidence ?? behaviour.confidence - 0.1 * (1 - needs / way.steps.length);
  const share = way.steps.length === needs ? 1 : (chain.count - needs) / (way.steps.length - needs);
  const confidence = least + (Math.max(least, way.confidence ?? behaviour.confidence) - least) * share;
  return {
    behaviour,
    confidence: Math.round(confidence * 1_000) / 1_000,
    seen: chain.count,
    of: way.steps.length,
    because: [...ids].slice(0, becauseLimit),
  };
}

/** A condition whose texts have the form of the acts that they are compared with. */
export function folded(condition: Condition): Condition {
  if ('all' in condition) return { all: condition.all.map(folded) };
  if ('any' in condition) return { any: condition.any.map(folded) };
  if ('not' in condition) return { not: folded(condition.not) };
  const { field } = condition;
  // Logins and clients are as they came: behaviours ask for them in any case, or not.
  if (!['input', 'name', 'value', 'url', 'target', 'body'].includes(field)) return condition;
  const form = field === 'input' || field === 'name' ? fold : (text: string) => text.toLowerCase();
  const texts = <T>(given: T): T =>
    (typeof given === 'string' ? form(given) : Array.isArray(given) ? given.map(texts) : given) as T;
  return {
    ...condition,
    equals: texts(condition.equals),
    in: texts(condition.in),
    contains: texts(condition.contains),
    startsWith: texts(condition.startsWith),
    endsWith: texts(condition.endsWith),
    like: texts(condition.like),
  };
}
