import { Bounded } from '../../kit/bounded.ts';
import type { Seen } from './answer.ts';

/** Registered domains whose first sight is remembered. */
export const firstSeenLimit = 2_000_000;

/**
 * When a registered domain was first seen here, by event time. A domain that the limit pushed out begins anew: `evicted` counts them,
 * and an age is then a lower bound.
 */
export class FirstSeen {
  readonly #first: Bounded<string, number>;

  constructor(limit = firstSeenLimit) {
    this.#first = new Bounded(limit);
  }

  get evicted(): number {
    return this.#first.evicted;
  }

  /** Notes a sight; answers the age in milliseconds. Sights may come out of order. */
  see({ time, name: domain }: Seen): number {
    const before = this.#first.get(domain);
    const first = before === undefined ? time : Math.min(before, time);
    if (first !== before) this.#first.set(domain, first);
    return time - first;
  }

  /** Brings in what was known before: from a snapshot, or from passive DNS. */
  know(domain: string, first: number): void {
    this.see({ time: first, name: domain });
  }
}
