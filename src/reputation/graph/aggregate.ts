import type { Graph } from './graph.ts';
import { kindNumber, typeNumber } from './kinds.ts';

/** What is known of registered domains and names: 1 bad, -1 good, 0 not known. */
export type Labels = Int8Array;

/** Through which of its carriers a name is looked at: each gives a group of features. */
export const carriers = ['ip', 'net', 'asn', 'ns', 'certificate', 'similar'] as const;
export type Carrier = (typeof carriers)[number];

/**
 * Features of one carrier, in this order. Those before `smallest share of bad` never fall when a name is given more carriers. The others
 * can be bought, with addresses among good neighbours above all: whoever learns from them must be shown what that looks like.
 */
export const aggregateFeatures = [
  'largest share of bad',
  'second largest share of bad',
  'bad at the largest',
  'good at the largest',
  'domains at the largest',
  'largest mean of names',
  'carriers over a half',
  'smallest share of bad',
  'mean share of bad',
  'good at the smallest',
  'carriers',
  'largest of names',
  'pooled share',
  'fewest domains',
  'most domains',
] as const;
export const aggregateWidth = carriers.length * aggregateFeatures.length;

/** The share of bad among the domains at a carrier, drawn to the share among all where few are known. */
export function shareOfBad(bad: number, good: number, base: number): number {
  return (bad + base) / (bad + good + 1);
}

/** Neighbours of a node that are looked at; what is over it is a hub in any case. */
export const lookLimit = 20_000;

/**
 * What the carriers of names (their addresses, those' networks, name servers, certificates) have seen of others. Shares are those of the
 * worst and the second worst, and besides those what a few clean records can buy. A name's own registered domain is left out, or its
 * label would leak. For one set of labels; `lexical` is the logit of each name alone.
 */
export class Aggregates {
  readonly #graph: Graph;
  readonly #owners: Uint32Array;
  readonly #labels: Labels;
  readonly #lexical: Float32Array;
  readonly #base: number;
  readonly #stamp: Uint32Array;
  #turn = 0;

  constructor(graph: Graph, owners: Uint32Array, labels: Labels, lexical: Float32Array, base: number) {
    this.#graph = graph;
    this.#owners = owners;
    this.#labels = labels;
    this.#lexical = lexical;
    this.#base = base;
    this.#stamp = new Uint32Array(graph.nodes.size);
  }

  /**
   * Writes the features of a node at a place in a row; `NaN` where it has no carrier of a kind. `bought` are addresses that it is taken to
   * have besides its own.
   */
  write(node: number, row: Float32Array, at: number, bought: readonly number[] = []): void {
    row.fill(Number.NaN, at, at + aggregateWidth);
    const found = this.#carriersOf(node, bought);
    // Bought today: all that is known came before it.
    const since = bought.length > 0 ? Number.POSITIVE_INFINITY : this.#since(node);
    carriers.forEach((carrier, n) => {
      const list = found[carrier];
      if (list.length > 0)
        this.#one(list, this.#owners[node]!, since, row, at + n * aggregateFeatures.length);
    });
  }

