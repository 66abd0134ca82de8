import { brotliDecompressSync } from 'node:zlib';
import { wrong } from '../learn/model-file.ts';

/** Bytes of a packed word list once unpacked, and words in it, at most. */
export const wordLimits = { bytes: 4 * 1024 * 1024, words: 500_000 };
/** Longest word that is looked for. */
const longestWord = 16;

/** Words by how common they are: level 1 holds the commonest. Kept as 32-bit hashes: of 64,000 words about one in 60,000 texts is taken for one. */
export class Words {
  readonly #keys: Uint32Array;
  readonly #levels: Uint8Array;
  readonly #mask: number;

  constructor(levels: readonly (readonly string[])[]) {
    const count = levels.reduce((sum, { length }) => sum + length, 0);
    if (count > wordLimits.words) throw new RangeError(`a word list holds ${wordLimits.words} words at most`);
    let slots = 1024;
    while (slots < 2.5 * count) slots *= 2;
    this.#keys = new Uint32Array(slots);
    this.#levels = new Uint8Array(slots);
    this.#mask = slots - 1;
    levels.forEach((words, i) => {
      for (const word of words) this.#add(word, i + 1);
    });
  }

  /** Reads a packed word list: see `unpackWords`. */
  static unpack(bytes: Uint8Array): Words {
    return new Words(unpackWords(bytes));
  }

  #add(word: string, level: number): void {
    if (word.length > longestWord) return;
    let hash = 0x811c9dc5;
    for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
    const key = keyOf(hash);
    let slot = key & this.#mask;
    while (this.#keys[slot] !== 0 && this.#keys[slot] !== key) slot = (slot + 1) & this.#mask;
    if (this.#keys[slot] === key) return;
    this.#keys[slot] = key;
    this.#levels[slot] = level;
  }

  /** The level of the word whose running FNV-1a hash this is; 0 where it is none. */
  level(hash: number): number {
    const key = keyOf(hash);
    let slot = key & this.#mask;
    for (;;) {
      const found = this.#keys[slot];
      if (found === key) return this.#levels[slot]!;
      if (found === 0) return 0;
      slot = (slot + 1) & this.#mask;
    }
  }
}

/** The words of a packed list (Brotli), level by level: levels are apart by empty lines, words by line ends. Throws a `Fault`. */
export function unpackWords(bytes: Uint8Array): string[][] {
  let text: string;
  try {
    text = brotliDecompressSync(bytes, { maxOutputLength: wordLimits.bytes }).toString('latin1');
  } catch {
    throw wrong('its word list cannot be unpacked');
  }
  const levels = text.split('\n\n').map((level) => level.split('\n').filter((word) => word !== ''));
  if (levels.length > 8 || levels.some((level) => level.some((word) => !/^[a-z]{1,16}$/.test(word))))
    throw wrong('its word list holds what is no word');
  return levels;
}

function keyOf(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0 || 1;
}

/** What one letter outside of any word costs, in nats: about log 26, and a little for not being a word. */
const letterCost = 3.6;
/** What a word of each level costs: about the logarithm of how rare it is. */
const wordCosts = [0, 6.2, 7.6, 9.2, 10, 10.8, 11.4, 12, 12.6];
/** Longest text that is taken apart: a label. */
const textLimit = 64;

/** The cheapest way to read a label as words, found by dynamic programming. One object is used again and again. */
export class Segmenter {
  readonly #words: Words;
  readonly #costs = new Float64Array(textLimit + 1);
  readonly #from = new Uint8Array(textLimit + 1);
  readonly #level = new Uint8Array(textLimit + 1);
  /** Words found, from left to right; valid until the next `read`. */
  readonly starts = new Uint8Array(textLimit);
  readonly ends = new Uint8Array(textLimit);
  readonly levels = new Uint8Array(textLimit);
  count = 0;
  letters = 0;
  /** Letters that lie in words of three letters and more. */
  covered = 0;
  longest = 0;
  /** Nats a letter. */
  cost = 0;

  constructor(words: Words) {
    this.#words = words;
  }

  /** Reads `text` from `from` to before `to` (64 characters at most). Positions in `starts` and `ends` count from `from`. */
  read(text: string, from: number, to: number): void {
    const length = Math.min(textLimit, to - from);
    const costs = this.#costs;
    costs.fill(Infinity, 1, length + 1);
    costs[0] = 0;
    this.letters = 0;
    for (let i = 0; i < length; i++) {
      const here = costs[i]!;
      const first = text.charCodeAt(from + i);
      if (!isLetter(first)) {
        this.#step(i, i + 1, here, 0);
        continue;
      }
      this.letters++;
      this.#step(i, i + 1, here + letterCost, 0);
      let hash = 0x811c9dc5;
      const last = Math.min(length, i + longestWord);
      for (let end = i; end < last; end++) {
        const code = text.charCodeAt(from + end);
        if (!isLetter(code)) break;
        hash = Math.imul(hash ^ code, 0x01000193);
        const level = this.#words.level(hash);
        if (level !== 0) this.#step(i, end + 1, here + wordCosts[level]!, level);
      }
    }
    this.#trace(length);
    this.cost = this.letters > 0 ? costs[length]! / this.letters : 0;
  }

  #step(from: number, to: number, cost: number, level: number): void {
    if (cost >= this.#costs[to]!) return;
    this.#costs[to] = cost;
    this.#from[to] = from;
    this.#level[to] = level;
  }

  #trace(length: number): void {
    let count = 0;
    this.covered = 0;
    this.longest = 0;
    for (let end = length; end > 0; end = this.#from[end]!) {
      if (this.#level[end] === 0) continue;
      const start = this.#from[end]!;
      this.starts[count] = start;
      this.ends[count] = end;
      this.levels[count++] = this.#level[end]!;
      if (end - start >= 3) this.covered += end - start;
      this.longest = Math.max(this.longest, end - start);
    }
    this.count = count;
    this.starts.subarray(0, count).reverse();
    this.ends.subarray(0, count).reverse();
    this.levels.subarray(0, count).reverse();
  }
}

function isLetter(code: number): boolean {
  return code >= 0x61 && code <= 0x7a;
}
