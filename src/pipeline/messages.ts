import type { ImportResult, Sealed } from '../intake/index.ts';
import type { Event } from '../model/event.ts';
import type { Signal } from '../model/signal.ts';

/** What a worker is started with. */
export interface IngestSetup {
  /** `live`, or an import's id. */
  run: string;
  journalFolder: string;
  rejectFile: string;
  segmentRows: number;
  segmentBytes: number;
  /** How old the first event of a segment may become before the lake gets it, in milliseconds. */
  segmentAgeMs: number;
  /** False leaves out networks and countries: a faster start for tests. */
  enrich: boolean;
  /** False where others watch the events. */
  analyse?: boolean;
  /** Folders of rules: those that come with Caltrop, then the operator's own. */
  rulesFolders: string[];
  detectors: Record<string, unknown>;
  /** Absent for the live worker. */
  files?: { path: string; format?: string; source?: string }[];
  /** Files that the live worker reads on as they grow. */
  follow?: { path: string; format: string; name: string; from: 'start' | 'end' }[];
  /** The time of an import's run, in milliseconds. */
  now?: number;
  shard?: { index: number; count: number };
}

/** What is spoken on a link: a sensor's lines, or a resolver's dnstap. */
export type LinkProtocol = 'sensor' | 'dnstap';

export type ToIngest =
  /** Events that the detectors had seen before a restart, in their order. */
  | { type: 'warm'; events: Event[]; lastSeq: number }
  | { type: 'start' }
  | { type: 'link'; link: number; sensor: string; protocol: LinkProtocol }
  | { type: 'bytes'; link: number; bytes: Uint8Array }
  | { type: 'gone'; link: number }
  | { type: 'loaded'; token: string }
  | { type: 'stop' };

export interface IngestCounters {
  events: number;
  rejected: number;
  reasons: Record<string, number>;
  waiting: number;
  /** Events that the live stream left out, for they were too many. */
  unshown: number;
  /** Why the journal cannot be written, while it cannot. */
  failing: string | null;
  faults: Record<string, number>;
  /** Followed files that are not there or cannot be read. */
  unreadable: string[];
}

export type FromIngest =
  | { type: 'ready'; recovered: number; cut: number }
  | { type: 'say'; link: number; line: string | Uint8Array }
  /** The link's peer does not speak the protocol: it is to be closed. */
  | { type: 'broken'; link: number; reason: string }
  | { type: 'took'; link: number; bytes: number }
  | { type: 'sealed'; segment: Sealed; overlaps: boolean }
  /** `networks`: the autonomous system of each address that they are about, where it is known. */
  | { type: 'signals'; signals: Signal[]; networks: Record<string, number> }
  | { type: 'events'; events: Event[] }
  | { type: 'progress'; file: string; bytes: number; lines: number; events: number }
  | { type: 'imported'; result: ImportResult }
  | { type: 'counters'; counters: IngestCounters }
  | { type: 'stopped' }
  | { type: 'failed'; code: string; message: string };
