import { createHash, hash } from 'node:crypto';
import { uuidv8 } from '../kit/uuid.ts';

/** Lines remembered, for telling the second of two equal lines from the first. A power of two. */
const slots = 1 << 20;

/**
 * Ids for events that are read from lines: a UUIDv8 over the event's time and a hash of source, line and occurrence. The same
 * file read twice gives the same ids; two equal lines in one file are two events. Equal lines more than about a million lines
 * apart may be taken for one: that is the price of a table of fixed size (9 MiB). Source and line are hashed apart and joined by
 * XOR, so that the line is hashed where it lies.
 */
export class Identity {
  readonly #source: Buffer;
  readonly #first = new Uint32Array(slots);
  readonly #second = new Uint32Array(slots);
  readonly #count = new Uint8Array(slots);
  readonly #digest = new Uint8Array(10);
  readonly #derived = new Uint8Array(10);

  constructor(source: string) {
    this.#source = createHash('sha256').update(`${source}\0`).digest();
  }

  /** Starts a line; `id` then names its events. */
  line(bytes: Buffer, from = 0, to = bytes.length): void {
    // SHA-256, one character a byte: what Node gives most cheaply.
    const digest = hash('sha256', bytes.subarray(from, to), 'binary');
    for (let i = 0; i < 10; i++) this.#digest[i] = digest.charCodeAt(i) ^ this.#source[i]!;
    const first = word(digest, 10);
    const second = (word(digest, 14) | 1) >>> 0;
    const slot = word(digest, 18) & (slots - 1);
    if (this.#first[slot] !== first || this.#second[slot] !== second) {
      this.#first[slot] = first;
      this.#second[slot] = second;
      this.#count[slot] = 0;
      return;
    }
    const occurrence = ++this.#count[slot]!;
    if (occurrence > 0) keep(derive(this.#digest, 'occurrence', occurrence), this.#digest);
  }

  /** The id of the line's event number `index`, at its own time. */
  id(ms: number, index: number): string {
    if (index === 0) return uuidv8(ms, this.#digest);
    keep(derive(this.#digest, 'index', index), this.#derived);
    return uuidv8(ms, this.#derived);
  }
}

function derive(digest: Uint8Array, what: string, number: number): string {
  return hash('sha256', Buffer.concat([digest, Buffer.from(`\0${what} ${number}`)]), 'binary');
}

function keep(digest: string, into: Uint8Array): void {
  for (let i = 0; i < into.length; i++) into[i] = digest.charCodeAt(i);
}

function word(digest: string, at: number): number {
  return (
    ((digest.charCodeAt(at) << 24) |
      (digest.charCodeAt(at + 1) << 16) |
      (digest.charCodeAt(at + 2) << 8) |
      digest.charCodeAt(at + 3)) >>>
    0
  );
}
