import type { Actor } from '../../src/model/actor.ts';
import type { Decision } from '../../src/model/decision.ts';
import type { Event } from '../../src/model/event.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { Receipt } from '../../src/model/receipt.ts';
import type { SessionRecord } from '../../src/model/session.ts';
import type { EvidenceClass, Signal } from '../../src/model/signal.ts';

/** What the API answers, as the console uses it. The nouns are the server's own types. */
export type { Actor, Decision, Event, EvidenceClass, Finding, Receipt, SessionRecord, Signal };

export interface StoredDecision {
  decision: Decision;
  ended: { how: string; time: number } | null;
}

/** One row of `GET /sources`. Counts come as numbers or, from the lake, as text. */
export interface SourceRow {
  ip: string;
  asn: number;
  /** Who that is, or empty. */
  asName: string;
  country: string;
  events: number;
  sessions: number;
  protocols: string[];
  logins: number;
  commands: number;
  requests: number;
  payloads: number;
  proven: number;
  first: number;
  last: number;
  evidence: EvidenceClass | null;
  decision: { id: string; mode: string; evidence: EvidenceClass; until: number } | null;
}

/** One row of `GET /feeds`. */
export interface FeedRow {
  name: string;
  /** Of a URL the host only. */
  source: string;
  entries: number;
  taken: number | null;
  reliability: {
    /** The share of its entries that may be expected to be right, 0 to 1. */
    weight: number;
    agreed: number;
    ahead: number;
    confirmed: number;
    refuted: number;
    copies: string[];
    says: string[];
  } | null;
  problem: { time: number; says: string } | null;
}

export interface ListEntry {
  block: string;
  level: 'hard' | 'caution';
  most: string;
  owner: string;
  reason: string;
  expires: number;
}

export type NeverBlockVerdict =
  | { verdict: 'clear' }
  | { verdict: 'hard' | 'caution'; entry: ListEntry }
  | { verdict: 'unavailable'; reason: string };

export interface SourcePage {
  ip: string;
  asn: number;
  asName: string;
  country: string;
  events: number;
  sessions: number;
  protocols: string[];
  sensors: string[];
  users: string[];
  payloads: string[];
  urls: string[];
  first: number;
  last: number;
  neverBlock: NeverBlockVerdict;
  signals: Signal[];
  decisions: StoredDecision[];
  findings: Finding[];
  /** Its sessions, as far as they are over and were looked at. */
  visits: SessionRecord[];
  timeline: Event[];
  /** Where it, and the hosts that it told us to fetch from, stand by what resolvers answered; the worst first. */
  hosts: HostStanding[];
}

/** Where a name or an address stands. */
export interface HostStanding {
  host: string;
  score: number;
  class: string;
  reason: string;
  /** Of an address: how many of the domains there are known to be bad. */
  company?: string;
}

export interface SessionPage extends SessionRecord {
  /** Of the hosts that it gave away. */
  hosts: HostStanding[];
  events: Event[];
}

export interface ActorPage extends Actor {
  seen: { ip: string; sessions: number; first: number; last: number }[];
  latest: SessionRecord[];
}

/** A signal with the events that it rests on, or word that one is not there. */
export interface Proof extends Signal {
  events: (Event | { id: string; missing: string })[];
}

export interface DecisionPage extends StoredDecision {
  receipts: Receipt[];
  signals: Proof[];
}

export interface FindingPage {
  finding: Finding;
  visits?: SessionRecord[];
  signals: Proof[];
}

export interface Status {
  version: string;
  now: number;
  running: boolean;
  profile: 'standard' | 'lab';
  mode: 'simulate' | 'enforce';
  troubles: string[];
  sensor: {
    name: string;
    running: boolean;
    pid?: number;
    starts: number;
    isolation: { uid: boolean; network: boolean; permissions: boolean; reasons: string[] };
    machines: { name: string; kind: string; hosts: string[] }[];
    services: { emulator: string; host: string; port: number; transport?: string }[];
    counters: Record<string, number | boolean>;
  } | null;
  fleet: {
    name: string;
    state: string;
    serial: number;
    lastSeen: number | null;
    health: {
      version: string;
      config: number;
      services: number;
      isolation: string[];
      counters: Record<string, number | boolean>;
    } | null;
  }[];
  intake: {
    events: number;
    rejected: number;
    reasons: Record<string, number>;
    waiting: number;
    unshown: number;
    faults: Record<string, number>;
  } | null;
  lake: { events: number | null; waiting: number; embedded: boolean; fault: string | null };
  state: { embedded: boolean };
  decisions: { standing: number; enforced: number };
  enforcers: string[];
  neverBlock: { entries: number; readAt: number };
  killSwitch: { set: boolean; emptied: boolean | null; note?: string | null };
  breaker: { open: boolean; note: string | null };
  disk: { free: number };
}

export type LiveMessage =
  | { type: 'event'; event: Event }
  | { type: 'decision'; decision: Decision; ended?: string }
  | { type: 'finding'; finding: Finding }
  | { type: 'alarm'; text: string; time: number };

/** One row of `GET /domains`. Days are counted since the epoch. */
export interface DomainRow {
  name: string;
  score: number;
  class: string;
  since: number | null;
}

/** `GET /domain-clients/:group`. */
export interface GroupPage {
  group: string;
  /** So many of its clients asked for each name, on one day. */
  least: number;
  names: { name: string; score: number; class: string; firstDay: number; lastDay: number }[];
  more: number;
}

/** `GET /domains/:name`. */
export interface DomainPage {
  name: string;
  score: number;
  class: string;
  base: number;
  reasons: { says: string; points: number }[];
  firstDay: number;
  lastDay: number;
  paths: { steps: string[]; says: string; share: number }[];
  without: { what: string; score: number } | null;
  family: string | null;
  host: { kind: 'sinkhole' | 'parking' | 'shared'; who: string } | null;
  /** A point on each day on which its score changed. */
  history: { day: number; score: number; class: string }[];
  since: number | null;
  listed: { day: number; feed: string } | null;
  askers: {
    least: number;
    days: number;
    clients: number;
    asked: number;
    firstDay: number | null;
    lastDay: number | null;
    groups: { group: string; clients: number; asked: number; firstDay: number; lastDay: number }[];
    fewer: boolean;
    untold: number;
    over: boolean;
  } | null;
  near: {
    nodes: { label: string; kind: string; score: number | null }[];
    edges: { a: number; b: number; type: string; firstDay: number; lastDay: number }[];
  };
}
