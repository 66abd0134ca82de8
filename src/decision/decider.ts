import { createHash } from 'node:crypto';
import { Bounded } from '../kit/bounded.ts';
import { Fault } from '../kit/fault.ts';
import { canonicalIp, neighbourhood } from '../kit/ip.ts';
import { uuidv8 } from '../kit/uuid.ts';
import { type Decision, type Mode, modes } from '../model/decision.ts';
import type { Signal } from '../model/signal.ts';
import { Budget } from './budget.ts';
import { type Decoy, DecoyMemory } from './decoy-memory.ts';
import type { Flag } from './flag-file.ts';
import { decide, type Verdict } from './gate.ts';
import { type KnownLogin, Logins, type Offence } from './logins.ts';
import type { NeverBlockVerdict } from './never-block.ts';
import type { DecisionOptions } from './options.ts';
import { makeOrder, type Order } from './order.ts';
import { type Ended, type Outcome, releaseEntry, type SignalOutcome, type Stored, told } from './outcome.ts';
import { keyOf, Register } from './register.ts';
import { covers, deniedAlready, union } from './scope.ts';
import { nextStep, termEnd, timeFault } from './terms.ts';

export interface DeciderParts {
  neverBlock: { check(source: string, now: number): NeverBlockVerdict };
  killSwitch: Flag;
  breaker: Flag;
  /** The number of the network that an address is in, where it is known. */
  asnOf?(ip: string): number | undefined;
  /** False for an import: it decides on event time, only ever simulates, and spends no budget. */
  live: boolean;
}

/** The latest signals that a decision names. Those before stand in the decision that it replaced, which the audit names. */
const becauseLimit = 16;

type Deny = Extract<Verdict, { route: 'deny' }>;

/**
 * Turns signals into decisions: the gate, then term, budget and what already stands. Holds all state in memory and does no
 * IO but the two flags; who calls it stores each outcome, then audits it, then enforces it.
 */
export class Decider {
  readonly #options: DecisionOptions;
  readonly #parts: DeciderParts;
  readonly #register: Register;
  readonly #budget: Budget;
  readonly #decoys: DecoyMemory;
  readonly #logins: Logins;
  readonly #seen: Bounded<string, true>;
  /** Names the policy that decided: goes into each audit record. */
  readonly #policyHash: string;
  #tripped = false;

  constructor(options: DecisionOptions, parts: DeciderParts) {
    this.#options = options;
    this.#parts = parts;
    this.#register = new Register(options);
    this.#budget = new Budget(options.budget);
    this.#decoys = new DecoyMemory(options.sources, options.decoyMs);
    this.#logins = new Logins(options);
    this.#seen = new Bounded(options.signals);
    this.#policyHash = sha256(JSON.stringify(options)).toString('hex').slice(0, 16);
  }

  /** How many decisions stand. */
  get size(): number {
    return this.#register.size;
  }

