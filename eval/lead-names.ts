import { readFileSync } from 'node:fs';
import { registeredDomain } from '../src/model/registered-domain.ts';
import { fitIsotonic } from '../src/reputation/learn/isotonic.ts';
import { hashFold } from '../src/reputation/names/hash-fold.ts';
import { encodeNameModel, type NameModel, openNameModel } from '../src/reputation/names/name-model.ts';
import { NameTable } from '../src/reputation/names/name-table.ts';
import { wordsFile } from '../src/reputation/names/read-words.ts';
import { nameTraining, trainNames } from '../src/reputation/names/train.ts';
import { Words } from '../src/reputation/names/words.ts';
import { packageFolder } from '../src/version.ts';
import { nameSample } from './name-training.ts';

const seed = 1;
const bits = 18;

/** A model of names, and popular names that it has not seen. */
export interface UnseenNames {
  model: NameModel;
  popular: string[];
  learnt: number;
}

/**
 * Teaches a model of names as the shipped one is, without any registered domain of which a name was listed later, and without half of the
 * good ones, by registered domain: those are what it may raise a false alarm about.
 */
export function unseenNames(data: string | undefined, later: ReadonlySet<string>): UnseenNames {
  const { names, labels, costs, groups } = nameSample(data, seed);
  const ownerOf = (row: number) => registeredDomain(names[row]!) ?? names[row]!;
  const held = (row: number) => labels[row] === 0 && hashFold(ownerOf(row), 2, seed) === 0;
  const all = Uint32Array.from(names, (_, row) => row);
  const rows = all.filter((row) => !held(row) && !later.has(ownerOf(row)));
  const words = readFileSync(packageFolder(wordsFile));
  const table = new NameTable(names, Words.unpack(words), bits);
  const trained = trainNames(
    table,
    labels,
    rows,
    (row) => hashFold(groups[row]!, nameTraining.folds, seed),
    nameTraining,
    // Half of the good names are left: each weighs twice.
    Float32Array.from(costs, (cost, row) => (labels[row] === 0 ? 2 * cost : cost)),
  );
  const unused = fitIsotonic(Float64Array.of(-1, 1), Uint8Array.of(0, 1));
  const about = { data: [], bad: 0, good: 0, seed };
  return {
    model: openNameModel(encodeNameModel(trained, unused, words, about)),
    popular: Array.from(all.filter(held), (row) => names[row]!),
    learnt: rows.length,
  };
}
