import { canonicalIp } from '../../kit/ip.ts';
import { hostOfEntry } from '../../model/entry-host.ts';
import { ownedDomain } from '../../model/registered-domain.ts';
import type { FeedEntry } from '../feeds/format.ts';

/** A host that a decoy met: it was told to fetch from it, or attacked by it over a proven connection. */
export interface Met {
  /** A normal name or a canonical address. */
  host: string;
  /** The day, since the epoch, on which it was last met, by the events' own time. */
  day: number;
  /** The networks of those who told of it: one of them can lie as often as it likes. */
  by: readonly string[];
}

/** Entries of one list that the word of one network confirms. */
const perNetwork = 5;

/**
 * For each list anew: whether decoys met an entry on the day on which it was listed, or later. Attackers choose what they tell decoys, and can be those who
 * wrote the list: the word of one network counts for few entries. A URL is met with its host only where that is an address: others
 * stand on hosts of strangers.
 */
export function metBy(
  hosts: readonly Met[],
): () => (entry: Pick<FeedEntry, 'type' | 'value'>, since: number) => boolean {
  const known = new Map<string, Met>();
  const put = (host: string, one: Met) => {
    const before = known.get(host);
    known.set(
      host,
      before
        ? { host, day: Math.max(before.day, one.day), by: [...new Set([...before.by, ...one.by])] }
        : one,
    );
  };
  for (const one of hosts) {
    put(one.host, one);
    const owned = ownedDomain(one.host);
    if (owned !== null && owned !== one.host) put(owned, one);
  }
  return () => {
    const spent = new Map<string, number>();
    return (entry, since) => {
      const host = hostIn(entry);
      const one = host === null ? undefined : known.get(host);
      if (!one || one.day < since) return false;
      const network = one.by.find((by) => (spent.get(by) ?? 0) < perNetwork);
      if (network === undefined) return false;
      spent.set(network, (spent.get(network) ?? 0) + 1);
      return true;
    };
  };
}

function hostIn(entry: Pick<FeedEntry, 'type' | 'value'>): string | null {
  const host = hostOfEntry(entry);
  return entry.type === 'url' && host !== null ? canonicalIp(host) : host;
}
