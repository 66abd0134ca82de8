import type { Decision } from '../model/decision.ts';
import type { Wanted } from './enforcer.ts';

/** A deny that waits for room, with the elements that it would take. */
export interface Waiting extends Wanted {
  keys: string[];
}

/** Who gets room first: what a person ordered, then by how good the proof is. */
const ranks = ['order', 'E5', 'E4', 'E3', 'E2', 'E1', 'E0'] as const;
type Rank = (typeof ranks)[number];

export function rankOf({ actor, evidence }: Pick<Decision, 'actor' | 'evidence'>): Rank {
  return actor === 'policy' ? evidence : 'order';
}

/** Sorts by rank, and leaves the rest in its order. */
export function byRank(decisions: Iterable<Decision>): Decision[] {
  return [...decisions].sort((a, b) => ranks.indexOf(rankOf(a)) - ranks.indexOf(rankOf(b)));
}

/** The denies that an enforcer has no room for, up to a limit of their own. */
export class LeftOut {
  readonly #ranks = new Map<Rank, Map<string, Waiting>>(ranks.map((rank) => [rank, new Map()]));
  readonly #limit: number;
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#size;
  }

  /** False where even the list of those that wait is full. */
  add(rank: Rank, deny: Waiting): boolean {
    if (this.#size >= this.#limit) return false;
    const of = this.#ranks.get(rank)!;
    if (!of.has(deny.decision)) this.#size++;
    of.set(deny.decision, deny);
    return true;
  }

  delete(decision: string): void {
    for (const of of this.#ranks.values()) if (of.delete(decision)) this.#size--;
  }

  /** Takes out what `room` elements hold, the best proof first, then who has waited longest; what is over at `now` goes. */
  take(room: number, now: number): Waiting[] {
    const taken: Waiting[] = [];
    let left = room;
    for (const of of this.#ranks.values())
      for (const deny of of.values()) {
        if (left <= 0) return taken;
        const over = deny.until <= now;
        if (!over && deny.keys.length > left) continue;
        of.delete(deny.decision);
        this.#size--;
        if (over) continue;
        left -= deny.keys.length;
        taken.push(deny);
      }
    return taken;
  }
}
