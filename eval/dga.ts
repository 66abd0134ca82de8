import { sha256 } from '../bench/bench.ts';
import { normalName } from '../src/kit/domain-name.ts';
import { registeredDomain } from '../src/model/registered-domain.ts';
import { auc, tprAtFpr } from '../src/reputation/learn/metrics.ts';
import { Characters } from '../src/reputation/names/characters.ts';
import { generatedNames } from '../src/reputation/names/generators.ts';
import { hashFold } from '../src/reputation/names/hash-fold.ts';
import { commonWords, wordsFile } from '../src/reputation/names/read-words.ts';
import { type NameTraining, nameTraining } from '../src/reputation/names/train.ts';
import { packageFolder } from '../src/version.ts';
import type { DgaAnswer, DgaJob, DgaShared } from './dga-worker.ts';
import type { Eval } from './eval.ts';
import { runJobs } from './jobs.ts';
import { readData, rounded } from './labelled.ts';
import { macroMean } from './macro.ts';

const folds = 5;
const bits = 18;
/** Names of a family that are learnt from and scored, taken evenly over its list: two families hold nine tenths of all rows. */
const familyMost = 500;
/** What a family's names weigh together in training: as many names, at most. */
const familyWeight = 250;
const training: NameTraining = {
  ...nameTraining,
  trees: { ...nameTraining.trees, trees: 100, minChildWeight: 5 },
};

/**
 * Generated names: each family is scored by a model that has never seen it, against good names whose registered domains it has
 * never seen either. Every family counts alike.
 */
export const dga: Eval = {
  name: 'dga',
  summary:
    'generated names, each family by a model that has not seen it; --data PATH of the folder that holds dga/ and opendns/',
  async run({ data, say }) {
    const began = performance.now();
    const source = readData(data, 'dga/dga_by_family.tsv.gz');
    const good = ['opendns/top_10k.txt', 'opendns/random_half.txt'].map((path) => readData(data, path));
    const families = byFamily(source.lines);
    const names: string[] = [];
    const owners: string[] = [];
    const costs: number[] = [];
    const benign = new Set<string>();
    for (const line of good.flatMap(({ lines }) => lines)) {
      const name = normalName(line);
      if (name !== null) benign.add(name);
    }
    for (const name of benign) {
      names.push(name);
      owners.push('');
      costs.push(1);
    }
    for (const [family, all] of families) {
      const step = Math.max(1, all.length / familyMost);
      const taken = Array.from(
        { length: Math.min(all.length, familyMost) },
        (_, i) => all[Math.floor(i * step)]!,
      );
      for (const name of taken) {
        names.push(name);
        owners.push(family);
        costs.push(Math.min(1, familyWeight / taken.length));
      }
    }
    for (const { name, family } of generatedNames(1, commonWords(packageFolder(wordsFile)))) {
      names.push(name);
      owners.push(`made ${family}`);
      costs.push(0.5);
    }
    const labels = Uint8Array.from(owners, (owner) => (owner === '' ? 0 : 1));
    const domains = names.map((name) => registeredDomain(name) ?? name);
    const jobs = [...families.keys()].map((family, number) =>
      leaveOut(family, number % folds, owners, domains),
    );
    const shared: DgaShared = {
      ...{ names, labels, bits, training },
      costs: Float32Array.from(costs),
      groups: owners.map((owner, row) => owner || domains[row]!),
    };
    const answers = await runJobs<DgaJob, DgaAnswer>(
      new URL('./dga-worker.js', import.meta.url),
      shared,
      jobs,
      () => {},
    );
    const characters = new Characters();
    const entropy = (row: number) => {
      characters.read(names[row]!, 0, names[row]!.length);
      return characters.entropy;
    };
    const figures = jobs.map(({ what, test }, job) => {
      const own = Uint8Array.from(test, (row) => labels[row]!);
      const scored = (scores: Float64Array) => ({ scores, labels: own });
      const logits = scored(answers[job]!.logits);
      return {
        what,
        count: own.reduce((sum, label) => sum + label, 0),
        auc: auc(logits)!,
        tpr: tprAtFpr(logits, 0.01),
        ngrams: auc(scored(answers[job]!.ngrams))!,
        entropy: auc(scored(Float64Array.from(test, entropy)))!,
        length: auc(scored(Float64Array.from(test, (row) => names[row]!.length)))!,
      };
    });
    for (const one of figures)
      say(
        `${one.what}: ${one.count} names, AUC ${rounded(one.auc, 3)} (n-grams alone ${rounded(one.ngrams, 3)})`,
      );
    const macro = macroMean(figures.map(({ auc: area }) => area));
    const tprs = figures.flatMap(({ tpr }) => tpr ?? []);
    const rows = source.lines.length - 1 + good.reduce((sum, { lines }) => sum + lines.length, 0);
    const stored = [...families.values()].reduce((sum, { length }) => sum + length, 0) + benign.size;
    return {
      metrics: {
        macro_auc: rounded(macro?.value),
        macro_auc_low: rounded(macro?.low),
        macro_auc_high: rounded(macro?.high),
        ngrams_macro_auc: rounded(macroMean(figures.map(({ ngrams }) => ngrams))?.value),
        entropy_macro_auc: rounded(macroMean(figures.map(({ entropy: area }) => area))?.value),
        length_macro_auc: rounded(macroMean(figures.map(({ length }) => length))?.value),
        macro_tpr_at_1pct: tprs.length === figures.length ? rounded(macroMean(tprs)?.value) : null,
        seconds: rounded((performance.now() - began) / 1000, 1),
      },
      params: { folds, bits, familyMost, familyWeight, families: families.size, training },
      input: {
        sha256: sha256([source, ...good].map((file) => file.sha256).join('\n')),
        rows_in: rows,
        rows_stored: stored,
        rejected: rows - stored,
      },
    };
  },
};

function byFamily(lines: readonly string[]): Map<string, string[]> {
  const families = new Map<string, string[]>();
  const seen = new Set<string>();
  for (const line of lines.slice(1)) {
    const [text = '', family = ''] = line.split('\t');
    const name = normalName(text);
    if (name === null || family === '' || seen.has(name)) continue;
    seen.add(name);
    const list = families.get(family) ?? [];
    list.push(name);
    families.set(family, list);
  }
  return families;
}

/** All but a family and a fold of good names, and no registered domain on both sides. */
function leaveOut(
  family: string,
  fold: number,
  owners: readonly string[],
  domains: readonly string[],
): DgaJob {
  const all = Uint32Array.from(owners, (_, row) => row);
  const tested = (row: number) =>
    owners[row] === family || (owners[row] === '' && hashFold(domains[row]!, folds) === fold);
  const test = all.filter(tested);
  const held = new Set(Array.from(test, (row) => domains[row]!));
  return { what: family, train: all.filter((row) => !tested(row) && !held.has(domains[row]!)), test };
}
