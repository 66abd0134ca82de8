import type { Traits } from '../behaviour/traits.ts';
import { baseLogit } from './base-rate.ts';
import type { Company, CompanyAt, Known } from './company.ts';
import type { LiveBelief } from './live-belief.ts';

/** What is believed of a name, all in all: by its letters and its neighbours, by what it does, and by its company. In logits. */
export class Believed {
  readonly #live: LiveBelief;
  readonly #traits: Traits;
  readonly #company: Company;

  constructor(live: LiveBelief, traits: Traits, company: Company) {
    this.#live = live;
    this.#traits = traits;
    this.#company = company;
  }

  logit(node: number): number {
    const known = this.#known(node);
    return known.all + this.#company.logit(node, known);
  }

  /** What the company of a name adds, by carrier. */
  company(node: number): { at: CompanyAt; logit: number }[] {
    return this.#company.shares(node, this.#known(node));
  }

  /** What it would be without one of its neighbours: what that adds to all that is known of it, and to what is known of itself. */
  without(node: number, neighbour: number, adds: { all: number; own: number }): number {
    const { all, own, letters } = this.#known(node);
    const known = { all: all - adds.all, own: own - adds.own, letters };
    return known.all + this.#company.logit(node, known, neighbour);
  }

  /** Whether anything is known of a name besides its letters and what it does. */
  evident(node: number): boolean {
    const { priors } = this.#live;
    if (Math.abs(this.#live.value(node) - priors.at(node)) > 0.5 || priors.seed(node) !== undefined)
      return true;
    return this.#company.logit(node, this.#known(node)) > 0.5;
  }

  #known(node: number): Known {
    const traits = this.#traits.logit(node);
    const { priors } = this.#live;
    const all = this.#live.value(node) + traits;
    return { all, own: priors.at(node) + traits, letters: priors.letters(node) };
  }
}

/** The score that a belief comes to, from 0 to 100. */
export function scoreAt(belief: number): number {
  return 100 / (1 + Math.exp(-(baseLogit + belief)));
}
