import type { EvidenceClass } from '../model/signal.ts';

/** When something that goes on is told again. */
export interface Again {
  /** After this long, in milliseconds of event time, where more has come, */
  againMs: number;
  /** or once there is this many times as much, */
  growth: number;
}

/** Tells what goes on a few times, not each time: at first, as it grows, as time goes by, and where the proof gets better. */
export class Retelling {
  #told = 0;
  #at = 0;
  #evidence: EvidenceClass = 'E0';

  /** Whether it would be told again with such proof. Cheap, for those who must work out the proof. */
  could(amount: number, time: number, evidence: EvidenceClass, { againMs, growth }: Again): boolean {
    return (
      this.#told === 0 ||
      evidence > this.#evidence ||
      amount >= this.#told * growth ||
      (time - this.#at >= againMs && amount > this.#told)
    );
  }

  /** Whether to tell now that there is so much, with such proof. A yes is remembered. */
  due(amount: number, time: number, evidence: EvidenceClass, again: Again): boolean {
    if (!this.could(amount, time, evidence, again)) return false;
    this.#told = amount;
    this.#at = time;
    if (evidence > this.#evidence) this.#evidence = evidence;
    return true;
  }

  reset(): void {
    this.#told = 0;
    this.#evidence = 'E0';
  }
}
