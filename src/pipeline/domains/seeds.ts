import { hostOfEntry } from '../../model/entry-host.ts';
import type { Indicator } from '../../model/indicator.ts';
import type { SessionRecord } from '../../model/session.ts';
import { dayOf } from '../../reputation/graph/places.ts';
import type { SessionStore } from '../../state/index.ts';
import type { DecoySeed } from './messages.ts';

const limits = {
  /** Hosts that decoys were told of, the latest. */
  seeds: 10_000,
  /** Sessions whose source and campaign are looked up with one look, for all hosts and for each. */
  sessions: 2_000,
  each: 4,
  /** Sessions that are asked for at once. */
  batch: 500,
};

type Sessions = Pick<SessionStore, 'indicators' | 'sessions'>;

/**
 * What decoys were told of, kept from look to look, each with the sessions that told so, where they came from and what they belong to:
 * most looks ask the state only for what was seen since the last one. What an import brings may be older than that, and is heard with the
 * next whole look.
 */
export function decoySeeds(sessions: Sessions) {
  let known: Map<string, DecoySeed> | null = null;
  let latest = 0;
  return async (whole: boolean): Promise<DecoySeed[]> => {
    const since = known === null || whole ? undefined : latest;
    const found = await sessions.indicators({ limit: limits.seeds, ...(since !== undefined && { since }) });
    const visits = await sessionsOf(sessions, found);
    if (known === null || whole) known = new Map();
    for (const one of found.reverse()) {
      latest = Math.max(latest, one.last);
      const host = hostOfEntry(one);
      if (host === null) continue;
      // The latest are kept: they stand at the end.
      known.delete(host);
      known.set(host, seedOf(host, one, visits));
    }
    for (const host of known.keys()) {
      if (known.size <= limits.seeds) break;
      known.delete(host);
    }
    return [...known.values()];
  };
}

const toldBy = ({ because }: Indicator) => because.slice(0, limits.each);

/** The sessions that told of the latest indicators, as far as they are kept. */
async function sessionsOf(
  sessions: Sessions,
  found: readonly Indicator[],
): Promise<Map<string, SessionRecord>> {
  const hosts = found.filter((one) => hostOfEntry(one) !== null);
  const ids = [...new Set(hosts.flatMap(toldBy))].slice(0, limits.sessions);
  const known = new Map<string, SessionRecord>();
  for (let at = 0; at < ids.length; at += limits.batch) {
    const batch = ids.slice(at, at + limits.batch);
    for (const one of await sessions.sessions({ ids: batch, limit: batch.length })) known.set(one.id, one);
  }
  return known;
}

function seedOf(host: string, indicator: Indicator, visits: ReadonlyMap<string, SessionRecord>): DecoySeed {
  const told = toldBy(indicator).flatMap((id) => visits.get(id) ?? []);
  const family = told.find(({ campaign }) => campaign !== null)?.campaign;
  return {
    ...{ host, says: indicator.says, day: dayOf(indicator.last) },
    ...(family && { family }),
    sightings: told.map(({ id, src, end }) => ({ id, source: src, day: dayOf(end) })),
  };
}
