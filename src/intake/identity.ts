import { hash } from 'node:crypto';
import { uuidv8FromHex } from '../kit/uuid.ts';

/** Lines remembered, for telling the second of two equal lines from the first. A power of two. */
const slots = 1 << 20;

/**
 * Ids for events that are read from lines: a UUIDv8 over the event's time and a hash of source, line and occurrence. The same
 * file read twice gives the same ids; two equal lines in one file are two events. Equal lines more than about a million lines
 * apart may be taken for one: that is the price of a table of fixed size (9 MiB).
 */
export class Identity {
  readonly #source: string;
  readonly #first = new Uint32Array(slots);
  readonly #second = new Uint32Array(slots);
  readonly #count = new Uint8Array(slots);
  #digest = '';

  constructor(source: string) {
    this.#source = `${source}\0`;
  }

  /** Starts a line; `id` then names its events. */
  line(line: string): void {
    const digest = hash('sha256', this.#source + line, 'hex');
    const first = word(digest, 20);
    const second = (word(digest, 28) | 1) >>> 0;
    const slot = word(digest, 36) & (slots - 1);
    if (this.#first[slot] === first && this.#second[slot] === second) {
      const occurrence = ++this.#count[slot]!;
      this.#digest = occurrence === 0 ? digest : hash('sha256', `${digest}\0${occurrence}`, 'hex');
      return;
    }
    this.#first[slot] = first;
    this.#second[slot] = second;
    this.#count[slot] = 0;
    this.#digest = digest;
  }

  /** The id of the line's event number `index`, at its own time. */
  id(ms: number, index: number): string {
    return uuidv8FromHex(ms, index === 0 ? this.#digest : hash('sha256', `${this.#digest}\0${index}`, 'hex'));
  }
}

/** Eight hexadecimal digits as a number, without making a string of them. */
function word(digits: string, at: number): number {
  let value = 0;
  for (let i = at; i < at + 8; i++) {
    const code = digits.charCodeAt(i);
    value = (value << 4) | (code <= 57 ? code - 48 : code - 87);
  }
  return value >>> 0;
}
