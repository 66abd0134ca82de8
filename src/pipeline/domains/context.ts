import { openEnrichment } from '../../intake/enrich.ts';
import { Bounded } from '../../kit/bounded.ts';
import { normalName } from '../../kit/domain-name.ts';
import { canonicalIp } from '../../kit/ip.ts';
import { noteAnswer } from '../../reputation/behaviour/note-answer.ts';
import { NxdomainBursts } from '../../reputation/behaviour/nxdomain-bursts.ts';
import type { Graph } from '../../reputation/graph/graph.ts';
import { kindNumber } from '../../reputation/graph/kinds.ts';
import { addressNode, nameNode } from '../../reputation/graph/places.ts';
import { KnownHosts } from '../../reputation/known/known-hosts.ts';
import { KnownNodes } from '../../reputation/known/known-nodes.ts';
import type { NameModel } from '../../reputation/names/name-model.ts';
import type { Seed } from '../../reputation/rank/priors.ts';
import type { DecoySeed, TakenAnswer } from './messages.ts';

/** Registered domains of which it is remembered how generated they look: most are asked for again. */
const logitLimit = 100_000;
/** How sure it is that what a decoy was told to fetch from is bad. */
const decoyWeight = 0.9;

/** What is known of a graph's nodes besides the answers that made them. */
export interface Context {
  /**
   * The graph has answers: looks at what is new, notes who asks for generated names that do not exist, and on whose hosts names are.
   * Gives the names of which that tells something.
   */
  took(answers: readonly TakenAnswer[]): number[];
  /** Looks at the nodes that are new: in which network they are, and whether they have everybody's names. */
  look(): void;
  /** Looks at all of the graph: more work, for when all is ranked. */
  lookAtAll(): void;
  /** The names that are wholly on hosts that have everybody's, as they come and go. */
  guests: KnownNodes['guests'];
  /** Enters what decoys were told of; what they were told to fetch from is bad. */
  decoys(seeds: readonly DecoySeed[], today: number): Seed[];
}

/** `model` is asked for with the first name that may be generated. `known` are files of hosts; `networks`: whether addresses' networks are looked up. */
export function createContext(
  graph: Graph,
  model: () => NameModel,
  { known = [], networks = false }: { known?: readonly string[]; networks?: boolean },
): Context {
  const logits = new Bounded<string, number>(logitLimit);
  const bursts = new NxdomainBursts((domain) => {
    const known = logits.peek(domain);
    if (known !== undefined) return known;
    const logit = model().logit(domain);
    logits.set(domain, logit);
    return logit;
  });
  const hosts = new KnownNodes(graph, KnownHosts.read(known));
  const enrichment = networks ? openEnrichment() : null;
  let looked = 0;

  function look(): void {
    hosts.look();
    // Nodes that this makes are networks themselves.
    for (const { size } = graph.nodes; enrichment && looked < size; looked++) {
      if (graph.nodes.kind(looked) !== kindNumber.net) continue;
      const block = graph.nodes.text(looked);
      const number = enrichment.asnOf(block.slice(0, block.indexOf('/')));
      const day = graph.lastDay(looked);
      if (number > 0) graph.join('network', looked, graph.node('asn', `AS${number}`, day), day);
    }
  }

  return {
    look,
    took(answers) {
      look();
      const noted: number[] = [];
      for (const { name, day, asked } of answers) {
        if (asked) for (const node of noteAnswer(graph, bursts, { name, ...asked }, day)) noted.push(node);
        const node = graph.find('name', name);
        if (node >= 0 && hosts.visit(node)) noted.push(node);
      }
      return noted;
    },
    lookAtAll() {
      look();
      hosts.lookAtZones();
      hosts.visitAll();
    },
    guests: hosts.guests,
    decoys(seeds, today) {
      const found = new Map<number, Seed>();
      for (const { host, says, day = today, family, sightings = [] } of seeds) {
        const node = hostNode(graph, host, day);
        if (node < 0) continue;
        found.set(node, {
          ...{ node, weight: decoyWeight, says: `${says} at a decoy` },
          ...(family !== undefined && { family }),
        });
        for (const sighting of sightings) {
          const session = graph.node('sighting', sighting.id, sighting.day);
          graph.join('sighting', node, session, sighting.day);
          const source = hostNode(graph, sighting.source, sighting.day);
          graph.join('sighting', source, session, sighting.day);
        }
      }
      return [...found.values()];
    },
  };
}

/** The node of a name or an address; -1 for what is neither, or where there is no room. */
function hostNode(graph: Graph, host: string, day: number): number {
  const name = normalName(host);
  if (name !== null) return nameNode(graph, name, day);
  const ip = canonicalIp(host);
  return ip === null ? -1 : addressNode(graph, ip, day);
}
