import { Characters } from './characters.ts';
import type { ImpersonationFacts, Impersonators, Likeness } from './impersonation.ts';
import type { NameParts } from './parts.ts';
import { onDynamicSuffix, onFreeSuffix } from './suffixes.ts';
import type { Segmenter } from './words.ts';

/** A feature of a name: its key in model files, and what it says to people of a value. */
export interface NameFeature {
  key: string;
  says(value: number, facts: ImpersonationFacts): string;
  /** What it says where there is no value. */
  missing?: string;
}

/** What a feature says of a value, or of there being none. */
export function saysOf({ says, missing }: NameFeature, value: number, facts: ImpersonationFacts): string {
  return Number.isNaN(value) ? (missing ?? 'it is not known') : says(value, facts);
}

const share = (value: number) => `${Math.round(100 * value)} %`;
const some = (yes: string, no: string) => (value: number) => (value > 0 ? yes : no);

/** All features in their order; a model file names those that it was taught with, and is refused where they differ. */
export const nameFeatures: readonly NameFeature[] = [
  {
    key: 'ngrams',
    says: (v) =>
      v > 0 ? 'its letters are like those of bad names' : 'its letters are like those of good names',
  },
  { key: 'ngrams-whole', says: (v) => `as a whole it reads like ${v > 0 ? 'bad' : 'good'} names` },
  {
    key: 'ngrams-owner',
    says: (v) => `the label that its owner chose reads like ${v > 0 ? 'bad' : 'good'} names`,
  },
  { key: 'ngrams-sub', says: (v) => `its sub-domains read like those of ${v > 0 ? 'bad' : 'good'} names` },
  { key: 'ngrams-suffix', says: (v) => `its suffix is one of ${v > 0 ? 'many bad' : 'mostly good'} names` },
  { key: 'ngrams-words', says: (v) => `its words are such as ${v > 0 ? 'bad' : 'good'} names have` },
  {
    key: 'ngrams-shape',
    says: (v) => `vowels, consonants and digits take turns as in ${v > 0 ? 'bad' : 'good'} names`,
  },
  { key: 'name-length', says: (v) => `it is ${v} characters long` },
  { key: 'labels', says: (v) => `it has ${v} labels` },
  { key: 'owner-length', says: (v) => `the label that its owner chose is ${v} characters long` },
  { key: 'sub-length', says: (v) => `its sub-domains are ${v} characters long` },
  { key: 'sub-labels', says: (v) => `it has ${v} labels of sub-domains` },
  { key: 'suffix-labels', says: (v) => `its suffix has ${v} labels` },
  { key: 'tld-length', says: (v) => `its top-level domain has ${v} letters` },
  { key: 'digits', says: (v) => `${share(v)} of the label are digits` },
  { key: 'digit-run', says: (v) => `it has ${v} digits in a row` },
  { key: 'hyphens', says: (v) => `the label has ${v} hyphens` },
  { key: 'vowels', says: (v) => `${share(v)} of its letters are vowels` },
  { key: 'consonant-run', says: (v) => `it has ${v} consonants in a row` },
  { key: 'entropy', says: (v) => `its characters hold ${v.toFixed(1)} bits each` },
  { key: 'different', says: (v) => `${share(v)} of its characters are different ones` },
  { key: 'changes', says: (v) => `letters and digits meet ${v} times` },
  {
    key: 'beyond-hex',
    says: (v) =>
      v === 0 ? 'it is written in hexadecimal digits alone' : `${share(v)} of it are letters beyond f`,
  },
  { key: 'doubled', says: (v) => `characters stand beside themselves ${v} times` },
  { key: 'word-share', says: (v) => `${share(v)} of its letters make up words` },
  { key: 'word-count', says: (v) => `it reads as ${v} words` },
  { key: 'word-mean', says: (v) => `its words have ${v.toFixed(1)} letters on the average` },
  { key: 'word-longest', says: (v) => `its longest word has ${v} letters` },
  {
    key: 'word-cost',
    says: (v) =>
      v > 3 ? 'its letters make up no words: it looks generated' : 'its letters make up common words',
  },
  {
    key: 'word-rarity',
    missing: 'it holds no words',
    says: (v) => (v > 2.5 ? 'it is put together of rare words' : 'its words are common ones'),
  },
  {
    key: 'sub-digits',
    missing: 'it has no sub-domains',
    says: (v) => `${share(v)} of its sub-domains are digits`,
  },
  {
    key: 'sub-entropy',
    missing: 'it has no sub-domains',
    says: (v) => `the characters of its sub-domains hold ${v.toFixed(1)} bits each`,
  },
  {
    key: 'sub-word-share',
    missing: 'it has no sub-domains',
    says: (v) => `${share(v)} of the letters of its sub-domains make up words`,
  },
  {
    key: 'sub-word-cost',
    missing: 'it has no sub-domains',
    says: (v) => (v > 3 ? 'its sub-domains look generated' : 'its sub-domains are words'),
  },
  {
    key: 'shared-suffix',
    says: some(
      'it stands under a suffix where anyone may take a name',
      'it stands under no free hosting suffix',
    ),
  },
  {
    key: 'dynamic-suffix',
    says: some('it stands under a dynamic DNS or tunnel service', 'it stands under no dynamic DNS service'),
  },
  {
    key: 'free-suffix',
    says: some('its top-level domain was given away for nothing', 'its top-level domain costs money'),
  },
  { key: 'starts-digit', says: some('it begins with a digit', 'it does not begin with a digit') },
  { key: 'idn', says: some('it is written in another script than ASCII', 'it is written in ASCII') },
  { key: 'mixed-script', says: some('it mixes letters of different scripts', 'it is of one script') },
  {
    key: 'own-brand',
    says: (_, { own }) => (own ? `it is a domain of ${own} itself` : 'it is no domain of a known brand'),
  },
  { key: 'looks-like-brand', says: (_, { found }) => found?.says ?? 'it looks like no known brand' },
  { key: 'brand-inside', says: (_, { found }) => found?.says ?? 'it names no known brand' },
];

