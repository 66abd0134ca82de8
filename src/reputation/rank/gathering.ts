import { lookLimit } from '../graph/aggregate.ts';
import { hubBreadth } from '../graph/belief.ts';
import type { Graph, Neighbour } from '../graph/graph.ts';
import type { Carriers } from './carriers.ts';

/** Days within which a name must have been seen at a carrier to be there. */
export const hereDays = 30;
/** Domains that must be known to be bad before a carrier says anything of others there. */
export const leastBad = 2;
/** No day. */
export const never = 0xffff;

/** A registered domain at a carrier. */
interface Guest {
  /** The first day on which a bad name of it was seen there. */
  bad: number;
  /** That name. */
  name: number;
  here: boolean;
}

/** Which registered domains are at a carrier, and since when those are that are known to be bad. */
export interface Gathering {
  guests: ReadonlyMap<number, Guest>;
  /** The days on which the bad ones came, in their order. */
  badDays: readonly number[];
  /** How many others there are. */
  others: number;
}

export interface Look {
  graph: Graph;
  carriers: Carriers;
  ownerOf(name: number): number;
  isBad(name: number): boolean;
}

/** As `each` of the graph, for no more of the rows than are looked at. False where there are more. */
export function some(graph: Graph, node: number, see: Neighbour): boolean {
  if (graph.eachFrom(node, 0, lookLimit, see) >= 0) return false;
  graph.eachNew(node, see);
  return true;
}

/** Who is at a carrier; null where that says nothing: too few bad ones, or too many in all for one to know another. */
export function gatheringAt(carrier: number, { graph, carriers, ownerOf, isBad }: Look): Gathering | null {
  if (!carriers.open(carrier)) return null;
  const guests = new Map<number, Guest>();
  const since = graph.builtOn - hereDays;
  const whole = some(graph, carrier, (name, type, first, last) => {
    if (guests.size > hubBreadth || !carriers.carries(name, carrier, type)) return;
    const owner = ownerOf(name);
    const guest = guests.get(owner) ?? { bad: never, name, here: false };
    guests.set(owner, guest);
    if (last < since) return;
    guest.here = true;
    if (first >= guest.bad || !isBad(name)) return;
    guest.bad = first;
    guest.name = name;
  });
  if (!whole || guests.size > hubBreadth) return null;
  const badDays: number[] = [];
  let others = 0;
  for (const { bad, here } of guests.values()) {
    if (bad !== never) badDays.push(bad);
    else if (here) others++;
  }
  return badDays.length < leastBad ? null : { guests, badDays: badDays.sort((a, b) => a - b), others };
}

/**
 * Of the others at a carrier, for a name of a domain that came there on a day: how many were bad and there by then, and how many are not
 * known to be bad. Bad ones that came later count for nothing: anybody can point a bad name at somebody's address.
 */
export function othersAt(
  { guests, badDays, others }: Gathering,
  owner: number,
  day: number,
): { bad: number; others: number } {
  let bad = 0;
  for (let end = badDays.length; bad < end; ) {
    const middle = (bad + end) >> 1;
    if (badDays[middle]! <= day) bad = middle + 1;
    else end = middle;
  }
  const own = guests.get(owner);
  if (own && own.bad <= day) bad--;
  return { bad, others: others - (own?.here && own.bad === never ? 1 : 0) };
}
