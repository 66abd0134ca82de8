import { Memory } from './memory.ts';

/**
 * A part of an attacker's memory with names of its own: a container or a box, whose files are not those of the machine. What it
 * takes, it takes from the whole.
 */
export class Room extends Memory {
  readonly #whole: Memory;

  constructor(whole: Memory) {
    super();
    this.#whole = whole;
  }

  override take(bytes: number): boolean {
    if (!this.#whole.take(bytes)) return false;
    this.used += bytes;
    return true;
  }

  override give(bytes: number): void {
    this.used -= bytes;
    this.#whole.give(bytes);
  }

  /** Forgets everything, and gives all of it back. */
  release(): void {
    this.give(this.used);
    this.clear();
  }
}
