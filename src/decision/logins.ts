import { Bounded } from '../kit/bounded.ts';
import type { Decision } from '../model/decision.ts';
import type { Signal } from '../model/signal.ts';
import { type Ended, releaseEntry, type SignalOutcome, told } from './outcome.ts';

/** When an account was first seen to log in from a source at a host of ours. */
export interface KnownLogin {
  subject: string;
  account: string;
  host: string;
  first: number;
}

/** What a source is known to have done: since when, and whether it guessed passwords (ATT&CK T1110) or exploited something. */
export interface Offence {
  first: number;
  guessed: boolean;
  exploited: boolean;
}

/**
 * Who logs in from where, and what those sources have done. It tells a victim behind a shared address from a thief: only who
 * logged in from the same source well before its first malicious act is a victim, and nobody is after passwords were guessed
 * there or something was exploited. A stolen password buys no immunity.
 */
export class Logins {
  readonly #known: Bounded<string, number>;
  readonly #offences: Bounded<string, Offence>;
  readonly #knownMs: number;

  constructor({ sources, knownMs }: { sources: number; knownMs: number }) {
    this.#known = new Bounded(sources);
    this.#offences = new Bounded(sources);
    this.#knownMs = knownMs;
  }

  /** Takes over what the store holds, oldest first. */
  restore(source: string, known: Pick<KnownLogin, 'account' | 'host' | 'first'>): void {
    this.#note(source, known.account, known.host, known.first);
  }

  restoreOffence(source: string, offence: Offence): void {
    this.#offences.set(source, offence);
  }

  /** Notes a malicious act that a handshake proves. */
  offend(source: string, { time, evidence, attack }: Signal): void {
    const before = this.#offences.get(source);
    this.#offences.set(source, {
      first: Math.min(time, before?.first ?? time),
      guessed: before?.guessed === true || attack.some((id) => /^T1110\b/.test(id)),
      exploited: before?.exploited === true || evidence === 'E5',
    });
  }

  /** Notes a login, and judges what becomes of the denies of its source; `end` takes one back. */
  judge(
    source: string,
    signal: Signal,
    denied: readonly Decision[],
    end: (decision: Decision) => Ended,
  ): SignalOutcome {
    const why = this.#weigh(source, signal, denied);
    const [standing] = denied;
    if (!standing || signal.evidence < 'E3')
      return told('watch', 'A login that a real host lets in is only noted.');
    if (why !== null) {
      const alarm = `A denied source has logged in: ${source}, and is not released: ${why}`;
      const reason = `It is not released: ${why}. Find out now whose account it is.`;
      const verdict = { route: 'tip', reason, severity: 'critical' } as const;
      return { verdict, repeated: false, standing, ended: [], audit: [], alarms: [alarm] };
    }
    const ended = denied.map(end);
    const verdict = {
      route: 'tip',
      reason: 'The account was known to log in from there before the first malicious act.',
      severity: 'medium',
      done: `The deny was taken back (decision ${standing.id}): a false positive, or one of several behind this address.`,
    } as const;
    const audit = ended.map((one) => {
      const entry = releaseEntry(one);
      return { ...entry, data: { ...entry.data, signal: signal.id, account: signal.account } };
    });
    return { verdict, repeated: false, ended, audit, alarms: [] };
  }

  /** Why the source of this login must not be released; null where it may be. */
  #weigh(source: string, signal: Signal, standing: readonly Decision[]): string | null {
    const { account = '', targets, time } = signal;
    const host = targets[0]?.sensor ?? '';
    const since = this.#note(source, account, host, time);
    const offence = this.#offences.get(source);
    if (standing.some(({ evidence }) => evidence === 'E5') || offence?.exploited)
      return 'something was exploited from there';
    if (offence?.guessed) return 'passwords were guessed from there';
    const first = Math.min(offence?.first ?? Number.POSITIVE_INFINITY, ...standing.map((one) => one.time));
    return since <= first - this.#knownMs
      ? null
      : 'the account was not known to log in from there before the first malicious act';
  }

  #note(source: string, account: string, host: string, time: number): number {
    const key = JSON.stringify([source, account, host]);
    const first = Math.min(time, this.#known.get(key) ?? time);
    this.#known.set(key, first);
    return first;
  }
}
