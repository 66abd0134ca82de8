import type { FeedEntry } from '../feeds/format.ts';
import { doubtOf } from './false-positives.ts';
import { Holdings } from './holdings.ts';
import type { Knowledge } from './knowledge.ts';

/** How a feed's entries fared, and how far it is to be believed. */
export interface Reliability {
  name: string;
  /** The mean of the posterior: the share of its entries that one may expect to be right, 0–1. */
  weight: number;
  /** About two standard deviations below it: what to reckon with. */
  atLeast: number;
  entries: number;
  /** Entries that other feeds hold as well: each counts by how far those are believed, and by less where they had it first. */
  agreed: number;
  /** Of those that it holds, how many it had before every other feed that holds them now. */
  ahead: number;
  /** Entries that evidence of our own confirmed: of those that it holds, and of those that it held lately. */
  confirmed: number;
  /** Likewise, entries that the filter for false positives contradicts, or that evidence refuted. */
  refuted: number;
  /** Of these nobody who is believed says anything else: they hold the weight where it started. */
  alone: number;
  /** Feeds whose agreement counts for nothing, since nearly all of the one stands in the other. */
  copies: string[];
  /** The same in sentences. */
  says: string[];
}

export interface ReliabilityOptions {
  /** The share of right entries that a feed of which nothing is known is given, and how many entries that is worth. */
  prior: number;
  strength: number;
  /** Agreements are not independent: no feed gets more than so many entries' worth of evidence. */
  most: number;
  /** What a refuted entry weighs against a confirmed one: few mistakes are ever noticed. */
  refutation: number;
  /** What agreement counts with a feed that had the entry on an earlier day: whoever comes later may have copied it. */
  echo: number;
  /** What an entry weighs of which nobody says anything. Few mistakes that were noticed must not speak for all of a long list. */
  silence: number;
  /** The share of the smaller feed in the larger from which on one counts as a copy of the other. */
  copy: number;
  /** Entries below which that is not judged. */
  few: number;
}
const defaults: ReliabilityOptions = {
  prior: 0.5,
  strength: 10,
  most: 300,
  refutation: 3,
  echo: 0.5,
  silence: 0.2,
  copy: 0.9,
  few: 20,
};

/** Rounds in which feeds weigh each other; the weights have settled long before. */
const rounds = 8;

type Thing = Pick<FeedEntry, 'type' | 'value'>;

/** A feed, and what is known of its past. */
export interface Weighed {
  name: string;
  /** Read once; where it is a function, opened only then. */
  entries: Iterable<Thing> | (() => Iterable<Thing>);
  /** Asked once its entries were read, with the key of each, in their order; what is named twice stands there once. */
  past?(keys: readonly string[]): Past;
  /** Whether decoys met an entry since the day on which it was first had (0 where that is not known). Asked once for each, in their order. */
  met?(entry: Thing, since: number): boolean;
  /** Is told what was found out of each entry, by its place among them: 1 where it is confirmed, -1 where it is doubted. */
  judged?(place: number, verdict: 1 | -1 | 0): void;
}

/** What is known of a feed from its copies before. */
export interface Past {
  /** By entry that it holds: the day of its first copy that had it; 0 where that is not known. */
  since: Uint16Array;
  /** What was found out of entries that it has no more. */
  confirmed: number;
  refuted: number;
}

/**
 * How far each feed is to be believed: a beta posterior over its confirmed and refuted entries, held at a prior by those of which nobody
 * says anything. Agreement
 * with another feed confirms by as much as that feed is believed, so the weights are a fixed point. Most of what is bad
 * stands on one list only (Kührer et al., Paint it Black, RAID 2014), so being alone is held against nobody.
 */
