import { type Draw, pick, seeded } from '../../kit/seeded.ts';

/**
 * Generated names to learn from: ways of making names, written for this project, each with settings drawn from the seed. None imitates
 * the constants, alphabets, word lists or seeds of a real family; they only share what all of a way have in common.
 */
export interface Generated {
  name: string;
  /** The way, and the draw of its settings: one made-up family. */
  family: string;
}

const consonants = 'bcdfghjklmnpqrstvwxz';
const vowels = 'aeiou';
const alphabet = 'abcdefghijklmnopqrstuvwxyz';
const suffixes =
  `com net org info biz ru cc tk xyz top pw in co.uk eu de me su cn ws name us tv online site club space pro live
life link click work host fun icu buzz shop store bid win stream science party date`.split(/\s+/);

type Way = (draw: Draw, words: readonly string[]) => () => string;

const between = (draw: Draw, low: number, high: number) => low + Math.floor(draw() * (high - low + 1));
const letters = (draw: Draw, of: string, count: number) =>
  Array.from({ length: count }, () => of[Math.floor(draw() * of.length)]!).join('');

/** Each way draws its settings once and then makes one label after another. */
const ways: Record<string, Way> = {
  letters: (draw) => {
    const low = between(draw, 6, 14);
    const high = low + between(draw, 0, 10);
    return () => letters(draw, alphabet, between(draw, low, high));
  },
  'few-letters': (draw) => {
    const some = letters(draw, alphabet, 12);
    const low = between(draw, 6, 12);
    return () => letters(draw, some, between(draw, low, low + 6));
  },
  'letters-and-digits': (draw) => {
    const low = between(draw, 8, 20);
    const high = low + between(draw, 0, 8);
    return () => letters(draw, `${alphabet}0123456789`, between(draw, low, high));
  },
  hexadecimal: (draw) => {
    const count = pick(draw, [8, 10, 12, 13, 16, 24, 32]);
    return () => letters(draw, '0123456789abcdef', count);
  },
  base32: (draw) => {
    const count = between(draw, 12, 26);
    return () => letters(draw, `${alphabet}234567`, count);
  },
  'base64-text': (draw) => {
    // The Base64 of digits and letters, in lower case, as careless authors have it.
    const count = between(draw, 6, 15);
    return () =>
      Buffer.from(letters(draw, '0123456789abcdef', count))
        .toString('base64')
        .replace(/[^A-Za-z0-9]/g, '')
        .toLowerCase();
  },
  syllables: (draw) => {
    const low = between(draw, 3, 5);
    return () =>
      Array.from(
        { length: between(draw, low, low + 2) },
        () => letters(draw, consonants, 1) + letters(draw, vowels, 1),
      ).join('');
  },
  'loose-syllables': (draw) => {
    const low = between(draw, 2, 4);
    const shapes = ['cv', 'cvc', 'vc', 'cvv', 'ccv'];
    return () =>
      Array.from({ length: between(draw, low, low + 2) }, () =>
        [...pick(draw, shapes)].map((kind) => letters(draw, kind === 'c' ? consonants : vowels, 1)).join(''),
      ).join('');
  },
  'word-pair': (draw, words) => {
    const own = Array.from({ length: 300 }, () => pick(draw, words));
    const joint = draw() < 0.2 ? '-' : '';
    return () => `${pick(draw, own)}${joint}${pick(draw, own)}`;
  },
  'word-triple': (draw, words) => {
    const own = Array.from({ length: 200 }, () => pick(draw, words));
    return () => `${pick(draw, own)}${pick(draw, own)}${pick(draw, own)}`;
  },
  'cut-words': (draw, words) => {
    // Heads and tails of words put together: it can be said, and is none.
    const own = Array.from({ length: 200 }, () => pick(draw, words));
    const joint = draw() < 0.4 ? '-' : '';
    const half = () =>
      pick(draw, own).slice(0, between(draw, 3, 5)) + pick(draw, own).slice(-between(draw, 3, 5));
    return () => `${half()}${draw() < 0.5 ? joint + half() : ''}`;
  },
  'word-and-digits': (draw, words) => {
    const own = Array.from({ length: 60 }, () => pick(draw, words));
    const count = between(draw, 1, 4);
    return () => `${pick(draw, own)}${letters(draw, '0123456789', count)}`;
  },
  'few-words-digits': (draw, words) => {
    const [host, stem] = [
      pick(draw, words).slice(0, 4),
      `${pick(draw, words).slice(0, 4)}${pick(draw, words).slice(0, 4)}`,
    ];
    return () => `${host}${draw() < 0.3 ? between(draw, 1, 9) : ''}.${stem}${between(draw, 10, 99)}`;
  },
  'changed-word': (draw, words) => {
    return () => {
      const label = [...`${pick(draw, words)}${draw() < 0.5 ? pick(draw, words) : ''}`];
      for (let i = 0; i < 2; i++)
        label[Math.floor(draw() * label.length)] = letters(draw, `${alphabet}0123456789`, 1);
      return label.join('');
    };
  },
  'counted-up': (draw) => {
    // One letter moves at a time, the rest stands.
    const stem = letters(draw, alphabet, between(draw, 6, 10));
    return () => letters(draw, alphabet, between(draw, 2, 4)) + stem;
  },
  chained: (draw, words) => {
    // Each letter by the one before it, as in words: it can nearly be said.
    const after = new Map<string, string>();
    for (const word of words.slice(0, 2000))
      for (let i = 0; i + 1 < word.length; i++)
        after.set(word[i]!, (after.get(word[i]!) ?? '') + word[i + 1]!);
    const low = between(draw, 7, 12);
    return () => {
      let label = letters(draw, alphabet, 1);
      const length = between(draw, low, low + 4);
      while (label.length < length) label += letters(draw, after.get(label.at(-1)!) || alphabet, 1);
      return label;
    };
  },
};

/** Names of `families` made-up families of each way, `count` of each. The same seed and words give the same names. */
export function generatedNames(
  seed: number,
  words: readonly string[],
  families = 4,
  count = 60,
): Generated[] {
  const out: Generated[] = [];
  for (const [way, make] of Object.entries(ways))
    for (let number = 0; number < families; number++) {
      const draw = seeded(`${seed}/${way}/${number}`);
      const next = make(draw, words);
      const own = Array.from({ length: between(draw, 1, 5) }, () => pick(draw, suffixes));
      if (draw() < 0.1) own.push('ddns.net', 'duckdns.org');
      for (let i = 0; i < count; i++) {
        const label = next().slice(0, 60).replace(/^-|-$/g, 'x');
        out.push({ name: `${label}.${pick(draw, own)}`, family: `${way}/${number}` });
      }
    }
  return out;
}
