import { canonicalIp, isIpv4, neighbourhood } from '../kit/ip.ts';
import type { Scope } from '../model/decision.ts';
import type { Finding } from '../model/finding.ts';
import type { Signal, Target } from '../model/signal.ts';
import type { NeverBlockVerdict } from './never-block.ts';
import type { DecisionOptions } from './options.ts';
import { portScope } from './scope.ts';
import { classPorts } from './service-class.ts';

/** What becomes of a signal, always with the sentence that says why. */
export type Verdict =
  | {
      route: 'deny';
      action: 'deny' | 'throttle';
      scope: Scope;
      /** A caution entry holds the source: never more than the shortest term. */
      firstStep: boolean;
      reason: string;
    }
  /** `alarm` where a safety check could not be made: someone must look at the machine, not only at the finding. */
  | {
      route: 'tip';
      reason: string;
      alarm?: string;
      /** How bad it is and what was done, where the signal itself does not tell. */
      severity?: Finding['severity'];
      done?: string;
    }
  | { route: 'watch'; reason: string };

/** What the gate must know beside the signal. The checks are asked only where a deny is near. */
export interface Facts {
  neverBlock(source: string): NeverBlockVerdict;
  /** Different decoys that this source attacked with evidence E4 or better, this signal's included. */
  decoys: number;
  /** True where the kill switch is set, where the breaker is open, and where a person has just released this source. */
  stopped(): boolean;
  breakerOpen(): boolean;
  reprieved: boolean;
}

/**
 * The one route from evidence to a block: denies where the act itself is malicious and proven by a handshake of its own
 * (E3 and better), never-block is clear and nothing stands against it; tells a person otherwise, where it helps one.
 * E2 waits for corroboration and so never denies; E0 and E1 can be forged and never do.
 */
export function decide(signal: Signal, facts: Facts, options: DecisionOptions): Verdict {
  const { subject, confidence, evidence } = signal;
  const own = options.detectors[signal.detector];
  const malicious = confidence >= (own?.denyFrom ?? options.denyFrom);
  if (!malicious && (evidence === 'E0' || confidence < options.tipFrom))
    return { route: 'watch', reason: `${evidence} at confidence ${percent(confidence)} is only counted.` };
  if (!malicious) return tip(`The act alone does not prove harm: confidence ${percent(confidence)}.`);
  if (evidence === 'E0') return tip('It is hearsay (E0): nobody of ours saw it.');
  if (evidence === 'E1') return tip('The source may be forged (E1): no handshake stands behind the act.');
  if (evidence === 'E2') return tip('The handshake is only probable (E2), and nothing corroborates it.');
  if (subject.type !== 'ip') return tip('Only a single address is ever denied by itself.');
  if (own?.mode === 'off') return tip(`The policy of ${signal.detector} is off.`);
  if (facts.stopped()) return tip('The kill switch is set.');
  if (facts.breakerOpen()) return tip('The breaker is open: too much would have been denied too fast.');
  const scope = scopeOf(signal, facts.decoys);
  if (!scope) return tip('No address and port can be named that it was proven on.');
  const safe = facts.neverBlock(scope.source);
  if (safe.verdict === 'unavailable')
    return {
      ...tip(`Never-block cannot be checked: ${safe.reason}.`),
      alarm: `Never-block cannot be checked: ${safe.reason}`,
    };
  if (safe.verdict === 'hard')
    return tip(`Never-block holds it: ${safe.entry.reason} (${safe.entry.owner}).`);
  if (facts.reprieved) return tip('A person released this source a short while ago.');
  const why = `${evidence} at confidence ${percent(confidence)}: ${width(scope)}`;
  if (safe.verdict === 'clear')
    return { route: 'deny', action: 'deny', scope, firstStep: false, reason: `${why}.` };
  const { entry } = safe;
  if (entry.most === 'tip') return tip(`Many may depend on it: ${entry.reason} (${entry.owner}).`);
  const narrow = narrowed(scope, signal);
  if (!narrow)
    return tip(`A shared source is denied on single ports only: ${entry.reason} (${entry.owner}).`);
  return {
    route: 'deny',
    action: entry.most === 'throttle' ? 'throttle' : 'deny',
    scope: narrow,
    firstStep: true,
    reason: `${evidence} at confidence ${percent(confidence)}: ${width(narrow)}, first step only (${entry.reason}).`,
  };
}

/**
 * How wide: address and port and protocol on a handshake (E3), the class of the service on a decoy's word (E4), all ports on
 * proof of exploitation (E5) or at two decoys. Never beyond one IPv4 address or one IPv6 /64.
 */
export function scopeOf(signal: Signal, decoys: number): Scope | null {
  const address = canonicalIp(signal.subject.value);
  if (address === null) return null;
  const source = neighbourhood(address);
  if (signal.evidence === 'E5' || (signal.evidence === 'E4' && decoys >= 2)) return { source, ports: [] };
  const proven = tcpTargets(signal);
  const ports = signal.evidence === 'E4' ? proven.flatMap(classPorts) : proven.map(({ port }) => port);
  return portScope(source, ports);
}

function narrowed(scope: Scope, signal: Signal): Scope | null {
  if (scope.ports.length > 0) return scope;
  return portScope(
    scope.source,
    tcpTargets(signal).map(({ port }) => port),
  );
}

// A handshake proves TCP. UDP proves a source only after a return-routability exchange, which no sensor reports yet.
function tcpTargets({ targets }: Signal): Target[] {
  return targets.filter(({ transport, port }) => transport === 'tcp' && port > 0);
}

function width({ source, ports }: Scope): string {
  const who = isIpv4(source) ? 'the address' : 'its /64';
  return ports.length === 0 ? `${who} on all ports` : `${who} on port ${ports.join(', ')}`;
}

function percent(confidence: number): string {
  return `${Math.round(confidence * 100)} %`;
}

function tip(reason: string): { route: 'tip'; reason: string } {
  return { route: 'tip', reason };
}
