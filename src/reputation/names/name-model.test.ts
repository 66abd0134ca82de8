import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Fault } from '../../kit/fault.ts';
import { seeded } from '../../kit/seeded.ts';
import { auc } from '../learn/metrics.ts';
import { nameFeatures } from './features.ts';
import { generatedNames } from './generators.ts';
import { hashFold } from './hash-fold.ts';
import { encodeNameModel, openNameModel } from './name-model.ts';
import { NameTable } from './name-table.ts';
import { commonWords, readWords, wordsFile } from './read-words.ts';
import { calibrateNames, nameTraining, scoreNames, trainNames } from './train.ts';

const root = join(import.meta.dirname, '../../..');
const wordsPath = join(root, wordsFile);
const packed = readFileSync(wordsPath);
const shipped = readFileSync(join(root, 'models/names.model'));

/** Names of one and two words against generated ones. */
function sample() {
  const common = commonWords(wordsPath);
  const draw = seeded(5);
  const word = () => common[Math.floor(draw() * common.length)]!;
  const names = Array.from(
    { length: 700 },
    (_, i) => `${i % 3 === 0 ? 'www.' : ''}${word()}${i % 2 ? word() : ''}.com`,
  );
  const bad = generatedNames(2, common, 1, 60).filter(({ family }) => !family.includes('word'));
  const labels = Uint8Array.from([...names.map(() => 0), ...bad.map(() => 1)]);
  return { names: [...names, ...bad.map(({ name }) => name)], labels };
}

const { names, labels } = sample();
const options = { ...nameTraining, trees: { ...nameTraining.trees, trees: 20, minChildWeight: 2 } };
const foldOf = (row: number) => hashFold(names[row]!, 3);
const three = { ...options, folds: 3 };

function made() {
  const table = new NameTable(names, readWords(wordsPath), 14);
  const train = Uint32Array.from(names, (_, row) => row).filter((row) => row % 4 !== 0);
  const trained = trainNames(table, labels, train, foldOf, three);
  const { calibration } = calibrateNames(table, labels, train, foldOf, three);
  return { table, trained, calibration };
}

const { table, trained, calibration } = made();
const about = { data: ['made here'], bad: 1, good: 1, seed: 1 };
const bytes = encodeNameModel(trained, calibration, packed, about);
const model = openNameModel(bytes);
const test_ = Uint32Array.from(names, (_, row) => row).filter((row) => row % 4 === 0);

test('what is learnt tells new names apart, and the same names and seed give the same bytes', () => {
  const scores = scoreNames(trained, table, test_);
  expect(auc({ scores, labels: Uint8Array.from(test_, (row) => labels[row]!) })).toBeGreaterThan(0.9);
  const again = made();
  expect(encodeNameModel(again.trained, again.calibration, packed, about).equals(bytes)).toBe(true);
});

test('weights kept as bytes rank names as the floats did', () => {
  const floats = scoreNames(trained, table, test_);
  const own = Uint8Array.from(test_, (row) => labels[row]!);
  const kept = Float64Array.from(test_, (row) => model.logit(names[row]!));
  expect(Math.abs(auc({ scores: floats, labels: own })! - auc({ scores: kept, labels: own })!)).toBeLessThan(
    0.01,
  );
});

test('reasons and base sum to the logit', () => {
  for (const name of [
    'www.example.com',
    'qjxzkvwq.top',
    'paypa1.com',
    'a.b.c.duckdns.org',
    'xn--80ak6aa92e.com',
  ]) {
    const score = model.nameScore(name)!;
    const { base, reasons } = score.reasons();
    const sum = reasons.reduce((all, { share }) => all + share, base);
    expect(Math.abs(sum - score.logit)).toBeLessThan(1e-9);
    expect(reasons).toHaveLength(nameFeatures.length);
    expect(reasons.every(({ says }) => says.length > 0 && !says.includes('NaN'))).toBe(true);
    expect(model.logit(score.name)).toBe(score.logit);
    expect(score.probability).toBeGreaterThan(0);
    expect(score.probability).toBeLessThan(1);
  }
});

test('any text scores a number, or is no name', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ maxLength: 80 }), fc.domain(), fc.webFragments()), (text) => {
      const score = model.nameScore(text);
      if (score) expect(Number.isFinite(score.logit)).toBe(true);
    }),
    { numRuns: 500 },
  );
  expect(model.nameScore('no name')).toBeNull();
});

test('a damaged file, and one of other features, are refused', () => {
  for (let i = 0; i < shipped.length; i += 997) {
    const damaged = Buffer.from(shipped);
    damaged[i]! ^= 1;
    expect(() => openNameModel(damaged)).toThrow(Fault);
  }
  expect(() => openNameModel(shipped.subarray(0, 5000))).toThrow(Fault);
  const narrow = { ...trained, forest: { ...trained.forest, width: nameFeatures.length + 1 } };
  expect(() => openNameModel(encodeNameModel(narrow, calibration, packed, about))).toThrow(/other features/);
});

test('the model that ships opens, is small, and ranks what anyone would', () => {
  expect(shipped.length).toBeLessThan(1_500_000);
  const opened = openNameModel(shipped);
  expect(opened.about.good).toBeGreaterThan(10_000);
  const logit = (name: string) => opened.nameScore(name)!.logit;
  expect(logit('xjwqkzvbtrplm.top')).toBeGreaterThan(logit('www.wikipedia.org') + 2);
  expect(logit('rat-c2-host.duckdns.org')).toBeGreaterThan(logit('university.edu') + 2);
  expect(logit('paypal-secure-login.xyz')).toBeGreaterThan(logit('paypal.com') + 1);
});
