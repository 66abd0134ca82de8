/** A step of a way: whether it may be missing, and how often it has to be seen. */
export interface Link {
  readonly optional: boolean;
  readonly times: number;
}

/** The most steps of a way that a session's acts can be, and the acts that are them; none where a needed one is missing. */
export interface Chain {
  count: number;
  acts: number[];
}

/** Acts that are told for one step. */
const toldLimit = 4;

/**
 * How much of a way is in a session. `seen` lists for each step the acts that are it, ascending. In order, one act may be
 * several steps that follow each other (a script in one line), and the longest chain counts: what comes early and again late
 * hides nothing. Out of order, each step is asked for itself.
 */
export function chainOf(
  links: readonly Link[],
  seen: readonly (readonly number[])[],
  ordered: boolean,
): Chain | undefined {
  if (links.some(({ optional, times }, at) => !optional && seen[at]!.length < times)) return undefined;
  if (!ordered) {
    const there = links.flatMap(({ times }, at) => (seen[at]!.length >= times ? [seen[at]!] : []));
    return { count: there.length, acts: there.flatMap((acts) => acts.slice(0, toldLimit)) };
  }
  return longest(links, seen);
}

interface Best {
  count: number;
  /** The act at which the chain so far is complete: the earliest leaves the most room. */
  end: number;
  acts: number[];
}

/** For each step all chains that may go on from it, best by count and then by how early they end. */
function longest(links: readonly Link[], seen: readonly (readonly number[])[]): Chain | undefined {
  let fronts: Best[] = [{ count: 0, end: -1, acts: [] }];
  for (const [at, { optional, times }] of links.entries()) {
    const next: Best[] = [];
    for (const front of fronts) {
      const from = seen[at]!.findIndex((act) => act >= front.end);
      const last = from < 0 ? undefined : seen[at]![from + times - 1];
      if (last !== undefined) {
        const acts = seen[at]!.slice(from, from + Math.min(times, toldLimit));
        next.push({ count: front.count + 1, end: last, acts: [...front.acts, ...acts] });
      }
      if (optional) next.push(front);
    }
    if (next.length === 0) return undefined;
    fronts = unbeaten(next);
  }
  const best = fronts.reduce((a, b) => (b.count > a.count ? b : a));
  return { count: best.count, acts: best.acts };
}

/** Without those that another has as much of, as early: never more than one a count, so never more than there are steps. */
function unbeaten(all: Best[]): Best[] {
  const kept: Best[] = [];
  for (const one of all.sort((a, b) => b.count - a.count || a.end - b.end))
    if (!kept.some((other) => other.count >= one.count && other.end <= one.end)) kept.push(one);
  return kept;
}
