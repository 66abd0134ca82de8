import type { Report } from './protocol.ts';

/** The workers of a run, and which has which part. */
export class Roster {
  /** Who takes part: when each was last heard, and how far it said it was. */
  readonly #members = new Map<string, { life: string; heardAt: number; pass: number }>();
  owners: string[] = [];

  get members(): Record<string, string> {
    return Object.fromEntries([...this.#members].map(([name, { life }]) => [name, life]));
  }
  get size(): number {
    return this.#members.size;
  }
  /** The last pass that all have whole. */
  get pass(): number {
    return Math.min(...[...this.#members.values()].map(({ pass }) => pass));
  }

  join(name: string, life: string, now: number): void {
    this.#members.set(name, { life, heardAt: now, pass: -1 });
  }

  /** False where it is not from a member, or from another life of one. */
  heard({ worker, life, pass }: Report, now: number): boolean {
    const member = this.#members.get(worker);
    if (member?.life !== life) return false;
    member.heardAt = now;
    member.pass = Math.max(member.pass, pass);
    return true;
  }

  silent(now: number, deadMs: number): string[] {
    return [...this.#members].filter(([, { heardAt }]) => now - heardAt > deadMs).map(([name]) => name);
  }

  /** Gives each part to a worker, in turn. */
  assign(parts: number): void {
    const names = [...this.#members.keys()].sort();
    this.owners = Array.from({ length: parts }, (_, part) => names[part % names.length]!);
  }

  /** Gives the parts of one that is gone to those that have the fewest. There must be one left. */
  drop(name: string): void {
    this.#members.delete(name);
    const held = new Map([...this.#members.keys()].sort().map((member) => [member, 0]));
    for (const owner of this.owners) if (owner !== name) held.set(owner, held.get(owner)! + 1);
    this.owners = this.owners.map((owner) => {
      if (owner !== name) return owner;
      const [heir, parts] = [...held].reduce((least, one) => (one[1] < least[1] ? one : least));
      held.set(heir, parts + 1);
      return heir;
    });
  }
}
