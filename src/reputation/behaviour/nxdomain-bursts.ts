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
  /** Answers for each missing name, from which on a group is many who ask through one resolver. */
  answersEach: number;
  /** Names that were found lately, of which a burst that begins later may be told. */
  found: number;
  /** Names that one burst takes in. */
  family: number;
}

export const nxdomainLimits: NxdomainLimits = {
  ...{ groups: 20_000, names: 64, withinMs: 600_000, burst: 10, generatedLogit: 1, answersEach: 100 },
  ...{ found: 4, family: 4_096 },
};
/** Endings of a burst's names that are told apart, and by how much lengths may differ. */
const shape = { suffixes: 16, slack: 2 };

/** Names that belong to a burst, as it has just become known. */
export interface Burst {
  /** The registered domain that it began with: what it is known by. */
  first: string;
  /** Names that were not told of before. */
  names: string[];
}

interface Group {
  domains: DistinctHashes;
  /** Missing names, as long as they are too few. */
  pending: string[];
  found: Seen[];
  /** What the burst is known by, once there is one. */
  first: string | null;
  last: number;
  told: number;
  suffixes: string[];
  shortest: number;
  longest: number;
  /** Answers in this window and in the one before. */
  answers: number;
  before: number;
  since: number;
}

/**
 * Groups of clients that ask for many names that do not exist and look generated: what a generator (DGA) does to find its one name. Over
 * event time. A registered domain counts once, so that one zone with many missing hosts (block lists asked over DNS, broken search
 * suffixes) is no burst; and a resolver that many stand behind is no group.
 */
export class NxdomainBursts {
  readonly #limits: NxdomainLimits;
  readonly #logit: (name: string) => number;
  readonly #groups: Bounded<string, Group>;
  /** Names that a burst had no room for, and those that came when the window of their group was over. */
  overfull = 0;
  late = 0;

  /** `logit` says how generated a registered domain looks. */
  constructor(logit: (domain: string) => number, limits: Partial<NxdomainLimits> = {}) {
    this.#limits = { ...nxdomainLimits, ...limits };
    this.#logit = logit;
    this.#groups = new Bounded(this.#limits.groups);
  }

  /** How many groups the limit has pushed out. */
  get evicted(): number {
    return this.#groups.evicted;
  }

  /** Notes that a name does not exist; answers the burst that its group is in, or null. */
  missing(seen: Seen, group: string): Burst | null {
    const { withinMs, names, burst, answersEach } = this.#limits;
    const { time, name } = seen;
    const domain = registeredDomain(name);
    if (domain === null || !(this.#logit(domain) >= this.#limits.generatedLogit)) return null;
    let one = this.#groups.get(group);
    if (one && one.last - time > withinMs) {
      this.late++;
      return null;
    }
    if (!one || time - one.last > withinMs) {
      one = begin(names, time);
      this.#groups.set(group, one);
    }
    one.last = Math.max(one.last, time);
    this.#roll(one, time);
    const count = one.domains.see(hashText(domain), time, time - withinMs);
    learn(one, domain);
    if (count < burst || Math.max(one.answers, one.before) > answersEach * count) {
      one.first = null;
      if (!one.pending.includes(name)) one.pending.push(name);
      if (one.pending.length > burst) one.pending.shift();
      return null;
    }
    if (one.first !== null) return this.#tell(one, [name]);
    one.first = registeredDomain(one.pending[0] ?? name)!;
    const lately = one.found.filter((each) => time - each.time <= withinMs && this.#alike(one, each.name));
    const all = new Set([...one.pending, name, ...lately.map((each) => each.name)]);
    one.pending = [];
    one.found = [];
    return this.#tell(one, [...all]);
  }

  /** Notes that a name was found; answers the burst that it seems to belong to, or null. */
  found(seen: Seen, group: string): Burst | null {
    const one = this.#groups.peek(group);
    if (!one || seen.time - one.last > this.#limits.withinMs) return null;
    this.#roll(one, seen.time);
    one.answers++;
    if (!this.#alike(one, seen.name)) return null;
    if (one.first !== null) return this.#tell(one, [seen.name]);
    one.found.push(seen);
    if (one.found.length > this.#limits.found) one.found.shift();
    return null;
  }

  /** Whether a name could be of the same making: its ending and its length are among the others', and it looks generated. */
  #alike({ suffixes, shortest, longest }: Group, name: string): boolean {
    const domain = registeredDomain(name);
    if (domain === null) return false;
    const dot = domain.indexOf('.');
    if (dot < shortest - shape.slack || dot > longest + shape.slack) return false;
    return suffixes.includes(domain.slice(dot + 1)) && this.#logit(domain) >= this.#limits.generatedLogit;
  }

  #tell(one: Group, names: string[]): Burst | null {
    const room = Math.max(0, this.#limits.family - one.told);
    this.overfull += Math.max(0, names.length - room);
    const told = names.slice(0, room);
    one.told += told.length;
    return told.length === 0 ? null : { first: one.first!, names: told };
  }

  #roll(one: Group, time: number): void {
    if (time - one.since <= this.#limits.withinMs) return;
    one.before = one.answers;
    one.answers = 0;
    one.since = time;
  }
}

function begin(names: number, time: number): Group {
  return {
    ...{ domains: new DistinctHashes(names), pending: [], found: [], first: null, last: time, told: 0 },
    ...{ suffixes: [], shortest: Number.POSITIVE_INFINITY, longest: 0, answers: 0, before: 0, since: time },
  };
}

function learn(one: Group, domain: string): void {
  const dot = domain.indexOf('.');
  one.shortest = Math.min(one.shortest, dot);
  one.longest = Math.max(one.longest, dot);
  const suffix = domain.slice(dot + 1);
  if (one.suffixes.length < shape.suffixes && !one.suffixes.includes(suffix)) one.suffixes.push(suffix);
}
