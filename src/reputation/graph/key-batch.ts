import { randomBytes } from 'node:crypto';
import { grown } from './growing.ts';

/** Bytes of one key: its kind, and its text. */
export const keyLimit = 1_024;
const wordsLimit = keyLimit / 4;

/**
 * Keys that are looked up together: a kind (one byte) and a text of latin1 characters each. Texts lie in words of four bytes, the last one
 * filled up with zeros: to compare and to copy them takes a quarter of the steps.
 */
export class KeyBatch {
  readonly texts: string[] = [];
  words = new Uint32Array(1 << 11);
  /** Where each key ends in `words`. */
  ends = new Uint32Array(1 << 8);
  hashes = new Uint32Array(1 << 8);
  /** The kind of each, and above it how many bytes of its last word are none. */
  tags = new Uint16Array(1 << 8);
  size = 0;
  #end = 0;
  #start = 0;
  #factor = 1;

  /** Begins anew: what comes is hashed by this key. */
  clear({ start, factor }: HashKey): void {
    this.size = 0;
    this.#end = 0;
    this.#start = start;
    this.#factor = factor;
  }

  /** Adds a key, and gives its place here; -1 where it is too long. */
  add(kind: number, text: string): number {
    const { length } = text;
    if (length >= keyLimit) return -1;
    let at = this.#end;
    if (at + wordsLimit > this.words.length) this.words = grown(this.words, at + wordsLimit);
    const { words } = this;
    const tag = kind | ((-length & 3) << 8);
    const factor = this.#factor;
    let hash = step(this.#start, tag, factor);
    let i = 0;
    for (; i + 4 <= length; i += 4) {
      const word =
        (text.charCodeAt(i) & 0xff) |
        ((text.charCodeAt(i + 1) & 0xff) << 8) |
        ((text.charCodeAt(i + 2) & 0xff) << 16) |
        (text.charCodeAt(i + 3) << 24);
      words[at++] = word;
      hash = step(hash, word, factor);
    }
    if (i < length) {
      let word = 0;
      for (let shift = 0; i < length; i++, shift += 8) word |= (text.charCodeAt(i) & 0xff) << shift;
      words[at++] = word;
      hash = step(hash, word, factor);
    }
    const n = this.size++;
    if (n >= this.ends.length) {
      this.ends = grown(this.ends, n + 1);
      this.hashes = grown(this.hashes, n + 1);
      this.tags = grown(this.tags, n + 1);
    }
    this.ends[n] = at;
    this.hashes[n] = mixed(hash);
    this.tags[n] = tag;
    this.#end = at;
    this.texts[n] = text;
    return n;
  }
}

/**
 * What hashes begin with, and are multiplied by: 32 bits each, the second one odd. Drawn for each table, so that nobody who has names looked
 * up can choose them to meet in it; ids do not depend on it.
 */
export interface HashKey {
  start: number;
  factor: number;
}

export function drawHashKey(): HashKey {
  const bytes = randomBytes(8);
  return { start: bytes.readUInt32LE(0), factor: (bytes.readUInt32LE(4) | 1) >>> 0 };
}

/** A word goes in as a byte does in FNV-1a, and what it moved at the top is brought down; a last mix makes the low bits as good as the high ones. */
function step(hash: number, word: number, factor: number): number {
  const one = Math.imul(hash ^ word, factor);
  return one ^ (one >>> 15);
}
function mixed(hash: number): number {
  const one = Math.imul(hash, 0x2c1b3c6d);
  return (one ^ (one >>> 13)) >>> 0;
}

/** The hash of a key that lies in words. */
export function hashOf(
  { start, factor }: HashKey,
  tag: number,
  words: Uint32Array,
  from: number,
  end: number,
): number {
  let hash = step(start, tag, factor);
  for (let at = from; at < end; at++) hash = step(hash, words[at]!, factor);
  return mixed(hash);
}
