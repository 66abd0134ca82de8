import { grown } from './growing.ts';

/** Bytes of one key: its kind, and its text. */
export const keyLimit = 1_024;

/** Keys that are looked up together: a kind (one byte) and a text of latin1 characters each. */
export class KeyBatch {
  readonly texts: string[] = [];
  bytes = new Uint8Array(1 << 12);
  /** Where each key ends in `bytes`. */
  ends = new Uint32Array(1 << 8);
  hashes = new Uint32Array(1 << 8);
  size = 0;
  #end = 0;

  clear(): void {
    this.texts.length = 0;
    this.size = 0;
    this.#end = 0;
  }

  /** Adds a key, and gives its place here; -1 where it is too long. */
  add(kind: number, text: string): number {
    const { length } = text;
    if (length >= keyLimit) return -1;
    let at = this.#end;
    if (at + keyLimit > this.bytes.length) this.bytes = grown(this.bytes, at + keyLimit);
    const { bytes } = this;
    bytes[at++] = kind;
    let hash = step(start, kind);
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i) & 0xff;
      bytes[at++] = code;
      hash = step(hash, code);
    }
    const n = this.size++;
    if (n >= this.ends.length) {
      this.ends = grown(this.ends, n + 1);
      this.hashes = grown(this.hashes, n + 1);
    }
    this.ends[n] = at;
    this.hashes[n] = mixed(hash);
    this.#end = at;
    this.texts.push(text);
    return n;
  }
}

/** FNV-1a with a last mix, so that its low bits are as good as its high ones. */
const start = 0x811c9dc5;
const step = (hash: number, byte: number) => Math.imul(hash ^ byte, 0x01000193);
function mixed(hash: number): number {
  const one = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (one ^ (one >>> 13)) >>> 0;
}

/** The hash of a key's bytes. */
export function hashOf(bytes: Uint8Array, from: number, end: number): number {
  let hash = start;
  for (let i = from; i < end; i++) hash = step(hash, bytes[i]!);
  return mixed(hash);
}
