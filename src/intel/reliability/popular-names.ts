import { normalName } from '../../kit/domain-name.ts';
import { ownedDomain } from '../../model/registered-domain.ts';
import { linesOf } from '../feeds/lines.ts';

/** Places of a list of popular names that are kept. */
export const popularLimit = 1_000_000;

/** Reads a list of popular names, the most popular first: a name a line, or `place,name` as Tranco and others write it. */
export function readPopularNames(text: string): (name: string) => number | null {
  const places = new Map<string, number>();
  for (const line of linesOf(text)) {
    if (places.size >= popularLimit) break;
    if (typeof line !== 'string' || line.startsWith('#')) continue;
    const name = normalName(line.slice(line.lastIndexOf(',') + 1).trim());
    const owned = name && ownedDomain(name);
    if (owned && !places.has(owned)) places.set(owned, places.size + 1);
  }
  return (name) => {
    const owned = ownedDomain(name);
    return owned === null ? null : (places.get(owned) ?? null);
  };
}
