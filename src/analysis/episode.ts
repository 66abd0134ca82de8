import type { Ref } from './detector.ts';

/** When an episode's bucket is full, and when a full one is told again. */
export interface Limits {
  /** Acts that fill the bucket. */
  capacity: number;
  /** The bucket loses one act in this many milliseconds of event time. */
  leakMs: number;
  /** While the acts go on, they are told again after this long, */
  againMs: number;
  /** or, sooner, once there are this many times as many. */
  growth: number;
}

/**
 * A leaky bucket of acts of one kind by one source, which tells a long attack a few times rather than once an act. An
 * episode ends when the bucket has run empty. Acts that arrive late fill it without moving its clock back.
 */
export class Episode {
  /** Acts since the episode began, and when it began. */
  total = 0;
  since: number;
  #level = 0;
  #last: number;
  #told = 0;
  #toldAt = 0;
  #refs: Ref[] = [];

  constructor(time: number) {
    this.since = time;
    this.#last = time;
  }

  /** Adds an act. True where it is time to tell. */
  add(time: number, ref: Ref, limits: Limits): boolean {
    this.#leak(time, limits);
    this.#level = Math.min(this.#level + 1, limits.capacity * 2);
    this.total++;
    if (this.#refs.length < limits.capacity) this.#refs.push(ref);
    else this.#refs[(this.total - 1) % limits.capacity] = ref;
    // Full once less than one act has leaked since the bucket was empty, or as many more have come.
    if (this.#level <= limits.capacity - 1) return false;
    const due =
      this.#told === 0 ||
      this.total >= this.#told * limits.growth ||
      (this.#last - this.#toldAt >= limits.againMs && this.total - this.#told >= limits.capacity);
    if (due) {
      this.#told = this.total;
      this.#toldAt = this.#last;
    }
    return due;
  }

  /** Whether the bucket holds at least so many acts at a time. */
  holds(acts: number, time: number, limits: Limits): boolean {
    this.#leak(time, limits);
    return this.#level > acts - 1;
  }

  /** The latest acts, as many as the bucket holds. */
  get refs(): Ref[] {
    return this.#refs.slice();
  }

  #leak(time: number, { leakMs }: Limits): void {
    if (time <= this.#last) return;
    this.#level -= (time - this.#last) / leakMs;
    this.#last = time;
    if (this.#level > 0) return;
    this.#level = 0;
    this.total = 0;
    this.since = time;
    this.#told = 0;
    this.#refs.length = 0;
  }
}
