import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unpackWords, Words } from './words.ts';

/** The English words that ship with Caltrop: levels 10 to 50 of SCOWL. */
export const wordsFile = 'models/words.br';

export function readWords(folder = packageRoot()): Words {
  return Words.unpack(readFileSync(join(folder, wordsFile)));
}

/** The commonest of those words that have four to ten letters: what word-made names are made of. */
export function commonWords(folder = packageRoot()): string[] {
  const [first = [], second = []] = unpackWords(readFileSync(join(folder, wordsFile)));
  return [...first, ...second].filter(({ length }) => length >= 4 && length <= 10);
}

/** The package's own folder, from the source as from what is compiled. */
function packageRoot(): string {
  const here = import.meta.dirname;
  return join(here, here.includes(join('dist', 'src')) ? '../../../..' : '../../..');
}
