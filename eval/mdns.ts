import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Fault } from '../src/kit/fault.ts';
import { registeredDomain } from '../src/model/registered-domain.ts';
import { Graph } from '../src/reputation/graph/graph.ts';
import { NameTable } from '../src/reputation/names/name-table.ts';
import { readWords, wordsFile } from '../src/reputation/names/read-words.ts';
import type { Rows } from '../src/reputation/rank/ranker.ts';
import { packageFolder } from '../src/version.ts';

/** A graph of names and addresses with labels, and the fold that each name is tested in. */
export interface Labelled {
  graph: Graph;
  rows: Rows;
  /** 1 bad, -1 good, 0 not told. */
  labels: Int8Array;
  folds: Int8Array;
  rowsIn: number;
  /** By row: the data's own id of the name. */
  ids: readonly string[];
}

const bits = 18;
/** All edges are of one day: the data tells none. */
const day = 20_000;

/** One edge of the data: a name and an address by their ids, and the day of it. */
export interface DatedEdge {
  name: string;
  ip: string;
  day: number;
}

/**
 * Reads the mDNS graph of PDNS-Net (github.com/qcri/PDNS-Net): names, addresses, who resolves to what, who looks like whom. `change` may
 * alter who resolves to what, as an attacker would; `known` holds the names as they were read before.
 */
export function readMdns(
  folder: string,
  change = (edges: DatedEdge[]): DatedEdge[] => edges,
  known?: Pick<Rows, 'table'>,
): Labelled {
  const file = (name: string) => {
    const path = join(folder, name);
    if (!existsSync(path)) throw new Fault('usage', `${path} is not there: --data names the folder of mdns.`);
    const lines = gunzipSync(readFileSync(path)).toString().trimEnd().split('\n').slice(1);
    return lines.map((line) => line.split('\t'));
  };
  const graph = new Graph();
  const nodes = new Map<string, number>();
  const names = file('names_labels.tsv.gz');
  const groups = names.map(([, name]) => registeredDomain(name!) ?? name!);
  names.forEach(([id, name], row) => {
    const node = graph.node('name', name!, day);
    nodes.set(id!, node);
    graph.join('under', node, graph.node('domain', groups[row]!, day), day);
  });
  // Addresses, their networks and who runs those are codes, not addresses.
  for (const [id, net, asn] of file('nodes_ip.tsv.gz')) {
    const node = graph.node('ip', id!, day);
    nodes.set(id!, node);
    const network = graph.node('net', net!, day);
    graph.join('subnet', node, network, day);
    graph.join('network', network, graph.node('asn', asn!, day), day);
  }
  const edges = file('edges.tsv.gz');
  const resolves: DatedEdge[] = [];
  const ips = new Set(file('nodes_ip.tsv.gz').map(([id]) => id!));
  for (const [from, to, type] of edges) {
    if (type === 'similar') graph.join('lookalike', nodes.get(from!) ?? -1, nodes.get(to!) ?? -1, day);
    else if (type === 'resolves')
      resolves.push(ips.has(from!) ? { ip: from!, name: to!, day } : { name: from!, ip: to!, day });
  }
  for (const edge of change(resolves))
    graph.join('resolves', nodes.get(edge.name) ?? -1, nodes.get(edge.ip) ?? -1, edge.day);
  graph.rebuild(day);
  const given = new Map(file('nodes_domain.tsv.gz').map(([id, ...values]) => [id, values.map(Number)]));
  const width = 10;
  const values = Float32Array.from(
    names.flatMap(([id]) => given.get(id) ?? new Array(width).fill(Number.NaN)),
  );
  return {
    graph,
    rows: {
      table:
        known?.table ??
        new NameTable(
          names.map(([, name]) => name!),
          readWords(packageFolder(wordsFile)),
          bits,
        ),
      nodes: Uint32Array.from(names, ([id]) => nodes.get(id!)!),
      groups,
      extra: { width, values },
    },
    labels: Int8Array.from(names, ([, , label]) => (label === 'malicious' ? 1 : label === 'benign' ? -1 : 0)),
    folds: Int8Array.from(names, ([, , , fold]) => Number(fold)),
    rowsIn: names.length + edges.length,
    ids: names.map(([id]) => id!),
  };
}
