import { Bounded } from '../kit/bounded.ts';
import type { BudgetOptions } from './options.ts';

const minute = 60_000;
const window = 10 * minute;

/**
 * The blast radius: how many new denies, how fast, how many of one network, and how many at once. It only says no; the
 * decider opens the breaker on the first no, and a person closes it. Bounded by the limits themselves.
 */
export class Budget {
  readonly #options: BudgetOptions;
  /** Times of the denies within ten minutes, oldest first. */
  #recent: number[] = [];
  /** Per network: times of its denies within a minute. */
  readonly #networks = new Bounded<number, number[]>(10_000);

  constructor(options: BudgetOptions) {
    this.#options = options;
  }

  /** Why one more deny would be too many, or null. `standing` is how many stand now; `asn` undefined where unknown. */
  refuses(now: number, asn: number | undefined, standing: number): string | null {
    const { perMinute, perAsnMinute, growth, growthFloor, standing: cap } = this.#options;
    if (standing >= cap) return `${standing} denies stand, the cap is ${cap}`;
    this.#forget(now);
    const inMinute = this.#recent.length - firstAfter(this.#recent, now - minute);
    if (inMinute >= perMinute) return `${inMinute} new denies within a minute, the limit is ${perMinute}`;
    const before = Math.max(0, standing - this.#recent.length);
    const allowed = Math.max(growthFloor, Math.floor(before * growth));
    if (this.#recent.length >= allowed)
      return `${this.#recent.length} new denies within ten minutes onto ${before}, the limit is ${allowed}`;
    if (asn === undefined) return null;
    const network = this.#networks.get(asn) ?? [];
    const ofNetwork = network.length - firstAfter(network, now - minute);
    return ofNetwork >= perAsnMinute
      ? `${ofNetwork} new denies within a minute in AS${asn}, the limit is ${perAsnMinute}`
      : null;
  }

  /** Counts a deny that was made. */
  spend(now: number, asn: number | undefined): void {
    this.#forget(now);
    this.#recent.push(now);
    if (asn === undefined) return;
    const network = this.#networks.get(asn) ?? [];
    this.#networks.set(asn, [...network.slice(firstAfter(network, now - minute)), now]);
  }

  #forget(now: number): void {
    const from = firstAfter(this.#recent, now - window);
    if (from > 0) this.#recent = this.#recent.slice(from);
  }
}

function firstAfter(times: readonly number[], limit: number): number {
  let at = 0;
  while (at < times.length && times[at]! <= limit) at++;
  return at;
}
