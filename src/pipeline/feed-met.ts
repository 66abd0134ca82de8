import type { Met } from '../intel/index.ts';
import { canonicalIp } from '../kit/ip.ts';
import { networkOf } from '../reputation/graph/places.ts';
import type { SessionStore } from '../state/index.ts';
import type { DecoySeed } from './domains/messages.ts';
import { decoySeeds } from './domains/seeds.ts';

/** Networks that are told of one host. */
const byLimit = 64;

/** Asks the state what decoys met. */
export function decoysMet(sessions: Pick<SessionStore, 'indicators' | 'sessions'>): () => Promise<Met[]> {
  const seedsOf = decoySeeds(sessions);
  return async () => metOf(await seedsOf(true));
}

/**
 * What decoys met, as feeds are told of it: the hosts that they were told to fetch from, and who told so, whose connection is proven. Each with the
 * day of its events and the networks whose word it is.
 */
export function metOf(seeds: readonly DecoySeed[]): Met[] {
  const found = new Map<string, { day: number; by: Set<string> }>();
  const put = (host: string, day: number, by: string) => {
    const known = found.get(host);
    if (!known) found.set(host, { day, by: new Set([by]) });
    else {
      known.day = Math.max(known.day, day);
      if (known.by.size < byLimit) known.by.add(by);
    }
  };
  for (const { host, sightings = [] } of seeds)
    for (const { source, day } of sightings) {
      const ip = canonicalIp(source);
      if (ip === null) continue;
      put(host, day, networkOf(ip));
      put(ip, day, networkOf(ip));
    }
  return [...found]
    .map(([host, { day, by }]) => ({ host, day, by: [...by].sort() }))
    .sort((a, b) => (a.host < b.host ? -1 : 1));
}
