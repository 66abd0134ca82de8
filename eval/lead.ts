import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { normalName } from '../src/kit/domain-name.ts';
import { Fault } from '../src/kit/fault.ts';
import { seeded } from '../src/kit/seeded.ts';
import { ownedDomain } from '../src/model/registered-domain.ts';
import { Graph } from '../src/reputation/graph/graph.ts';
import { observe } from '../src/reputation/graph/observe.ts';
import { addressNode, dayOf, nameNode } from '../src/reputation/graph/places.ts';
import { type NameModel, openNameModel } from '../src/reputation/names/name-model.ts';
import { Lexical, type Seed } from '../src/reputation/rank/priors.ts';
import { type Row, Standings } from '../src/reputation/rank/standing.ts';
import { type Crossing, type Lead, leadOf } from '../src/reputation/track/lead.ts';
import { packageFolder } from '../src/version.ts';
import type { Eval } from './eval.ts';
import { rounded } from './labelled.ts';

/** What a listed name or address is taken to be worth, as in the running system with a list that is believed. */
const weight = 0.9;
/** All edges are of one day: the data does not tell when a name led to an address. */
const edgeDay = 20_000;
/** Scores: no longer good, suspicious, and bad. */
const thresholds = { raised: 15, suspicious: 70, malicious: 95 };

/** What a reader of the figures has to know: printed with them. */
const notShown = [
  'The data says when a name was listed, not when it led to its address: each name is taken to have led there from the first day on, so leads are upper bounds.',
  'An analyst found many of these names because of their address: that others there are found is no surprise. See the figures without vt_ip_relation.',
  'Every name in it was listed in the end. How many that never were would have crossed as well, nothing here says: the control, as many names picked by chance on the same days, tells what of the lead is only that the list is slow.',
  'Letters are left out: the model of names was taught with this list.',
  'The history of the list begins with its whole stock on one day: what was listed on it has no date of its own and is only what is known.',
];

interface Trails {
  edges: { name: string; ip: string; kind: string }[];
  /** By name and by address: the day of the first listing. */
  listed: Map<string, number>;
  start: number;
  rows: number;
}

/**
 * Replays a dated list in the order of time: on each day only what was listed by then is known, and each name that comes over a threshold
 * is held against the day on which the list had it.
 */
export const lead: Eval = {
  name: 'lead',
  summary:
    "how long before a dated list names would cross (an upper bound); --data PATH of maltrail's folder",
  async run({ data, say }) {
    const began = performance.now();
    const folder = folderOf(data);
    const trails = readTrails(folder);
    const model = openNameModel(readFileSync(packageFolder('models/names.model')));
    const metrics: Record<string, number | null> = {};
    for (const [prefix, kinds] of [
      ['', ['vt_ip_relation', 'same_report']],
      ['without_vt_', ['same_report']],
    ] as const) {
      const told = replay(trails, kinds, model);
      metrics[`${prefix}names`] = told.names;
      for (const [key, { crossings, control }] of Object.entries(told.found)) {
        figures(metrics, `${prefix}${key}`, leadOf(crossings, told.end), told.names);
        const chance = leadOf(control, told.end);
        metrics[`${prefix}${key}_control_median_days`] = chance.median;
      }
      say(`${prefix || 'all edges'}: ${told.names} names that were listed later, ${told.days} days`);
    }
    for (const line of notShown) say(line);
    metrics.seconds = rounded((performance.now() - began) / 1_000, 1);
    const hash = createHash('sha256');
    for (const name of files) hash.update(readFileSync(join(folder, name)));
    return {
      metrics,
      params: { weight, thresholds, letters: false, does_not_show: notShown },
      input: {
        sha256: hash.digest('hex'),
        rows_in: trails.rows,
        rows_stored: trails.edges.length,
        rejected: 0,
      },
    };
  },
};

const files = ['edges_domain_ip.tsv.gz', 'indicators.tsv.gz'];