export function learnReliability(
  feeds: readonly Weighed[],
  knowledge: Knowledge,
  options: Partial<ReliabilityOptions> = {},
): Reliability[] {
  const set = { ...defaults, ...options };
  const held = new Holdings();
  const sizes: number[] = [];
  const blank = feeds.map(({ entries, past, met }, feed) => {
    const from = held.size;
    for (const entry of typeof entries === 'function' ? entries() : entries) held.add(entry, feed);
    sizes.push(held.size - from);
    const known = past?.(held.keys(from));
    if (known) held.since.set(known.since, from);
    for (let one = from; met && one < held.size; one++)
      held.met[one] = met(held.entry(one), held.since[one]!) ? 1 : 0;
    return {
      ...{ agreed: 0, ahead: 0, alone: 0 },
      ...{ confirmed: known?.confirmed ?? 0, refuted: known?.refuted ?? 0 },
    };
  });
  const copies = copiesOf(held, sizes, set);
  /** What others hold as well, and of which nothing else is known: all that depends on how far feeds are believed. */
  const open: number[] = [];
  const places = feeds.map(() => 0);
  for (let one = 0; one < held.size; one++) {
    const feed = held.feed[one]!;
    let others = 0;
    for (const other of held.others(one)) if (!copies[feed]!.has(held.feed[other]!)) others++;
    const verdict = verdictOf(held.entry(one), held.met[one] === 1, others, knowledge);
    feeds[feed]!.judged?.(places[feed]!++, verdict);
    const tally = blank[feed]!;
    if (verdict === 1) tally.confirmed++;
    else if (verdict === -1) tally.refuted++;
    else if (others === 0) tally.alone++;
    else open.push(one);
  }
  let weights = feeds.map(() => set.prior);
  let tallies = blank;
  for (let round = 0; round < rounds; round++) {
    tallies = blank.map((tally) => ({ ...tally }));
    for (const one of open) {
      const feed = held.feed[one]!;
      const tally = tallies[feed]!;
      const day = held.since[one]!;
      let doubt = 1;
      let first = day > 0;
      for (const other of held.others(one)) {
        const holder = held.feed[other]!;
        if (copies[feed]!.has(holder)) continue;
        doubt *= 1 - (held.since[other]! < day ? set.echo : 1) * weights[holder]!;
        first &&= held.since[other]! > day;
      }
      tally.alone += doubt;
      tally.agreed += 1 - doubt;
      if (first) tally.ahead++;
    }
    weights = tallies.map((tally) => posterior(tally, set).weight);
  }
  return feeds.map(({ name }, i) => {
    const tally = tallies[i]!;
    const made = {
      ...{ name, ...posterior(tally, set), entries: sizes[i]!, ...tally },
      copies: [...copies[i]!].map((other) => feeds[other]!.name),
    };
    return { ...made, says: inWords(made, set) };
  });
}

/** What speaks against an entry counts before what decoys met: they are told to fetch from popular hosts as well. */
function verdictOf(entry: Thing, met: boolean, others: number, knowledge: Knowledge): 1 | -1 | 0 {
  const evidence = knowledge.evidence?.(entry);
  if (evidence) return evidence === 'confirmed' ? 1 : -1;
  if (doubtOf(entry, others, knowledge) !== null) return -1;
  return met ? 1 : 0;
}

/** Which feeds are too much alike for their agreement to say anything. */
function copiesOf(held: Holdings, sizes: number[], { copy, few }: ReliabilityOptions): Set<number>[] {
  const shared = sizes.map(() => sizes.map(() => 0));
  for (let one = 0; one < held.size; one++)
    for (const other of held.others(one)) shared[held.feed[one]!]![held.feed[other]!]!++;
  return sizes.map(
    (size, a) =>
      new Set(
        sizes.flatMap((other, b) => {
          const smaller = Math.min(size, other);
          return a !== b && smaller >= few && shared[a]![b]! >= copy * smaller ? [b] : [];
        }),
      ),
  );
}

function posterior(
  { agreed, confirmed, refuted, alone }: Pick<Reliability, 'agreed' | 'confirmed' | 'refuted' | 'alone'>,
  { prior, strength, most, refutation, silence }: ReliabilityOptions,
): Pick<Reliability, 'weight' | 'atLeast'> {
  const right = agreed + confirmed + prior * silence * alone;
  const wrong = refutation * refuted + (1 - prior) * silence * alone;
  const scale = Math.min(1, most / Math.max(1, right + wrong));
  const a = prior * strength + scale * right;
  const b = (1 - prior) * strength + scale * wrong;
  const weight = a / (a + b);
  const deviation = Math.sqrt((weight * (1 - weight)) / (a + b + 1));
  return { weight, atLeast: Math.max(0, weight - 2 * deviation) };
}

function inWords(made: Omit<Reliability, 'says'>, { most }: ReliabilityOptions): string[] {
  const { entries, agreed, ahead, confirmed, refuted, alone, weight, atLeast, copies } = made;
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  const says = [
    `Of ${entries} entries about ${percent(weight)} may be expected to be right, at least ${percent(atLeast)}.`,
  ];
  if (agreed >= 0.5) says.push(`Other feeds bear out as much as ${Math.round(agreed)} of them.`);
  if (ahead > 0) says.push(`It had ${ahead} of them before the others.`);
  if (confirmed > 0) says.push(`Evidence of our own confirmed ${confirmed}.`);
  if (refuted > 0)
    says.push(`${refuted} are refuted: by evidence, by warning lists, as popular names or by never-block.`);
  if (alone >= 0.5)
    says.push(
      `Of ${Math.round(alone)} nobody says anything else; that speaks neither for it nor against it.`,
    );
  if (copies.length > 0)
    says.push(`Nearly the same entries stand in ${copies.join(', ')}: their agreement counts for nothing.`);
  if (agreed + confirmed + refuted > most)
    says.push(`No more than ${most} entries' worth of this is believed.`);
  if (agreed + confirmed + refuted < 1) says.push('Nothing is known that speaks for it or against it.');
  return says;
}
