import type { ColumnType, JSONColumnType } from 'kysely';
import type { Actor } from '../model/actor.ts';
import type { Decision } from '../model/decision.ts';
import type { Finding } from '../model/finding.ts';
import type { Indicator } from '../model/indicator.ts';
import type { SessionRecord } from '../model/session.ts';
import type { Signal } from '../model/signal.ts';

/** JSON in and out; times are milliseconds since the epoch in double precision, exact far beyond the year 9999. */
type Json<T extends object> = JSONColumnType<T, string, string>;

export interface Tables {
  signals: {
    id: string;
    time: number;
    detector: string;
    subject: string;
    noun: Json<Signal>;
    replay: ColumnType<boolean, boolean | undefined, boolean>;
  };
  decisions: {
    id: string;
    time: number;
    source: string;
    until: number;
    mode: string;
    ended_how: string | null;
    ended_at: number | null;
    noun: Json<Decision>;
  };
  findings: {
    id: string;
    last: number;
    severity: string;
    type: string;
    subject: string;
    noun: Json<Finding>;
  };
  receipts: {
    seq: ColumnType<number, never, never>;
    decision: string;
    enforcer: string;
    time: number;
    state: string;
    reason: string;
  };
  never_block: {
    block: string;
    level: string;
    most: string;
    owner: string;
    reason: string;
    expires: number;
    created: number;
  };
  members: {
    name: string;
    invited: number;
    enrolled: number | null;
    revoked: number | null;
    /** SHA-256 of the open invitation's secret, and when it ends. */
    secret: string | null;
    secret_until: number;
    serial: number;
    /** What it is to run, as JSON. */
    plan: string | null;
  };
  tokens: { hash: string; name: string; created: number; expires: number };
  imports: { id: string; time: number; format: string; source: string; noun: Json<Record<string, unknown>> };
  sessions: {
    id: string;
    last: number;
    src: string;
    kind: string;
    scope: string;
    label: string | null;
    actor: string | null;
    sequence: string | null;
    noun: Json<Partial<SessionRecord>>;
  };
  actors: { id: string; last: number; addresses: number; noun: Json<Actor> };
  indicators: { id: string; last: number; type: string; value: string; noun: Json<Indicator> };
  session_runs: { run: string; noun: Json<SessionRun> };
}

/** How far the events of a run were looked at. */
export interface SessionRun {
  /** Events up to this number in the order of the run belong to sessions that are stored. */
  seq: number;
  /** True once nothing of the run is left to look at. */
  done: boolean;
}
