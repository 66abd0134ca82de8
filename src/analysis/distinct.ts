import type { Ref } from './detector.ts';
import { type Again, Retelling } from './retelling.ts';
import { strongest, weakestOf } from './strongest.ts';

/** How many different values within what time are told. */
export interface DistinctLimits extends Again {
  count: number;
  withinMs: number;
}

/** Values that are told apart at a time: the oldest leaves first, and what comes back after that counts anew. */
const kept = 32;

/**
 * Counts different values, given as hashes, in a sliding window of event time, and keeps for each the event that first
 * brought it. Bounded: 32 values, whatever comes.
 */
export class Distinct {
  /** Different values since the window was last empty. */
  total = 0;
  // Most sources bring one value: arrays of exactly so many places, where pushing would make room for 17.
  #values: number[] = [];
  #times: number[] = [];
  #refs: Ref[] = [];
  readonly #retelling = new Retelling();

  /** Adds a value. What to tell it by, where it is time to tell. `ref` is only asked for where it will be kept. */
  add(value: number, time: number, ref: () => Ref, limits: DistinctLimits): Ref[] | undefined {
    const known = this.#values.indexOf(value);
    if (known >= 0) {
      if (time > this.#times[known]!) this.#times[known] = time;
      // Seen again with better proof, the better stands.
      if (this.#refs[known]!.evidence < 'E3' && ref().evidence > this.#refs[known]!.evidence)
        this.#refs[known] = ref();
      else return undefined;
    } else {
      this.#expire(time - limits.withinMs);
      if (this.#values.length === kept) this.#remove(0);
      this.#values = [...this.#values, value];
      this.#times = [...this.#times, time];
      this.#refs = [...this.#refs, ref()];
      this.total++;
    }
    if (this.#values.length < limits.count) return undefined;
    const because = strongest(this.#refs, limits.count);
    return this.#retelling.due(this.total, time, weakestOf(because), limits) ? because : undefined;
  }

  #expire(before: number): void {
    for (let i = this.#values.length - 1; i >= 0; i--) if (this.#times[i]! < before) this.#remove(i);
    if (this.#values.length > 0) return;
    this.total = 0;
    this.#retelling.reset();
  }

  #remove(at: number): void {
    this.#values.splice(at, 1);
    this.#times.splice(at, 1);
    this.#refs.splice(at, 1);
  }
}
