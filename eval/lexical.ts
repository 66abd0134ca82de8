import { normalName } from '../src/kit/domain-name.ts';
import { registeredDomain } from '../src/model/registered-domain.ts';
import { bootstrap, groupNumbers } from '../src/reputation/learn/bootstrap.ts';
import { auc, precisionAt, tprAtFpr } from '../src/reputation/learn/metrics.ts';
import { Characters } from '../src/reputation/names/characters.ts';
import { hashFold } from '../src/reputation/names/hash-fold.ts';
import { nameTraining } from '../src/reputation/names/train.ts';
import type { Eval } from './eval.ts';
import { runJobs } from './jobs.ts';
import { readData, rounded } from './labelled.ts';
import type { LexicalAnswer, LexicalJob, LexicalShared } from './lexical-worker.ts';
import { macroMean } from './macro.ts';

const folds = 5;
/** Names that a family needs before a figure of its own means anything. */
const familyLeast = 50;
const bits = 20;

/**
 * Names of malware hosts against popular names: registered domains never in training and test at once; then families never
 * seen in training either. Nothing is chosen on test folds: the model's settings stand in `nameTraining`.
 */
export const lexical: Eval = {
  name: 'lexical',
  summary:
    'malware names: disjoint by registered domain, and by family; --data PATH of threatfox/names.tsv.gz',
  async run({ data, say }) {
    const began = performance.now();
    const { lines, sha256 } = readData(data, 'threatfox/names.tsv.gz');
    const { names, families, labels } = parse(lines);
    const domains = names.map((name) => registeredDomain(name) ?? name);
    const fold = domains.map((domain) => hashFold(domain, folds));
    const groups = familyGroups(families, labels);
    const jobs = [...foldJobs(fold), ...familyJobs(families, labels, domains, fold, groups)];
    const shared: LexicalShared = { names, labels, bits };
    const answers = await runJobs<LexicalJob, LexicalAnswer>(
      new URL('./lexical-worker.js', import.meta.url),
      shared,
      jobs,
      ({ what, train, test }) => say(`${what}: learnt from ${train.length}, scored ${test.length}`),
    );
    const whole = gather(names.length, jobs.slice(0, folds), answers);
    const byDomain = groupNumbers(domains);
    const baselines = cheap(names);
    const figures: Record<string, number | null> = {};
    for (const [key, scores] of Object.entries({ '': whole.logits, ngrams_: whole.ngrams, ...baselines })) {
      const interval = bootstrap({ scores, labels }, byDomain, auc);
      figures[`${key}auc`] = rounded(interval?.value);
      figures[`${key}auc_low`] = rounded(interval?.low);
      figures[`${key}auc_high`] = rounded(interval?.high);
    }
    for (const [key, scores] of Object.entries({ '': whole.logits, ngrams_: whole.ngrams })) {
      const scored = { scores, labels };
      figures[`${key}tpr_at_1pct`] = rounded(tprAtFpr(scored, 0.01));
      figures[`${key}precision_at_1000`] = rounded(precisionAt(scored, 1000));
    }
    const out = familyOut(families, labels, jobs.slice(folds), answers.slice(folds));
    for (const { family, count, auc: area, ngrams } of out.families)
      say(`${family}: ${count} names, AUC ${rounded(area, 3)} (n-grams alone ${rounded(ngrams, 3)})`);
    return {
      metrics: {
        ...figures,
        family_out_mean: rounded(out.mean?.value),
        family_out_low: rounded(out.mean?.low),
        family_out_high: rounded(out.mean?.high),
        ngrams_family_out_mean: rounded(out.ngrams?.value),
        seconds: rounded((performance.now() - began) / 1000, 1),
      },
      params: {
        folds,
        bits,
        familyLeast,
        families: out.families.length,
        groups: groups.length,
        training: nameTraining,
      },
      input: {
        sha256,
        rows_in: lines.length - 1,
        rows_stored: names.length,
        rejected: lines.length - 1 - names.length,
      },
    };
  },
};

function parse(lines: readonly string[]) {
  const names: string[] = [];
  const families: string[] = [];
  const labels: number[] = [];
  const seen = new Set<string>();
  for (const line of lines.slice(1)) {
    const [text = '', family = '', label] = line.split('\t');
    const name = normalName(text);
    if (name === null || seen.has(name) || (label !== 'malicious' && label !== 'legit')) continue;
    seen.add(name);
    names.push(name);
    families.push(family);
    labels.push(label === 'malicious' ? 1 : 0);
  }
  return { names, families, labels: Uint8Array.from(labels) };
}

