import { createHash } from 'node:crypto';
import { isIpv4 } from '../kit/ip.ts';
import { uuidv8 } from '../kit/uuid.ts';
import type { Decision, Scope } from '../model/decision.ts';
import type { Finding } from '../model/finding.ts';
import type { Signal } from '../model/signal.ts';

const day = 86_400_000;

/** What became of a signal: the gate's route and reason, and the decision that was made of it or that already stood. */
export interface Weighed {
  signal: Signal;
  verdict: {
    route: 'deny' | 'tip' | 'watch';
    reason: string;
    severity?: Finding['severity'];
    done?: string;
    /** In place of what the signal says of its subject, and of where that was. */
    title?: string;
    seen?: string;
  };
  decision?: Decision;
  standing?: Decision;
}

/** The same type about the same subject on one day (UTC, by event time) is the same finding. */
export function findingId({ detector, subject, time }: Signal): string {
  const midnight = Math.floor(time / day) * day;
  const text = JSON.stringify([detector, subject.type, subject.value, midnight]);
  return uuidv8(midnight, createHash('sha256').update(text).digest());
}

/** The finding of one signal, or null where it is only counted. */
export function makeFinding({ signal, verdict, decision, standing }: Weighed): Finding | null {
  if (verdict.route === 'watch') return null;
  const made = decision ?? standing;
  return {
    id: findingId(signal),
    first: signal.time,
    last: signal.time,
    count: 1,
    severity: verdict.severity ?? severityOf(signal),
    type: signal.detector,
    title: cut(verdict.title ?? `${signal.subject.value}: ${signal.says}`, 256),
    subject: signal.subject,
    evidence: signal.evidence,
    seen: cut(verdict.seen ?? `${sentence(signal.says)} ${where(signal)}`, 2_048),
    done: cut(verdict.done ?? doneText(made), 2_048),
    whyNot: cut(whyNotText(verdict, made), 2_048),
    attack: signal.attack,
    because: made ? [signal.id, made.id] : [signal.id],
  };
}

/** How bad it is, whatever was done: proof of exploitation first, hearsay last. */
function severityOf({ evidence, confidence }: Signal): Finding['severity'] {
  if (evidence === 'E5' && confidence >= 0.7) return 'critical';
  if (confidence >= 0.7 && evidence >= 'E3') return 'high';
  return evidence >= 'E2' && confidence >= 0.5 ? 'medium' : 'low';
}

function where({ targets }: Signal): string {
  if (targets.length === 0) return 'No service of ours is named.';
  const named = targets.slice(0, 8).map(({ sensor, decoy, protocol, transport, port }) => {
    return `${protocol} at ${sensor}${decoy ? ' (a decoy)' : ''} on ${transport} ${port}`;
  });
  const more = targets.length > 8 ? `, and ${targets.length - 8} more` : '';
  return `Seen on ${named.join(', ')}${more}.`;
}

function doneText(made: Decision | undefined): string {
  if (!made) return 'Nothing was blocked.';
  const what = `${scopeText(made.scope)} until ${new Date(made.until).toISOString()} (decision ${made.id})`;
  if (made.mode === 'simulate') return `Nothing was blocked. Enforced, this would ${verb(made)} ${what}.`;
  return `Ordered: ${verb(made)} ${what}.`;
}

function verb({ action }: Decision): string {
  return action === 'throttle' ? 'slow down' : action;
}

function whyNotText(verdict: Weighed['verdict'], made: Decision | undefined): string {
  if (!made) return verdict.reason;
  return made.mode === 'simulate' ? 'The policy simulates: it decides, and enforcers are told nothing.' : '';
}

/** A scope in words: `198.51.100.7 on tcp port 23, 2323`. */
export function scopeText({ source, transport, ports }: Scope): string {
  const who = isIpv4(source) || source.includes('/') ? source : `${source}/64`;
  return ports.length === 0
    ? `${who} on all ports`
    : `${who} on ${transport ?? 'any'} port ${ports.join(', ')}`;
}

function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

function cut(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
}
