import type { Kind } from '../../model/event.ts';
import type { Condition } from '../conditions.ts';
import type { Act } from './act.ts';
import type { Behaviour, Way } from './behaviour-schema.ts';
import { chainOf } from './chain.ts';
import { fold } from './command-text.ts';
import { createIndex } from './step-index.ts';

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

const becauseLimit = 64;

/** Says which behaviours the acts of a session show, the surest first. Holds nothing of a session, only what equal acts are. */
export function createMatcher(
  behaviours: readonly Behaviour[],
): (protocol: string, acts: readonly Act[]) => Shown[] {
  const steps: { on: readonly Kind[]; where: Condition }[] = [];
  const ways = behaviours.flatMap((behaviour) =>
    behaviour.ways.map((way) => {
      const first = steps.length;
      for (const { on, where } of way.steps) steps.push({ on, where: folded(where) });
      return { behaviour, way, first, protocols: behaviour.protocols && new Set(behaviour.protocols) };
    }),
  );
  const stepsOf = createIndex(steps);

  return (protocol, acts) => {
    const seen: (number[] | undefined)[] = new Array(steps.length);
    let any = false;
    for (let n = 0; n < acts.length; n++) {
      const { deed } = acts[n]!;
      deed.steps ??= stepsOf(deed.event);
      for (const at of deed.steps) {
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
