import type { Decision } from '../model/decision.ts';
import type { Verdict } from './gate.ts';

/** What is to be written into the audit: who did what. `data` is plain JSON. */
export interface AuditEntry {
  /** In milliseconds since the epoch. */
  time: number;
  /** `policy`, an enforcer's name, or the name of a person. */
  actor: string;
  action:
    | 'decision'
    | 'placement'
    | 'release'
    | 'override'
    | 'list'
    | 'mode'
    | 'breaker'
    | 'kill-switch'
    | 'audit';
  data: Record<string, unknown>;
}

export const endings = ['expired', 'replaced', 'revoked', 'never-block', 'authenticated'] as const;
/**
 * How a decision ended: by its term, by a wider or longer one, by a person, because never-block now holds it, or because who was
 * known before logged in from there.
 */
export type Ending = (typeof endings)[number];

export interface Ended {
  decision: Decision;
  how: Ending;
  /** In milliseconds since the epoch. */
  time: number;
}

/** All that follows from a signal, a tick or a person's word: to be stored first, then audited, then enforced. */
export interface Outcome {
  /** A new decision. */
  decision?: Decision;
  /** The decision that already covers what was asked for; nothing new was made. */
  standing?: Decision;
  ended: Ended[];
  audit: AuditEntry[];
  /** What someone must look at now. */
  alarms: string[];
}

export interface SignalOutcome extends Outcome {
  verdict: Verdict;
  /** True where this signal had been decided before: nothing is to be counted again. */
  repeated: boolean;
}

/** A decision as the store keeps it. */
export interface Stored {
  decision: Decision;
  ended: { how: Ending; time: number } | null;
}

/** An outcome that makes no decision. */
export function told(route: 'tip' | 'watch', reason: string): SignalOutcome {
  return { verdict: { route, reason }, repeated: false, ended: [], audit: [], alarms: [] };
}

export function releaseEntry({ decision, how, time }: Ended) {
  const data = { id: decision.id, scope: decision.scope, how };
  return { time, actor: 'policy', action: 'release' as const, data };
}
