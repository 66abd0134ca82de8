/** Names without which no figure is given: a few say nothing of the rest. */
export const leastNames = 30;

/** When a name came to the threshold, and when a list first had it: null while none has. Days since the epoch. */
export interface Crossing {
  day: number;
  listed: number | null;
}

/** How long before lists names were known to be bad. Figures are null where too few names, or none, would speak for them. */
export interface Lead {
  /** Names that came to the threshold and were in no list then, as far as was known. */
  crossed: number;
  /** Those that a list has now; with a date before the crossing, those that one had had already. */
  listed: number;
  before: number;
  /** Those that none has yet: all that is known is that it takes longer than so far. */
  waiting: number;
  /** Names of which figures are made at least. */
  least: number;
  /** Of those that crossed, the share that is listed now. */
  listedShare: number | null;
  /** Of those that are listed, the lead in days (below 0 where the list was first), and the shares that had more than so many. */
  median: number | null;
  over: { days: number; share: number }[] | null;
  /**
   * Of those that crossed first, the time to the listing where those that wait count as what they are, by Kaplan and Meier (1958): the days
   * within which half are listed (null where it never comes to half), and the share that is listed within so many.
   */
  untilListed: { median: number | null; within: { days: number; share: number }[] } | null;
}

const overDays = [0, 1, 7];
const withinDays = [1, 7, 30, 90];

export function leadOf(crossings: Iterable<Crossing>, today: number, least = leastNames): Lead {
  const leads: number[] = [];
  const times: { days: number; listed: boolean }[] = [];
  let crossed = 0;
  let before = 0;
  for (const { day, listed } of crossings) {
    crossed++;
    if (listed === null) {
      times.push({ days: Math.max(0, today - day), listed: false });
      continue;
    }
    leads.push(listed - day);
    if (listed < day) before++;
    else times.push({ days: listed - day, listed: true });
  }
  leads.sort((a, b) => a - b);
  const enough = leads.length >= least;
  const share = (days: number) => leads.filter((lead) => lead > days).length / leads.length;
  return {
    ...{ crossed, listed: leads.length, before, waiting: crossed - leads.length, least },
    listedShare: crossed >= least ? leads.length / crossed : null,
    median: enough ? middle(leads) : null,
    over: enough ? overDays.map((days) => ({ days, share: share(days) })) : null,
    untilListed: times.length >= least ? untilListed(times) : null,
  };
}

function untilListed(times: readonly { days: number; listed: boolean }[]): NonNullable<Lead['untilListed']> {
  const steps = survival(times);
  // The share that is not listed after so many days; nothing is known beyond the longest time that was watched.
  const longest = Math.max(...times.map(({ days }) => days));
  const within = withinDays
    .filter((days) => days <= longest)
    .map((days) => ({ days, share: 1 - (steps.findLast((step) => step.days <= days)?.left ?? 1) }));
  return { median: steps.find(({ left }) => left <= 0.5)?.days ?? null, within };
}

/**
 * The share to which nothing has happened after so many days, at each time at which something happened. Who was watched for just as long
 * counts as still there (Kaplan and Meier, "Nonparametric estimation from incomplete observations", 1958).
 */
export function survival(
  times: readonly { days: number; listed: boolean }[],
): { days: number; left: number }[] {
  const sorted = [...times].sort((a, b) => a.days - b.days);
  const steps: { days: number; left: number }[] = [];
  let left = 1;
  for (let at = 0; at < sorted.length; ) {
    const { days } = sorted[at]!;
    const there = sorted.length - at;
    let events = 0;
    for (; at < sorted.length && sorted[at]!.days === days; at++) if (sorted[at]!.listed) events++;
    if (events === 0) continue;
    left *= 1 - events / there;
    steps.push({ days, left });
  }
  return steps;
}

function middle(sorted: readonly number[]): number {
  const at = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(at)]! : (sorted[at - 1]! + sorted[at]!) / 2;
}
