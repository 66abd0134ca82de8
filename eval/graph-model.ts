import { readFileSync } from 'node:fs';
import { normalName } from '../src/kit/domain-name.ts';
import { seeded, shuffled } from '../src/kit/seeded.ts';
import { registeredDomain } from '../src/model/registered-domain.ts';
import { groupNumbers } from '../src/reputation/learn/bootstrap.ts';
import type { Scored } from '../src/reputation/learn/metrics.ts';
import { openNameModel } from '../src/reputation/names/name-model.ts';
import { readWords, wordsFile } from '../src/reputation/names/read-words.ts';
import { scoreNames } from '../src/reputation/names/train.ts';
import { shapeOf } from '../src/reputation/rank/graph-features.ts';
import { featuresOf, judge, placed, widthOf } from '../src/reputation/rank/ranker.ts';
import { Ledger, teach } from '../src/reputation/rank/score-files.ts';
import { packageFolder } from '../src/version.ts';
import type { Eval } from './eval.ts';
import { figuresOf } from './figures.ts';
import { readData, rounded } from './labelled.ts';
import { readMdns } from './mdns.ts';
import { folderOf } from './reputation.ts';

const folds = 4;
/** Names of a family, and names of each kind, that are learnt from at most. */
const most = { family: 60, names: 4_000 };

/**
 * What a graph model would be worth that is taught with data of permitted licence alone: maltrail's names with their addresses are bad,
 * OpenDNS's are good, and have no addresses. Measured in the graph of `eval reputation`, of which it has seen no name, with the labels of
 * the three other folds for its neighbours; beside it the name model that ships, and belief over the same graph.
 */
export const graphModel: Eval = {
  name: 'graph-model',
  summary: 'a ranker taught with permitted data alone, in the graph of mdns; --data PATH of all data',
  async run({ data, say }) {
    const began = performance.now();
    const mdns = readMdns(folderOf(data));
    const { labels, folds: fold, graph } = mdns;
    const rows = { table: mdns.rows.table, nodes: mdns.rows.nodes, groups: mdns.rows.groups };
    const { ledger, sha256, edges } = permitted(data, new Set(rows.groups));
    const learned = teach(ledger, [], readWords(packageFolder(wordsFile)), say).ranker;
    const shape = shapeOf(graph);
    const all = Uint32Array.from(labels.keys());
    const lexical = Float32Array.from(scoreNames(learned.names, rows.table, all));
    const shipped = openNameModel(readFileSync(packageFolder('models/names.model')));
    const test = all.filter((row) => labels[row] !== 0 && fold[row]! < folds);
    const scores = { score: new Float64Array(labels.length), belief: new Float64Array(labels.length) };
    const features = new Float32Array(widthOf(rows));
    for (let one = 0; one < folds; one++) {
      const known = labels.map((label, row) => (fold[row] === one ? 0 : label));
      const ranker = placed(learned, shape, rows, known, lexical);
      for (const row of test) {
        if (fold[row] !== one) continue;
        featuresOf(ranker, rows, row, features);
        scores.score[row] = judge(ranker, rows, row, features).logit;
        const { bad, good } = ranker.features.belief(rows.nodes[row]!);
        scores.belief[row] = bad - good;
      }
    }
    const groups = groupNumbers(Array.from(test, (row) => rows.groups[row]!));
    const figures = (by: (row: number) => number, prefix: string) => {
      const scored: Scored = {
        scores: Float64Array.from(test, by),
        labels: Uint8Array.from(test, (row) => (labels[row]! > 0 ? 1 : 0)),
      };
      return figuresOf(scored, groups, prefix);
    };
    return {
      metrics: {
        ...figures((row) => scores.score[row]!, ''),
        ...figures((row) => shipped.logit(rows.table.parts[row]!.name), 'shipped_names_'),
        ...figures((row) => lexical[row]!, 'names_'),
        ...figures((row) => scores.belief[row]!, 'belief_'),
        seconds: rounded((performance.now() - began) / 1_000, 1),
      },
      params: { ...most, bad: ledger.count(1), good: ledger.count(-1), edges, folds, names: test.length },
      input: { sha256, rows_in: edges, rows_stored: ledger.graph.edges, rejected: 0 },
    };
  },
};

/** Maltrail's names with addresses, and OpenDNS's: none under a registered domain of `without`, and no domain with both labels. */
function permitted(data: string | undefined, without: ReadonlySet<string>) {
  const ledger = new Ledger();
  const { lines, sha256 } = readData(data, 'maltrail/edges_domain_ip.tsv.gz');
  const owner = (name: string) => registeredDomain(name) ?? name;
  const families = new Map<string, Map<string, string[]>>();
  for (const line of lines.slice(1)) {
    const [text = '', ip = '', family = ''] = line.split('\t');
    const name = normalName(text);
    if (name === null || without.has(owner(name))) continue;
    const names = families.get(family) ?? new Map<string, string[]>();
    names.set(name, [...(names.get(name) ?? []), ip]);
    families.set(family, names);
  }
  const bad: { name: string; ips: string[] }[] = [];
  for (const [family, names] of families)
    for (const [name, ips] of shuffled(seeded(`graph/${family}`), [...names]).slice(0, most.family))
      bad.push({ name, ips });
  const chosen = shuffled(seeded('graph'), bad).slice(0, most.names);
  const taken = new Set(chosen.map(({ name }) => owner(name)));
  let edges = 0;
  for (const { name, ips } of chosen) {
    ledger.seed(`${name}\tmalicious`);
    for (const ip of ips) {
      ledger.edge(`${name}\t${ip}`);
      edges++;
    }
  }
  const good = ['opendns/top_10k.txt', 'opendns/random_half.txt']
    .flatMap((path) => readData(data, path).lines)
    .flatMap((text) => normalName(text) ?? [])
    .filter((name) => !without.has(owner(name)) && !taken.has(owner(name)));
  for (const name of shuffled(seeded('good'), [...new Set(good)]).slice(0, most.names))
    ledger.seed(`${name}\tbenign`);
  return { ledger, sha256, edges };
}
