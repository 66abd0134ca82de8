import { registeredDomain } from '../../model/registered-domain.ts';
import { EdgeBatch } from './edge-log.ts';
import { type Graph, nodeFlags } from './graph.ts';
import { grown } from './growing.ts';
import { noId } from './interner.ts';
import { KeyBatch } from './key-batch.ts';
import { kindNumber, typeNumber } from './kinds.ts';
import { networkOf } from './places.ts';

/** One record of an answer: who it belongs to, and what it says. */
export interface Item {
  owner: string;
  type: string;
  data: string;
  /** Seconds that it may be kept; below 0, or left out, where nobody told. */
  ttl?: number;
}

/** A name that somebody asked for, what came back, and the day, since the epoch. Names are normal (`normalName`) and addresses canonical. */
export interface Answered {
  name: string;
  items: readonly Item[];
  day: number;
}

/** Answers that are looked up together: what belongs to them stays in a processor's second cache. */
const together = 256;

/** An address that may be kept no longer, in seconds, is meant to change soon (Holz et al., NDSS 2008, saw less in fast flux). */
const shortTtl = 600;

/** What a record's data is, and what joins its owner to it. */
const records: Record<string, { kind: number; type: number } | undefined> = {
  A: { kind: kindNumber.ip, type: typeNumber.resolves },
  AAAA: { kind: kindNumber.ip, type: typeNumber.resolves },
  CNAME: { kind: kindNumber.name, type: typeNumber.cname },
  NS: { kind: kindNumber.ns, type: typeNumber.ns },
  MX: { kind: kindNumber.mx, type: typeNumber.mx },
};

/** As `observeAll`, for one. Gives the nodes whose edges are new: those are to be believed anew. */
export function observe(graph: Graph, name: string, items: readonly Item[], day: number): number[] {
  const changed: number[] = [];
  observeAll(graph, [{ name, items, day }], (from, to) => changed.push(from, to));
  return changed;
}

/**
 * Somebody asked for names, and this came back. What one record says is an edge; a chain of CNAMEs stays a chain. `joined` is told of
 * the ends of each new edge between what was asked for and what came back.
 */
export function observeAll(
  graph: Graph,
  answers: readonly Answered[],
  joined: (from: number, to: number) => void,
): void {
  for (let at = 0; at < answers.length; at += together) {
    const end = Math.min(answers.length, at + together);
    clear();
    for (let n = at; n < end; n++) note(graph, answers[n]!);
    lookUp(graph);
    for (const place of asked) if (nodes.ids[place] !== noId) graph.mark(nodes.ids[place]!, nodeFlags.asked);
    for (const place of short)
      if (nodes.ids[place] !== noId) graph.mark(nodes.ids[place]!, nodeFlags.shortLived);
    relate(graph, joined);
  }
}

/** Nodes that are looked up together, each with its day. */
class Lookup {
  readonly keys = new KeyBatch();
  kinds = new Uint8Array(together);
  days = new Uint16Array(together);
  ids = new Uint32Array(together);

  add(kind: number, text: string, day: number): number {
    const place = this.keys.add(kind, text);
    if (place < 0) return place;
    if (place >= this.days.length) {
      this.kinds = grown(this.kinds, place + 1);
      this.days = grown(this.days, place + 1);
      this.ids = grown(this.ids, place + 1);
    }
    this.kinds[place] = kind;
    this.days[place] = day;
    return place;
  }
}

// What one round works with; kept, since rounds come by the million and never two at a time.
const nodes = new Lookup();
/** What new nodes lie in: a name's registered domain, an address's network; by their place here, who lies in them. */
const around = new Lookup();
const inside: number[] = [];
const asked: number[] = [];
/** Whose addresses may be kept for minutes only. */
const short: number[] = [];
/** By item: the places of its ends, and the type of its edge. */
const items = { from: [] as number[], to: [] as number[], type: [] as number[] };
const edges = new EdgeBatch();
/** By edge: its item, or -1. */
const itemOf: number[] = [];

function clear(): void {
  nodes.keys.clear();
  around.keys.clear();
  edges.size = 0;
  for (const list of [inside, asked, short, items.from, items.to, items.type, itemOf]) list.length = 0;
}

function note(graph: Graph, { name, items: said, day }: Answered): void {
  const own = nodes.add(kindNumber.name, name, day);
  if (own < 0) {
    graph.refused++;
    return;
  }
  asked.push(own);
  for (const { owner, type, data, ttl = -1 } of said) {
    const record = records[type];
    if (!record) continue;
    const from = owner === name ? own : nodes.add(kindNumber.name, owner, day);
    const to = nodes.add(record.kind, data, day);
    if (from < 0 || to < 0) {
      graph.refused++;
      continue;
    }
    if (record.type === typeNumber.resolves && ttl >= 0 && ttl <= shortTtl) short.push(from);
    items.from.push(from);
    items.to.push(to);
    items.type.push(record.type);
  }
}

function lookUp(graph: Graph): void {
  graph.nodeAll(nodes.keys, nodes.days, nodes.ids, (place) => {
    const text = nodes.keys.texts[place]!;
    const kind = nodes.kinds[place]!;
    if (kind === kindNumber.name) {
      const domain = registeredDomain(text);
      if (domain !== null && around.add(kindNumber.domain, domain, nodes.days[place]!) >= 0)
        inside.push(place);
    } else if (kind === kindNumber.ip) {
      if (around.add(kindNumber.net, networkOf(text), nodes.days[place]!) >= 0) inside.push(place);
    }
  });
  graph.nodeAll(around.keys, around.days, around.ids, () => {});
}

function relate(graph: Graph, joined: (from: number, to: number) => void): void {
  const add = (type: number, a: number, b: number, day: number, item: number) => {
    if (a === noId || b === noId) return;
    edges.add(type, a, b, day);
    itemOf.push(item);
  };
  for (let n = 0; n < inside.length; n++) {
    const place = inside[n]!;
    const type = nodes.kinds[place] === kindNumber.name ? typeNumber.under : typeNumber.subnet;
    add(type, nodes.ids[place]!, around.ids[n]!, nodes.days[place]!, -1);
  }
  const { from, to, type } = items;
  for (let n = 0; n < from.length; n++)
    add(type[n]!, nodes.ids[from[n]!]!, nodes.ids[to[n]!]!, nodes.days[from[n]!]!, n);
  graph.joinAll(edges, (edge) => {
    const item = itemOf[edge]!;
    if (item >= 0) joined(nodes.ids[from[item]!]!, nodes.ids[to[item]!]!);
  });
}
