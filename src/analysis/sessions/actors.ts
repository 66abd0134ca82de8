import { hash } from 'node:crypto';
import type { SequenceHash } from './sequence-hash.ts';
import type { Session } from './session.ts';
import type { Traces } from './traces.ts';

/** Why two addresses are taken for one actor's. */
export interface Join {
  by: 'ssh-key' | 'payload' | 'sequence' | 'client and credentials' | 'planted credentials';
  value: string;
  a: string;
  b: string;
}

export interface Actor {
  /** Derived from the trace by which it was first known. */
  id: string;
  /** Addresses of it that are still remembered. */
  addresses: number;
  joins: Join[];
}

/** An actor's id that from now on is another's. */
export interface Merge {
  from: string;
  to: string;
}

export const actorLimits = {
  /** Addresses and traces that are remembered; at the limit the half that was not seen for longest is forgotten. */
  addresses: 100_000,
  traces: 200_000,
  /** Joins that are told of one actor: its first ones. */
  joins: 32,
  /** A pair of name and password that more addresses try than this is everybody's. */
  commonPair: 8,
} as const;

interface Node {
  parent: Node | undefined;
  size: number;
  id: string;
  joins: Join[];
  /** When it was seen last, in event time. */
  seen: number;
}

/** A sequence says who did it from so many different acts and characters on. */
const tellingActs = 5;
const tellingChars = 120;

/**
 * Joins addresses to actors by what only one actor has: a key, a file, a long sequence of commands, a rare pair of name and
 * password from the same client, a password that another address set. What many share (a client's hash, a common password)
 * joins nobody. A union-find over addresses, bounded: what was not seen for longest is forgotten.
 */
export class Actors {
  #nodes = new Map<string, Node>();
  /** The address that each trace was last seen from. */
  #traces = new Map<string, string>();
  #pairs = new Map<string, Set<string>>();
  readonly #limits: { [K in keyof typeof actorLimits]: number };
  /** Addresses that the limit has pushed out. */
  forgotten = 0;
  readonly #merged: (merge: Merge) => void;

  /** `merged` is told of each actor that turns out to be another. */
  constructor(
    limits: Partial<{ [K in keyof typeof actorLimits]: number }> = {},
    merged: (merge: Merge) => void = () => {},
  ) {
    this.#limits = { ...actorLimits, ...limits };
    this.#merged = merged;
  }

  get size(): number {
    return this.#nodes.size;
  }

