import { Bounded } from '../../kit/bounded.ts';
import { registeredDomain } from '../../model/registered-domain.ts';
import type { Seen } from './answer.ts';
import { DistinctHashes, hashText } from './distinct-hashes.ts';

export interface NxdomainLimits {
  /** Client groups that are remembered. */
  groups: number;
  /** Different names of a group that are remembered. */
  names: number;
  /** How far back names count. */
  withinMs: number;
  /** Different generated-looking registered domains that make a burst. */
  burst: number;
  /** The logit from which a name looks generated. */
  generatedLogit: number;
}

export const nxdomainLimits: NxdomainLimits = {
  ...{ groups: 50_000, names: 64, withinMs: 600_000, burst: 10, generatedLogit: 1 },
};

/** A group of clients that asks for many names that do not exist and look generated: what a generator (DGA) does to find its one name. */
export interface NxdomainBurst {
  group: string;
  /** Different registered domains within the window. */
  names: number;
  /** Since when, by the event's time, the group is in a burst. */
  since: number;
}

/**
 * Counts names that do not exist by client group, over event time. `logit` says how generated a name looks. A registered domain counts
 * once, so that one zone with many missing hosts (block lists asked over DNS, broken search suffixes) is no burst.
 */
export class NxdomainBursts {
  readonly #limits: NxdomainLimits;
  readonly #logit: (name: string) => number;
  readonly #groups: Bounded<string, { names: DistinctHashes; since: number | null }>;

  constructor(logit: (name: string) => number, limits: Partial<NxdomainLimits> = {}) {
    this.#limits = { ...nxdomainLimits, ...limits };
    this.#logit = logit;
    this.#groups = new Bounded(this.#limits.groups);
  }

  /** How many groups the limit has pushed out. */
  get evicted(): number {
    return this.#groups.evicted;
  }

  /** Notes that a name does not exist; answers the burst that its group is in, or null. */
  see({ time, name }: Seen, group: string): NxdomainBurst | null {
    const domain = registeredDomain(name);
    if (domain === null || this.#logit(name) < this.#limits.generatedLogit) return null;
    let one = this.#groups.get(group);
    if (!one) {
      one = { names: new DistinctHashes(this.#limits.names), since: null };
      this.#groups.set(group, one);
    }
    const names = one.names.see(hashText(domain), time, time - this.#limits.withinMs);
    if (names < this.#limits.burst) {
      one.since = null;
      return null;
    }
    one.since ??= time;
    return { group, names, since: one.since };
  }
}
