// Trains the name model that ships: node dist/eval/train-names.js [--data PATH] [--out FILE] [--seed N] [--bits N]
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { calibrated, fitIsotonic } from '../src/reputation/learn/isotonic.ts';
import { auc, brier, ece } from '../src/reputation/learn/metrics.ts';
import { hashFold } from '../src/reputation/names/hash-fold.ts';
import { encodeNameModel, openNameModel } from '../src/reputation/names/name-model.ts';
import { NameTable } from '../src/reputation/names/name-table.ts';
import { wordsFile } from '../src/reputation/names/read-words.ts';
import { calibrateNames, nameTraining, trainNames } from '../src/reputation/names/train.ts';
import { Words } from '../src/reputation/names/words.ts';
import { packageFolder } from '../src/version.ts';
import { rounded } from './labelled.ts';
import { nameSample } from './name-training.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    out: { type: 'string', default: packageFolder('models/names.model') },
    seed: { type: 'string', default: '1' },
    bits: { type: 'string', default: '18' },
  },
});
const seed = Number(values.seed);
const began = performance.now();
const { names, labels, costs, groups, sources } = nameSample(values.data, seed);
const words = readFileSync(packageFolder(wordsFile));
const table = new NameTable(names, Words.unpack(words), Number(values.bits));
const rows = Uint32Array.from(names, (_, row) => row);
const options = {
  ...nameTraining,
  ngrams: { ...nameTraining.ngrams, seed },
  trees: { ...nameTraining.trees, seed },
};
const foldOf = (row: number) => hashFold(groups[row]!, options.folds, seed);
const { calibration, logits } = calibrateNames(table, labels, rows, foldOf, options, costs);
const trained = trainNames(table, labels, rows, foldOf, options, costs);
const bad = labels.reduce((sum, label) => sum + label, 0);
const bytes = encodeNameModel(trained, calibration, words, {
  data: sources,
  bad,
  good: names.length - bad,
  seed,
});
openNameModel(bytes);
writeFileSync(values.out, bytes);
const held = heldOut();
process.stdout.write(
  `${JSON.stringify({
    out: values.out,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    bad,
    good: names.length - bad,
    held_out: held,
    seconds: rounded((performance.now() - began) / 1000, 1),
  })}\n`,
);

/** Figures of rows held out: the calibration is fitted on one half of the groups and measured on as many bad as good rows of the other. */
function heldOut(): Record<string, number | null> {
  const first = rows.filter((row) => hashFold(groups[row]!, 2, seed + 1) === 0);
  const kept = (row: number) =>
    labels[row] === 0 || hashFold(names[row]!, 1_000_000) < (1_000_000 * (names.length - bad)) / bad;
  const second = rows.filter((row) => hashFold(groups[row]!, 2, seed + 1) === 1 && kept(row));
  const own = (some: Uint32Array) => Uint8Array.from(some, (row) => labels[row]!);
  const fit = fitIsotonic(
    Float64Array.from(first, (row) => logits[row]!),
    own(first),
    Float32Array.from(first, (row) => costs[row]!),
  );
  const stated = {
    scores: Float64Array.from(second, (row) => calibrated(fit, logits[row]!)),
    labels: own(second),
  };
  return {
    auc: rounded(auc({ scores: logits, labels })),
    brier: rounded(brier(stated)),
    ece: rounded(ece(stated)),
  };
}
