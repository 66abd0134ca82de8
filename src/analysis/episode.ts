import type { Ref } from './detector.ts';
import { type Again, Retelling } from './retelling.ts';
import { strongest, weakestOf } from './strongest.ts';

/** When an episode's bucket is full, and when a full one is told again. */
export interface Limits extends Again {
  /** Acts that fill the bucket. */
  capacity: number;
  /** The bucket loses one act in this many milliseconds of event time. */
  leakMs: number;
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
  /** The latest acts, up to twice the capacity, so that a few that prove little do not push the others out. */
  #refs: Ref[] = [];
  readonly #retelling = new Retelling();

  constructor(time: number) {
    this.since = time;
    this.#last = time;
  }

  /** Adds an act. What to tell it by, where it is time to tell. */
  add(time: number, ref: Ref, limits: Limits): Ref[] | undefined {
    const { capacity } = limits;
    this.#leak(time, limits);
    this.#level = Math.min(this.#level + 1, capacity * 2);
    const kept = capacity * 2;
    if (this.#refs.length < kept) this.#refs.push(ref);
    else this.#refs[this.total % kept] = ref;
    this.total++;
    // Full once less than one act has leaked since the bucket was empty, or as many more have come.
    if (this.#level <= capacity - 1) return undefined;
    if (!this.#retelling.could(this.total, this.#last, ref.evidence, limits)) return undefined;
    const because = this.because(capacity);
    return this.#retelling.due(this.total, this.#last, weakestOf(because), limits) ? because : undefined;
  }

  /** Whether the bucket holds at least so many acts at a time. */
  holds(acts: number, time: number, limits: Limits): boolean {
    this.#leak(time, limits);
    return this.#level > acts - 1;
  }

  /** The best proven of the latest acts. */
  because(needed: number): Ref[] {
    return strongest(this.#refs, needed);
  }

  #leak(time: number, { leakMs }: Limits): void {
    if (time <= this.#last) return;
    this.#level -= (time - this.#last) / leakMs;
    this.#last = time;
    if (this.#level > 0) return;
    this.#level = 0;
    this.total = 0;
    this.since = time;
    this.#refs.length = 0;
    this.#retelling.reset();
  }
}
