import { readFileSync } from 'node:fs';
import { unpackWords, Words } from './words.ts';

/** Where the English words that ship with Caltrop lie in the package: levels 10 to 50 of SCOWL. */
export const wordsFile = 'models/words.br';

/** Reads a packed word list. Throws a `Fault` for what is none. */
export function readWords(path: string): Words {
  return Words.unpack(readFileSync(path));
}

/** The commonest words of a packed list that have four to ten letters: what word-made names are made of. */
export function commonWords(path: string): string[] {
  const [first = [], second = []] = unpackWords(readFileSync(path));
  return [...first, ...second].filter(({ length }) => length >= 4 && length <= 10);
}
