import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Bytes of a reject file at the most; what is refused after that is counted only. */
const fileLimit = 64 * 1024 * 1024;
/** Characters of a refused line that are kept. */
const lineLimit = 4_096;

/** Lines that were refused, each with its place and reason, in a file of JSON lines: nothing is dropped silently. */
export class Rejects {
  readonly #path: string;
  #file = -1;
  #size = 0;
  #count = 0;
  /** Refused lines that the disk did not take. */
  unwritten = 0;
  readonly #reasons = new Map<string, number>();

  constructor(path: string) {
    this.#path = path;
  }

  get count(): number {
    return this.#count;
  }

  get reasons(): Record<string, number> {
    return Object.fromEntries(this.#reasons);
  }

  /** `reason` is a constant; `line` is what was refused, one character a byte where it was not text. */
  add(source: string, lineNumber: number, reason: string, line: string): void {
    this.#count++;
    this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
    if (this.#size > fileLimit) return;
    try {
      if (this.#file < 0) {
        mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
        this.#file = openSync(this.#path, 'a', 0o600);
      }
      const kept = { source, line: lineNumber, reason, text: line.slice(0, lineLimit) };
      this.#size += writeSync(this.#file, `${JSON.stringify(kept)}\n`);
    } catch {
      // A full disk must not stop a run: the line is counted, with its reason.
      this.unwritten++;
    }
  }

  close(): void {
    if (this.#file >= 0) closeSync(this.#file);
    this.#file = -1;
  }
}