  /** The decisions that stand: what enforcers must be holding is those with mode `enforce`. */
  standing(): Decision[] {
    return [...this.#register.all()];
  }

  /** Takes over the store's decisions at start. A signal that one of them rests on is not decided again. */
  restore(stored: readonly Stored[]): void {
    this.#register.restore(stored);
    const byTime = [...stored].sort((a, b) => a.decision.time - b.decision.time);
    for (const { decision } of byTime) {
      for (const id of decision.because) this.#seen.set(id, true);
      if (decision.actor === 'policy' && this.#parts.live)
        this.#budget.spend(decision.time, this.#parts.asnOf?.(decision.scope.source));
    }
  }

  /** Notes signals that made only findings, so that they are not decided again after a restart. */
  restoreSignals(ids: Iterable<string>): void {
    for (const id of ids) this.#seen.set(id, true);
  }

  /** Takes over which decoys were attacked by whom, oldest first: two of them earn a deny on all ports, also over a restart. */
  restoreDecoys(attacked: Iterable<Decoy & { subject: string; last: number }>): void {
    for (const { subject, last, ...decoy } of attacked) {
      const source = sourceOf(subject);
      if (source !== null) this.#decoys.restore(source, decoy, last);
    }
  }

  /** Takes over who logged in from where, oldest first, and what sources have done. */
  restoreLogins(known: Iterable<KnownLogin>, offences: Iterable<Offence & { subject: string }>): void {
    for (const one of known) this.#logins.restore(sourceOf(one.subject) ?? '', one);
    for (const { subject, ...one } of offences) this.#logins.restoreOffence(sourceOf(subject) ?? '', one);
  }

  /** Decides a signal. `now` is the arrival clock in milliseconds since the epoch; an import goes by the signal's own time. */
  onSignal(signal: Signal, now: number): SignalOutcome {
    if (this.#seen.has(signal.id))
      return { ...told('watch', 'This signal has been decided before.'), repeated: true };
    this.#seen.set(signal.id, true);
    const at = this.#parts.live ? now : signal.time;
    const fault = timeFault(signal.time, at, this.#options.skewMs);
    if (fault) return told('tip', `Nothing is denied on it: ${fault}.`);
    const own = this.#options.detectors[signal.detector]?.mode ?? this.#options.mode;
    const mode: Mode = this.#parts.live && own === 'enforce' ? 'enforce' : 'simulate';
    const source = signal.subject.type === 'ip' ? sourceOf(signal.subject.value) : null;
    if (source !== null && signal.account !== undefined) return this.#loggedIn(signal, source, at);
    if (source !== null && signal.evidence >= 'E3' && signal.confidence >= this.#options.tipFrom)
      this.#logins.offend(source, signal);
    const ended: Ended[] = [];
    let standing = source === null ? undefined : this.#register.ofSource(`${mode} ${source}`);
    if (standing && standing.until <= at) {
      ended.push(this.#register.end(standing, 'expired', standing.until));
      standing = undefined;
    }
    const outcome = this.#weigh(signal, at, mode, source, standing);
    const all = [...ended, ...outcome.ended];
    return { ...outcome, ended: all, audit: [...ended.map(releaseEntry), ...outcome.audit] };
  }

  #weigh(
    signal: Signal,
    now: number,
    mode: Mode,
    source: string | null,
    standing: Decision | undefined,
  ): SignalOutcome {
    const fresh = standing
      ? signal.targets.filter((target) => !deniedAlready(target, standing, signal.time))
      : signal.targets;
    if (standing && fresh.length === 0 && signal.targets.length > 0)
      return {
        ...told('watch', 'It is denied already: what it is refused proves nothing new.'),
        standing,
      };
    const evidence = { ...signal, targets: fresh };
    const { neverBlock, killSwitch, breaker } = this.#parts;
    const verdict = decide(
      evidence,
      {
        neverBlock: (one) => neverBlock.check(one, now),
        decoys: source === null ? 0 : this.#decoys.note(source, evidence),
        stopped: () => killSwitch.engaged(),
        breakerOpen: () => this.#tripped || breaker.engaged(),
        reprieved: source !== null && this.#register.reprieved(source, now),
      },
      this.#options,
    );
    if (verdict.route !== 'deny') {
      const alarms = verdict.route === 'tip' && verdict.alarm ? [verdict.alarm] : [];
      return { verdict, repeated: false, ended: [], audit: [], alarms };
    }
    return this.#deny(signal, verdict, now, mode, standing);
  }

  /** A real host let somebody in: from a denied source that is either its victim, or a thief. */
  #loggedIn(signal: Signal, source: string, now: number): SignalOutcome {
    const standing = modes.flatMap((mode) => this.#register.ofSource(`${mode} ${source}`) ?? []);
    const denied = standing.filter(({ time, until }) => time <= signal.time && until > now);
    return this.#logins.judge(source, signal, denied, (one) => this.#register.end(one, 'authenticated', now));
  }

  #deny(
    signal: Signal,
    verdict: Deny,
    now: number,
    mode: Mode,
    standing: Decision | undefined,
  ): SignalOutcome {
    const { terms } = this.#options;
    const { firstStep } = verdict;
    const scope =
      standing && !(firstStep && standing.scope.ports.length === 0)
        ? union(standing.scope, verdict.scope)
        : verdict.scope;
    const key = keyOf({ mode, scope });
    const step = firstStep ? 0 : (standing?.step ?? nextStep(this.#register.past(key), signal.time, terms));
    const until = termEnd(step, signal.time, now, firstStep ? 0 : (standing?.until ?? 0), terms);
    if (until === null) return told('tip', 'It is late evidence: the term of a deny would be over already.');
    // A source that goes on acting at a decoy renews its deny, but at half-term at the earliest: it must not fill our disk.
    if (standing && covers(standing.scope, scope) && standing.until - now > terms.ladderMs[step]! / 2)
      return { verdict, repeated: false, standing, ended: [], audit: [], alarms: [] };
    const asn = this.#parts.asnOf?.(scope.source);
    if (this.#parts.live && !standing) {
      const refused = this.#budget.refuses(now, asn, this.#register.size);
      if (refused) return this.#overrun(refused, now);
      this.#budget.spend(now, asn);
    }
    const digest = sha256(JSON.stringify([signal.detector, mode, scope.source, signal.id]));
    const decision: Decision = {
      id: uuidv8(signal.time, digest),
      time: Math.min(signal.time, now),
      action: verdict.action,
      scope,
      until,
      step,
      mode,
      policy: signal.detector,
      actor: 'policy',
      evidence: signal.evidence,
      because: [...new Set([signal.id, ...(standing?.because ?? [])])].slice(0, becauseLimit),
      reason: `${verdict.reason} Step ${step + 1} of ${terms.ladderMs.length}, until ${new Date(until).toISOString()}.`,
    };
    const ended = standing ? [this.#register.end(standing, 'replaced', now)] : [];
    this.#register.add(decision);
    const data = { ...decision, policyHash: this.#policyHash, replaces: standing?.id ?? null };
    const audit = [{ time: now, actor: 'policy', action: 'decision' as const, data }];
    return { verdict, repeated: false, decision, ended, audit, alarms: [] };
  }

  #overrun(reason: string, now: number): SignalOutcome {
    // In memory too: a full disk must not keep it shut.
    this.#tripped = true;
    const alarms = [`The breaker has opened: ${reason}`];
    try {
      this.#parts.breaker.engage('policy', reason, now);
    } catch {
      alarms.push('The breaker is open, but that could not be written down');
    }
    return {
      ...told('tip', `The breaker has opened: ${reason}.`),
      audit: [{ time: now, actor: 'policy', action: 'breaker', data: { open: true, reason } }],
      alarms,
    };
  }

  /** Releases what is over at `now`. */
  tick(now: number): Outcome {
    const ended = this.#register.over(now).map((one) => this.#register.end(one, 'expired', one.until));
    return { ended, audit: ended.map(releaseEntry), alarms: [] };
  }

  /** Takes back what never-block now holds: to be called after each edit of the list. */
  recheck(now: number): Outcome {
    const held = this.standing().filter(
      ({ scope }) => this.#parts.neverBlock.check(scope.source, now).verdict === 'hard',
    );
    const ended = held.map((one) => this.#register.end(one, 'never-block', now));
    return { ended, audit: ended.map(releaseEntry), alarms: [] };
  }

  /** A person takes a decision back: no offence is remembered, and for a while the source is only tipped. Null: unknown id. */
  revoke(id: string, actor: string, reason: string, now: number): Outcome | null {
    const decision = this.#register.get(id);
    if (!decision) return null;
    const ended = [this.#register.end(decision, 'revoked', now)];
    const data = { id, scope: decision.scope, how: 'revoked', reason };
    return { ended, audit: [{ time: now, actor, action: 'override', data }], alarms: [] };
  }

  /** A person denies a source or a range. Throws a `Fault` with why not. */
  order(wish: Order, now: number): Outcome {
    const mode = this.#parts.live ? wish.mode : 'simulate';
    const decision = makeOrder({ ...wish, mode }, (source) => this.#parts.neverBlock.check(source, now), now);
    if (this.#register.size >= this.#options.budget.standing)
      throw new Fault('too-large', 'Too many denies stand.');
    this.#register.add(decision);
    const data = { ...decision, policyHash: this.#policyHash };
    return {
      decision,
      ended: [],
      audit: [{ time: now, actor: wish.actor, action: 'override', data }],
      alarms: [],
    };
  }

  /** Closes the breaker: a person's act, recorded. */
  resetBreaker(actor: string, reason: string, now: number): Outcome {
    this.#parts.breaker.release();
    this.#tripped = false;
    return {
      ended: [],
      audit: [{ time: now, actor, action: 'breaker', data: { open: false, reason } }],
      alarms: [],
    };
  }
}

/** What denies go by: an address, or the /64 of an IPv6 one. */
function sourceOf(subject: string): string | null {
  const address = canonicalIp(subject);
  return address === null ? null : neighbourhood(address);
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
