import { Memory } from './memory.ts';

/**
 * A part of an attacker's memory with names of its own: a container or a box, whose files are not those of the machine. What it
 * takes, it takes from the whole.
 */
export class Room extends Memory {
  readonly #whole: Memory;
  #released = false;

  constructor(whole: Memory) {
    super();
    this.#whole = whole;
  }

  override take(bytes: number): boolean {
    if (this.#released || !this.#whole.take(bytes)) return false;
    this.used += bytes;
    return true;
  }

  override give(bytes: number): void {
    if (this.#released) return;
    this.used -= bytes;
    this.#whole.give(bytes);
  }

  /** Forgets everything, and gives all of it back; who still works here keeps nothing more. */
  release(): void {
    this.give(this.used);
    this.#released = true;
    this.clear();
  }
}
