import type { FeedsOptions } from '../../intel/index.ts';
import type { Shown as ShownCertificate } from '../../reputation/graph/certificates.ts';
import type { Item } from '../../reputation/graph/observe.ts';
import type { AskedBy } from '../../reputation/rank/asked-by.ts';
import type { Class, Reason } from '../../reputation/rank/score.ts';
import type { Standing } from '../../reputation/rank/standing.ts';
import type { Lead } from '../../reputation/track/lead.ts';
import type { Point } from '../../reputation/track/track.ts';

/** What the thread that holds the graph of domains is started with. */
export interface DomainsSetup {
  /** The data directory; the graph lies in `reputation` under it. */
  data: string;
  feeds: FeedsOptions;
  /** The file of the model of names. */
  model: string;
  /** Files of hosts that have everybody's names. */
  known?: string[];
  /** Whether the networks of addresses are looked up (in installed tables; nothing is asked of anyone). */
  networks?: boolean;
  /** Of fewer clients of a network than this nothing is told; left out where no clients are looked at. */
  leastClients?: number;
  /** Names that had come to the highest threshold before this was kept by the thread, and their days. */
  crossed: [string, number][];
}

/** What a resolver answered, as far as the graph takes it: names are normal, days are counted since the epoch. */
export interface TakenAnswer {
  name: string;
  items: Item[];
  day: number;
  /** Who asked, where that is known, when, in milliseconds since the epoch, and what the answer said of the name. */
  asked?: { client: string; time: number; rcode?: string };
}

/** What the graph takes in, in the order in which it was read: answers, and certificates that servers showed. */
export type Taken = TakenAnswer | ShownCertificate;

/** What decoys were told of: a name or an address. */
export interface DecoySeed {
  host: string;
  says: string;
  /** The day on which it was last told of; the day that it is, where nobody told. */
  day?: number;
  /** What the sessions that told of it belong to. */
  family?: string;
  /** The latest of those sessions, and where each came from. */
  sightings?: { id: string; source: string; day: number }[];
}

export interface Ranked {
  name: string;
  score: number;
  class: Class;
  /** The day, since the epoch, on which it first came to the threshold; null where it has not, or a list had it before. */
  since: number | null;
}

/** Where a name or an address stands, in short. */
export interface HostScore {
  score: number;
  class: Class;
  /** The sentence that says most of why. */
  reason: string;
  /** Of an address: how many of the domains there are known to be bad, where that makes the others suspect. */
  company?: string;
}

/** Why a name stands where it does, and where it stood before. */
export interface Shown extends Standing {
  /** A point on each day on which its score changed, since it was first over 15 of 100; the oldest may have left. */
  history: Point[];
  /** As in `Ranked`. */
  since: number | null;
  /** The day on which a list first had it, as far as is known, and which list. */
  listed: { day: number; feed: string } | null;
}

/** A name has come to a class of names that are held to be bad, for the first time. */
export interface Crossed {
  name: string;
  score: number;
  class: Class;
  reasons: Reason[];
  /** Since the epoch. */
  day: number;
  /** True where a list has it already. */
  listed: boolean;
}

/** What of clients' groups the limits cost, since the thread began. */
export interface ClientLosses {
  /** Counts that were given up before enough clients had asked. */
  pushedOut: number;
  /** Names and groups that enough clients asked for, of which it is not told. */
  leftOut: number;
}

/** What the thread can be asked, and what each question is answered with. */
export interface DomainsTalk {
  /** Opens the graph. `anew`: it was lost, and is to be made from all that the lake holds. */
  open: { question: object; answer: { anew: boolean } };
  /**
   * Answers of resolvers and certificates, in any order; seen twice, one changes nothing. `beginnings`, where others than before: the days on which
   * sources of them began. `due`: so much is new that all is to be ranked.
   */
  take: { question: { answers: Taken[]; beginnings?: number[] }; answer: Took };
  /** Everything so far goes to disk. */
  keep: { question: object; answer: null };
  /** What is known from elsewhere may have changed; ranks all where it has to; `rankings` counts how often that was so. */
  refresh: {
    question: { now: number; seeds: DecoySeed[]; neverBlock: string[]; beginnings?: number[] };
    answer: { crossed: Crossed[]; rankings: number };
  };
  rank: { question: { limit: number; fresh?: number; match?: string }; answer: Ranked[] };
  show: { question: { name: string }; answer: Shown | null };
  group: { question: { group: string }; answer: AskedBy | null };
  lead: { question: { today: number }; answer: Lead };
  scores: { question: { hosts: string[] }; answer: [string, HostScore][] };
}
/** What answers that were taken in have moved. */
export interface Took {
  crossed: Crossed[];
  due: boolean;
  clients: ClientLosses;
}
export type DomainsQuestion = keyof DomainsTalk;

export interface DomainsAsk<K extends DomainsQuestion = DomainsQuestion> {
  id: number;
  type: K;
  question: DomainsTalk[K]['question'];
}

export type FromDomains =
  | { type: 'answer'; id: number; answer: unknown }
  | { type: 'failed'; id: number; cause: unknown }
  /** Something that it goes on after: items that were passed over, counted, or a file that was made anew. */
  | { type: 'fault'; says: string; count: number; cause: unknown };
