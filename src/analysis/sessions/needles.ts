import type { Condition } from '../conditions.ts';

/** Fields whose texts `seekable` puts into the text that is searched. */
const sought = new Set(['input', 'name', 'value', 'url', 'target', 'body']);

/**
 * Texts of which at least one is in an act that meets a condition, or null where there are none such. Conditions are folded
 * already: what they compare with has the form that acts have.
 */
export function needlesOf(condition: Condition): string[] | null {
  if ('all' in condition) {
    const lists = condition.all.flatMap((part) => {
      const needles = needlesOf(part);
      return needles === null ? [] : [needles];
    });
    const least = (needles: string[]) => Math.min(...needles.map(({ length }) => length));
    return lists.sort((a, b) => least(b) - least(a))[0] ?? null;
  }
  if ('any' in condition) {
    const lists = condition.any.map(needlesOf);
    return lists.some((list) => list === null) ? null : lists.flatMap((list) => list ?? []);
  }
  if ('not' in condition || condition.anyCase === true || !sought.has(condition.field)) return null;
  const { equals, contains, startsWith, endsWith, like } = condition;
  const given = [equals ?? condition.in ?? contains ?? startsWith ?? endsWith ?? like ?? []].flat();
  const needles = given.map((text) => {
    if (typeof text !== 'string') return '';
    const parts =
      text === like || (Array.isArray(like) && given.length === like.length && like.includes(text))
        ? text.split('*')
        : [text];
    return parts.reduce((a, b) => (b.length > a.length ? b : a));
  });
  return needles.length === 0 || needles.includes('') ? null : needles;
}

const letters = 128;

/**
 * Finds which of many texts are in one, in a single pass over it (Aho and Corasick, 1975). Texts of other than ASCII are not
 * among them.
 */
export class Needles {
  /** For each state and letter the next state. */
  readonly #next: Int32Array;
  /** For each state what ends there, its suffixes' included. */
  readonly #ends: (readonly number[])[];

  /** Each text with what to name when it is found. */
  constructor(texts: readonly (readonly [text: string, names: number])[]) {
    const size = texts.reduce((sum, [{ length }]) => sum + length, 1);
    const next = new Int32Array(size * letters).fill(-1);
    const ends: number[][] = [[]];
    for (const [text, name] of texts) {
      let state = 0;
      for (let i = 0; i < text.length; i++) {
        const at = state * letters + (text.charCodeAt(i) & 127);
        if (next[at]! < 0) {
          next[at] = ends.length;
          ends.push([]);
        }
        state = next[at]!;
      }
      ends[state]!.push(name);
    }
    this.#next = next.subarray(0, ends.length * letters);
    this.#ends = link(this.#next, ends);
  }

  /** Adds the names of what is in a text. */
  find(text: string, into: Set<number>): void {
    let state = 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      state = code < letters ? this.#next[state * letters + code]! : 0;
      const ends = this.#ends[state]!;
      for (let n = 0; n < ends.length; n++) into.add(ends[n]!);
    }
  }
}

/** Fills in where each state goes when no text goes on, breadth first. */
function link(next: Int32Array, ends: number[][]): number[][] {
  const fail = new Int32Array(ends.length);
  const queue: number[] = [];
  for (let letter = 0; letter < letters; letter++) {
    const state = next[letter]!;
    if (state < 0) next[letter] = 0;
    else queue.push(state);
  }
  for (let at = 0; at < queue.length; at++) {
    const state = queue[at]!;
    ends[state] = [...new Set([...ends[state]!, ...ends[fail[state]!]!])];
    for (let letter = 0; letter < letters; letter++) {
      const to = next[state * letters + letter]!;
      const back = next[fail[state]! * letters + letter]!;
      if (to < 0) next[state * letters + letter] = back;
      else {
        fail[to] = back;
        queue.push(to);
      }
    }
  }
  return ends;
}
