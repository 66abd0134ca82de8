import { partOf } from './element.ts';
import type { Standing, Wanted } from './enforcer.ts';

interface Deny extends Wanted {
  keys: string[];
}

/**
 * What is to stand: denies by their decision, and elements with the latest end of the denies that want them. Several
 * decisions may want the same element; it goes when the last of them goes.
 */
export class Desired {
  readonly #denies = new Map<string, Deny>();
  readonly #owners = new Map<string, Set<string>>();

  get size(): number {
    return this.#denies.size;
  }

  get elements(): number {
    return this.#owners.size;
  }

  get(decision: string): Deny | undefined {
    return this.#denies.get(decision);
  }

  all(): IterableIterator<Deny> {
    return this.#denies.values();
  }

  add(deny: Deny): void {
    this.#denies.set(deny.decision, deny);
    for (const key of deny.keys) {
      const owners = this.#owners.get(key);
      if (owners) owners.add(deny.decision);
      else this.#owners.set(key, new Set([deny.decision]));
    }
  }

  /** Takes a deny out. Returns the elements that nobody wants any more, and those that now end earlier. */
  delete(decision: string): { gone: string[]; shorter: string[] } {
    const deny = this.#denies.get(decision);
    const gone: string[] = [];
    const shorter: string[] = [];
    if (!deny) return { gone, shorter };
    this.#denies.delete(decision);
    for (const key of deny.keys) {
      const owners = this.#owners.get(key);
      owners?.delete(decision);
      if (!owners || owners.size === 0) {
        this.#owners.delete(key);
        gone.push(key);
      } else if ((this.until(key) ?? 0) < deny.until) shorter.push(key);
    }
    return { gone, shorter };
  }

  /** When an element is to end; undefined where nobody wants it. */
  until(key: string): number | undefined {
    let latest: number | undefined;
    for (const owner of this.#owners.get(key) ?? []) {
      const { until } = this.#denies.get(owner)!;
      if (latest === undefined || until > latest) latest = until;
    }
    return latest;
  }

  owners(key: string): Iterable<string> {
    return this.#owners.get(key) ?? [];
  }

  /** The elements of one part, with when they are to end. */
  part(part: string): Map<string, number> {
    const found = new Map<string, number>();
    for (const key of this.#owners.keys()) if (partOf(key) === part) found.set(key, this.until(key)!);
    return found;
  }

  standing(keys: Iterable<string>): Standing[] {
    return [...keys].flatMap((key) => {
      const until = this.until(key);
      return until === undefined ? [] : [{ key, until }];
    });
  }
}
