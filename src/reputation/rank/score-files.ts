import { normalName } from '../../kit/domain-name.ts';
import { canonicalIp } from '../../kit/ip.ts';
import { registeredDomain } from '../../model/registered-domain.ts';
import { Graph } from '../graph/graph.ts';
import { observe } from '../graph/observe.ts';
import { nameNode } from '../graph/places.ts';
import { NameTable } from '../names/name-table.ts';
import type { Words } from '../names/words.ts';
import { shapeOf } from './graph-features.ts';
import { type Ranker, type Rows, trainRanker } from './ranker.ts';

/** Labelled names of each kind without which nothing is learnt. */
export const leastLabelled = 50;
const bits = 18;

/** What a line could not be read for, and how often. */
export type Refused = Map<string, number>;

/** Edges, labels and names as they stand in files, one a line, fields apart by tabs. */
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
    const [text = '', label = ''] = line.split('\t');
    if (columns.has(text.trim().toLowerCase())) return;
    const name = normalName(text.trim());
    const word = label.trim().toLowerCase();
    const known = bad.has(word) ? 1 : good.has(word) ? -1 : 0;
    if (name === null || known === 0) this.#refuse('a seed is a name and a label: malicious or benign');
    else this.labels.set(name, known);
  }

  #refuse(reason: string): void {
    this.refused.set(reason, (this.refused.get(reason) ?? 0) + 1);
  }
}

/** What a first line calls the column of names. */
const columns = new Set(['domain', 'name', 'rrname', 'fqdn', 'hostname', 'query']);
const bad = new Set(['malicious', 'bad', '1', 'malware', 'phishing', 'c2']);
const good = new Set(['benign', 'good', '0', '-1', 'legit']);

/**
 * Teaches a ranker with the labelled names of a ledger. Throws a `RangeError` with fewer than `leastLabelled` of each kind: nothing could
 * be learnt. The rows of `names` come first, in their order.
 */
export function rankerOf(
  { graph, labels }: Ledger,
  names: readonly string[],
  words: Words,
  say: (line: string) => void,
): { ranker: Ranker; rows: Rows } {
  const all = [...new Set([...names, ...labels.keys()])];
  const known = Int8Array.from(all, (name) => labels.get(name) ?? 0);
  for (const [kind, label] of [
    ['bad', 1],
    ['good', -1],
  ] as const) {
    const count = known.reduce((sum, one) => sum + (one === label ? 1 : 0), 0);
    if (count < leastLabelled)
      throw new RangeError(`${leastLabelled} ${kind} names are needed at least, not ${count}`);
  }
  const nodes = Uint32Array.from(all, (name) => nameNode(graph, name, Ledger.day));
  graph.rebuild(Ledger.day);
  const rows: Rows = {
    table: new NameTable(all, words, bits),
    nodes,
    groups: all.map((name) => registeredDomain(name) ?? name),
  };
  return { ranker: trainRanker(shapeOf(graph), rows, known, say), rows };
}
