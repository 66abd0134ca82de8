import type { Seed } from './priors.ts';

/** Seeds that must agree before a family is named. */
const leastSeeds = 2;

/** What seeds put into a score, by what they belong to. */
export class Blame {
  readonly #families = new Map<string, { seeds: Set<number>; share: number }>();
  #known = 0;

  /** A seed raises a score by so much; what lowers it blames nobody. */
  add({ node, family }: Seed, share: number): void {
    if (share <= 0) return;
    this.#known += share;
    if (!family) return;
    const one = this.#families.get(family) ?? { seeds: new Set(), share: 0 };
    this.#families.set(family, { seeds: one.seeds.add(node), share: one.share + share });
  }

  /** The family that most of it tells, and at least two seeds do; null where there is none. */
  family(): string | null {
    for (const [family, { seeds, share }] of this.#families)
      if (seeds.size >= leastSeeds && share > this.#known / 2) return family;
    return null;
  }
}
