import { Bounded } from '../kit/bounded.ts';
import type { Decision } from '../model/decision.ts';
import type { Ended, Ending, Stored } from './outcome.ts';
import type { Past } from './terms.ts';

/** The decisions that stand, and what is remembered of each source after they end. Its size is bounded by the budget's cap. */
export class Register {
  readonly #byId = new Map<string, Decision>();
  /** The policy's own decision of a source: there is at most one in each mode. */
  readonly #bySource = new Map<string, Decision>();
  readonly #past: Bounded<string, Past>;
  readonly #reprieves: Bounded<string, number>;
  readonly #reprieveMs: number;
  /** When the next one ends: until then a tick costs nothing. */
  #next = Number.POSITIVE_INFINITY;

  constructor({ sources, reprieveMs }: { sources: number; reprieveMs: number }) {
    this.#past = new Bounded(sources);
    this.#reprieves = new Bounded(sources);
    this.#reprieveMs = reprieveMs;
  }

  get size(): number {
    return this.#byId.size;
  }

  get(id: string): Decision | undefined {
    return this.#byId.get(id);
  }

  ofSource(key: string): Decision | undefined {
    return this.#bySource.get(key);
  }

  all(): IterableIterator<Decision> {
    return this.#byId.values();
  }

  past(key: string): Past | undefined {
    return this.#past.get(key);
  }

  reprieved(source: string, now: number): boolean {
    return (this.#reprieves.peek(source) ?? 0) > now;
  }

  add(decision: Decision): void {
    this.#byId.set(decision.id, decision);
    if (decision.actor === 'policy') this.#bySource.set(keyOf(decision), decision);
    this.#next = Math.min(this.#next, decision.until);
  }

  /** Ends a decision. Its step is remembered, but not where a person or a login took it back: that was no offence. */
  end(decision: Decision, how: Ending, time: number): Ended {
    this.#byId.delete(decision.id);
    const key = keyOf(decision);
    if (this.#bySource.get(key) === decision) this.#bySource.delete(key);
    this.#remember(decision, how, time);
    return { decision, how, time };
  }

  /** Those whose term is over at `now`. */
  over(now: number): Decision[] {
    if (now < this.#next) return [];
    const over: Decision[] = [];
    this.#next = Number.POSITIVE_INFINITY;
    for (const decision of this.#byId.values()) {
      if (decision.until <= now) over.push(decision);
      else this.#next = Math.min(this.#next, decision.until);
    }
    return over;
  }

  /** Takes over what the store holds, as if it had been decided here. */
  restore(stored: readonly Stored[]): void {
    for (const { decision } of stored.filter(({ ended }) => !ended)) this.add(decision);
    const ended = stored.flatMap(({ decision, ended }) => (ended ? [{ decision, ...ended }] : []));
    ended.sort((a, b) => a.time - b.time);
    for (const { decision, how, time } of ended) this.#remember(decision, how, time);
  }

  #remember(decision: Decision, how: Ending, time: number): void {
    if (decision.actor !== 'policy' && how !== 'revoked') return;
    const key = keyOf(decision);
    if (how === 'expired') this.#past.set(key, { step: decision.step, ended: time });
    if (how !== 'revoked' && how !== 'authenticated') return;
    this.#past.delete(key);
    this.#reprieves.set(decision.scope.source, time + this.#reprieveMs);
  }
}

/** What joins the decisions of one source: simulated ones never change what is enforced. */
export function keyOf({ mode, scope }: Pick<Decision, 'mode' | 'scope'>): string {
  return `${mode} ${scope.source}`;
}
