import type { Graph } from './graph.ts';
import { edgeTypes, kindNumber, typeNumber } from './kinds.ts';

/** Edge types by which names hang on what carries them. */
const carries = new Set(
  (['resolves', 'ns', 'mx', 'certificate', 'cname'] as const).map((name) => typeNumber[name]),
);

/** By node, the registered domain that it belongs to: itself where it is one, or where none is known. */
export function ownersOf(graph: Graph): Uint32Array {
  const { size } = graph.nodes;
  const owners = new Uint32Array(size);
  for (let node = 0; node < size; node++) owners[node] = ownerAt(graph, node);
  return owners;
}

/** The registered domain that one node belongs to: itself where it is one, or where none is known. */
export function ownerAt(graph: Graph, node: number): number {
  let owner = node;
  if (graph.nodes.kind(node) !== kindNumber.name) return owner;
  graph.each(node, (other, type) => {
    if (type === typeNumber.under && graph.nodes.kind(other) === kindNumber.domain) owner = other;
  });
  return owner;
}

const noOwners = new Uint32Array(0);

/** As `breadthOf`, for one node: it looks at each of its edges. `known` are the owners of nodes as far as they are known. */
export function breadthAt(graph: Graph, node: number, known: Uint32Array = noOwners): number {
  const kind = graph.nodes.kind(node);
  const named = kind === kindNumber.name || kind === kindNumber.domain;
  const owners = new Set<number>();
  let count = 0;
  graph.each(node, (other, type) => {
    if (named || !carries.has(type)) count += edgeTypes[type]!.weight > 0 ? 1 : 0;
    else owners.add(known[other] ?? ownerAt(graph, other));
  });
  return count + owners.size;
}

/** By node, how many registered domains are seen at it. For a name or a domain, how many edges it has. */
export function breadthOf(graph: Graph, owners: Uint32Array): Uint32Array {
  const { size } = graph.nodes;
  const breadth = new Uint32Array(size);
  const stamp = new Uint32Array(size).fill(0xffff_ffff);
  for (let node = 0; node < size; node++) {
    const kind = graph.nodes.kind(node);
    const named = kind === kindNumber.name || kind === kindNumber.domain;
    let count = 0;
    graph.each(node, (other, type) => {
      if (named || !carries.has(type)) {
        // What passes no belief thins none out.
        if (edgeTypes[type]!.weight > 0) count++;
        return;
      }
      const owner = owners[other]!;
      if (stamp[owner] === node) return;
      stamp[owner] = node;
      count++;
    });
    breadth[node] = count;
  }
  return breadth;
}
