import { createHash, hash } from 'node:crypto';
import { uuidText, writeUuidv8 } from '../kit/uuid.ts';

/** Lines remembered of a file, for telling the second of two equal lines from the first. A power of two. */
const fileSlots = 1 << 20;

/**
 * Ids for events that are read from lines: a UUIDv8 over the event's time and a hash of source, line and occurrence. The same
 * file read twice gives the same ids; two equal lines in one file are two events. Equal lines more than about a million lines
 * apart may be taken for one: that is the price of a table of fixed size (8 MiB). Source and line are hashed apart and joined by
 * XOR, so that the line is hashed where it lies.
 */
export class Identity {
  readonly #source: Buffer;
  /** For each slot a hash of a line, and 24 bits of another with how often it came: one place in memory a line. */
  readonly #table: Uint32Array;
  readonly #mask: number;
  readonly #digest = new Uint8Array(10);
  readonly #derived = new Uint8Array(10);
  /** The id that `name` made. */
  readonly bytes = new Uint8Array(16);

  /** `slots` lines are remembered, a power of two: fewer where many sources are open at a time. */
  constructor(source: string, slots = fileSlots) {
    this.#table = new Uint32Array(2 * slots);
    this.#mask = slots - 1;
    this.#source = createHash('sha256').update(`${source}\0`).digest();
  }

  /** Starts a line; `name` then names its events. */
  line(bytes: Buffer, from = 0, to = bytes.length): void {
    // SHA-256, one character a byte: what Node gives most cheaply.
    const digest = hash('sha256', bytes.subarray(from, to), 'binary');
    for (let i = 0; i < 10; i++) this.#digest[i] = digest.charCodeAt(i) ^ this.#source[i]!;
    const place = 2 * (word(digest, 18) & this.#mask);
    const first = word(digest, 10);
    const second = (word(digest, 14) | 0x100) & ~255;
    const table = this.#table;
    if (table[place] !== first || (table[place + 1]! & ~255) !== second) {
      table[place] = first;
      table[place + 1] = second;
      return;
    }
    const occurrence = (table[place + 1]! + 1) & 255;
    table[place + 1] = second | occurrence;
    if (occurrence > 0) keep(derive(this.#digest, 'occurrence', occurrence), this.#digest);
  }

  /** Makes the id of the line's event number `index`, at its own time. */
  name(ms: number, index: number): void {
    if (index > 0) keep(derive(this.#digest, 'index', index), this.#derived);
    writeUuidv8(ms, index > 0 ? this.#derived : this.#digest, this.bytes);
  }

  /** The id as text: most events of a log are never asked for theirs. */
  text(): string {
    return uuidText(this.bytes);
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
