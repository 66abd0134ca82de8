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
): (event: Event) => readonly number[] {
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
  const kinds = new Set(conditions.flatMap(({ on }) => on));
  // One event is asked for at a time.
  const worth = new Set<number>();
  return (event) => {
    if (!kinds.has(event.kind)) return nothing;
    const text = seekable(event);
    if (text !== '') needles.find(text, worth);
    const first = always.get(event.kind);
    if (first === undefined && worth.size === 0) return nothing;
    const found: number[] = [];
    const ask = (at: number) => {
      const one = tests[at]!;
      if (one.kinds.has(event.kind) && one.test(event)) found.push(at);
    };
    if (first !== undefined) for (const at of first) ask(at);
    for (const at of worth) ask(at);
    worth.clear();
    return found.length === 0 ? nothing : found;
  };
}

const nothing: readonly number[] = [];

const fields = ['input', 'name', 'value', 'url', 'target', 'body'] as const;
type Texts = { readonly [K in (typeof fields)[number]]?: unknown };

/** All texts of an event that needles are sought in. */
function seekable(event: Event): string {
  let all = '';
  const texts = event as Texts;
  for (let n = 0; n < fields.length; n++) {
    const text = texts[fields[n]!];
    if (typeof text === 'string' && text !== '')
      all += `${text.length > fieldLimit ? text.slice(0, fieldLimit) : text}\n`;
  }
  return all;
}