function folderOf(data: string | undefined): string {
  const root = data ?? process.env.CALTROP_TEST_DATA ?? packageFolder('../shared/data');
  const folder = existsSync(join(root, 'maltrail')) ? join(root, 'maltrail') : root;
  for (const name of files)
    if (!existsSync(join(folder, name)))
      throw new Fault('usage', `${join(folder, name)} is not there: --data names the folder of maltrail.`);
  return folder;
}

function readTrails(folder: string): Trails {
  const read = (name: string) =>
    gunzipSync(readFileSync(join(folder, name)))
      .toString()
      .trimEnd()
      .split('\n')
      .slice(1);
  const edges: Trails['edges'] = [];
  const listed = new Map<string, number>();
  const list = (host: string, time: string) => {
    const day = dayOf(Date.parse(time));
    if (Number.isFinite(day)) listed.set(host, Math.min(day, listed.get(host) ?? day));
  };
  const lines = read('edges_domain_ip.tsv.gz');
  const hosts = new Set<string>();
  for (const line of lines) {
    const [domain = '', ip = '', , kind = '', , first = ''] = line.split('\t');
    const name = normalName(domain);
    if (name === null) continue;
    edges.push({ name, ip, kind });
    list(name, first);
    hosts.add(ip).add(ownedDomain(name) ?? name);
  }
  for (const line of read('indicators.tsv.gz')) {
    const [indicator = '', type = '', , , first = ''] = line.split('\t');
    const host = type === 'ip:port' ? indicator.replace(/:\d+$/, '') : indicator;
    if ((type === 'ip' || type === 'ip:port' || type === 'domain') && hosts.has(host)) list(host, first);
  }
  return { edges, listed, start: [...listed.values()].reduce((a, b) => Math.min(a, b)), rows: lines.length };
}

function replay({ edges, listed, start }: Trails, kinds: readonly string[], model: NameModel) {
  const graph = new Graph();
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
    observe(
      graph,
      name,
      ips.map((data) => ({ owner: name, type: 'A', data })),
      edgeDay,
    );
    // A list that names a domain names all under it.
    const day = Math.min(
      listed.get(name)!,
      listed.get(ownedDomain(name) ?? name) ?? Number.POSITIVE_INFINITY,
    );
    learn(nameNode(graph, name, edgeDay), day);
    if (day > start) later.set(name, day);
    for (const ip of ips) if (listed.has(ip)) learn(addressNode(graph, ip, edgeDay), listed.get(ip)!);
  }
  graph.rebuild(edgeDay);
  const silent = new Lexical();
  for (let node = 0; node < graph.nodes.size; node++) silent.at(node, () => 0);
  const end = [...later.values()].reduce((a, b) => Math.max(a, b), start);
  const seeds: Seed[] = [];
  const found = { raised: began(), suspicious: began(), malicious: began() };
  const draw = seeded(17);
  const names = [...later.keys()];
  let standings: Standings | undefined;
  let days = 0;
  for (let day = start; day <= end; day++) {
    // What is listed on a day is known from the next one on.
    const rows: Iterable<Row> = standings?.reseed(seeds) ?? anew();
    for (const { name, score } of rows) {
      const had = later.get(name);
      if (had === undefined || had < day) continue;
      for (const key of ['raised', 'suspicious', 'malicious'] as const) {
        const one = found[key];
        if (score < thresholds[key] || one.seen.has(name)) continue;
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
    }
    for (const seed of known.get(day) ?? []) seeds.push(seed);
    days++;
  }
  return { found, names: later.size, end, days };

  function anew(): Iterable<Row> {
    standings = new Standings(graph, model, seeds, silent);
    return standings.ranked();
  }
}

const began = () => ({
  crossings: [] as Crossing[],
  control: [] as Crossing[],
  seen: new Set<string>(),
  picked: new Set<string>(),
});

function figures(metrics: Record<string, number | null>, key: string, found: Lead, names: number): void {
  metrics[`${key}_crossed`] = found.crossed;
  metrics[`${key}_crossed_share`] = names >= found.least ? rounded(found.crossed / names) : null;
  metrics[`${key}_lead_median_days`] = found.median;
  for (const days of [0, 1, 7])
    metrics[`${key}_lead_over_${days}`] = rounded(found.over?.find((one) => one.days === days)?.share);
}