  #one(list: readonly number[], own: number, since: number, row: Float32Array, at: number): void {
    let [largest, second, smallest, sum, half] = [-1, -1, 2, 0, 0];
    let [badAt, goodAt, domainsAt, goodAtSmallest] = [0, 0, 0, 0];
    let [allBad, allGood, fewest, most] = [0, 0, Number.POSITIVE_INFINITY, 0];
    let [names, worstName] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const carrier of list) {
      const { bad, good, mean, worst, domains } = this.#look(carrier, own, since);
      const share = shareOfBad(bad, good, this.#base);
      if (share > largest) {
        second = largest;
        largest = share;
        badAt = bad;
        goodAt = good;
        domainsAt = domains;
      } else if (share > second) second = share;
      if (share < smallest) {
        smallest = share;
        goodAtSmallest = good;
      }
      names = Math.max(names, mean);
      worstName = Math.max(worstName, worst);
      if (share > 0.5) half++;
      sum += share;
      allBad += bad;
      allGood += good;
      fewest = Math.min(fewest, domains);
      most = Math.max(most, domains);
    }
    const values = [
      largest,
      second < 0 ? Number.NaN : second,
      badAt,
      goodAt,
      domainsAt,
      known(names),
      Math.min(5, half),
      smallest,
      sum / list.length,
      goodAtSmallest,
      list.length,
      known(worstName),
      shareOfBad(allBad, allGood, this.#base),
      fewest,
      most,
    ];
    for (let n = 0; n < values.length; n++) row[at + n] = values[n]!;
  }

  /** The registered domains at a carrier, without one's own: how many are bad and good, and what their names look like on the mean and at the worst. */
  #look(carrier: number, own: number, since: number) {
    const turn = ++this.#turn;
    let [bad, good, domains, sum, seen] = [0, 0, 0, 0, 0];
    let worst = Number.NEGATIVE_INFINITY;
    this.#names(carrier, (name, day) => {
      if (seen++ > lookLimit) return;
      // Who came later came to it: anybody can point a bad name at somebody's address.
      if (day > since && this.#labels[name]! > 0) return;
      const owner = this.#owners[name]!;
      if (owner === own || this.#stamp[owner] === turn) return;
      this.#stamp[owner] = turn;
      const label = this.#labels[owner] || this.#labels[name]!;
      if (label > 0) bad++;
      else if (label < 0) good++;
      domains++;
      sum += this.#lexical[name]!;
      worst = Math.max(worst, this.#lexical[name]!);
    });
    return { bad, good, domains, mean: domains === 0 ? Number.NEGATIVE_INFINITY : sum / domains, worst };
  }

  /** Names that hang on a carrier: of a network, those of its addresses. */
  #names(carrier: number, see: (name: number, day: number) => void): void {
    const { nodes } = this.#graph;
    const own = nodes.kind(carrier);
    // What looks like a name is looked at for itself.
    if (own === kindNumber.name || own === kindNumber.domain) {
      see(carrier, 0);
      return;
    }
    this.#graph.each(carrier, (other, _type, first) => {
      const kind = nodes.kind(other);
      if (kind === kindNumber.name || kind === kindNumber.domain) see(other, first);
      else if (kind === kindNumber.ip) this.#direct(other, see);
      else if (kind === kindNumber.net && own === kindNumber.asn)
        this.#graph.each(other, (ip) => {
          if (nodes.kind(ip) === kindNumber.ip) this.#direct(ip, see);
        });
    });
  }

  #direct(ip: number, see: (name: number, day: number) => void): void {
    this.#graph.each(ip, (name, type, first) => {
      if (type === typeNumber.resolves) see(name, first);
    });
  }

  /** The day on which a name came to its latest carrier. */
  #since(node: number): number {
    let day = 0;
    this.#graph.each(node, (_other, type, first) => {
      if (type === typeNumber.resolves && first > day) day = first;
    });
    return day;
  }

  #carriersOf(node: number, bought: readonly number[]): Record<Carrier, number[]> {
    const { nodes } = this.#graph;
    const found: Record<Carrier, number[]> = {
      ip: [],
      net: [],
      asn: [],
      ns: [],
      certificate: [],
      similar: [],
    };
    const add = (list: number[], one: number) => {
      if (list.length < 256 && !list.includes(one)) list.push(one);
    };
    const direct = (name: number) =>
      this.#graph.each(name, (other, type) => {
        if (type === typeNumber.resolves) add(found.ip, other);
        else if (type === typeNumber.ns) add(found.ns, other);
        else if (type === typeNumber.certificate) add(found.certificate, other);
        else if (type === typeNumber.lookalike) add(found.similar, other);
      });
    direct(node);
    for (const ip of bought) add(found.ip, ip);
    // Name servers and certificates mostly hang on the registered domain.
    if (this.#owners[node] !== node) direct(this.#owners[node]!);
    for (const ip of found.ip)
      this.#graph.each(ip, (other) => {
        const kind = nodes.kind(other);
        if (kind === kindNumber.net) add(found.net, other);
        else if (kind === kindNumber.asn) add(found.asn, other);
      });
    for (const net of found.net)
      this.#graph.each(net, (other) => {
        if (nodes.kind(other) === kindNumber.asn) add(found.asn, other);
      });
    return found;
  }
}

/** A largest value; `NaN` where there was none. */
function known(value: number): number {
  return value === Number.NEGATIVE_INFINITY ? Number.NaN : value;
}
