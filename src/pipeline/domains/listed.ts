import type { FeedsOptions } from '../../intel/index.ts';
import { hostOfEntry } from '../../model/entry-host.ts';
import { ownedDomain } from '../../model/registered-domain.ts';
import type { Graph } from '../../reputation/graph/graph.ts';
import { grown } from '../../reputation/graph/growing.ts';
import { Interner } from '../../reputation/graph/interner.ts';
import { kindNumber } from '../../reputation/graph/kinds.ts';
import { dayOf } from '../../reputation/graph/places.ts';
import type { Seed } from '../../reputation/rank/priors.ts';
import { openFeeds } from '../feeds.ts';

/** A feed that is believed less is not heard. */
const leastBelieved = 0.3;

interface Lists {
  feeds: FeedsOptions;
  data: string;
  neverBlock: readonly string[];
  now: number;
}

/** What a list says of a host. */
interface Entry {
  feed: string;
  weight: number;
  /** The day on which it was listed: as its authors say, else on which the copy that names it was taken. */
  day: number;
  family: string | undefined;
}

/**
 * What lists say of names and addresses, as far as they are believed. They are read only when one was taken anew; of what the graph
 * learns meanwhile it is looked up what they say.
 */
export class Listed {
  #stamp = '';
  #hosts = new Interner();
  /** By place among the hosts. */
  #weights = new Float32Array(0);
  #days = new Uint16Array(0);
  #feeds = new Uint16Array(0);
  #families = new Uint32Array(0);
  #names: string[] = [];
  /** What entries belong to, from 1 on: each once. */
  #familyNames: string[] = [''];
  #familyPlaces = new Map<string, number>();
  #seeds = new Map<number, Seed>();
  /** Nodes of the graph that were looked up. */
  #nodes = 0;

  /** Hears what is new. True where a list was taken anew. */
  hear({ feeds: config, data, neverBlock, now }: Lists, graph: Graph): boolean {
    const feeds = openFeeds({ config, data, neverBlock, now: () => now });
    const list = feeds.list();
    const stamp = JSON.stringify(
      // What moves by less than a hundredth is not worth reading all lists again.
      list.map(({ name, taken, reliability }) => [name, taken, reliability?.weight.toFixed(2)]),
    );
    const fresh = stamp !== this.#stamp;
    if (fresh) {
      this.#hosts = new Interner();
      this.#weights = new Float32Array(0);
      this.#names = list.map(({ name }) => name);
      this.#seeds = new Map();
      this.#nodes = 0;
      const taken = new Map(list.map((feed) => [feed.name, dayOf(feed.taken ?? now)]));
      for (const { entry, feed, weight } of feeds.believed()) {
        const host = weight < leastBelieved ? null : hostOfEntry(entry);
        if (host === null) continue;
        const day = Math.min(taken.get(feed) ?? dayOf(now), dayOf(entry.first ?? Number.POSITIVE_INFINITY));
        this.#put(host, { feed, weight, day: Math.max(0, day), family: entry.family });
      }
      this.#stamp = stamp;
    }
    this.#look(graph);
    return fresh;
  }

  /** What lists say of what the graph knows. */
  seeds(): Iterable<Seed> {
    return this.#seeds.values();
  }

  /** Which list names a name, or the domain that it stands under and that one owner has. */
  of(name: string): Entry | null {
    return this.#of(name) ?? this.#of(ownedDomain(name) ?? '');
  }

  #of(host: string): Entry | null {
    const id = this.#hosts.find(0, host);
    if (id < 0) return null;
    return {
      ...{ feed: this.#names[this.#feeds[id]!] ?? '', weight: this.#weights[id]!, day: this.#days[id]! },
      family: this.#familyNames[this.#families[id]!] || undefined,
    };
  }

  /** The one that is believed most is told, with the first day on which any had it. */
  #put(host: string, { feed, weight, day, family }: Entry): void {
    const before = this.#hosts.size;
    const id = this.#hosts.intern(0, host);
    if (id < 0) return;
    this.#weights = grown(this.#weights, id + 1);
    this.#days = grown(this.#days, id + 1);
    this.#feeds = grown(this.#feeds, id + 1);
    this.#families = grown(this.#families, id + 1);
    const known = id < before;
    this.#days[id] = known ? Math.min(this.#days[id]!, day) : day;
    if (known && weight <= this.#weights[id]!) return;
    this.#weights[id] = weight;
    this.#feeds[id] = this.#names.indexOf(feed);
    this.#families[id] = family === undefined ? 0 : this.#familyOf(family);
  }

  #familyOf(name: string): number {
    let place = this.#familyPlaces.get(name);
    if (place === undefined) {
      place = this.#familyNames.push(name) - 1;
      this.#familyPlaces.set(name, place);
    }
    return place;
  }

  #look({ nodes }: Graph): void {
    for (; this.#nodes < nodes.size; this.#nodes++) {
      const node = this.#nodes;
      const kind = nodes.kind(node);
      if (kind !== kindNumber.name && kind !== kindNumber.domain && kind !== kindNumber.ip) continue;
      const entry = this.#hosts.size > 0 ? this.#of(nodes.text(node)) : null;
      if (!entry) continue;
      const { weight, feed, family } = entry;
      this.#seeds.set(node, {
        ...{ node, weight, says: `is on the list ${feed}` },
        ...(family !== undefined && { family }),
      });
    }
  }
}
