import { readFileSync } from 'node:fs';
import { sha256 } from '../bench/bench.ts';
import { normalName } from '../src/kit/domain-name.ts';
import { seeded } from '../src/kit/seeded.ts';
import { registeredDomain } from '../src/model/registered-domain.ts';
import { bootstrap, groupNumbers } from '../src/reputation/learn/bootstrap.ts';
import { gramsOf, wholeGrams } from '../src/reputation/learn/grams.ts';
import { columnsScore } from '../src/reputation/learn/logistic.ts';
import { auc, ece, tprAtFpr } from '../src/reputation/learn/metrics.ts';
import { trainForest } from '../src/reputation/learn/train-forest.ts';
import { openNameModel } from '../src/reputation/names/name-model.ts';
import { packageFolder } from '../src/version.ts';
import type { Eval } from './eval.ts';
import { readData, rounded } from './labelled.ts';
import { macroMean } from './macro.ts';
import { nameSample } from './name-training.ts';

/** Names of a family that are scored, at most. */
const familyMost = 1_000;

interface Row {
  name: string;
  domain: string;
  family: string;
  bad: boolean;
}

/**
 * The name model that ships, on sets that it has not learnt from: every name is dropped whose registered domain is among those that
 * it has. What is left of the good names is less popular than the whole list.
 */
export const nameModel: Eval = {
  name: 'name-model',
  summary:
    'the name model that ships, on threatfox/ and dga/ without any registered domain that it learnt from; --data PATH',
  async run({ data, say }) {
    const model = openNameModel(readFileSync(packageFolder('models/names.model')));
    const learnt = new Set(nameSample(data, model.about.seed).names.map(owner));
    const threatfox = readData(data, 'threatfox/names.tsv.gz');
    const dga = readData(data, 'dga/dga_by_family.tsv.gz');
    const hosts = rowsOf(threatfox.lines, (label) => label === 'malicious');
    const generated = rowsOf(dga.lines, () => true);
    const rows = [...hosts, ...generated];
    const fresh = (row: Row) => !learnt.has(row.domain);
    const [freshHosts, freshGenerated] = [hosts.filter(fresh), generated.filter(fresh)];
    say(
      `threatfox: ${freshHosts.length} of ${hosts.length} names left, dga: ${freshGenerated.length} of ${generated.length}`,
    );
    const scored = (some: readonly Row[]) => ({
      scores: Float64Array.from(some, ({ name }) => model.logit(name)),
      labels: Uint8Array.from(some, ({ bad }) => (bad ? 1 : 0)),
    });
    const all = scored(freshHosts);
    const groups = groupNumbers(freshHosts.map(({ domain }) => domain));
    const area = bootstrap(all, groups, auc);
    const good = freshHosts.filter(({ bad }) => !bad);
    const goodScores = scored(good).scores;
    const familyAreas = (some: readonly Row[], least: number) => {
      const families = new Map<string, Row[]>();
      for (const row of some) {
        const list = families.get(row.family) ?? [];
        if (list.length < familyMost) list.push(row);
        families.set(row.family, list);
      }
      return [...families].flatMap(([family, own]) => {
        if (own.length < least) return [];
        const one = auc({
          scores: Float64Array.of(...scored(own).scores, ...goodScores),
          labels: Uint8Array.from({ length: own.length + good.length }, (_, k) => (k < own.length ? 1 : 0)),
        })!;
        say(`${family}: ${own.length} names, AUC ${rounded(one, 3)}`);
        return [one];
      });
    };
    const hostFamilies = macroMean(
      familyAreas(
        freshHosts.filter(({ bad }) => bad),
        50,
      ),
    );
    const macro = macroMean(familyAreas(freshGenerated, 1));
    const details = freshHosts.map(({ name }) => model.nameScore(name)!);
    const probabilities = Float64Array.from(details, ({ probability }) => probability);
    const ngrams = Float64Array.from(details, ({ features }) => features[0]!);
    const length = Float64Array.from(freshHosts, ({ name }) => name.length);
    const speed = namesPerSecond(
      freshHosts.slice(0, 20_000).map(({ name }) => name),
      model.logit,
    );
    return {
      metrics: {
        threatfox_auc: rounded(area?.value),
        threatfox_auc_low: rounded(area?.low),
        threatfox_auc_high: rounded(area?.high),
        threatfox_tpr_at_1pct: rounded(tprAtFpr(all, 0.01)),
        threatfox_ece: rounded(ece({ scores: probabilities, labels: all.labels })),
        threatfox_family_mean: rounded(hostFamilies?.value),
        threatfox_family_low: rounded(hostFamilies?.low),
        threatfox_family_high: rounded(hostFamilies?.high),
        threatfox_ngrams_auc: rounded(auc({ scores: ngrams, labels: all.labels })),
        threatfox_length_auc: rounded(auc({ scores: length, labels: all.labels })),
        dga_macro_auc: rounded(macro?.value),
        dga_macro_auc_low: rounded(macro?.low),
        dga_macro_auc_high: rounded(macro?.high),
        names_per_s: rounded(speed, 0),
        ...learnerSpeed(freshHosts.slice(0, 50_000).map(({ name }) => name)),
      },
      params: {
        bad: freshHosts.length - good.length,
        good: good.length,
        dropped: rows.length - freshHosts.length - freshGenerated.length,
        learnt: model.about,
      },
      input: {
        sha256: sha256([threatfox, dga].map((file) => file.sha256).join('\n')),
        rows_in: threatfox.lines.length + dga.lines.length - 2,
        rows_stored: freshHosts.length + freshGenerated.length,
        rejected: threatfox.lines.length + dga.lines.length - 2 - freshHosts.length - freshGenerated.length,
      },
    };
  },
};

function owner(name: string): string {
  return registeredDomain(name) ?? name;
}

function rowsOf(lines: readonly string[], isBad: (label: string) => boolean): Row[] {
  return lines.slice(1).flatMap((line) => {
    const [text = '', family = '', label = ''] = line.split('\t');
    const name = normalName(text);
    return name === null ? [] : [{ name, domain: owner(name), family, bad: isBad(label) }];
  });
}

function namesPerSecond(names: readonly string[], score: (name: string) => number): number {
  for (const name of names.slice(0, 5_000)) score(name);
  const began = performance.now();
  for (const name of names) score(name);
  return (names.length * 1000) / (performance.now() - began);
}

/** The learners alone: hashed 1- to 4-grams of whole names in 2^20 floats, and 200 trees over 6,000 rows of 45 features. */
function learnerSpeed(names: readonly string[]): {
  ngram_names_per_s: number | null;
  forest_6k_45_200_s: number | null;
} {
  const draw = seeded(1);
  const weights = Float32Array.from({ length: 2 ** wholeGrams.bits }, () => draw() - 0.5);
  const columns = new Uint32Array(2_048);
  const speed = namesPerSecond(names, (name) =>
    columnsScore(weights, 0, 1, columns, 0, gramsOf(name, 0, name.length, 0, wholeGrams, columns)),
  );
  const values = Float32Array.from({ length: 6_000 * 45 }, draw);
  const labels = Uint8Array.from({ length: 6_000 }, (_, row) =>
    values[45 * row]! + values[45 * row + 1]! * values[45 * row + 2]! + 0.3 * draw() > 0.9 ? 1 : 0,
  );
  const began = performance.now();
  trainForest({ width: 45, values }, labels, { trees: 200 });
  const seconds = (performance.now() - began) / 1000;
  return { ngram_names_per_s: rounded(speed, 0), forest_6k_45_200_s: rounded(seconds, 2) };
}