function foldJobs(fold: readonly number[]): LexicalJob[] {
  const all = Uint32Array.from(fold, (_, row) => row);
  return Array.from({ length: folds }, (_, one) => ({
    what: `fold ${one + 1} of ${folds}`,
    train: all.filter((row) => fold[row] !== one),
    test: all.filter((row) => fold[row] === one),
  }));
}

/** Families in as many groups as there are folds, so that each holds about as many names; one as large as a share stands alone. */
function familyGroups(families: readonly string[], labels: Uint8Array): string[][] {
  const counts = new Map<string, number>();
  families.forEach((family, row) => {
    if (labels[row] === 1) counts.set(family, (counts.get(family) ?? 0) + 1);
  });
  const groups = Array.from({ length: folds }, () => ({ names: 0, families: [] as string[] }));
  for (const [family, count] of [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))) {
    const least = groups.reduce((best, group) => (group.names < best.names ? group : best));
    least.names += count;
    least.families.push(family);
  }
  return groups.map((group) => group.families);
}

/** Each group of families is left out whole, with every registered domain that it holds, and scored against a fold of good names. */
function familyJobs(
  families: readonly string[],
  labels: Uint8Array,
  domains: readonly string[],
  fold: readonly number[],
  groups: readonly string[][],
): LexicalJob[] {
  const all = Uint32Array.from(families, (_, row) => row);
  return groups.map((group, number) => {
    const out = new Set(group);
    const tested = (row: number) => (labels[row] === 1 ? out.has(families[row]!) : fold[row] === number);
    const test = all.filter(tested);
    const held = new Set(Array.from(test, (row) => domains[row]!));
    return {
      what: `without ${group.length} families (${group[0]} …)`,
      train: all.filter((row) => !tested(row) && !held.has(domains[row]!)),
      test,
    };
  });
}

function gather(rows: number, jobs: readonly LexicalJob[], answers: readonly LexicalAnswer[]) {
  const logits = new Float64Array(rows);
  const ngrams = new Float64Array(rows);
  jobs.forEach(({ test }, job) => {
    test.forEach((row, i) => {
      logits[row] = answers[job]!.logits[i]!;
      ngrams[row] = answers[job]!.ngrams[i]!;
    });
  });
  return { logits, ngrams };
}

/** What needs no learning: how long a name is, and how many bits its owner's label holds. */
function cheap(names: readonly string[]): { length_: Float64Array; entropy_: Float64Array } {
  const characters = new Characters();
  return {
    length_: Float64Array.from(names, (name) => name.length),
    entropy_: Float64Array.from(names, (name) => {
      characters.read(name, 0, name.length);
      return characters.entropy;
    }),
  };
}

interface FamilyFigure {
  family: string;
  count: number;
  auc: number;
  ngrams: number;
}

function familyOut(
  families: readonly string[],
  labels: Uint8Array,
  jobs: readonly LexicalJob[],
  answers: readonly LexicalAnswer[],
) {
  const figures: FamilyFigure[] = [];
  jobs.forEach(({ test }, job) => {
    const byFamily = new Map<string, number[]>();
    const good: number[] = [];
    test.forEach((row, i) => {
      if (labels[row] === 0) good.push(i);
      else byFamily.set(families[row]!, [...(byFamily.get(families[row]!) ?? []), i]);
    });
    const { logits, ngrams } = answers[job]!;
    for (const [family, rows] of byFamily) {
      if (rows.length < familyLeast) continue;
      const both = [...rows, ...good];
      const own = Uint8Array.from(both, (_, i) => (i < rows.length ? 1 : 0));
      const area = (scores: Float64Array) =>
        auc({ scores: Float64Array.from(both, (i) => scores[i]!), labels: own })!;
      figures.push({ family, count: rows.length, auc: area(logits), ngrams: area(ngrams) });
    }
  });
  figures.sort((a, b) => b.count - a.count || (a.family < b.family ? -1 : 1));
  return {
    families: figures,
    mean: macroMean(figures.map((one) => one.auc)),
    ngrams: macroMean(figures.map((one) => one.ngrams)),
  };
}
