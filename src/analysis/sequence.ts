import type { Ref } from './detector.ts';
import { Recent } from './recent.ts';

/** One step: whether an event is it. */
export type Step<E> = (event: E) => boolean;

interface Progress {
  at: number;
  since: number;
  refs: Ref[];
}

/**
 * Follows ordered steps for each key: the next step may come after any number of other events, within a time from the first
 * one. Bounded by the number of keys; the one that was quiet the longest is forgotten first.
 */
export class Sequence<E> {
  readonly #steps: readonly Step<E>[];
  readonly #withinMs: number;
  readonly #under: Recent<Progress>;

  constructor(steps: readonly Step<E>[], withinMs: number, keys: number) {
    this.#steps = steps;
    this.#withinMs = withinMs;
    this.#under = new Recent(keys, withinMs);
  }

  /** The events of all steps, where this one completes them. */
  add(key: string, time: number, event: E, ref: () => Ref): Ref[] | undefined {
    let progress = this.#under.get(key, time);
    if (progress !== undefined && time - progress.since > this.#withinMs) {
      this.#under.delete(key);
      progress = undefined;
    }
    if (!this.#steps[progress?.at ?? 0]!(event)) return undefined;
    progress ??= { at: 0, since: time, refs: [] };
    progress.refs.push(ref());
    progress.at++;
    if (progress.at < this.#steps.length) {
      this.#under.set(key, progress);
      return undefined;
    }
    this.#under.delete(key);
    return progress.refs;
  }
}
