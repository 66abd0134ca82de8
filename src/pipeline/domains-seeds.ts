import type { SessionStore } from '../state/index.ts';
import type { DecoySeed } from './domains-messages.ts';
import { hostOfEntry } from './entry-host.ts';

/** Hosts that decoys were told of, the latest. */
const seedLimit = 10_000;

/**
 * What decoys were told of, kept from look to look: most looks ask the state only for what was seen since the last one. What an import
 * brings may be older than that, and is heard with the next whole look.
 */
export function decoySeeds(sessions: Pick<SessionStore, 'indicators'>) {
  let known: Map<string, string> | null = null;
  let latest = 0;
  return async (whole: boolean): Promise<DecoySeed[]> => {
    const since = known === null || whole ? undefined : latest;
    const found = await sessions.indicators({ limit: seedLimit, ...(since !== undefined && { since }) });
    if (known === null || whole) known = new Map();
    for (const one of found.reverse()) {
      latest = Math.max(latest, one.last);
      const host = hostOfEntry(one);
      if (host === null) continue;
      // The latest are kept: they stand at the end.
      known.delete(host);
      known.set(host, one.says);
    }
    for (const host of known.keys()) {
      if (known.size <= seedLimit) break;
      known.delete(host);
    }
    return [...known].map(([host, says]) => ({ host, says }));
  };
}
