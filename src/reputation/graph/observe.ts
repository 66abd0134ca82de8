import { registeredDomain } from '../../model/registered-domain.ts';
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
const records = new Map([
  ['A', { kind: kindNumber.ip, type: typeNumber.resolves }],
  ['AAAA', { kind: kindNumber.ip, type: typeNumber.resolves }],
  ['CNAME', { kind: kindNumber.name, type: typeNumber.cname }],
  ['NS', { kind: kindNumber.ns, type: typeNumber.ns }],
  ['MX', { kind: kindNumber.mx, type: typeNumber.mx }],
]);

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
    clear(graph);
    let place = -1;
    for (let n = at; n < end; n++) {
      const answer = answers[n]!;
      const last = n > at ? answers[n - 1]! : undefined;
      place = note(graph, answer, last?.name === answer.name && last.day === answer.day ? place : -1);
    }
    lookUp(graph);
    mark(graph, asked, nodeFlags.asked);
    mark(graph, short, nodeFlags.shortLived);
    mark(graph, aliases, nodeFlags.alias);
    relate(graph, joined);
  }
}

/** Numbers in a row, kept from round to round. */
class Row {
  values = new Uint32Array(together);
  size = 0;

  add(value: number): void {
    if (this.size >= this.values.length) this.values = grown(this.values, this.size + 1);
    this.values[this.size++] = value;
  }
}

/** Nodes that are looked up together, each with its day. */
class Lookup {
  readonly keys = new KeyBatch();
  days = new Uint16Array(together);
  ids = new Uint32Array(together);

  add(kind: number, text: string, day: number): number {
    const place = this.keys.add(kind, text);
    if (place < 0) return place;
    if (place >= this.days.length) {
      this.days = grown(this.days, place + 1);
      this.ids = grown(this.ids, place + 1);
    }
    this.days[place] = day;
    return place;
  }
}

// What one round works with; kept, since rounds come by the million and never two at a time.
const nodes = new Lookup();
/** What new nodes lie in: a name's registered domain, an address's network; by their place here, who lies in them. */
const around = new Lookup();
const inside = new Row();
const asked = new Row();
/** Whose addresses may be kept for minutes only. */
const short = new Row();
const aliases = new Row();
/** By item: the places of its ends, and the type of its edge. */
const items = { from: new Row(), to: new Row(), type: new Row() };

function clear({ nodes: { hashKey } }: Graph): void {
  nodes.keys.clear(hashKey);
  around.keys.clear(hashKey);
  for (const row of [inside, asked, short, aliases, items.from, items.to, items.type]) row.size = 0;
}

/** Takes down one answer. `before` is where the last one was put, if it was for this name on this day: both addresses of a name are asked for in a row. */
function note(graph: Graph, { name, items: said, day }: Answered, before: number): number {
  const own = before >= 0 ? before : nodes.add(kindNumber.name, name, day);
  if (own < 0) {
    graph.refused++;
    return own;
  }
  if (own !== before) asked.add(own);
  for (const { owner, type, data, ttl = -1 } of said) {
    const record = records.get(type);
    if (!record) continue;
    const from = owner === name ? own : nodes.add(kindNumber.name, owner, day);
    const to = nodes.add(record.kind, data, day);
    if (from < 0 || to < 0) {
      graph.refused++;
      continue;
    }
    if (record.type === typeNumber.resolves && ttl >= 0 && ttl <= shortTtl) short.add(from);
    if (record.type === typeNumber.cname) aliases.add(from);
    items.from.add(from);
    items.to.add(to);
    items.type.add(record.type);
  }
  return own;
}

function mark(graph: Graph, { values, size }: Row, flag: number): void {
  for (let n = 0; n < size; n++) {
    const id = nodes.ids[values[n]!]!;
    if (id !== noId) graph.mark(id, flag);
  }
}

function lookUp(graph: Graph): void {
  graph.nodeAll(nodes.keys, nodes.days, nodes.ids, (place) => {
    const text = nodes.keys.texts[place]!;
    const kind = nodes.keys.tags[place]! & 0xff;
    if (kind === kindNumber.name) {
      const domain = registeredDomain(text);
      if (domain !== null && around.add(kindNumber.domain, domain, nodes.days[place]!) >= 0)
        inside.add(place);
    } else if (kind === kindNumber.ip) {
      if (around.add(kindNumber.net, networkOf(text), nodes.days[place]!) >= 0) inside.add(place);
    }
  });
  graph.nodeAll(around.keys, around.days, around.ids, () => {});
}

function relate(graph: Graph, joined: (from: number, to: number) => void): void {
  for (let n = 0; n < inside.size; n++) {
    const place = inside.values[n]!;
    const [id, other] = [nodes.ids[place]!, around.ids[n]!];
    const type = (nodes.keys.tags[place]! & 0xff) === kindNumber.name ? typeNumber.under : typeNumber.subnet;
    if (id !== noId && other !== noId) graph.joinAs(type, id, other, nodes.days[place]!);
  }
  const { from, to, type } = items;
  for (let n = 0; n < from.size; n++) {
    const place = from.values[n]!;
    const [id, other] = [nodes.ids[place]!, nodes.ids[to.values[n]!]!];
    if (id === noId || other === noId) continue;
    if (graph.joinAs(type.values[n]!, id, other, nodes.days[place]!)) joined(id, other);
  }
}
