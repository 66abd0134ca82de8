import { Bounded } from '../kit/bounded.ts';
import { type Finding, severities } from '../model/finding.ts';
import { evidenceClasses } from '../model/signal.ts';
import { makeFinding, type Weighed } from './finding.ts';

/** The latest signals and decisions that a finding names; all others are found by its subject. */
const becauseLimit = 16;

/**
 * Today's findings, counted up when they come again. Holds `limit` of them; one that the limit pushed out starts anew, and
 * so the store is to keep the larger count.
 */
export class FindingLedger {
  readonly #findings: Bounded<string, Finding>;

  constructor(limit = 50_000) {
    this.#findings = new Bounded(limit);
  }

  /** Takes over what the store holds, oldest first. */
  restore(findings: Iterable<Finding>): void {
    for (const finding of findings) this.#findings.set(finding.id, finding);
  }

  /** The finding as it is after this signal, to be stored whole; null where the signal is only counted. */
  add(weighed: Weighed): Finding | null {
    const made = makeFinding(weighed);
    if (!made) return null;
    const known = this.#findings.get(made.id);
    const finding = known ? merge(known, made) : made;
    this.#findings.set(finding.id, finding);
    return finding;
  }
}

/** The newest says what was seen and done; count, span, severity and proof grow. */
function merge(known: Finding, made: Finding): Finding {
  const [older, newer] = made.last >= known.last ? [known, made] : [made, known];
  return {
    ...newer,
    first: Math.min(known.first, made.first),
    last: Math.max(known.last, made.last),
    count: known.count + made.count,
    severity: highest(severities, known.severity, made.severity),
    evidence: highest(evidenceClasses, known.evidence, made.evidence),
    attack: [...new Set([...older.attack, ...newer.attack])].slice(0, 16),
    because: [...new Set([...newer.because, ...older.because])].slice(0, becauseLimit),
  };
}

function highest<T>(order: readonly T[], one: T, other: T): T {
  return order.indexOf(one) >= order.indexOf(other) ? one : other;
}
