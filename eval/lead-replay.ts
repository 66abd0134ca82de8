import { seeded, shuffled } from '../src/kit/seeded.ts';
import { ownedDomain } from '../src/model/registered-domain.ts';
import { Graph } from '../src/reputation/graph/graph.ts';
import { observe } from '../src/reputation/graph/observe.ts';
import { addressNode, nameNode } from '../src/reputation/graph/places.ts';
import { KnownHosts, knownHostsFile } from '../src/reputation/known/known-hosts.ts';
import { KnownNodes } from '../src/reputation/known/known-nodes.ts';
import type { NameModel } from '../src/reputation/names/name-model.ts';
import { Lexical, type Seed } from '../src/reputation/rank/priors.ts';
import { type Row, Standings } from '../src/reputation/rank/standing.ts';
import type { Crossing } from '../src/reputation/track/lead.ts';
import { packageFolder } from '../src/version.ts';

/** What a listed name or address is taken to be worth, as in the running system with a list that is believed. */
export const weight = 0.9;
/** All edges are of one day: the data does not tell when a name led to an address. Others were looked up long before. */
const edgeDay = 20_000;
const beganDays = 60;
/** Scores: no longer good, suspicious, and bad. */
export const thresholds = { raised: 15, suspicious: 70, malicious: 95 };
export type Threshold = keyof typeof thresholds;
const keys = Object.keys(thresholds) as Threshold[];

export interface Trails {
  edges: { name: string; ip: string; kind: string }[];
  /** By name and by address: the day of the first listing. */
  listed: Map<string, number>;
  start: number;
  rows: number;
}

/** Names that were never listed: with the addresses that they were seen at, and without any. */
export interface Others {
  seen: ReadonlyMap<string, readonly string[]>;
  popular: readonly string[];
}

/**
 * Who was never listed: `seen` in a network's own queries, `popular` without any address, and `placed`: popular names that are given the
 * addresses of names that were listed later, the hardest there is.
 */
export const groups = ['seen', 'popular', 'placed'] as const;
export type Group = (typeof groups)[number];

export interface Replayed {
  /** By threshold: when names that were listed later came to it, and as many picked by chance on the same days; and who else did. */
  found: Record<Threshold, Found>;
  names: number;
  controls: Record<Group, number>;
  end: number;
  days: number;
}

interface Found {
  crossings: Crossing[];
  control: Crossing[];
  alarms: Record<Group, number>;
}

/** Replays the list with edges of these kinds. Without `letters` no name's letters say anything. */
export function replay(
  { edges, listed, start }: Trails,
  kinds: readonly string[],
  others: Others,
  model: NameModel,
  letters: boolean,
): Replayed {
  const graph = new Graph();
  const draw = seeded(17);
  const see = (name: string, ips: readonly string[], day = edgeDay) => {
    const items = ips.map((data) => ({ owner: name, type: data.includes(':') ? 'AAAA' : 'A', data }));
    observe(graph, name, items, day);
  };
  see('before.example', ['192.0.2.1'], edgeDay - beganDays);
  const addresses = new Map<string, string[]>();
  for (const { name, ip, kind } of edges) {
    if (!kinds.includes(kind)) continue;
    const known = addresses.get(name);
    if (known) known.push(ip);
    else addresses.set(name, [ip]);
  }
  /** Seeds by the day on which they become known, and names by the day on which the list had them. */
  const known = new Map<number, Seed[]>();
  const later = new Map<string, number>();
  const learn = (node: number, day: number) => {
    const all = known.get(day);
    const seed = { node, weight, says: 'was listed' };
    if (all) all.push(seed);
    else known.set(day, [seed]);
  };
  for (const [name, ips] of addresses) {
    see(name, ips);
    // A list that names a domain names all under it.
    const day = Math.min(
      listed.get(name)!,
      listed.get(ownedDomain(name) ?? name) ?? Number.POSITIVE_INFINITY,
    );
    learn(nameNode(graph, name, edgeDay), day);
    if (day > start) later.set(name, day);
    for (const ip of ips) if (listed.has(ip)) learn(addressNode(graph, ip, edgeDay), listed.get(ip)!);
  }
  const names = [...later.keys()];
  const group = new Map<string, Group>();
  const enter = (kind: Group, name: string, ips: readonly string[]) => {
    if (addresses.has(name) || listed.has(name) || listed.has(ownedDomain(name) ?? name)) return;
    if (group.has(name)) return;
    group.set(name, kind);
    see(name, ips);
  };
  for (const [name, ips] of others.seen) enter('seen', name, ips);
  // One in ten: more would make the addresses look better than they are.
  const placed = Math.floor(names.length / 10);
  shuffled(seeded(19), others.popular).forEach((name, n) => {
    if (n < placed) enter('placed', name, addresses.get(names[Math.floor(draw() * names.length)]!)!);
    else enter('popular', name, []);
  });
  const hosts = new KnownNodes(graph, KnownHosts.read([packageFolder(knownHostsFile)]));
  hosts.look();
  graph.rebuild(edgeDay);
  hosts.visitAll();
  const lexical = new Lexical();
  if (!letters) for (let node = 0; node < graph.nodes.size; node++) lexical.at(node, () => 0);
  const end = [...later.values()].reduce((a, b) => Math.max(a, b), start);
  const seeds: Seed[] = [];
  const found = { raised: began(), suspicious: began(), malicious: began() };
  const controls = { seen: 0, popular: 0, placed: 0 };
  for (const kind of group.values()) controls[kind]++;
  let standings: Standings | undefined;
  let days = 0;
  for (let day = start; day <= end; day++) {
    // What is listed on a day is known from the next one on.
    const rows: Iterable<Row> = standings?.reseed(seeds) ?? anew();
    for (const row of rows) for (const key of keys) crossed(found[key], row, thresholds[key], day);
    for (const seed of known.get(day) ?? []) seeds.push(seed);
    days++;
  }
  return { found, names: names.length, controls, end, days };

  function crossed(one: ReturnType<typeof began>, { name, score }: Row, threshold: number, day: number) {
    if (score < threshold || one.seen.has(name)) return;
    const control = group.get(name);
    if (control !== undefined) {
      one.seen.add(name);
      one.alarms[control]++;
      return;
    }
    const had = later.get(name);
    if (had === undefined || had < day) return;
    one.seen.add(name);
    one.crossings.push({ day, listed: had });
    for (let tries = 0; tries < 100; tries++) {
      const other = names[Math.floor(draw() * names.length)]!;
      if (later.get(other)! < day || one.picked.has(other)) continue;
      one.picked.add(other);
      one.control.push({ day, listed: later.get(other)! });
      break;
    }
  }

  function anew(): Iterable<Row> {
    standings = new Standings(graph, model, seeds, lexical, hosts.guests);
    return standings.ranked();
  }
}

const began = () => ({
  crossings: [] as Crossing[],
  control: [] as Crossing[],
  alarms: { seen: 0, popular: 0, placed: 0 } as Record<Group, number>,
  seen: new Set<string>(),
  picked: new Set<string>(),
});
