import { Exhausted, shellLimits } from './shell.ts';

/** What one line has cost so far, over all the shells that it started: ends it where it is too much. */
export class Work {
  #steps = 0;
  /** The steps at which others last got their turn. */
  #yielded = 0;
  #output = 0;
  #depth = 0;

  /** A new line begins. */
  begin(): void {
    this.#steps = 0;
    this.#yielded = 0;
    this.#output = 0;
  }

  step(count: number): void {
    this.#steps += count;
    if (this.#steps > shellLimits.steps) throw new Exhausted();
  }

  write(length: number): void {
    this.#output += length;
    this.step(length >> 8);
    if (this.#output > shellLimits.output) throw new Exhausted();
  }

  /** A way out that counts what goes through it. */
  counted(write: (text: string) => void): (text: string) => void {
    return (text) => {
      this.write(text.length);
      write(text);
    };
  }

  /** True where others should get their turn now: once for each so many steps. */
  due(): boolean {
    if (this.#steps - this.#yielded <= shellLimits.turn) return false;
    this.#yielded = this.#steps;
    return true;
  }

  /** True within a command, false where somebody types. */
  get inside(): boolean {
    return this.#depth > 0;
  }

  /** Work one level deeper. */
  async nested<T>(work: () => Promise<T>): Promise<T> {
    if (this.#depth >= shellLimits.depth) throw new Exhausted();
    this.#depth++;
    try {
      return await work();
    } finally {
      this.#depth--;
    }
  }
}
