import type { Clock } from '../../kit/clock.ts';
import { neighbourhood } from '../../kit/ip.ts';
import type { Limits } from '../limits.ts';

/**
 * Ports of services that answer with more than they are asked (CISA alert TA14-017A, and what amplifiers have been found since):
 * a datagram that seems to come from one is most likely forged, to set two servers on each other. 0 is nobody's.
 */
const amplifiers = new Set([
  0, 7, 13, 17, 19, 37, 53, 69, 111, 123, 137, 138, 161, 177, 389, 427, 434, 464, 500, 520, 523, 623, 1_434,
  1_604, 1_645, 1_900, 3_283, 3_478, 3_702, 5_060, 5_093, 5_351, 5_353, 5_683, 10_001, 11_211, 17_185, 27_015,
  30_718, 33_848, 37_810, 47_808,
]);
const windowMs = 1_000;

export type Refusal = 'longer' | 'amplifier' | 'rate';

/** The rule that no answer to a datagram escapes: nobody can be harmed more by way of us than without us. */
export class Reflection {
  readonly #limits: Pick<Limits, 'datagramAnswers' | 'datagramAnswersPerSource'>;
  readonly #clock: Clock;
  #since = Number.NEGATIVE_INFINITY;
  #all = 0;
  /** Who was answered in this second: never more than all answers of a second. */
  readonly #perSource = new Map<string, number>();

  constructor(limits: Pick<Limits, 'datagramAnswers' | 'datagramAnswersPerSource'>, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /**
   * Null where an answer may leave, and it then counts; else why it may not. `own` is the usual port of the service: its clients may
   * speak from that, as NTP's do (RFC 5905 §7.3).
   */
  refuses(
    source: { ip: string; port: number },
    own: number,
    received: number,
    answer: number,
  ): Refusal | null {
    if (answer > received) return 'longer';
    if (source.port !== own && amplifiers.has(source.port)) return 'amplifier';
    if (!oneHost(source.ip)) return 'amplifier';
    const now = this.#clock.now();
    if (now - this.#since >= windowMs || now < this.#since) {
      this.#since = now;
      this.#all = 0;
      this.#perSource.clear();
    }
    const key = neighbourhood(source.ip);
    const answered = this.#perSource.get(key) ?? 0;
    if (this.#all >= this.#limits.datagramAnswers || answered >= this.#limits.datagramAnswersPerSource)
      return 'rate';
    this.#all++;
    this.#perSource.set(key, answered + 1);
    return null;
  }
}

/** Not a group, not everybody, not nobody (RFC 1122 §3.2.1.3, RFC 4291 §2.7). */
function oneHost(ip: string): boolean {
  if (ip.includes(':')) return !ip.startsWith('ff') && ip !== '::';
  const first = Number.parseInt(ip, 10);
  return first > 0 && first < 224;
}
