import { PrefixMap } from '../../kit/prefix-map.ts';
import { specialBlocks } from '../../kit/special-blocks.ts';
import { type Graph, nodeFlags } from '../graph/graph.ts';
import { kindNumber, typeNumber } from '../graph/kinds.ts';

/** By edge type, the kind of node that carries a name over such an edge. */
const carrierOf = new Map([
  [typeNumber.resolves, kindNumber.ip],
  [typeNumber.ns, kindNumber.ns],
  [typeNumber.mx, kindNumber.mx],
  [typeNumber.certificate, kindNumber.certificate],
  [typeNumber.cname, kindNumber.name],
]);

/** Addresses of which every network has its own: whoever leads there has nothing to do with others who do. */
const local = new PrefixMap<true>();
for (const [block] of specialBlocks) local.set(block, true);

/** What carries names so that who else is there says something of them: never what is known for having everybody's. */
export class Carriers {
  readonly #graph: Graph;

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  /** Whether one end of an edge carries the other. */
  carries(name: number, carrier: number, type: number): boolean {
    const graph = this.#graph;
    const { nodes } = graph;
    if (nodes.kind(name) !== kindNumber.name || nodes.kind(carrier) !== carrierOf.get(type)) return false;
    if ((graph.flags(carrier) & nodeFlags.hub) !== 0) return false;
    // An edge does not say which end is the alias. Where the other is one itself, who owns it chose where it leads.
    if (type === typeNumber.cname)
      return (graph.flags(name) & nodeFlags.alias) !== 0 && (graph.flags(carrier) & nodeFlags.alias) === 0;
    return true;
  }

  /** Whether a carrier is on the Internet. */
  open(carrier: number): boolean {
    const { nodes } = this.#graph;
    return nodes.kind(carrier) !== kindNumber.ip || local.get(nodes.text(carrier)) === undefined;
  }

  /** Whether its names hang there only with what stands above them: name servers and mail exchangers are a domain's, not a host's. */
  serves(carrier: number): boolean {
    const kind = this.#graph.nodes.kind(carrier);
    return kind === kindNumber.ns || kind === kindNumber.mx;
  }
}
