import { Bounded } from '../kit/bounded.ts';
import { neighbourhood } from '../kit/ip.ts';
import type { Limits } from './limits.ts';

/**
 * What lasts for one attacker over connections. Whoever keeps bytes here takes them from the budget first
 * and does without where it is refused.
 */
export class Memory extends Map<string, unknown> {
  readonly #budget: Budget | undefined;
  used = 0;

  constructor(budget?: Budget) {
    super();
    this.#budget = budget;
  }

  /** Reserves bytes. False where this attacker, or all together, have used theirs up. */
  take(bytes: number): boolean {
    const limit = this.#budget?.perAttacker ?? Number.POSITIVE_INFINITY;
    if (this.used + bytes > limit || this.#budget?.take(bytes) === false) return false;
    this.used += bytes;
    return true;
  }

  give(bytes: number): void {
    this.used -= bytes;
    this.#budget?.give(bytes);
  }
}

interface Budget {
  perAttacker: number;
  take(bytes: number): boolean;
  give(bytes: number): void;
}

/** The memories of all attackers, by address (IPv6: by /64). The one that was used least recently is forgotten first. */
export class Memories {
  readonly #limits: Pick<Limits, 'attackers' | 'attackerBytes' | 'memoryBytes'>;
  readonly #byAddress: Bounded<string, Memory>;
  readonly #busy = new Map<Memory, number>();
  readonly #budget: Budget;
  #used = 0;
  #forgotten = 0;

  constructor(limits: Pick<Limits, 'attackers' | 'attackerBytes' | 'memoryBytes'>) {
    this.#limits = limits;
    this.#budget = {
      perAttacker: limits.attackerBytes,
      take: (bytes) => this.#take(bytes),
      give: (bytes) => {
        this.#used -= bytes;
      },
    };
    this.#byAddress = new Bounded(limits.attackers, (_, memory) => this.#drop(memory));
  }

  get used(): number {
    return this.#used;
  }

  get forgotten(): number {
    return this.#forgotten;
  }

  /** What one machine knows of an address, held until `release`. */
  hold(ip: string, machine = 0): Memory {
    const key = machine === 0 ? neighbourhood(ip) : `${machine} ${neighbourhood(ip)}`;
    let memory = this.#byAddress.get(key);
    if (!memory) {
      memory = new Memory(this.#budget);
      this.#byAddress.set(key, memory);
    }
    this.#busy.set(memory, (this.#busy.get(memory) ?? 0) + 1);
    return memory;
  }

  release(memory: Memory): void {
    const holders = (this.#busy.get(memory) ?? 1) - 1;
    if (holders > 0) this.#busy.set(memory, holders);
    else {
      this.#busy.delete(memory);
      // Forgotten while in use: its bytes come back now.
      if (this.#orphans.delete(memory)) this.#used -= memory.used;
    }
  }

  readonly #orphans = new Set<Memory>();

  #drop(memory: Memory): void {
    this.#forgotten++;
    if (this.#busy.has(memory)) this.#orphans.add(memory);
    else this.#used -= memory.used;
  }

  #take(bytes: number): boolean {
    if (this.#used + bytes > this.#limits.memoryBytes) this.#makeRoom(bytes);
    if (this.#used + bytes > this.#limits.memoryBytes) return false;
    this.#used += bytes;
    return true;
  }

  #makeRoom(bytes: number): void {
    for (const [key, memory] of this.#byAddress.entries()) {
      if (this.#used + bytes <= this.#limits.memoryBytes) return;
      if (this.#busy.has(memory) || memory.used === 0) continue;
      this.#byAddress.delete(key);
      this.#drop(memory);
    }
  }
}
