import { parentPort, workerData } from 'node:worker_threads';
import { hashFold } from '../src/reputation/names/hash-fold.ts';
import { NameTable } from '../src/reputation/names/name-table.ts';
import { readWords, wordsFile } from '../src/reputation/names/read-words.ts';
import { type NameTraining, scoreNames, trainNames } from '../src/reputation/names/train.ts';
import { packageFolder } from '../src/version.ts';

export interface DgaShared {
  names: string[];
  labels: Uint8Array;
  /** What a mistake on each row costs: families count alike, however many names they have. */
  costs: Float32Array;
  /** What each row belongs to: a family, or its registered domain. */
  groups: string[];
  bits: number;
  training: NameTraining;
}

export interface DgaJob {
  what: string;
  train: Uint32Array;
  test: Uint32Array;
}

export interface DgaAnswer {
  logits: Float64Array;
  ngrams: Float64Array;
}

const { names, labels, costs, groups, bits, training } = workerData as DgaShared;
const table = new NameTable(names, readWords(packageFolder(wordsFile)), bits);

parentPort?.on('message', ({ train, test }: DgaJob) => {
  const foldOf = (row: number) => hashFold(groups[row]!, training.folds, 1);
  const trained = trainNames(table, labels, train, foldOf, training, costs);
  const logits = scoreNames(trained, table, test);
  const ngrams = Float64Array.from(test, (row) => table.values[row * table.width]!);
  parentPort?.postMessage({ logits, ngrams } satisfies DgaAnswer);
});
