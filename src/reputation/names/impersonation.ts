import { domainToUnicode } from 'node:url';
import { registeredDomain } from '../../model/registered-domain.ts';
import { AhoCorasick } from './aho-corasick.ts';
import { brands as knownBrands, lures } from './brands.ts';
import { NearWords } from './near-words.ts';
import type { NameParts } from './parts.ts';
import { mixesScripts, skeletonOf, whollyConfusable } from './skeleton.ts';

/** How a name takes a brand's place, the plainest first. */
export type Likeness =
  | 'lookalike' // other characters that look the same
  | 'typo' // one character away
  | 'lure' // the brand with a word such as login
  | 'inside' // the brand within a longer label
  | 'sub-domain' // the brand before somebody else's domain
  | 'other-suffix'; // the brand's label under another suffix

export interface Impersonation {
  likeness: Likeness;
  /** The brand's own domain. */
  brand: string;
  says: string;
}

/** What was found of a name; `own` is the brand's domain where the name is the brand's. */
export interface ImpersonationFacts {
  own: string | null;
  found: Impersonation | null;
  /** A part of the owner's label, between hyphens, that looks like a brand where the whole does not: for people, no feature. */
  part: Impersonation | null;
  mixedScript: boolean;
  idn: boolean;
}

/** Shortest brand that is looked for inside of other words: of shorter ones chance alone has too many. */
const shortestInside = 5;

/**
 * Finds names that pose as a brand's: by skeleton (look-alike characters, digits for letters, hyphens), one edit away, or with the
 * brand's name in them. Each brand is a list of its registered domains; the label of the first is looked for.
 */
export class Impersonators {
  readonly #brands: readonly (readonly string[])[];
  readonly #owners = new Map<string, number>();
  readonly #skeletons = new Map<string, number>();
  readonly #labels: string[];
  readonly #exact = new Map<string, number>();
  readonly #near: NearWords;
  readonly #inside: AhoCorasick;
  readonly #insideBrands: number[];
  readonly #lures = new Set(lures);
  readonly #lureSearch = new AhoCorasick(lures.filter((word) => /^[a-z]{4,}$/.test(word)));

  constructor(brands: readonly (readonly string[])[] = knownBrands) {
    this.#brands = brands;
    this.#labels = brands.map(([first = '']) => first.slice(0, first.indexOf('.')));
    brands.forEach((domains, i) => {
      for (const domain of domains) this.#owners.set(domain, i);
      this.#exact.set(this.#labels[i]!, i);
      const skeleton = skeletonOf(this.#labels[i]!);
      if (skeleton.length >= 4) this.#skeletons.set(skeleton, i);
    });
    this.#near = new NearWords(this.#labels);
    this.#insideBrands = this.#labels.flatMap((label, i) =>
      label.length >= shortestInside && /^[a-z]+$/.test(label) ? [i] : [],
    );
    this.#inside = new AhoCorasick(this.#insideBrands.map((i) => this.#labels[i]!));
  }