  /** Takes in what a session shows; its actor may be asked for from then on. */
  add(
    session: Pick<Session, 'src' | 'sensor' | 'end'>,
    traces: Traces,
    sequence: SequenceHash | undefined,
  ): void {
    const { ip } = session.src;
    for (const key of traces.keys) this.#link(ip, 'ssh-key', key, session.end);
    for (const payload of traces.payloads) this.#link(ip, 'payload', payload, session.end);
    if (sequence && sequence.distinct >= tellingActs && sequence.chars >= tellingChars)
      this.#link(ip, 'sequence', sequence.value, session.end);
    for (const pair of traces.planted)
      this.#link(ip, 'planted credentials', `${session.sensor}\n${pair}`, session.end);
    if (traces.entered !== undefined) {
      const planted = `${session.sensor}\n${traces.entered}`;
      if (this.#traces.has(`planted credentials\n${planted}`))
        this.#link(ip, 'planted credentials', planted, session.end);
    }
    if (traces.hassh !== '')
      for (const pair of traces.credentials)
        if (this.#rare(pair, ip))
          this.#link(ip, 'client and credentials', `${traces.hassh}\n${pair}`, session.end);
  }

  /** The actor of an address, where a trace of it is known. */
  of(ip: string): Actor | undefined {
    const node = this.#nodes.get(ip);
    if (node === undefined) return undefined;
    const { id, size, joins } = root(node);
    return { id, addresses: size, joins: [...joins] };
  }

  #link(ip: string, by: Join['by'], value: string, time: number): void {
    const trace = `${by}\n${value}`;
    const node = this.#node(ip, trace, time);
    const other = this.#traces.get(trace);
    this.#traces.delete(trace);
    this.#traces.set(trace, ip);
    if (this.#traces.size > this.#limits.traces) this.#halve(this.#traces);
    if (other === undefined || other === ip) return;
    const known = this.#nodes.get(other);
    if (known === undefined) return;
    this.#unite(known, node, { by, value: value.replace('\n', ' '), a: other, b: ip });
  }

  #node(ip: string, trace: string, time: number): Node {
    let node = this.#nodes.get(ip);
    if (node === undefined) {
      node = {
        parent: undefined,
        size: 1,
        id: `actor-${hash('sha256', trace).slice(0, 12)}`,
        joins: [],
        seen: time,
      };
      this.#nodes.set(ip, node);
      if (this.#nodes.size > this.#limits.addresses) this.#forget();
      return this.#nodes.get(ip)!;
    }
    node.seen = Math.max(node.seen, time);
    return node;
  }

  /** The elder's id stands: of the larger, and of the first named where both are as large. */
  #unite(one: Node, other: Node, join: Join): void {
    let [a, b] = [root(one), root(other)];
    if (a === b) return;
    if (b.size > a.size) [a, b] = [b, a];
    if (a.id !== b.id) this.#merged({ from: b.id, to: a.id });
    b.parent = a;
    a.size += b.size;
    a.joins = [...a.joins, ...b.joins, join].slice(0, this.#limits.joins);
    b.joins = [];
  }

  /** Whether few addresses have tried this pair, this one counted. */
  #rare(pair: string, ip: string): boolean {
    if (commonPasswords.has(pair.slice(pair.indexOf('\n') + 1).toLowerCase())) return false;
    const sources = this.#pairs.get(pair) ?? new Set();
    if (sources.size <= this.#limits.commonPair) sources.add(ip);
    this.#pairs.delete(pair);
    this.#pairs.set(pair, sources);
    if (this.#pairs.size > this.#limits.traces) this.#halve(this.#pairs);
    return sources.size <= this.#limits.commonPair;
  }

  #halve<V>(map: Map<string, V>): void {
    let n = map.size >> 1;
    for (const key of map.keys()) {
      if (n-- === 0) return;
      map.delete(key);
    }
  }

  /** Keeps the half that was seen last. Who is left stays with whom it was joined. */
  #forget(): void {
    // Of those seen at one time the latest comes first: who is added now is never forgotten at once.
    const order = [...this.#nodes].reverse().sort(([, a], [, b]) => b.seen - a.seen);
    const kept = order.slice(0, Math.max(1, order.length >> 1));
    this.forgotten += order.length - kept.length;
    const heads = new Map<Node, Node>();
    this.#nodes = new Map();
    for (const [ip, node] of kept) {
      const old = root(node);
      let head = heads.get(old);
      const fresh: Node = {
        parent: head,
        size: 1,
        id: old.id,
        joins: head ? [] : old.joins,
        seen: node.seen,
      };
      if (head) head.size++;
      else {
        head = fresh;
        heads.set(old, head);
      }
      this.#nodes.set(ip, fresh);
    }
  }
}

function root(node: Node): Node {
  let top = node;
  while (top.parent) top = top.parent;
  for (let at = node; at.parent && at.parent !== top; ) {
    const next = at.parent;
    at.parent = top;
    at = next;
  }
  return top;
}

/** Passwords that say nothing of who tries them. */
const commonPasswords = new Set(
  '|root|admin|password|123456|12345678|123456789|1234|12345|1234567890|toor|user|test|guest|ubuntu|pi|raspberry|default|support|qwerty|passw0rd|p@ssw0rd|admin123|root123|111111|123123|000000|abc123|oracle|postgres|mysql|ftp|git|service|system|supervisor|xc3511|vizxv|1111|666666|888888|7ujmko0admin|juantech|anko|dreambox|solana|sol|validator|345gs5662d34|3245gs5662d34'.split(
    '|',
  ),
);
