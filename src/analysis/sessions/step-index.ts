import type { Event, Kind } from '../../model/event.ts';
import { type Condition, compile } from '../conditions.ts';
import { Needles, needlesOf } from './needles.ts';

const ascii = /^[\u0000-\u007f]+$/;
/** Characters of a field that conditions look at. */
const fieldLimit = 16_384;

/**
 * Says which of many conditions an event meets, by their places in the list. Few events have anything to do with few of them:
 * one pass over an event's text tells which are worth a test. Conditions are folded already.
 */
export function createIndex(
  conditions: readonly { on: readonly Kind[]; where: Condition | undefined }[],
): (event: Event) => number[] {
  const always = new Map<Kind, number[]>();
  const texts: [string, number][] = [];
  const tests = conditions.map(({ on, where }, at) => {
    if (where === undefined) return undefined;
    const needles = needlesOf(where);
    if (needles?.every((needle) => ascii.test(needle)))
      for (const needle of needles) texts.push([needle, at]);
    else for (const kind of on) always.set(kind, [...(always.get(kind) ?? []), at]);
    return { kinds: new Set(on), test: compile(where) };
  });
  const needles = new Needles(texts);
  const none: readonly number[] = [];
  return (event) => {
    const worth = new Set<number>();
    needles.find(seekable(event), worth);
    const found: number[] = [];
    const ask = (at: number) => {
      const one = tests[at]!;
      if (one.kinds.has(event.kind) && one.test(event)) found.push(at);
    };
    for (const at of always.get(event.kind) ?? none) ask(at);
    for (const at of worth) ask(at);
    return found;
  };
}

/** All texts of an event that needles are sought in. */
function seekable(event: Event): string {
  let all = '';
  for (const field of ['input', 'name', 'value', 'url', 'target', 'body'] as const) {
    const text: unknown = field in event ? event[field as keyof Event] : undefined;
    if (typeof text === 'string') all += `${text.length > fieldLimit ? text.slice(0, fieldLimit) : text}\n`;
  }
  return all;
}