  look(parts: NameParts): ImpersonationFacts {
    const { name, registered, ownerStart, ownerEnd, subEnd } = parts;
    const idn = name.includes('xn--');
    const owner = this.#owners.get(registered) ?? this.#owners.get(parts.owned);
    const label = name.slice(ownerStart, ownerEnd);
    const shown = idn ? shownAs(label) : label;
    const facts: ImpersonationFacts = {
      own: null,
      found: null,
      part: null,
      mixedScript: idn && mixesScripts(shown),
      idn,
    };
    // A brand's own domain; but what strangers hold under it (a hosting suffix) is theirs.
    if (owner !== undefined && !parts.shared) facts.own = this.#brands[owner]![0]!;
    else
      facts.found =
        this.#ofLabel(label, shown, parts) ??
        this.#within(name, ownerStart, ownerEnd) ??
        (subEnd > 0 ? this.#before(name, subEnd) : null);
    if (facts.own === null && facts.found === null && shown.includes('-'))
      facts.part = this.#ofParts(shown, parts);
    return facts;
  }

  #ofLabel(label: string, shown: string, { shared }: NameParts): Impersonation | null {
    const exact = this.#exact.get(label);
    if (exact !== undefined)
      return label.length < 4
        ? null
        : this.#said(
            exact,
            'other-suffix',
            (b) =>
              `has the name of ${b} under ${shared ? 'a suffix where anyone may take a name' : 'another suffix'}`,
          );
    const alike = this.#skeletons.get(skeletonOf(shown));
    if (alike !== undefined)
      return this.#said(alike, 'lookalike', (b) =>
        whollyConfusable(shown)
          ? `looks like ${b} in letters of another script`
          : `looks like ${b} with other characters`,
      );
    const near = label.length >= 5 ? this.#near.find(label) : -1;
    if (near >= 0) return this.#said(near, 'typo', (b) => `looks like ${b} with one letter changed`);
    return null;
  }

  /** `paypa1-login`: one of the parts between hyphens looks like a brand. */
  #ofParts(shown: string, parts: NameParts): Impersonation | null {
    for (const piece of shown.split('-')) {
      const found = piece.length < shortestInside ? null : this.#ofLabel(piece, piece, parts);
      if (found) return found;
    }
    return null;
  }

  /** The brand's name as part of the owner's label. */
  #within(name: string, from: number, to: number): Impersonation | null {
    const hit = this.#hit(name, from, to);
    if (!hit) return null;
    const { brand, start, end } = hit;
    const lure = this.#lureBeside(name, from, start) ?? this.#lureBeside(name, end, to);
    if (lure) return this.#said(brand, 'lure', (b) => `has the name of ${b} together with "${lure}"`);
    return this.#said(brand, 'inside', (b) => `has the name of ${b} in it`);
  }

  /** The brand's name among the sub-domains of somebody else. */
  #before(name: string, to: number): Impersonation | null {
    const hit = this.#hit(name, 0, to);
    return hit
      ? this.#said(hit.brand, 'sub-domain', (b) => `has the name of ${b} before another owner's domain`)
      : null;
  }

  #hit(name: string, from: number, to: number): { brand: number; start: number; end: number } | null {
    let best: { brand: number; start: number; end: number } | null = null;
    this.#inside.search(name, from, to, (word, end) => {
      const brand = this.#insideBrands[word]!;
      const start = end - this.#labels[brand]!.length;
      if (best === null || end - start > best.end - best.start) best = { brand, start, end };
    });
    return best;
  }

  #lureBeside(name: string, from: number, to: number): string | null {
    const beside = name.slice(from, to);
    for (const token of beside.split(/[-.\d]+/)) if (this.#lures.has(token)) return token;
    let found: string | null = null;
    this.#lureSearch.search(name, from, to, (_, end) => {
      for (let length = 4; length <= end - from; length++)
        if (this.#lures.has(name.slice(end - length, end))) found = name.slice(end - length, end);
    });
    return found;
  }

  #said(brand: number, likeness: Likeness, says: (brand: string) => string): Impersonation {
    const domain = this.#brands[brand]![0]!;
    return { likeness, brand: domain, says: says(domain) };
  }
}

/** A label as it is shown. What cannot be shown stays an A-label. */
function shownAs(label: string): string {
  if (!label.startsWith('xn--')) return label;
  return domainToUnicode(label) || label;
}

/** Brands given as domains alone, for an operator's own list: others that hold the same label are taken for the same owner's. */
export function brandsOf(domains: readonly string[]): string[][] {
  const byLabel = new Map<string, string[]>();
  for (const domain of domains) {
    const registered = registeredDomain(domain);
    if (!registered) continue;
    const label = registered.slice(0, registered.indexOf('.'));
    const list = byLabel.get(label) ?? [];
    list.push(registered);
    byLabel.set(label, list);
  }
  return [...byLabel.values()];
}