/** How many of the first features are sums of the n-gram learner. */
export const ngramFeatures = 7;

const looks: Record<Likeness, number> = {
  ...{ lookalike: 2, typo: 1, lure: 0, inside: 0, 'sub-domain': 0, 'other-suffix': 0 },
};
const inside: Record<Likeness, number> = {
  ...{ lookalike: 0, typo: 0, lure: 3, inside: 1, 'sub-domain': 2, 'other-suffix': 1 },
};

/** Computes the features of names that stand on the name alone. One object is used again and again. */
export class NameFeatures {
  readonly #words: Segmenter;
  readonly #impersonators: Impersonators;
  readonly #characters = new Characters();
  /** What was found of the last name about brands. */
  facts: ImpersonationFacts = { own: null, found: null, part: null, mixedScript: false, idn: false };

  constructor(words: Segmenter, impersonators: Impersonators) {
    this.#words = words;
    this.#impersonators = impersonators;
  }

  /** Fills `out` from `at` with all features but the first, those of n-grams, which it leaves alone. */
  fill(parts: NameParts, out: Float32Array, at: number): void {
    const { name, subEnd, ownerStart, ownerEnd, suffixStart, labels, shared } = parts;
    let next = at + ngramFeatures;
    const put = (value: number) => {
      out[next++] = value;
    };
    const suffixLabels = suffixStart >= name.length ? 0 : name.slice(suffixStart).split('.').length;
    put(name.length);
    put(labels);
    put(ownerEnd - ownerStart);
    put(subEnd);
    put(labels - 1 - suffixLabels);
    put(suffixLabels);
    put(name.length - 1 - name.lastIndexOf('.'));
    const c = this.#characters;
    c.read(name, ownerStart, ownerEnd);
    const size = Math.max(1, c.length);
    put(c.digits / size);
    put(c.longestDigits);
    put(c.hyphens);
    put(c.letters > 0 ? c.vowels / c.letters : 0);
    put(c.longestConsonants);
    put(c.entropy);
    put(c.different / size);
    put(c.changes);
    put(c.beyondHex / size);
    put(c.doubled);
    const w = this.#words;
    w.read(name, ownerStart, ownerEnd);
    put(w.letters > 0 ? w.covered / w.letters : 0);
    put(w.count);
    let lettersInWords = 0;
    let levels = 0;
    for (let i = 0; i < w.count; i++) {
      lettersInWords += w.ends[i]! - w.starts[i]!;
      levels += w.levels[i]!;
    }
    put(w.count > 0 ? lettersInWords / w.count : 0);
    put(w.longest);
    put(w.cost);
    put(w.count > 0 ? levels / w.count : Number.NaN);
    if (subEnd > 0) {
      c.read(name, 0, subEnd);
      w.read(name, 0, subEnd);
      put(c.digits / subEnd);
      put(c.entropy);
      put(w.letters > 0 ? w.covered / w.letters : 0);
      put(w.cost);
    } else for (let i = 0; i < 4; i++) put(Number.NaN);
    put(shared ? 1 : 0);
    put(onDynamicSuffix(name) ? 1 : 0);
    put(onFreeSuffix(name) ? 1 : 0);
    const first = name.charCodeAt(ownerStart);
    put(first >= 0x30 && first <= 0x39 ? 1 : 0);
    this.facts = this.#impersonators.look(parts);
    const { own, found, idn, mixedScript } = this.facts;
    put(idn ? 1 : 0);
    put(mixedScript ? 1 : 0);
    put(own ? 1 : 0);
    put(found ? looks[found.likeness] : 0);
    put(found ? inside[found.likeness] : 0);
  }
}
