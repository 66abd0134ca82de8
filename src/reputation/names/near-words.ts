/**
 * Words one edit away: each word is filed under itself and under all that remains when one character is left out (Garbe's SymSpell, one
 * deletion), in a typed-array hash. A text is looked up the same way, so that one character left out, put in, changed or swapped with
 * its neighbour is found in time linear in its length.
 */
export class NearWords {
  readonly #keys: Uint32Array;
  readonly #values: Uint16Array;
  readonly #mask: number;
  readonly #words: readonly string[];

  /** Words shorter than `shortest` are left out: one letter changed in them is another word. */
  constructor(words: readonly string[], shortest = 5) {
    if (words.length >= 0xffff) throw new RangeError('too many words');
    this.#words = words;
    const kept = words.map((word, i) => ({ word, i })).filter(({ word }) => word.length >= shortest);
    const entries = kept.reduce((sum, { word }) => sum + word.length + 1, 1);
    let slots = 16;
    while (slots < 2 * entries) slots *= 2;
    this.#keys = new Uint32Array(slots);
    this.#values = new Uint16Array(slots);
    this.#mask = slots - 1;
    for (const { word, i } of kept)
      for (let skip = -1; skip < word.length; skip++) this.#add(hashOf(word, skip), i);
  }

  #add(key: number, value: number): void {
    let slot = key & this.#mask;
    while (this.#keys[slot] !== 0) {
      if (this.#keys[slot] === key && this.#values[slot] === value) return;
      slot = (slot + 1) & this.#mask;
    }
    this.#keys[slot] = key;
    this.#values[slot] = value;
  }

  /** The number of a word at most one edit away, one equal to the text first; -1 where there is none. */
  find(text: string): number {
    let near = -1;
    for (let skip = -1; skip < text.length; skip++) {
      const key = hashOf(text, skip);
      for (let slot = key & this.#mask; this.#keys[slot] !== 0; slot = (slot + 1) & this.#mask) {
        if (this.#keys[slot] !== key) continue;
        const found = this.#values[slot]!;
        const word = this.#words[found]!;
        if (word === text) return found;
        if (near < 0 && oneEdit(word, text)) near = found;
      }
    }
    return near;
  }
}

function hashOf(text: string, skip: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++)
    if (i !== skip) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0 || 1;
}

/** Whether one character left out, put in, changed, or swapped with its neighbour makes one of the other (Damerau 1964). */
function oneEdit(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let endA = a.length;
  let endB = b.length;
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA--;
    endB--;
  }
  const [left, right] = [endA - start, endB - start];
  if (left <= 1 && right <= 1) return true;
  return left === 2 && right === 2 && a[start] === b[start + 1] && a[start + 1] === b[start];
}
