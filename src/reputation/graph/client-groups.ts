import { createHmac } from 'node:crypto';
import { Bounded } from '../../kit/bounded.ts';
import { HalfSipHash } from '../../kit/half-sip-hash.ts';
import { ClientCount } from './client-count.ts';
import type { EdgeLog } from './edge-log.ts';
import type { Graph } from './graph.ts';
import { typeNumber } from './kinds.ts';
import { findEdge } from './layer.ts';
import { networkOf } from './places.ts';

const limits = {
  /** Names that a group comes to have asked for on one day: what is always asked for is there after the first ones. */
  namesADay: 500,
  /** Groups that are told of a name: what more of them ask for, all do. */
  groupsOfName: 64,
  /** Groups that come to be known on one day. */
  groupsADay: 10_000,
  /** Edges from groups to names. */
  edges: 2_000_000,
  /** Days, groups and names of which it is remembered how many there are; of others it is counted again. */
  days: 64,
  counted: 50_000,
};

/** How a network is told of: the same text for the same network, from which nobody learns it who has not the key. */
export function groupOf(key: Uint8Array, network: string): string {
  return createHmac('sha256', key).update(network).digest('hex').slice(0, 12);
}

/** What `groupOf` says. */
export const groupText = /^[0-9a-f]{12}$/;

/**
 * Joins names with the networks of clients that asked for them, once enough different clients of a network did on one day. Until then
 * nothing is written, and nothing that is counted is an address. A day, since the longer one waits, the more addresses one client has had.
 */
export class ClientGroups {
  readonly #graph: Graph;
  readonly #key: Uint8Array;
  readonly #hash: HalfSipHash;
  readonly #count: ClientCount;
  readonly #limits: typeof limits;
  readonly #question = { low: 0, high: 0, day: 0, client: 0 };
  readonly #groupsOn: Bounded<number, number>;
  /** Of the log that was looked at: by group and day, how many names came; by name, how many groups; and the edges in all. */
  #log: EdgeLog | undefined;
  readonly #namesOn: Bounded<number, number>;
  readonly #groupsAt: Bounded<number, number>;
  #edges = 0;
  #looked = 0;
  /** Edges that a limit had no room for: enough clients had asked, and nothing tells of it. */
  leftOut = 0;

  /** `key` hides networks. */
  constructor(
    graph: Graph,
    { key, least }: { key: Uint8Array; least: number },
    { pairs, bytes, ...some }: Partial<typeof limits & { pairs: number; bytes: number }> = {},
  ) {
    this.#graph = graph;
    this.#key = key;
    const own = createHmac('sha256', key).update('clients that are counted').digest();
    this.#hash = new HalfSipHash(own.subarray(0, 8));
    this.#count = new ClientCount(least, { ...(pairs && { pairs }), ...(bytes && { bytes }) });
    this.#limits = { ...limits, ...some };
    this.#groupsOn = new Bounded(this.#limits.days);
    this.#namesOn = new Bounded(this.#limits.counted);
    this.#groupsAt = new Bounded(this.#limits.counted);
  }

  /** Counts that were given up before enough clients had asked, for want of room. */
  get pushedOut(): number {
    return this.#count.pushedOut;
  }

  /** A client asked for a name that the graph knows: the name is normal and the address canonical, the day since the epoch. */
  asked(name: string, client: string, day: number): void {
    if (day < 0 || day > 0xffff) return;
    const network = networkOf(client);
    const question = this.#question;
    const hash = this.#hash;
    question.day = day;
    hash.of(name);
    const { low, high } = hash;
    // No network is a name, so that both together stand for the pair.
    hash.of(network);
    question.low = (low ^ hash.low) >>> 0;
    question.high = (high ^ hash.high) >>> 0;
    hash.of(client);
    question.client = hash.low;
    if (this.#count.see(question)) this.#join(groupOf(this.#key, network), name, day);
  }

  #join(text: string, asksFor: string, day: number): void {
    const graph = this.#graph;
    const name = graph.find('name', asksFor);
    if (name < 0) return;
    const known = graph.find('client', text);
    if (!(known >= 0 && this.#knows(known, name)) && !this.#room(known, name, day)) {
      this.leftOut++;
      return;
    }
    const group = graph.node('client', text, day);
    if (!graph.join('asked', name, group, day)) return;
    if (known < 0) this.#groupsOn.set(day, (this.#groupsOn.peek(day) ?? 0) + 1);
    more(this.#namesOn, pairOf(group, day));
    more(this.#groupsAt, name);
  }

  /** Whether no limit is reached. `group` is below 0 where it is new. */
  #room(group: number, name: number, day: number): boolean {
    const { groupsADay, namesADay, groupsOfName, edges } = this.#limits;
    this.#look();
    if (this.#edges >= edges || this.#groupsOf(name) >= groupsOfName) return false;
    return group < 0 ? (this.#groupsOn.peek(day) ?? 0) < groupsADay : this.#namesAt(group, day) < namesADay;
  }

  #knows(group: number, name: number): boolean {
    const { layers, rows, log } = this.#graph;
    if (group < rows && name < rows)
      for (const layer of layers) if (layer.type === asked && findEdge(layer, group, name) >= 0) return true;
    return log.has(asked, Math.min(group, name), Math.max(group, name));
  }

  /** Counts the edges that came since the last look; all of them where the rows were built anew. */
  #look(): void {
    const { log, layers } = this.#graph;
    if (log !== this.#log) {
      this.#log = log;
      this.#namesOn.clear();
      this.#groupsAt.clear();
      this.#looked = 0;
      this.#edges = 0;
      for (const { type, cols } of layers) if (type === asked) this.#edges += cols.length / 2;
    }
    for (; this.#looked < log.size; this.#looked++) if (log.type(this.#looked) === asked) this.#edges++;
  }

  /** How many names a group came to have asked for on a day. */
  #namesAt(group: number, day: number): number {
    const key = pairOf(group, day);
    let count = this.#namesOn.peek(key);
    if (count !== undefined) return count;
    count = 0;
    this.#graph.each(group, (_name, _type, first) => {
      if (first === day) count!++;
    });
    this.#namesOn.set(key, count);
    return count;
  }

  /** How many groups asked for a name. */
  #groupsOf(name: number): number {
    let count = this.#groupsAt.peek(name);
    if (count !== undefined) return count;
    count = 0;
    const { layers, rows, log } = this.#graph;
    if (name < rows)
      for (const { type, rowPtr } of layers) if (type === asked) count += rowPtr[name + 1]! - rowPtr[name]!;
    log.each(name, (_group, type) => {
      if (type === asked) count!++;
    });
    this.#groupsAt.set(name, count);
    return count;
  }
}

const { asked } = typeNumber;
const pairOf = (group: number, day: number) => group * 0x1_0000 + day;

function more(counts: Bounded<number, number>, key: number): void {
  const count = counts.peek(key);
  if (count !== undefined) counts.set(key, count + 1);
}
