import { parentPort, workerData } from 'node:worker_threads';
import { hashFold } from '../src/reputation/names/hash-fold.ts';
import { NameTable } from '../src/reputation/names/name-table.ts';
import { readWords, wordsFile } from '../src/reputation/names/read-words.ts';
import { nameTraining, scoreNames, trainNames } from '../src/reputation/names/train.ts';
import { packageFolder } from '../src/version.ts';

export interface LexicalShared {
  names: string[];
  labels: Uint8Array;
  bits: number;
}

/** Which rows to learn from and which to score. */
export interface LexicalJob {
  what: string;
  train: Uint32Array;
  test: Uint32Array;
}

export interface LexicalAnswer {
  /** Of the test rows: the whole model, and the n-grams alone. */
  logits: Float64Array;
  ngrams: Float64Array;
}

const { names, labels, bits } = workerData as LexicalShared;
const table = new NameTable(names, readWords(packageFolder(wordsFile)), bits);

parentPort?.on('message', ({ train, test }: LexicalJob) => {
  const trained = trainNames(table, labels, train, (row) =>
    hashFold(table.parts[row]!.registered, nameTraining.folds, 1),
  );
  const logits = scoreNames(trained, table, test);
  const ngrams = Float64Array.from(test, (row) => table.values[row * table.width]!);
  parentPort?.postMessage({ logits, ngrams } satisfies LexicalAnswer);
});
