import type { Traits } from '../behaviour/traits.ts';
import type { Graph } from '../graph/graph.ts';
import { nodeKinds } from '../graph/kinds.ts';
import { pushed } from '../graph/push-from.ts';
import type { NameModel } from '../names/name-model.ts';
import { type Believed, scoreAt } from './believed.ts';
import type { Company, CompanyAt } from './company.ts';
import { Blame } from './family.ts';
import type { LiveBelief } from './live-belief.ts';
import { seedLogit } from './logits.ts';

/** Seeds, and steps of a path, that are told of a score; and bad domains of a carrier that are looked at for a family. */
const told = { seeds: 5, steps: 6, company: 64 };

export interface Path {
  /** From the seed to the name, as it is written. */
  steps: string[];
  says: string;
  /** Logits that it adds. */
  share: number;
}

export interface Reasons {
  /** Sentences with the logits that each adds: together they are what is believed of the name. */
  shares: { says: string; share: number }[];
  paths: Path[];
  family: string | null;
  without: { what: string; score: number } | null;
}

export interface Parts {
  graph: Graph;
  model: NameModel;
  live: LiveBelief;
  traits: Traits;
  company: Company;
  believed: Believed;
}

/** Why a node is believed to be what it is. */
export function whyOf(parts: Parts, node: number): Reasons {
  const { graph, live, traits, company, believed } = parts;
  const label = (one: number) => labelOf(graph, one);
  const parents = new Map<number, number>();
  const blame = new Blame();
  const row = pushed(live.shape(), node, parents);
  const shares: Reasons['shares'] = [];
  const paths: Path[] = [];
  let others = 0;
  for (const [source, weight] of row) {
    const seed = live.priors.seed(source);
    // A name that is known keeps its letters: they are told apart.
    const share = weight * (source === node ? seedLogit * (seed?.weight ?? 0) : live.priors.at(source));
    if (seed) {
      blame.add(seed, share);
      shares.push({ says: `${label(source)} ${seed.says}`, share });
      paths.push({ steps: pathOf(graph, source, node, parents), says: seed.says, share });
    } else if (source !== node) others += share;
  }
  const own = row.get(node) ?? 0;
  for (const { seed, logit } of live.priors.hangs(node)) {
    const { says } = live.priors.seed(seed)!;
    blame.add(live.priors.seed(seed)!, own * logit);
    shares.push({ says: `it is on ${label(seed)}, which ${says}`, share: own * logit });
    paths.push({ steps: [label(seed), label(node)], says, share: own * logit });
  }
  for (const { at, logit } of believed.company(node)) {
    const says = companySays(label(at.carrier), at);
    const bad = company.bad(node, at, told.company);
    for (const { seed } of bad) if (seed) blame.add(seed, logit / bad.length);
    shares.push({ says, share: logit });
    paths.push({
      steps: [...bad.slice(0, 1).map(({ name }) => label(name)), label(at.carrier), label(node)],
      ...{ says, share: logit },
    });
  }
  shares.push(...letters(parts.model, graph.nodes.text(node), own * live.priors.letters(node)));
  shares.push({ says: 'the names that it is joined to read like this', share: others });
  for (const { says, logit } of traits.of(node)) shares.push({ says, share: logit });
  return {
    shares,
    paths: paths.sort((a, b) => Math.abs(b.share) - Math.abs(a.share)).slice(0, told.seeds),
    family: blame.family(),
    without: without(parts, node),
  };
}

/** What is told of an address, where who is there makes others there suspect. */
export function gatheredSays({ bad, others }: { bad: number; others: number }): string {
  const all = others === 0 ? `all ${bad}` : `${bad} of the ${bad + others}`;
  return `${all} domains seen at it of late are known to be bad`;
}

function companySays(carrier: string, { bad, others }: CompanyAt): string {
  const all = others === 0 ? `all ${bad}` : `${bad} of the ${bad + others}`;
  return `${all} other domains at ${carrier} are known to be bad`;
}

/** What a name alone says, sentence by sentence, as parts of what it counts for here. */
function letters(model: NameModel, name: string, share: number): Reasons['shares'] {
  const scored = model.nameScore(name);
  if (!scored || share === 0) return [];
  const { reasons } = scored.reasons();
  // Only those that speak for the same side explain it; the others were outweighed.
  const same = reasons.filter((one) => one.share * share > 0).slice(0, 3);
  const all = same.reduce((sum, one) => sum + one.share, 0);
  if (all === 0) return [{ says: 'its letters', share }];
  return same.map((one) => ({ says: one.says, share: (share * one.share) / all }));
}

/** The loss of the neighbour that adds most: what that tells the name, what hangs on it, and what company it gives. */
function without({ graph, live, believed }: Parts, node: number): Reasons['without'] {
  const { scale, eps } = live.shape();
  const told = new Map<number, number>();
  let most = -1;
  graph.each(node, (other, _type, _first, _last, weight) => {
    if (weight === 0) return;
    const share = eps * weight * scale[node]! * scale[other]! * live.value(other);
    told.set(other, (told.get(other) ?? 0) + share);
    if (most < 0 || Math.abs(share) > Math.abs(told.get(most)!)) most = other;
  });
  const hung = new Map(live.priors.hangs(node).map(({ seed, logit }) => [seed, logit]));
  const company = believed.company(node).map(({ at }) => at.carrier);
  const before = believed.logit(node);
  let found: { other: number; logit: number } | null = null;
  for (const other of new Set([most, ...hung.keys(), ...company])) {
    if (other < 0) continue;
    const own = hung.get(other) ?? 0;
    const logit = believed.without(node, other, { all: (told.get(other) ?? 0) + own, own });
    if (!found || Math.abs(logit - before) > Math.abs(found.logit - before)) found = { other, logit };
  }
  return found && { what: labelOf(graph, found.other), score: scoreAt(found.logit) };
}

function pathOf(graph: Graph, seed: number, node: number, parents: ReadonlyMap<number, number>): string[] {
  const steps = [labelOf(graph, seed)];
  for (let at = seed; at !== node && steps.length < told.steps; ) {
    const next = parents.get(at);
    if (next === undefined) break;
    steps.push(labelOf(graph, next));
    at = next;
  }
  return steps;
}

function labelOf(graph: Graph, node: number): string {
  const kind = nodeKinds[graph.nodes.kind(node)];
  const text = graph.nodes.text(node);
  return kind === 'name' || kind === 'ip' || kind === 'net' ? text : `${kind} ${text}`;
}
