/**
 * Finds which of many words occur in a text, in one pass over it (Aho and Corasick 1975), over a–z; any other character begins anew.
 * The automaton is complete: one look-up a character, no failure links at run time.
 */
export class AhoCorasick {
  readonly #next: Uint16Array | Uint32Array;
  /** The longest word that ends in a state, plus one; 0 for none. */
  readonly #word: Uint16Array;

  constructor(words: readonly string[]) {
    const states = 1 + words.reduce((sum, { length }) => sum + length, 0);
    if (words.length >= 0xffff) throw new RangeError('too many words');
    const next = new Uint32Array(states * 26);
    this.#word = new Uint16Array(states);
    let made = 1;
    words.forEach((word, number) => {
      let state = 0;
      for (const character of word) {
        const slot = state * 26 + character.charCodeAt(0) - 97;
        if (next[slot] === 0) next[slot] = made++;
        state = next[slot]!;
      }
      this.#word[state] ||= number + 1;
    });
    const fail = new Uint32Array(states);
    const queue = [0];
    for (const state of queue)
      for (let letter = 0; letter < 26; letter++) {
        const to = next[state * 26 + letter]!;
        const other = state === 0 ? 0 : next[fail[state]! * 26 + letter]!;
        if (to === 0) {
          next[state * 26 + letter] = other;
          continue;
        }
        fail[to] = other;
        this.#word[to] ||= this.#word[other]!;
        queue.push(to);
      }
    this.#next = made < 0xffff ? Uint16Array.from(next.subarray(0, made * 26)) : next.slice(0, made * 26);
  }

  /** Calls `found` with the number of each word that ends somewhere in the text from `from` to before `to`, and where it ends. */
  search(text: string, from: number, to: number, found: (word: number, end: number) => void): void {
    let state = 0;
    for (let i = from; i < to; i++) {
      const letter = text.charCodeAt(i) - 97;
      state = letter >= 0 && letter < 26 ? this.#next[state * 26 + letter]! : 0;
      const word = this.#word[state]!;
      if (word !== 0) found(word - 1, i + 1);
    }
  }
}
