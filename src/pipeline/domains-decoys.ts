import type { Indicator } from '../model/indicator.ts';
import type { SessionRecord } from '../model/session.ts';
import { dayOf } from '../reputation/graph/observe.ts';
import type { SessionStore } from '../state/index.ts';
import type { DecoySeed } from './domains-messages.ts';
import { hostOfEntry } from './entry-host.ts';

const limits = {
  /** Indicators that are taken as seeds: the latest. */
  seeds: 10_000,
  /** Sessions whose source and campaign are looked up, for all of them and for each. */
  sessions: 2_000,
  each: 4,
  /** Sessions that are asked for at once. */
  batch: 500,
};

/** What decoys were told to fetch from, the latest first, each with the sessions that told so, where they came from and what they belong to. */
export async function decoySeeds(
  sessions: Pick<SessionStore, 'indicators' | 'sessions'>,
): Promise<DecoySeed[]> {
  const found: { indicator: Indicator; host: string; told: string[] }[] = [];
  const wanted = new Set<string>();
  for (const indicator of await sessions.indicators({ limit: limits.seeds })) {
    const host = hostOfEntry(indicator);
    if (host === null) continue;
    const told = wanted.size < limits.sessions ? indicator.because.slice(0, limits.each) : [];
    for (const id of told) wanted.add(id);
    found.push({ indicator, host, told });
  }
  const known = new Map<string, SessionRecord>();
  const ids = [...wanted];
  for (let at = 0; at < ids.length; at += limits.batch) {
    const batch = ids.slice(at, at + limits.batch);
    for (const one of await sessions.sessions({ ids: batch, limit: batch.length })) known.set(one.id, one);
  }
  return found.map(({ indicator, host, told }) => {
    const visits = told.flatMap((id) => known.get(id) ?? []);
    const family = visits.find(({ campaign }) => campaign !== null)?.campaign;
    return {
      ...{ host, says: indicator.says, day: dayOf(indicator.last) },
      ...(family && { family }),
      sightings: visits.map(({ id, src, end }) => ({ id, source: src, day: dayOf(end) })),
    };
  });
}
