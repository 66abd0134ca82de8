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
  guests: Map<number, Guest>;
  /** The days on which the bad ones came, in their order. */
  badDays: number[];
  /** How many others there are. */
  others: number;
  /** How many others there were when the names there were last told of who is. */
  toldOthers: number;
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
  const gathering: Gathering = { guests: new Map(), badDays: [], others: 0, toldOthers: 0 };
  const since = graph.builtOn - hereDays;
  const whole = some(graph, carrier, (name, type, first, last) => {
    if (gathering.guests.size > hubBreadth || !carriers.carries(name, carrier, type)) return;
    enter(gathering, ownerOf(name), { name, first, here: last >= since, bad: isBad(name) });
  });
  if (!whole || gathering.guests.size > hubBreadth || gathering.badDays.length < leastBad) return null;
  gathering.toldOthers = gathering.others;
  return gathering;
}

/** A name at a carrier: since when, whether it was seen there of late, and whether it is known to be bad. */
interface Entry {
  name: number;
  first: number;
  here: boolean;
  bad: boolean;
}

/**
 * A name comes to a carrier, or comes to be known to be bad there: entered again, nothing changes. True where other bad ones are there
 * than before, or since another day.
 */
export function enter(gathering: Gathering, owner: number, { name, first, here, bad }: Entry): boolean {
  const { guests, badDays } = gathering;
  let guest = guests.get(owner);
  if (!guest) {
    guest = { bad: never, name, here: false };
    guests.set(owner, guest);
  }
  if (!here) return false;
  if (!guest.here && guest.bad === never) gathering.others++;
  guest.here = true;
  if (!bad || first >= guest.bad) return false;
  if (guest.bad === never) gathering.others--;
  else badDays.splice(countUpTo(badDays, guest.bad) - 1, 1);
  badDays.splice(countUpTo(badDays, first), 0, first);
  guest.bad = first;
  guest.name = name;
  return true;
}

/** How many of these days, in their order, are not after one. */
function countUpTo(days: readonly number[], day: number): number {
  let count = 0;
  for (let end = days.length; count < end; ) {
    const middle = (count + end) >> 1;
    if (days[middle]! <= day) count = middle + 1;
    else end = middle;
  }
  return count;
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
  let bad = countUpTo(badDays, day);
  const own = guests.get(owner);
  if (own && own.bad <= day) bad--;
  return { bad, others: others - (own?.here && own.bad === never ? 1 : 0) };
}
