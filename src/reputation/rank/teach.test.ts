import { expect, it } from 'vitest';
import { seeded } from '../../kit/seeded.ts';
import { packageFolder } from '../../version.ts';
import { auc } from '../learn/metrics.ts';
import { readWords, wordsFile } from '../names/read-words.ts';
import { Ledger, teach } from './score-files.ts';
import { teaching } from './teach.ts';

/** Names whose letters and neighbours say nothing. Ten of them have one address, ten two, and so on: each third ten are bad. */
function tens(): Ledger {
  const ledger = new Ledger();
  const draw = seeded(5);
  let host = 0;
  for (let n = 0; n < 180; n++) {
    const name = `${Array.from({ length: 8 }, () => 'abcdefghij'[Math.floor(draw() * 10)]).join('')}.com`;
    const addresses = 1 + (n % 18);
    for (let k = 0; k < addresses; k++, host++) ledger.edge(`${name}\t2001:db8:${host.toString(16)}::1`);
    ledger.seed(`${name}\t${addresses % 3 === 0 ? 'bad' : 'good'}`);
  }
  return ledger;
}

it('learns what holds for a handful of names, and not only what holds for many', () => {
  const words = readWords(packageFolder(wordsFile));
  const unrehearsed = { ...teaching, rehearsals: [], votes: 2 };
  const areaOf = (options: typeof teaching) =>
    auc(teach(tens(), [], words, () => {}, options).ranker.heldOut)!;
  expect(areaOf(unrehearsed)).toBeGreaterThan(0.95);
  expect(areaOf({ ...unrehearsed, trees: { ...teaching.trees, minChildWeight: 8 } })).toBeLessThan(0.7);
});
