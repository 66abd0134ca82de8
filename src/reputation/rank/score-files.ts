import { normalName } from '../../kit/domain-name.ts';
import { canonicalIp } from '../../kit/ip.ts';
import { registeredDomain } from '../../model/registered-domain.ts';
import { Graph } from '../graph/graph.ts';
import { kindNumber } from '../graph/kinds.ts';
import { observe } from '../graph/observe.ts';
import { nameNode } from '../graph/places.ts';
import { NameTable } from '../names/name-table.ts';
import { scoreNames } from '../names/train.ts';
import type { Words } from '../names/words.ts';
import { shapeOf } from './graph-features.ts';
import { placed, type Ranker, type Rows } from './ranker.ts';
import type { RankerModel, Seed } from './ranker-file.ts';
import { type TaughtRanker, type Teaching, teaching, trainRanker } from './teach.ts';

/** Labelled names of each kind without which nothing is learnt. */
export const leastLabelled = 50;
/** Labelled names that are learnt from at most: each takes about 5 KB while it is. */
export const mostLabelled = 500_000;
/** Names of a graph whose letters are read, at most; of the others only the edges count. */
export const readLimit = 2_000_000;
const bits = 18;

/** What a line could not be read for, and how often. */
export type Refused = Map<string, number>;

/** Edges, labels and names as they stand in files, one a line, fields apart by tabs (of labels by a comma as well). */
export class Ledger {
  /** The day on which all of it is taken to be seen: files say nothing of days. */
  static readonly day = 20_000;
  readonly graph = new Graph();
  readonly labels = new Map<string, 1 | -1>();
  readonly refused: Refused = new Map();

  /** `name<TAB>address or name[<TAB>…]`. A line of column names is passed over. */
  edge(line: string): void {
    const [from = '', to = ''] = line.split('\t');
    if (columns.has(from.trim().toLowerCase())) return;
    const name = normalName(from.trim());
    const ip = canonicalIp(to.trim());
    const data = ip ?? normalName(to.trim());
    if (name === null || data === null) this.#refuse('an edge joins a name to an address or a name');
    else observe(this.graph, name, [{ owner: name, type: ip === null ? 'CNAME' : 'A', data }], Ledger.day);
  }

  /** `name<TAB>bad|good`, in the words that lists use for them. */
  seed(line: string): void {
    const [text = '', label = ''] = line.split(/[\t,]/);
    if (columns.has(text.trim().toLowerCase())) return;
    const name = normalName(text.trim());
    const word = label.trim().toLowerCase();
    const known = bad.has(word) ? 1 : good.has(word) ? -1 : 0;
    if (name === null || known === 0) this.#refuse('a seed is a name and a label: malicious or benign');
    else this.labels.set(name, known);
  }

  /** How many names are labelled so. */
  count(label: 1 | -1): number {
    let count = 0;
    for (const one of this.labels.values()) if (one === label) count++;
    return count;
  }

  #refuse(reason: string): void {
    this.refused.set(reason, (this.refused.get(reason) ?? 0) + 1);
  }
}

/** What a first line calls the column of names. */
const columns = new Set(['domain', 'name', 'rrname', 'fqdn', 'hostname', 'query']);
const bad = new Set(['malicious', 'bad', '1', 'malware', 'phishing', 'c2']);
const good = new Set(['benign', 'good', '0', '-1', 'legit']);

/** A ranker in the graph of a ledger. */
export interface Settled {
  ranker: Ranker;
  rows: Rows;
  /** By row: 1 bad, -1 good, 0 not told. */
  labels: Int8Array;
}

/**
 * Teaches a ranker with the labelled names of a ledger. Throws a `RangeError` with fewer than `leastLabelled` of each kind, of which nothing
 * could be learnt, and with more than `mostLabelled`. `names` are those that will be asked for. The same files give the same ranker, whatever is asked for.
 */
export function teach(
  ledger: Ledger,
  names: readonly string[],
  words: Words,
  say: (line: string) => void,
  options: Teaching = teaching,
): Settled & { ranker: TaughtRanker } {
  for (const [kind, label] of [
    ['bad', 1],
    ['good', -1],
  ] as const)
    if (ledger.count(label) < leastLabelled)
      throw new RangeError(`${leastLabelled} ${kind} names are needed at least, not ${ledger.count(label)}`);
  if (ledger.labels.size > mostLabelled)
    throw new RangeError(`${mostLabelled} labelled names are learnt from at most, not ${ledger.labels.size}`);
  const { rows, labels } = rowsOf(ledger, ledger.labels, names, words, bits);
  return { ranker: trainRanker(shapeOf(ledger.graph), rows, labels, say, options), rows, labels };
}

/** The labelled names of a ranker, as a model keeps them. */
export function seedsOf({ ranker, rows, labels }: Settled): Seed[] {
  return Array.from(labels).flatMap((label, row) =>
    label === 0
      ? []
      : [
          {
            name: rows.table.parts[row]!.name,
            label: label > 0 ? 1 : -1,
            lexical: ranker.lexical[row]!,
          } as const,
        ],
  );
}

/** A model among the edges of a ledger: what it was taught is known there, and what the ledger labels besides. */
export function settle(
  { learned, seeds, words, bits: taughtBits }: RankerModel,
  ledger: Ledger,
  names: readonly string[],
): Settled {
  const known = new Map<string, 1 | -1>(seeds.map(({ name, label }) => [name, label]));
  for (const [name, label] of ledger.labels) known.set(name, label);
  const { rows, labels } = rowsOf(ledger, known, names, words, taughtBits);
  const lexical = new Float32Array(rows.table.length);
  const said = new Map(seeds.map((seed) => [seed.name, seed.lexical]));
  const unread: number[] = [];
  rows.table.parts.forEach(({ name }, row) => {
    const value = said.get(name);
    if (value === undefined) unread.push(row);
    else lexical[row] = value;
  });
  scoreNames(learned.names, rows.table, Uint32Array.from(unread)).forEach((value, n) => {
    lexical[unread[n]!] = value;
  });
  return { ranker: placed(learned, shapeOf(ledger.graph), rows, labels, lexical), rows, labels };
}

/** A row for each name: first what is labelled, in the order of the alphabet, then what is asked for, then what else the edges name. */
function rowsOf(
  { graph }: Ledger,
  known: ReadonlyMap<string, 1 | -1>,
  names: readonly string[],
  words: Words,
  width: number,
): { rows: Rows; labels: Int8Array } {
  const all = new Set([...[...known.keys()].sort(), ...names]);
  const { nodes } = graph;
  for (let node = 0; node < nodes.size && all.size < readLimit; node++)
    if (nodes.kind(node) === kindNumber.name) all.add(nodes.text(node));
  const list = [...all];
  const places = Uint32Array.from(list, (name) => nameNode(graph, name, Ledger.day));
  graph.rebuild(Ledger.day);
  return {
    rows: {
      table: new NameTable(list, words, width),
      nodes: places,
      groups: list.map((name) => registeredDomain(name) ?? name),
    },
    labels: Int8Array.from(list, (name) => known.get(name) ?? 0),
  };
}
