import { kindNumber } from '../../reputation/graph/kinds.ts';
import type { NameModel } from '../../reputation/names/name-model.ts';
import { shapeOf } from '../../reputation/rank/graph-features.ts';
import { bounded, seedLogit } from '../../reputation/rank/logits.ts';
import type { Ledger } from '../../reputation/rank/score-files.ts';
import type { Weighted } from '../../reputation/sql/index.ts';

/** What is to be propagated: the graph of a ledger's edges, with its labels, and what the letters of all other names say. */
export interface Question extends Weighted {
  /** How many of the nodes are names. */
  names: number;
  /** Null for what is none. */
  nameOf(node: number): string | null;
}

/** `day`: days since the epoch, from which the age of edges counts. */
export function questionOf(ledger: Ledger, model: NameModel, day: number): Question {
  const { graph, labels } = ledger;
  graph.rebuild(day);
  const { scale, eps } = shapeOf(graph);
  const prior = new Float32Array(graph.nodes.size);
  let names = 0;
  const { nodes } = graph;
  const nameOf = (node: number) => (nodes.kind(node) === kindNumber.name ? nodes.text(node) : null);
  for (let node = 0; node < prior.length; node++) {
    const name = nameOf(node);
    if (name === null) continue;
    names++;
    const label = labels.get(name);
    prior[node] = label !== undefined ? seedLogit * label : bounded(model.logit(name));
  }
  return { layers: graph.layers, scale, prior, eps, names, nameOf };
}
